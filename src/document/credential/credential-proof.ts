/**
 * The proof of a 1.x document, in the forms that Winding Tree's SDKs write. The signed payload must equal the served
 * document byte for byte, so that the signature covers everything except `proof` itself; its `created` is never used.
 * @module
 */
import { decodeBase64Url, decodeBase64UrlText, encodeBase64Url } from "../../encoding/base64.js";
import { parseDateTime } from "../../encoding/date-time.js";
import { decodeHex } from "../../encoding/hex.js";
import { isJsonObject, type JsonObject } from "../../encoding/json.js";
import { DocumentError, formatValue } from "../../errors/errors.js";
import { createTypedDataHash, hashMessage, type TypedField } from "../../keys/account-digests.js";
import type { PublicKey } from "../../keys/public-key.js";
import { recoverAddress } from "../../keys/recover-address.js";
import { verifyData } from "../../keys/sign.js";
import type { Address } from "../../registry/org-record.js";

/** A well-formed proof whose payload is the served document; its signature isn't verified yet. */
export interface CredentialProof {
	/** The DID URL of the key, as written. */
	readonly verificationMethod: string;
	readonly signedBy: "account" | "key";
	/** The digests that the account may have signed, depending on the header; empty for a key. */
	readonly digests: readonly Uint8Array[];
	/** The ASCII bytes of `header.payload`. */
	readonly signingInput: Uint8Array;
	/** r||s||v of an account (65 bytes), r||s of a key (64 bytes). */
	readonly signature: Uint8Array;
}

/** What is needed to verify a proof. */
export type ProofKey = { readonly account: Address } | { readonly publicKey: PublicKey };

/** The EIP-712 domain; it has only a name. */
export const CREDENTIAL_DOMAIN = { name: "Verifiable Credential" };
/** The EIP-712 type that is signed. */
export const CREDENTIAL_TYPES: { Payload: TypedField[] } = {
	Payload: [{ name: "payload", type: "string" }],
};

/** The proof type of accounts. */
export const ACCOUNT_PROOF = "EcdsaSecp256k1RecoverySignature2020";
/** The proof type that is written for secp256k1 keys. */
export const KEY_PROOF = "EcdsaSecp256k1Signature2019";

const KEY_PROOFS: readonly unknown[] = [KEY_PROOF, "JsonWebSignature2020"];
const MEMBERS: readonly string[] = ["type", "created", "proofPurpose", "verificationMethod", "jws"];
const PURPOSE = "assertionMethod";
const HEX_SIGNATURE_LENGTH = 132;
const encoder = new TextEncoder();

/** Parses the proof of a credential and compares its payload with the credential. */
export function parseProof(credential: JsonObject): CredentialProof {
	const { proof, ...unsigned } = credential;
	if (proof === undefined) throw new DocumentError("document/proof-missing", "the credential has no proof");
	const { type, verificationMethod, jws } = parseMembers(proof);
	const first = jws.indexOf(".");
	const last = jws.lastIndexOf(".");
	const [header, payload, signature] = [jws.slice(0, first), jws.slice(first + 1, last), jws.slice(last + 1)];
	if (payload !== encodeText(JSON.stringify(unsigned))) {
		throw invalidProof("the signed text is not the served document");
	}
	const signingInput = jws.slice(0, last);
	const parts = { verificationMethod, signingInput: encoder.encode(signingInput) };
	if (type !== ACCOUNT_PROOF) {
		assertKeyHeader(header);
		const bytes = wrapDecodingError(() => decodeBase64Url(signature));
		return { ...parts, signedBy: "key", digests: [], signature: bytes };
	}
	const digests = digestsOf(header, verificationMethod, signingInput);
	return { ...parts, signedBy: "account", digests, signature: decodeHexSignature(signature) };
}

/** Verifies the signature of a proof; a high S is accepted. */
export async function verifyProof(proof: CredentialProof, key: ProofKey): Promise<void> {
	if ("account" in key) {
		if (proof.signedBy !== "account") throw invalidProof("the proof was made by a key, but names an account");
		const accounts = proof.digests.map((digest) => recoverAddress(digest, proof.signature));
		if (accounts.includes(key.account)) return;
		throw invalidProof(`the signature was not made by the account ${key.account}`);
	}
	if (proof.signedBy !== "key") throw invalidProof("the proof was made by an account, but names a key");
	if (await verifyData(key.publicKey, proof.signingInput, proof.signature)) return;
	throw invalidProof("the signature does not match the key");
}

