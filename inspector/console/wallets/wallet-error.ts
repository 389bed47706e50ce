/** @module */
import { makeVisible } from "../../token-parts.ts";

/** What the codes of EIP-1193, and of wallets, mean for their user. */
const WORDS: Readonly<Record<number, string>> = {
	4001: "You refused in the wallet.",
	4100: "The wallet doesn't let this page use the account.",
	4200: "The wallet can't do this.",
	4900: "The wallet isn't connected to any chain.",
	4901: "The wallet isn't connected to this chain.",
	[-32002]: "The wallet is already asking you: look at its window.",
};
const MAX_MESSAGE = 300;

/** Says what a wallet rejected a request with. */
export function describeWalletError(error: unknown): string {
	const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
	return describeWalletCode(code) ?? makeVisible(String(message ?? "The wallet gave no reason.").slice(0, MAX_MESSAGE));
}

/** Undefined for codes that aren't a wallet's. */
export function describeWalletCode(code: unknown): string | undefined {
	return typeof code === "number" ? WORDS[code] : undefined;
}
