/** @module */
import type { BlockTag } from "../registry/block.js";
import type { FollowOptions } from "../registry/log/log-follower.js";
import type { Registry, StateReadOptions } from "../registry/registry.js";

/** The same registry, whose organizations, keys and log are read at a block other than the latest by default. */
export function atBlockTag(registry: Registry, blockTag: Exclude<BlockTag, number>): Registry {
	if (blockTag === "latest") return registry;
	return Object.freeze({
		...registry,
		read: (...[orgId, options]: Parameters<Registry["read"]>) => registry.read(orgId, complete(options)),
		readKey: (...[orgId, fragment, options]: Parameters<Registry["readKey"]>) =>
			registry.readKey(orgId, fragment, complete(options)),
		followLog: (options: FollowOptions = {}) => registry.followLog({ blockTag, ...options }),
	});

	function complete(options: StateReadOptions = {}): StateReadOptions {
		return { ...options, blockTag: options.blockTag ?? blockTag };
	}
}
