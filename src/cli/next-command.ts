/**
 * Formats commands to run later, quoted for a shell, without secrets.
 * @module
 */
import type { OwnerFlags } from "./organization.js";

/** Formats a command that can be pasted into a shell. */
export function toCommand(words: readonly string[]): string {
	return ["orgpass", ...words.map(quote)].join(" ");
}

/** Repeats the settings of a command, without a typed key and with only the origin of a node's URL. */
export function repeatedFlags({ network, rpcUrl, registry, kind, ownerKey }: OwnerFlags): string[] {
	const isOrigin = rpcUrl !== undefined && URL.parse(rpcUrl)?.origin === rpcUrl.replace(/\/$/, "");
	const isKeyName = ownerKey !== undefined && /^(?:env:\w{1,40}|[\w./-]{1,60}\.\w{1,8})$/.test(ownerKey);
	const flags = {
		"--network": network,
		"--rpc-url": rpcUrl && (isOrigin ? rpcUrl : "URL"),
		"--registry": registry,
		"--kind": kind,
		"--owner-key": ownerKey && (isKeyName ? ownerKey : "KEY"),
	};
	return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
}

/** In fish, a backslash also escapes between quotes; zsh expands a word that begins with `=`. */
function quote(word: string): string {
	if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
	return /^[ -~]+$/.test(word) ? `'${word.replace(/['\\]/g, "'\\$&'")}'` : "PLACEHOLDER";
}
