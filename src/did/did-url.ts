/**
 * The grammar of `did:orgid` DIDs and DID URLs (DID Core 3.1, 3.2), parsed by position rather than with a regular
 * expression, because the text comes from untrusted tokens. Formatting a parsed URL returns the original text.
 * @module
 */
import { DidError, formatValue } from "../errors/errors.js";

const PREFIX = "did:orgid:";
const ORG_ID_LENGTH = 66;
const MAX_FRAGMENT_LENGTH = 64;
const MAX_CHAIN_ID_DIGITS = 16;
const DIGITS = "0123456789";
const HEX_DIGITS = `${DIGITS}abcdef`;
const WORD = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-`;

/** An organization's id in its registry: 32 bytes as `0x` and 64 lower-case hex digits. */
export type OrgId = `0x${string}`;

/** The parts of a `did:orgid` DID URL, as written. */
export interface DidUrl {
	/** EIP-155 chain id; absent in the short form `did:orgid:0x…`. */
	readonly chainId?: number;
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
	const message = `expected did:orgid:<chain id>:0x<64 lower-case hex digits>[#fragment], got ${formatValue(text)}`;
	throw new DidError("did/syntax", message);
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
 * Checks whether a text can name a key: 1 to 64 of `0-9 A-Z a-z _ -`, as the registry contract requires.
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
	return consistsOf(text, WORD);
}

/** Checks whether a value is an organization's id: `0x` and 64 lower-case hex digits. */
export function isOrgId(value: unknown): value is OrgId {
	if (typeof value !== "string" || value.length !== ORG_ID_LENGTH) return false;
	return value.startsWith("0x") && consistsOf(value.slice(2), HEX_DIGITS);
}

/** Parses an EIP-155 chain id in canonical decimal. */
export function parseChainId(text: string): number | undefined {
	if (text.length === 0 || text.length > MAX_CHAIN_ID_DIGITS || text[0] === "0") return undefined;
	const chainId = consistsOf(text, DIGITS) ? Number(text) : undefined;
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
	const orgId = text.slice(at, end);
	if (!isOrgId(orgId)) return undefined;
	if (text.length === end) return { ...chain, orgId };
	const fragment = text.slice(end + 1);
	return text[end] === "#" && isFragment(fragment) ? { ...chain, orgId, fragment } : undefined;
}

function consistsOf(text: string, characters: string): boolean {
	for (let i = 0; i < text.length; i++) if (!characters.includes(text[i] as string)) return false;
	return true;
}
