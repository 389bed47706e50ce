/**
 * Commands of `orgpass`, as they can be pasted into a shell.
 * @module
 */
import type { Connection } from "../network.ts";
import { makeVisible } from "../token-parts.ts";
import type { Account } from "./wallets/use-account.ts";

const SAFE = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

export function toCommand(words: readonly string[]): string {
	return ["orgpass", ...words.map(quote)].join(" ");
}

/** The options that name the registry. Commands find a local chain by themselves. */
export function registryOptions({ isLocal, rpcUrl, registry }: Connection): readonly string[] {
	// The rest of a node's URL may be secret.
	const isOrigin = new URL(rpcUrl).origin === rpcUrl.replace(/\/$/, "");
	return isLocal ? [] : ["--rpc-url", isOrigin ? rpcUrl : "URL", "--registry", registry];
}

/** The option that names the account, whose key this page doesn't have. On a local chain, the first one is the default. */
export function accountOptions({ isLocal }: Connection, account: Account | undefined): readonly string[] {
	const isFirst = account === undefined || (account.wallet.isNode && account.address === account.addresses[0]);
	return isLocal && isFirst ? [] : ["--owner-key", "KEY"];
}

/**
 * A terminal obeys control characters in what is pasted, also between quotes. In fish, a backslash also escapes between
 * quotes; zsh expands a word that begins with `=`.
 */
function quote(text: string): string {
	const word = makeVisible(text);
	return SAFE.test(word) ? word : `'${word.replace(/['\\]/g, "'\\$&'")}'`;
}
