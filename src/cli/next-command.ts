/**
 * Commands that are left for later, written so that they can be pasted into a shell; secrets are left out.
 * @module
 */
import type { OwnerFlags } from "./organization.js";

/** Writes a command. */
export function toCommand(words: readonly string[]): string {
	return ["orgpass", ...words.map(quote)].join(" ");
}

/**
 * Repeats the settings a command was given, for the next one. A key that was typed, and what a node's URL may
 * hold besides its host, aren't repeated.
 */
export function repeatedFlags({ network, rpcUrl, registry, kind, ownerKey }: OwnerFlags): string[] {
	const isBareUrl = rpcUrl !== undefined && URL.parse(rpcUrl)?.origin === rpcUrl.replace(/\/$/, "");
	const isNamedKey = ownerKey !== undefined && /^(?:env:\w{1,40}|[\w./-]{1,60}\.\w{1,8})$/.test(ownerKey);
	return [
		...(network === undefined ? [] : ["--network", network]),
		...(rpcUrl === undefined ? [] : ["--rpc-url", isBareUrl ? rpcUrl : "URL"]),
		...(registry === undefined ? [] : ["--registry", registry]),
		...(kind === undefined ? [] : ["--kind", kind]),
		...(ownerKey === undefined ? [] : ["--owner-key", isNamedKey ? ownerKey : "KEY"]),
	];
}

function quote(word: string): string {
	if (/^[\w@%+=:,./-]+$/.test(word)) return word;
	return /^[ -~]+$/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : "PLACEHOLDER";
}
