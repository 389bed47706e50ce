/**
 * Asks a profile's resolver whether it can look up organizations.
 * @module
 */
import type { Resolvable } from "did-resolver";

/** The part of `OrgIdResolver` that is used. */
interface CheckedResolver {
	check(): Promise<readonly { readonly chainId: number; readonly isReady: boolean }[]>;
}

/** Creates `isReady` of a profile: all networks that the profile accepts must work. Undefined for other resolvers. */
export function createReadiness(
	resolver: Resolvable,
	chainIds: readonly number[] | undefined,
): { readonly isReady?: () => Promise<boolean> } {
	if (!canCheck(resolver)) return {};
	const accepted = chainIds === undefined ? undefined : new Set(chainIds);
	return {
		isReady: async () => {
			const networks = await resolver.check();
			return networks.every(({ chainId, isReady }) => isReady || accepted?.has(chainId) === false);
		},
	};
}

function canCheck(resolver: object): resolver is CheckedResolver {
	return "check" in resolver && typeof resolver.check === "function";
}
