/** @module */
import { parseDidUrl } from "../../did/did-url.js";
import { decodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { formatValue, PolicyError } from "../../errors/errors.js";
import { decodeAddress, encodeIoAddress, toIoAddress } from "../../keys/address.js";
import { fromEncodedPoint } from "../../keys/import-ec-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { toAppId } from "../../tokens/issuer-keys/app-id.js";
import type { AssertToken } from "./policy.js";

const PREFIX = "did:orgid:";

/**
 * Creates a policy that accepts only the given issuers.
 *
 * @example
 * ```ts
 * import { requireIssuer } from "orgpass/auth";
 *
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const policy = requireIssuer([issuer]);
 * policy({ profile: "orgid", issuer, keyId: `${issuer}#webserver`, claims: {}, scopes: [] }); // => undefined
 * ```
 * @param issuers as `issuer` of a verified token: for organizations the bare DID with its chain. The signer of
 *   ioctl tokens can also be named by its Ethereum address or its key as in `iss`, and a UUID can be in upper case.
 * @returns the policy; it throws `policy/issuer`
 * @throws {ConfigError} `config/invalid-option` for an empty list, or a DID in a form that would never match
 */
export function requireIssuer(issuers: string | readonly string[]): AssertToken {
	const allowed = toIssuers(issuers);
	return function assertIssuer({ issuer }) {
		if (allowed.has(issuer)) return;
		throw new PolicyError("policy/issuer", `the issuer ${formatValue(issuer)} isn't allowed here`);
	};
}

/**
 * Creates a policy that accepts all but the given issuers.
 *
 * @example
 * ```ts
 * import { denyIssuer } from "orgpass/auth";
 *
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const policy = denyIssuer(`did:orgid:100:0x${"0b".repeat(32)}`);
 * policy({ profile: "orgid", issuer, keyId: `${issuer}#webserver`, claims: {}, scopes: [] }); // => undefined
 * ```
 * @param issuers as for {@link requireIssuer}
 * @returns the policy; it throws `policy/issuer-denied`
 * @throws {ConfigError} `config/invalid-option` for an empty list, or a DID in a form that would never match
 */
export function denyIssuer(issuers: string | readonly string[]): AssertToken {
	const denied = toIssuers(issuers);
	return function assertNotDenied({ issuer }) {
		if (!denied.has(issuer)) return;
		throw new PolicyError("policy/issuer-denied", `the issuer ${formatValue(issuer)} is denied here`);
	};
}

function toIssuers(issuers: string | readonly string[]): ReadonlySet<string> {
	const list: readonly unknown[] = Array.isArray(issuers) ? issuers : [issuers];
	if (list.length === 0) throw invalidOption("issuers", "at least one issuer");
	for (const issuer of list) assertCanonical(issuer);
	return new Set((list as readonly string[]).flatMap((issuer) => [issuer, verifiedForm(issuer)]));
}

/** The form that a verified token has: `io1…` for an account or its key, lower case for a UUID. */
function verifiedForm(issuer: string): string {
	const address = decodeAddress(issuer);
	if (address !== undefined) return encodeIoAddress("io", decodeHex(address));
	const isKey = issuer.startsWith("0x04");
	const ofKey = isKey ? undefinedOnError(() => toIoAddress(fromEncodedPoint(decodeHex(issuer)))) : undefined;
	return ofKey ?? toAppId(issuer) ?? issuer;
}

/** A DID in any other form would never match. */
function assertCanonical(issuer: unknown): void {
	if (typeof issuer !== "string" || issuer === "") {
		throw invalidOption("issuers", "a non-empty array of issuers", { got: issuer });
	}
	if (!issuer.trimStart().toLowerCase().startsWith(PREFIX)) return;
	try {
		const { chainId, fragment } = parseDidUrl(issuer);
		if (chainId !== undefined && fragment === undefined) return;
	} catch {
		// Reported below, with the option's name.
	}
	throw invalidOption("issuers", "bare DIDs with their chain: did:orgid:<chain id>:0x…", { got: issuer });
}
