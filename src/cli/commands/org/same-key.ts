/**
 * The same key under several names: revoking one of them leaves the others valid.
 * @module
 */
import { exportPublicKey } from "../../../keys/export-public-key.js";
import type { PublicKey } from "../../../keys/public-key.js";
import type { OnChainKey } from "../../../registry/org-record.js";
import type { CliContext } from "../../context.js";

/** Said after a key was revoked. */
export const STILL_VALID = "the same key is still valid";

export function isSameKey(key: PublicKey, { publicKeyHex }: OnChainKey): boolean {
	return exportPublicKey(key, "hex").replace(/^0x/, "") === publicKeyHex.replace(/^0x/, "");
}

/** The names under which a key is valid, or will be; of `keys`, none is revoked. */
export function namesOfKey(keys: readonly OnChainKey[], isSame: (key: OnChainKey) => boolean): readonly string[] {
	const now = Date.now() / 1_000;
	return keys
		.filter((key) => isSame(key) && (key.validUntil === 0 || key.validUntil > now))
		.map(({ fragment }) => fragment);
}

/** The other names under which a named key is valid. */
export function otherNamesOf(keys: readonly OnChainKey[], fragment: string): readonly string[] {
	const named = keys.find((key) => key.fragment === fragment);
	return namesOfKey(keys, (key) => named !== undefined && key !== named && key.publicKeyHex === named.publicKeyHex);
}

export function warnOfNames(context: CliContext, names: readonly string[], fact: string): void {
	if (names.length === 0) return;
	context.stderr(`warning: ${fact} as ${names.map((name) => `#${name}`).join(", ")}\n`);
}
