/**
 * Picks the one key of a DID document that a token's issuer names (DID Core 5.2, 5.3).
 * @module
 */

import type { DIDDocument, VerificationMethod } from "did-resolver";
import { describe } from "../encoding/display.js";
import { decodeHex } from "../encoding/hex.js";
import { DidError, isOrgpassError } from "../errors.js";
import { importPublicKey } from "../keys/import-public-key.js";
import type { PublicKey } from "../keys/public-key.js";
import { type CanonicalDidUrl, formatDidUrl } from "./did-url.js";

const KEY_MEMBERS = ["publicKeyJwk", "publicKeyHex", "publicKeyPem"] as const;

/** A member holds a key of its own form and no other: a key is never sniffed. */
const FORMS: Readonly<Record<(typeof KEY_MEMBERS)[number], (value: unknown) => boolean>> = {
	publicKeyJwk: (value) => typeof value === "object" && value !== null && !ArrayBuffer.isView(value),
	publicKeyHex: isHexDigits,
	publicKeyPem: (value) =>
		typeof value === "string" && !isHexDigits(value) && !value.trimStart().startsWith("{"),
};

const imported = new WeakMap<VerificationMethod, PublicKey>();

/**
 * Finds the verification method that a DID URL names, and refuses what is ambiguous or not the subject's
 * own: the document's id and the method's controller must be the DID; where the document lists
 * `authentication`, the method must be in it; two methods of one id are an error, not a choice.
 *
 * @example
 * ```ts
 * import { parseDidUrl, selectVerificationMethod, toCanonical } from "orgpass/did";
 *
 * const id = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const key = { id: `${id}#webserver`, controller: id, type: "JsonWebKey2020" };
 * const issuer = toCanonical(parseDidUrl(`${id}#webserver`));
 * selectVerificationMethod({ id, verificationMethod: [key] }, issuer); // => key
 * ```
 * @param document a DID document from any resolver
 * @param keyId the DID URL of the key, with its fragment
 * @returns the method
 * @throws {DidError} `did/document-invalid`, `did/key-not-found`
 */
export function selectVerificationMethod(document: DIDDocument, keyId: CanonicalDidUrl): VerificationMethod {
	const { fragment: _, ...subject } = keyId;
	const subjectIds = spellingsOf(subject);
	const keyIds = spellingsOf(keyId);
	if (!subjectIds.includes(document.id)) {
		throw new DidError(
			"did/document-invalid",
			`expected the document of ${keyId.did}, got the one of ${describe(document.id)}`,
		);
	}
	const methods = [...listOf(document.verificationMethod), ...listOf(document.publicKey)];
	const embedded = listOf(document.authentication).filter((entry) => typeof entry === "object");
	const found = [...methods, ...embedded].filter((method) => keyIds.includes(method?.id));
	const [method, second] = found;
	const [name] = keyIds;
	if (method === undefined) throw new DidError("did/key-not-found", `there is no key ${name}`);
	if (second !== undefined) throw new DidError("did/document-invalid", `two keys have the id ${name}`);
	if (!subjectIds.includes(method.controller)) {
		throw new DidError(
			"did/document-invalid",
			`expected ${keyId.did} to control its key ${name}, got ${describe(method.controller)}`,
		);
	}
	const isListed = listOf(document.authentication).some((entry) =>
		keyIds.includes(typeof entry === "string" ? entry : entry?.id),
	);
	if (document.authentication !== undefined && !isListed) {
		throw new DidError("did/key-not-found", `${name} is not listed for authentication`);
	}
	return method;
}

/**
 * Reads the public key of a verification method; a frozen method is read once.
 *
 * @example
 * ```ts
 * import { importVerificationKey } from "orgpass/did";
 * import { exportPublicKey, generateKeyPair } from "orgpass/keys";
 *
 * const { publicKey } = await generateKeyPair();
 * const id = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const publicKeyJwk = exportPublicKey(publicKey, "jwk");
 * const method = { id: `${id}#webserver`, controller: id, type: "JsonWebKey2020", publicKeyJwk };
 * importVerificationKey(method).curve; // => "secp256k1"
 * ```
 * @param method a verification method with `publicKeyJwk`, `publicKeyHex` or `publicKeyPem`
 * @returns its secp256k1 key
 * @throws {DidError} `did/document-invalid`
 */
export function importVerificationKey(method: VerificationMethod): PublicKey {
	const known = imported.get(method);
	if (known !== undefined) return known;
	const members = KEY_MEMBERS.filter((member) => method[member] !== undefined);
	const [member] = members;
	if (member === undefined || members.length > 1 || !FORMS[member](method[member])) {
		throw new DidError(
			"did/document-invalid",
			`expected ${describe(method.id)} to have one of ${KEY_MEMBERS.join(", ")}, of its own form`,
		);
	}
	const key = importMember(method, member);
	if (Object.isFrozen(method) && Object.isFrozen(method[member])) imported.set(method, key);
	return key;
}

function importMember(method: VerificationMethod, member: (typeof KEY_MEMBERS)[number]): PublicKey {
	try {
		return importPublicKey(method[member] as Parameters<typeof importPublicKey>[0]);
	} catch (cause) {
		if (!isOrgpassError(cause)) throw cause;
		throw new DidError(
			"did/document-invalid",
			`the key ${describe(method.id)} is unusable: ${cause.message}`,
			{
				cause,
				details: { reason: cause.code },
			},
		);
	}
}

function isHexDigits(value: unknown): boolean {
	if (typeof value !== "string") return false;
	try {
		return decodeHex(value, "optional").length > 0;
	} catch {
		return false;
	}
}

/** The two ways to write a DID URL: with its chain and without. Nothing else names the same thing. */
function spellingsOf({ orgId, chainId, fragment }: CanonicalDidUrl): readonly [string, string] {
	const key = fragment === undefined ? {} : { fragment };
	return [formatDidUrl({ chainId, orgId, ...key }), formatDidUrl({ orgId, ...key })];
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
	return Array.isArray(value) ? value : [];
}
