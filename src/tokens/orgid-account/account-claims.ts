/**
 * What a freshly minted account-signed token says: its header and claims, before they are signed. Their
 * order is the one each kind's other software writes.
 * @module
 */
import { parseDidUrl } from "../../did/did-url.js";
import { invalidOption } from "../../options/invalid-option.js";
import { assertExtraClaims } from "../extra-claims.js";
import { formatScope, type OrgIdClaims } from "../orgid/orgid-claims.js";
import { ACCOUNT_ALGORITHM, ACCOUNT_TYPE, EIP712_KEY_ID } from "./account-signature.js";

/** The kinds of token that an account signs. */
export type AccountTokenKind = "orgid-account" | "orgid-eth" | "orgid-eip712";

/** The parts of a token to mint; times are seconds. */
export type AccountClaims = Omit<OrgIdClaims, "scopeFormat">;

/** Who an account's token is from, as its claims and header have it. */
export interface AccountIssuer {
	/** `iss`. */
	readonly iss: string;
	/** The account that signs: `owner` or `director`; for `orgid-eip712` the method's fragment. */
	readonly fragment: string | undefined;
	/** EIP-155 chain id, where the DID names one. */
	readonly chainId: number | undefined;
}

const EXPECTED: Readonly<Record<AccountTokenKind, string>> = {
	"orgid-account": "a DID with its chain, bare or with #owner or #director",
	"orgid-eth": "a bare DID",
	"orgid-eip712": "a DID URL with the fragment of its verification method",
};

/** Reads a minter's issuer. */
export function parseAccountIssuer(kind: AccountTokenKind, issuer: string): AccountIssuer {
	const { chainId, fragment } = parseDidUrl(issuer);
	if (kind === "orgid-eip712" && fragment !== undefined) return { iss: issuer, fragment, chainId };
	if (kind === "orgid-eth" && fragment === undefined) return { iss: issuer, fragment, chainId };
	const isAccount = fragment === undefined || fragment === "owner" || fragment === "director";
	if (kind === "orgid-account" && isAccount && chainId !== undefined) {
		const [iss = issuer] = issuer.split("#");
		return { iss, fragment: fragment ?? "owner", chainId };
	}
	throw invalidOption("issuer", EXPECTED[kind], { got: issuer });
}

/** Builds an account-signed token's header and claims. */
export function buildAccountToken(
	kind: AccountTokenKind,
	{ iss, fragment }: AccountIssuer,
	parts: Omit<AccountClaims, "issuer">,
): { header: object; claims: object } {
	const { audience: aud, now, ttlSeconds, scope: scopes, claims: further = {} } = parts;
	assertExtraClaims(further);
	const iat = Math.floor(now);
	const exp = iat + ttlSeconds;
	const format = kind === "orgid-eip712" ? "json" : "text";
	const scope = scopes === undefined ? {} : { scope: formatScope(scopes, format) };
	const rest = { iat, jti: crypto.randomUUID(), ...further };
	if (kind === "orgid-eth") {
		return { header: { alg: "ETH", typ: "JWT" }, claims: { iss, aud, exp, ...scope, ...rest } };
	}
	const claims = { iss, aud, ...scope, exp, ...rest };
	if (kind === "orgid-eip712") return { header: { alg: "ES256", kid: EIP712_KEY_ID, typ: "JWT" }, claims };
	return { header: { alg: ACCOUNT_ALGORITHM, typ: ACCOUNT_TYPE, kid: `${iss}#${fragment}` }, claims };
}
