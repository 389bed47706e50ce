/** @module */
import type { BlockTag } from "../registry/block.js";
import type { FollowOptions } from "../registry/log/log-follower.js";
import type { RegistryReader, StateReadOptions } from "../registry/registry.js";

/** The same registry, whose organizations, keys and log are read at a block other than the latest by default. */
export function atBlockTag(registry: RegistryReader, blockTag: Exclude<BlockTag, number>): RegistryReader {
	if (blockTag === "latest") return registry;
	return Object.freeze({
		...registry,
		read: (...[orgId, options]: Parameters<RegistryReader["read"]>) => registry.read(orgId, complete(options)),
		readKey: (...[orgId, fragment, options]: Parameters<RegistryReader["readKey"]>) =>
			registry.readKey(orgId, fragment, complete(options)),
		followLog: (options: FollowOptions = {}) => registry.followLog({ blockTag, ...options }),
	});

	function complete(options: StateReadOptions = {}): StateReadOptions {
		return { ...options, blockTag: options.blockTag ?? blockTag };
	}
}
