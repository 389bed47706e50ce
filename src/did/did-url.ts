/**
 * The grammar of `did:orgid` DIDs and DID URLs (DID Core 3.1, 3.2), read by position and not by regular
 * expression: the text comes from tokens of strangers. Every accepted text is exactly its own format.
 * @module
 */

import { DidError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

const PREFIX = "did:orgid:";
const ORG_ID_LENGTH = 66;
const MAX_FRAGMENT_LENGTH = 64;

/** An organization's id in its registry: 32 bytes as `0x` and 64 lower-case hex digits. */
export type OrgId = `0x${string}`;

/** The parts of a `did:orgid` DID URL as written. */
export interface DidUrl {
	/** EIP-155 chain id; absent in the short form `did:orgid:0x…`. */
	readonly chainId?: number;
	/** The organization's id. */
	readonly orgId: OrgId;
	/** The name of a key, without `#`. */
	readonly fragment?: string;
}

/** A DID URL whose chain is known. */
export interface CanonicalDidUrl extends DidUrl {
	readonly chainId: number;
	/** The bare DID, `did:orgid:<chain id>:0x…`. */
	readonly did: string;
}

/**
 * Reads a `did:orgid` DID or DID URL.
 *
 * @example
 * ```ts
 * import { parseDidUrl } from "orgpass/did";
 *
 * const orgId = `0x${"0a".repeat(32)}`;
 * parseDidUrl(`did:orgid:100:${orgId}#webserver`); // => { chainId: 100, orgId, fragment: "webserver" }
 * ```
 * @param text `did:orgid:[<chain id>:]0x<64 lower-case hex>[#<1 to 64 of 0-9 A-Z a-z _ ->]`; anything else,
 * of any type, is refused
 * @returns its parts, frozen
 * @throws {DidError} `did/syntax`
 */
export function parseDidUrl(text: unknown): DidUrl {
	if (typeof text !== "string" || !text.startsWith(PREFIX)) throw syntaxError(text);
	let at = PREFIX.length;
	let chainId: number | undefined;
	if (text.charCodeAt(at + 1) !== 0x78) {
		const colon = text.indexOf(":", at);
		chainId = colon < 0 || colon > at + 16 ? undefined : parseDecimal(text, at, colon);
		if (chainId === undefined) throw syntaxError(text);
		at = colon + 1;
	}
	const end = at + ORG_ID_LENGTH;
	if (!isOrgIdAt(text, at)) throw syntaxError(text);
	const orgId = text.slice(at, end) as OrgId;
	if (text.length === end) return Object.freeze(chainId === undefined ? { orgId } : { chainId, orgId });
	const fragment = text.slice(end + 1, end + 2 + MAX_FRAGMENT_LENGTH);
	if (text[end] !== "#" || !isFragment(fragment) || text.length !== end + 1 + fragment.length) {
		throw syntaxError(text);
	}
	return Object.freeze(chainId === undefined ? { orgId, fragment } : { chainId, orgId, fragment });
}

/**
 * Writes a DID URL; the inverse of {@link parseDidUrl}.
 *
 * @example
 * ```ts
 * import { formatDidUrl, parseDidUrl } from "orgpass/did";
 *
 * const text = `did:orgid:0x${"0a".repeat(32)}`;
 * formatDidUrl(parseDidUrl(text)); // => text
 * ```
 * @param parts as {@link parseDidUrl} returns them
 * @returns the DID URL
 */
export function formatDidUrl({ chainId, orgId, fragment }: DidUrl): string {
	const chain = chainId === undefined ? "" : `${chainId}:`;
	return `${PREFIX}${chain}${orgId}${fragment === undefined ? "" : `#${fragment}`}`;
}

/**
 * Settles which chain a DID URL is on.
 *
 * @example
 * ```ts
 * import { parseDidUrl, toCanonicalDidUrl } from "orgpass/did";
 *
 * const parts = parseDidUrl(`did:orgid:0x${"0a".repeat(32)}#webserver`);
 * toCanonicalDidUrl(parts, 100).did; // => `did:orgid:100:0x${"0a".repeat(32)}`
 * ```
 * @param parts a parsed DID URL
 * @param defaultChainId the chain of DIDs that name none
 * @returns the same with its chain and its bare DID
 * @throws {DidError} `did/chain-missing`
 */
export function toCanonicalDidUrl(parts: DidUrl, defaultChainId?: number): CanonicalDidUrl {
	const chainId = parts.chainId ?? defaultChainId;
	if (chainId === undefined) {
		throw new DidError(
			"did/chain-missing",
			`expected a chain id in ${formatDidUrl(parts)}: no default is set`,
		);
	}
	return Object.freeze({ ...parts, chainId, did: formatDidUrl({ chainId, orgId: parts.orgId }) });
}

/**
 * Tells whether a text can name a key: 1 to 64 of `0-9 A-Z a-z _ -`, as the registry contract demands.
 *
 * @example
 * ```ts
 * import { isFragment } from "orgpass/did";
 *
 * isFragment("webserver"); // => true
 * isFragment("#webserver"); // => false
 * ```
 * @param text without `#`
 * @returns true when it is a fragment
 */
export function isFragment(text: string): boolean {
	if (text.length === 0 || text.length > MAX_FRAGMENT_LENGTH) return false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		const isWord = isDigit(code) || isLetter(code) || code === 0x2d || code === 0x5f;
		if (!isWord) return false;
	}
	return true;
}

/** Tells whether a text is an organization's id: `0x` and 64 lower-case hex digits. */
export function isOrgId(text: unknown): text is OrgId {
	return typeof text === "string" && text.length === ORG_ID_LENGTH && isOrgIdAt(text, 0);
}

function isOrgIdAt(text: string, at: number): boolean {
	if (text.length < at + ORG_ID_LENGTH || text[at] !== "0" || text[at + 1] !== "x") return false;
	for (let i = at + 2; i < at + ORG_ID_LENGTH; i++) {
		const code = text.charCodeAt(i);
		if (!isDigit(code) && !(code >= 0x61 && code <= 0x66)) return false;
	}
	return true;
}

/** A canonical decimal above zero, or undefined. */
function parseDecimal(text: string, from: number, to: number): number | undefined {
	let value = 0;
	for (let i = from; i < to; i++) {
		const code = text.charCodeAt(i);
		if (!isDigit(code)) return undefined;
		value = value * 10 + (code - 0x30);
	}
	return text[from] === "0" || value === 0 || value > Number.MAX_SAFE_INTEGER ? undefined : value;
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
	const lower = code | 0x20;
	return lower >= 0x61 && lower <= 0x7a;
}

function syntaxError(text: unknown): DidError {
	return new DidError(
		"did/syntax",
		`expected did:orgid:<chain id>:0x<64 lower-case hex digits>[#fragment], got ${formatValue(text)}`,
	);
}
