/**
 * The data that an account signs in the three forms of token: for minting, verifying, and checking a token by hand with
 * `recoverAddress`.
 * @module
 */
import type { TypedDataDomain, TypedDataField } from "ethers";
import { decodeHex } from "../../encoding/hex.js";
import type { JsonObject } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { parseAudience, parseOptionalText, parseWholeExp } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { parseScopes } from "../../jws/scope.js";
import { createTypedDataHash, hashMessage, type TypedStruct } from "../../keys/account-digests.js";
import { decodeAddress, isHexAddress } from "../../keys/address.js";

/** `alg` of orgid-account tokens. */
export const ACCOUNT_ALGORITHM = "EIP712";
export const ACCOUNT_TYPE = "orgid-account+jwt";
/** `kid` of the SDK's EIP-712 tokens. */
export const EIP712_KEY_ID = "EcdsaSecp256k1RecoveryMethod2020";

/** `0x` and 65 bytes as ASCII text. */
const HEX_SIGNATURE_LENGTH = 132;

/** What is signed for an orgid-account token. */
const TOKEN: TypedStruct = {
	name: "Token",
	fields: [
		{ name: "issuer", type: "string" },
		{ name: "audience", type: "string[]" },
		{ name: "scope", type: "string" },
		{ name: "expires", type: "uint64" },
		{ name: "token", type: "string" },
	],
};
/** What is signed for the SDK's EIP-712 tokens. */
const PAYLOAD: TypedStruct = { name: "Payload", fields: [{ name: "payload", type: "string" }] };
const SDK_DOMAIN = { name: "JWT" } as const;

/** Typed data (EIP-712): the three arguments of ethers' `signTypedData`. */
export interface TypedData {
	readonly domain: TypedDataDomain;
	readonly types: Record<string, TypedDataField[]>;
	readonly value: Record<string, unknown>;
}

/** The registry that holds an organization: the EIP-712 domain of its accounts' tokens. */
export interface AccountTokenDomain {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** Address of the registry contract. */
	readonly registry: string;
}

/** The signed parts of a token. */
export type UnsignedJws = Pick<CompactJws, "claims" | "signingInput">;

/**
 * Computes the digest that the account of an `orgid-eth` token signs: EIP-191 `personal_sign` over the ASCII text
 * `header.payload`.
 *
 * @example
 * ```ts
 * import { recoverAddress } from "orgpass/keys";
 * import { decodeToken } from "orgpass/jws";
 * import { hashEthToken } from "orgpass/tokens";
 * import { getBytes, Wallet } from "ethers";
 *
 * const wallet = new Wallet(`0x${"11".repeat(32)}`);
 * const signature = getBytes(await wallet.signMessage("eyJhbGciOiJFVEgifQ.e30"));
 * const digest = hashEthToken(decodeToken("eyJhbGciOiJFVEgifQ.e30."));
 * recoverAddress(digest, signature); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @param jws a token from `decodeToken`; its signature is the 65 bytes r, s, v, or a contract's signature
 * @returns 32 bytes
 * @see EIP-191
 */
export function hashEthToken({ signingInput }: Pick<CompactJws, "signingInput">): Uint8Array {
	return hashMessage(signingInput);
}

/**
 * Computes the digest that the account of an `orgid-eip712` token signs: the typed data of Winding Tree's SDK, with the
 * domain `{ name: "JWT" }` and the text `header.payload` in `Payload(string payload)`.
 *
 * @example
 * ```ts
 * import { recoverAddress } from "orgpass/keys";
 * import { decodeToken } from "orgpass/jws";
 * import { hashEip712Token } from "orgpass/tokens";
 * import { getBytes, Wallet } from "ethers";
 *
 * const wallet = new Wallet(`0x${"11".repeat(32)}`);
 * const types = { Payload: [{ name: "payload", type: "string" }] };
 * const payload = "eyJhbGciOiJFUzI1NiJ9.e30";
 * const signature = getBytes(await wallet.signTypedData({ name: "JWT" }, types, { payload }));
 * const digest = hashEip712Token(decodeToken(`${payload}.`));
 * recoverAddress(digest, signature); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @param jws a token from `decodeToken`; `readEip712Signature` reads its signature
 * @returns 32 bytes
 * @see EIP-712
 */
export function hashEip712Token(jws: Pick<CompactJws, "signingInput">): Uint8Array {
	return createEip712TokenHash()(jws);
}

/**
 * Reads the signature of an `orgid-eip712` token, which is base64url of hexadecimal text.
 *
 * @example
 * ```ts
 * import { decodeToken } from "orgpass/jws";
 * import { readEip712Signature } from "orgpass/tokens";
 *
 * readEip712Signature(decodeToken("e30.e30.AAAA")); // => undefined
 * ```
 * @param jws a token from `decodeToken`
 * @returns the 65 bytes r, s, v, or undefined if the text isn't exactly `0x` and 130 hexadecimal digits
 */
