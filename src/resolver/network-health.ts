/**
 * Whether a resolver's networks work now.
 * @module
 */
import type { ErrorCode } from "../errors/codes.js";
import { isOrgpassError } from "../errors/errors.js";
import { createSharedWork } from "../network/shared-work.js";
import type { RegistryReader } from "../registry/registry.js";

/** Whether organizations of a network can be looked up now. */
export interface NetworkHealth {
	/** EIP-155 chain id. */
	readonly chainId: number;
	readonly isReady: boolean;
	/** Why not: a code `registry/*`, and a message that names the node's host but no credentials. */
	readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** Creates the function that checks all networks at once. Calls during a check share its result. */
export function createHealthCheck(registries: readonly RegistryReader[]): () => Promise<readonly NetworkHealth[]> {
	const checking = createSharedWork<readonly NetworkHealth[]>();
	return () => checking.run("networks", () => checkAll(registries));
}

async function checkAll(registries: readonly RegistryReader[]): Promise<readonly NetworkHealth[]> {
	return Object.freeze(await Promise.all(registries.map(checkNetwork)));
}

async function checkNetwork(registry: RegistryReader): Promise<NetworkHealth> {
	const { chainId } = registry;
	try {
		await registry.assertReady();
		return Object.freeze({ chainId, isReady: true });
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		const { code, message } = error;
		return Object.freeze({ chainId, isReady: false, error: Object.freeze({ code, message }) });
	}
}
