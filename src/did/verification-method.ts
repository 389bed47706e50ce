/**
 * Picks the one key of a DID document that a token's issuer names (DID Core 5.2, 5.3).
 * @module
 */

import type { DIDDocument, VerificationMethod } from "did-resolver";
import { DidError, isOrgpassError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import type { PublicKey } from "../keys/public-key.js";
import { type CanonicalDidUrl, formatDidUrl } from "./did-url.js";
import { fitsMember, KEY_MEMBERS, type KeyMember, readMember } from "./key-forms.js";

const imported = new WeakMap<VerificationMethod, PublicKey>();

/**
 * Finds the verification method that a DID URL names, and refuses what is ambiguous or not the subject's
 * own: the document's id and the method's controller must be the DID; where the document lists
 * `authentication`, the method must be in it; two methods of one id are an error, not a choice.
 *
 * @example
 * ```ts
 * import { parseDidUrl, selectVerificationMethod, toCanonicalDidUrl } from "orgpass/did";
 *
 * const id = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const key = { id: `${id}#webserver`, controller: id, type: "JsonWebKey2020" };
 * const issuer = toCanonicalDidUrl(parseDidUrl(`${id}#webserver`));
 * selectVerificationMethod({ id, verificationMethod: [key] }, issuer); // => key
 * ```
 * @param document a DID document from any resolver
 * @param keyId the DID URL of the key, with its fragment
 * @returns the method
 * @throws {DidError} `did/document-invalid`, `did/key-not-found`; `did/key-revoked` where the method says so and
 *   isn't listed
 */
export function selectVerificationMethod(document: DIDDocument, keyId: CanonicalDidUrl): VerificationMethod {
	const { fragment: _, ...subject } = keyId;
	const subjectIds = spellingsOf(subject);
	const keyIds = spellingsOf(keyId);
	if (!subjectIds.includes(document.id)) {
		throw new DidError(
			"did/document-invalid",
			`expected the document of ${keyId.did}, got the one of ${formatValue(document.id)}`,
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
			`expected ${keyId.did} to control its key ${name}, got ${formatValue(method.controller)}`,
		);
	}
	const isListed = listOf(document.authentication).some((entry) =>
		keyIds.includes(typeof entry === "string" ? entry : entry?.id),
	);
	if (document.authentication !== undefined && !isListed) {
		if ((method as { readonly revoked?: unknown }).revoked !== undefined) {
			throw new DidError("did/key-revoked", `the document marks the key ${name} as revoked`);
		}
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
 * @param method a verification method with one of `publicKeyJwk`, `publicKeyHex`, `publicKeyPem` (also without
 *   armour), `publicKeyBase58`, `publicKeyMultibase` (`z`, `u` or `f`, with the multicodec of secp256k1)
 * @returns its secp256k1 key
 * @throws {DidError} `did/document-invalid`, also for a method that names an account and no key
 */
export function importVerificationKey(method: VerificationMethod): PublicKey {
	const known = imported.get(method);
	if (known !== undefined) return known;
	const members = KEY_MEMBERS.filter((member) => method[member] !== undefined);
	const [member] = members;
	if (member === undefined && method["blockchainAccountId"] !== undefined) {
		throw new DidError(
			"did/document-invalid",
			`${formatValue(method.id)} names an account, which has no public key to verify with`,
		);
	}
	if (member === undefined || members.length > 1 || !fitsMember(member, method[member])) {
		throw new DidError(
			"did/document-invalid",
			`expected ${formatValue(method.id)} to have one of ${KEY_MEMBERS.join(", ")}, of its own form`,
		);
	}
	const key = importMember(method, member);
	if (Object.isFrozen(method) && Object.isFrozen(method[member])) imported.set(method, key);
	return key;
}

function importMember(method: VerificationMethod, member: KeyMember): PublicKey {
	try {
		return readMember(member, method[member]);
	} catch (cause) {
		if (!isOrgpassError(cause) && !(cause instanceof SyntaxError)) throw cause;
		throw new DidError(
			"did/document-invalid",
			`the key ${formatValue(method.id)} is unusable: ${cause.message}`,
			isOrgpassError(cause) ? { cause, details: { reason: cause.code } } : { cause },
		);
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
