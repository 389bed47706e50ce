/** @module */
import type { Address } from "./org-record.js";

/** The sender of an account's transactions; undefined unless a key signs them, so that nobody else could send them. */
export function senderOf(account: object): Address | undefined {
	const { address, signingKey } = account as { readonly address?: unknown; readonly signingKey?: unknown };
	return signingKey !== undefined && typeof address === "string" ? (address as Address) : undefined;
}