/** The text that an account signs. */
export function toAccountInput(verificationMethod: string, unsigned: object): string {
	return `${accountHeader("ES256", verificationMethod)}.${encodeText(JSON.stringify(unsigned))}`;
}

/** The EIP-712 digest that an account signs. */
export function toTypedDigest(signingInput: string): Uint8Array {
	const value = { payload: signingInput };
	return createTypedDataHash(CREDENTIAL_DOMAIN, { name: "Payload", fields: CREDENTIAL_TYPES.Payload })(value);
}

function parseMembers(proof: unknown): { type: unknown; verificationMethod: string; jws: string } {
	if (!isJsonObject(proof)) throw invalidProof(`expected one proof, got ${formatValue(proof)}`);
	const { type, created, proofPurpose, verificationMethod, jws } = proof;
	const unknown = Object.keys(proof).find((name) => !MEMBERS.includes(name));
	if (unknown !== undefined) throw invalidProof(`unknown member ${formatValue(unknown)} of the proof`);
	if (type !== ACCOUNT_PROOF && !KEY_PROOFS.includes(type)) {
		const types = [ACCOUNT_PROOF, ...KEY_PROOFS].join(", ");
		throw invalidProof(`expected a proof of one of the types ${types}, got ${formatValue(type)}`);
	}
	if (proofPurpose !== PURPOSE) {
		throw invalidProof(`expected the proof's purpose ${PURPOSE}, got ${formatValue(proofPurpose)}`);
	}
	if (created !== undefined && parseDateTime(created) === undefined) {
		throw invalidProof(`expected the proof's date as RFC 3339, got ${formatValue(created)}`);
	}
	if (typeof verificationMethod !== "string" || typeof jws !== "string") {
		throw invalidProof("expected the proof's verificationMethod and jws to be text");
	}
	return { type, verificationMethod, jws };
}

function assertKeyHeader(header: string): void {
	if (header === encodeText('{"alg":"ES256K"}')) return;
	if (header === encodeText('{"alg":"ES256"}')) {
		throw invalidProof("the proof was signed with a P-256 key (ES256); only secp256k1 (ES256K) is supported");
	}
	throw invalidProof('expected the header of the jws to be exactly {"alg":"ES256K"}');
}

/** SDKs since 1.2 declare ES256 for typed data; earlier ones, ES256K for typed data or personal messages (EIP-191). */
function digestsOf(header: string, verificationMethod: string, signingInput: string): Uint8Array[] {
	if (header === accountHeader("ES256", verificationMethod)) return [toTypedDigest(signingInput)];
	if (header === accountHeader("ES256K", verificationMethod)) {
		return [hashMessage(encoder.encode(signingInput)), toTypedDigest(signingInput)];
	}
	const kid = formatValue(verificationMethod);
	throw invalidProof(`expected the header of the jws to be exactly {"alg","kid","typ"} with the kid ${kid}`);
}

function accountHeader(alg: "ES256" | "ES256K", kid: string): string {
	return encodeText(JSON.stringify({ alg, kid, typ: "JWT" }));
}

/** The third part is the base64url of hex digits, not of bytes. */
function decodeHexSignature(part: string): Uint8Array {
	const text = wrapDecodingError(() => decodeBase64UrlText(part));
	if (text.length !== HEX_SIGNATURE_LENGTH || text !== text.toLowerCase()) {
		throw invalidProof("expected the signature as 0x and 130 lower-case hex digits, in base64url");
	}
	return wrapDecodingError(() => decodeHex(text));
}

function wrapDecodingError<T>(decode: () => T): T {
	try {
		return decode();
	} catch (cause) {
		throw invalidProof("the proof's signature is not encoded correctly", cause);
	}
}

function encodeText(text: string): string {
	return encodeBase64Url(encoder.encode(text));
}

function invalidProof(message: string, cause?: unknown): DocumentError {
	return new DocumentError("document/proof-invalid", message, { cause });
}
