/**
 * The grammar of `did:orgid` DIDs and DID URLs (DID Core 3.1, 3.2). Formatting what was parsed gives the same text.
 * @module
 */
import { DidError, formatValue } from "../errors/errors.js";

const DID_URL = /^did:orgid:(?:(\d{1,16}):)?(0x[0-9a-f]{64})(?:#([0-9A-Za-z_-]{1,64}))?$/;
const ORG_ID = /^0x[0-9a-f]{64}$/;
const FRAGMENT = /^[0-9A-Za-z_-]{1,64}$/;
const CHAIN_ID = /^[1-9]\d{0,15}$/;

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
	const [, chain, orgId, fragment] = (typeof text === "string" && DID_URL.exec(text)) || [];
	const chainId = chain === undefined ? undefined : parseChainId(chain);
	if (orgId === undefined || (chain !== undefined && chainId === undefined)) {
		throw new DidError(
			"did/syntax",
			`expected did:orgid:<chain id>:0x<64 lower-case hex digits>[#fragment], got ${formatValue(text)}`,
		);
	}
	return Object.freeze({
		...(chainId === undefined ? {} : { chainId }),
		orgId: orgId as OrgId,
		...(fragment === undefined ? {} : { fragment }),
	});
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
	return typeof text === "string" && FRAGMENT.test(text);
}

/** Tells whether a value is an organization's id: `0x` and 64 lower-case hex digits. */
export function isOrgId(value: unknown): value is OrgId {
	return typeof value === "string" && ORG_ID.test(value);
}

/** Parses an EIP-155 chain id in canonical decimal. */
export function parseChainId(text: string): number | undefined {
	const chainId = CHAIN_ID.test(text) ? Number(text) : undefined;
	return Number.isSafeInteger(chainId) ? chainId : undefined;
}
