/**
 * The grammar of `did:orgid` DIDs and DID URLs (DID Core 3.1, 3.2), parsed by position and not by regular expression,
 * because the text comes from untrusted tokens. Formatting what was parsed gives the same text.
 * @module
 */
import { DidError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

const PREFIX = "did:orgid:";
const ORG_ID_LENGTH = 66;
const MAX_FRAGMENT_LENGTH = 64;
const MAX_CHAIN_ID_DIGITS = 16;

/** An organization's id in its registry: 32 bytes as `0x` and 64 lower-case hex digits. */
export type OrgId = `0x${string}`;

/** The parts of a `did:orgid` DID URL, as written. */
export interface DidUrl {
	/** EIP-155 chain id; absent in the short form `did:orgid:0x…`. */
	readonly chainId?: number;
	/** The organization's id. */
	readonly orgId: OrgId;
	/** The key's name, without `#`. */
	readonly fragment?: string;
}

/** A DID URL whose chain is known. */
export interface CanonicalDidUrl extends DidUrl {
	readonly chainId: number;
	/** The bare DID, `did:orgid:<chain id>:0x…`. */
	readonly did: string;
}

/**
 * Parses a `did:orgid` DID or DID URL.
 *
 * @example
 * ```ts
 * import { parseDidUrl } from "orgpass/did";
 *
 * const orgId = `0x${"0a".repeat(32)}`;
 * parseDidUrl(`did:orgid:100:${orgId}#webserver`); // => { chainId: 100, orgId, fragment: "webserver" }
 * ```
 * @param text `did:orgid:[<chain id>:]0x<64 lower-case hex>[#<1 to 64 of 0-9 A-Z a-z _ ->]`; anything else is
 *   refused, whatever its type
 * @returns its parts, frozen
 * @throws {DidError} `did/syntax`
 */
export function parseDidUrl(text: unknown): DidUrl {
	const parts = typeof text === "string" && text.startsWith(PREFIX) ? parseParts(text) : undefined;
	if (parts !== undefined) return Object.freeze(parts);
	throw new DidError(
		"did/syntax",
		`expected did:orgid:<chain id>:0x<64 lower-case hex digits>[#fragment], got ${formatValue(text)}`,
	);
}

/**
 * Formats a DID URL: the inverse of {@link parseDidUrl}.
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
	return `did:orgid:${chain}${orgId}${fragment === undefined ? "" : `#${fragment}`}`;
}

/**
 * Adds the chain and the bare DID to a parsed DID URL.
 *
 * @example
 * ```ts
 * import { parseDidUrl, toCanonicalDidUrl } from "orgpass/did";
 *
 * const parts = parseDidUrl(`did:orgid:0x${"0a".repeat(32)}#webserver`);
 * toCanonicalDidUrl(parts, 100).did; // => `did:orgid:100:0x${"0a".repeat(32)}`
 * ```
 * @param parts a parsed DID URL
 * @param defaultChainId the chain of a DID that doesn't name one
 * @returns the parts with their chain and bare DID, frozen
 * @throws {DidError} `did/chain-missing`
 */
export function toCanonicalDidUrl(parts: DidUrl, defaultChainId?: number): CanonicalDidUrl {
	const chainId = parts.chainId ?? defaultChainId;
	if (chainId === undefined) {
		const message = `expected a chain id in ${formatDidUrl(parts)}: no default is set`;
		throw new DidError("did/chain-missing", message);
	}
	return Object.freeze({ ...parts, chainId, did: formatDidUrl({ chainId, orgId: parts.orgId }) });
}

/**
 * Tells whether a text can name a key: 1 to 64 of `0-9 A-Z a-z _ -`, as the registry contract requires.
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
	if (typeof text !== "string" || text.length === 0 || text.length > MAX_FRAGMENT_LENGTH) return false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (!isDigit(code) && !isLetter(code) && code !== 0x2d && code !== 0x5f) return false;
	}
	return true;
}

/** Tells whether a value is an organization's id: `0x` and 64 lower-case hex digits. */
export function isOrgId(value: unknown): value is OrgId {
	return typeof value === "string" && value.length === ORG_ID_LENGTH && isOrgIdAt(value, 0);
}

/** Parses an EIP-155 chain id in canonical decimal. */
export function parseChainId(text: string): number | undefined {
	if (text.length === 0 || text.length > MAX_CHAIN_ID_DIGITS || text[0] === "0") return undefined;
	for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return undefined;
	const chainId = Number(text);
	return Number.isSafeInteger(chainId) ? chainId : undefined;
}

function parseParts(text: string): DidUrl | undefined {
	let at = PREFIX.length;
	let chain: { readonly chainId?: number } = {};
	if (!text.startsWith("0x", at)) {
		const colon = text.indexOf(":", at);
		const chainId = colon < 0 ? undefined : parseChainId(text.slice(at, colon));
		if (chainId === undefined) return undefined;
		chain = { chainId };
		at = colon + 1;
	}
	const end = at + ORG_ID_LENGTH;
	if (!isOrgIdAt(text, at)) return undefined;
	const orgId = text.slice(at, end) as OrgId;
	if (text.length === end) return { ...chain, orgId };
	const fragment = text.slice(end + 1);
	return text[end] === "#" && isFragment(fragment) ? { ...chain, orgId, fragment } : undefined;
}

function isOrgIdAt(text: string, at: number): boolean {
	if (text.length < at + ORG_ID_LENGTH || !text.startsWith("0x", at)) return false;
	for (let i = at + 2; i < at + ORG_ID_LENGTH; i++) {
		const code = text.charCodeAt(i);
		if (!isDigit(code) && !(code >= 0x61 && code <= 0x66)) return false;
	}
	return true;
}

function isDigit(code: number): boolean {
	return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
	const lower = code | 0x20;
	return lower >= 0x61 && lower <= 0x7a;
}