export function readEip712Signature({ signature }: Pick<CompactJws, "signature">): Uint8Array<ArrayBuffer> | undefined {
	if (signature.length !== HEX_SIGNATURE_LENGTH) return undefined;
	return undefinedOnError(() => decodeHex(decodeAscii(signature)));
}

/**
 * Computes the digest that the account of an `orgid-account` token signs: see {@link accountTokenData}.
 *
 * @example
 * ```ts
 * import { decodeToken } from "orgpass/jws";
 * import { hashAccountToken } from "orgpass/tokens";
 *
 * const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
 * const claims = { iss: "did:orgid:1:0x", aud: "hotel", exp: 1_800_000_000 };
 * const jws = decodeToken(`${encode({ alg: "EIP712" })}.${encode(claims)}.`);
 * const registry = `0x${"11".repeat(20)}`;
 * hashAccountToken(jws, { chainId: 100, registry }).length; // => 32
 * ```
 * @param jws a token from `decodeToken`
 * @param domain the registry that holds the issuer
 * @returns 32 bytes
 * @throws {TokenError} `token/claim-missing`, `token/claim-invalid` for claims that don't fit the typed data
 */
export function hashAccountToken(jws: UnsignedJws, domain: AccountTokenDomain): Uint8Array {
	return createAccountTokenHash(domain)(jws);
}

/**
 * Builds the typed data that an account signs for an `orgid-account` token, entirely from the token: the verifier
 * rebuilds what the wallet showed. The domain has the name `orgpass`, the version `1`, and the issuer's chain and
 * registry. The message is `Token(string issuer,string[] audience,string scope,uint64 expires,string token)`, where
 * `scope` is space-delimited without duplicates and `token` is the text `header.payload`.
 *
 * @example
 * ```ts
 * import { decodeToken } from "orgpass/jws";
 * import { accountTokenData } from "orgpass/tokens";
 *
 * const encode = (value: object) => btoa(JSON.stringify(value)).replaceAll("=", "");
 * const claims = { iss: "did:orgid:1:0x", aud: "hotel", scope: "book", exp: 1_800_000_000 };
 * const jws = decodeToken(`${encode({ alg: "EIP712" })}.${encode(claims)}.`);
 * const { value } = accountTokenData(jws, { chainId: 1, registry: `0x${"11".repeat(20)}` });
 * [value["issuer"], value["audience"], value["scope"]]; // => ["did:orgid:1:0x", ["hotel"], "book"]
 * ```
 * @param jws a token from `decodeToken`; its signature isn't used
 * @param domain the registry that holds the issuer
 * @returns the arguments for `signTypedData`
 * @throws {TokenError} `token/claim-missing`, `token/claim-invalid` for claims that don't fit the typed data
 */
export function accountTokenData({ claims, signingInput }: UnsignedJws, domain: AccountTokenDomain): TypedData {
	return {
		domain: toTypedDomain(domain),
		types: toTypes(TOKEN),
		value: { ...tokenValues(claims), token: decodeAscii(signingInput) },
	};
}

export function eip712TokenData({ signingInput }: Pick<CompactJws, "signingInput">): TypedData {
	return { domain: { ...SDK_DOMAIN }, types: toTypes(PAYLOAD), value: { payload: decodeAscii(signingInput) } };
}

/** Creates {@link hashAccountToken} for the issuers of one registry. */
export function createAccountTokenHash(domain: AccountTokenDomain): (jws: UnsignedJws) => Uint8Array {
	const hash = createTypedDataHash({ ...toTypedDomain(domain) }, TOKEN);
	return ({ claims, signingInput }) => hash({ ...tokenValues(claims), token: signingInput });
}

/** Creates {@link hashEip712Token}. */
export function createEip712TokenHash(): (jws: Pick<CompactJws, "signingInput">) => Uint8Array {
	const hash = createTypedDataHash(SDK_DOMAIN, PAYLOAD);
	return ({ signingInput }) => hash({ payload: signingInput });
}

function toTypedDomain({ chainId, registry }: AccountTokenDomain): TypedDataDomain {
	return { name: "orgpass", version: "1", chainId, verifyingContract: parseRegistry(registry) };
}

/** Copies a type, because accounts from outside get it. */
function toTypes({ name, fields }: TypedStruct): Record<string, TypedDataField[]> {
	return { [name]: fields.map((field) => ({ ...field })) };
}

/** The members of a `Token` that come from the claims. */
function tokenValues(claims: JsonObject): Record<string, unknown> {
	return {
		issuer: parseOptionalText(claims, "iss") ?? "",
		audience: [...parseAudience(claims)],
		scope: parseScopes(claims).join(" "),
		expires: parseWholeExp(claims),
	};
}

function parseRegistry(registry: string): string {
	const address = isHexAddress(registry) ? decodeAddress(registry) : undefined;
	if (address === undefined) throw new TypeError("expected the registry as 0x and 40 hex digits");
	return address;
}

/** Unlike TextDecoder, drops no byte order mark and replaces nothing. */
function decodeAscii(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
