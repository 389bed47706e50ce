/**
 * Selects and imports the key of a DID document that a token's issuer names (DID Core 5.2, 5.3).
 * @module
 */
import type { DIDDocument, VerificationMethod } from "did-resolver";
import { DidError, type ErrorOptions, formatValue, isOrgpassError } from "../errors/errors.js";
import type { PublicKey } from "../keys/public-key.js";
import { aliasesOf, isSubjectDid } from "./did-aliases.js";
import type { CanonicalDidUrl } from "./did-url.js";
import { importKeyMember, KEY_MEMBERS, type KeyMember } from "./key-forms.js";
import { embeddedMethods } from "./method-lists.js";
import { isDeactivated, periodOfMethod } from "./method-period.js";

const imported = new WeakMap<VerificationMethod, PublicKey | DidError>();
/** By the error. Advice about them would make every verifier's bundle larger. */
const refusedKeys = new WeakMap<Error, unknown>();

/**
 * Selects the verification method that a DID URL names. The document's `id` and the method's `controller` must be
 * the DID; if the document has `authentication`, the method must be listed there. Ids and lists may be relative
 * (`#webserver`). Two methods with the same id are an error, whichever lists and spellings they use.
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
 * @throws {DidError} `did/document-invalid`, `did/deactivated`, `did/key-not-found`; `did/key-revoked` if the method
 *   isn't listed and is marked as revoked
 */
export function selectVerificationMethod(document: DIDDocument, keyId: CanonicalDidUrl): VerificationMethod {
	const names: readonly unknown[] = aliasesOf(keyId);
	const [name] = names;
	if (!isSubjectDid(document.id, keyId)) {
		throw invalidDocument(`expected the document of ${keyId.did}, got that of ${formatValue(document.id)}`);
	}
	if (isDeactivated(document)) throw new DidError("did/deactivated", `the document says ${keyId.did} is deactivated`);
	const isNamed = (id: unknown): boolean => names.includes(id);
	const duplicates = embeddedMethods(document).filter(({ id }) => isNamed(id));
	if (duplicates.length > 1) throw invalidDocument(`two keys have the id ${name}`);
	const methods = [...listOf(document.verificationMethod), ...listOf(document.publicKey)];
	const authentication = listOf(document.authentication);
	const method = [...methods, ...authentication].find((entry) => typeof entry === "object" && isNamed(entry?.id));
	if (typeof method !== "object") throw new DidError("did/key-not-found", `there is no key ${name}`);
	if (!isSubjectDid(method.controller, keyId)) {
		const controller = formatValue(method.controller);
		throw invalidDocument(`expected ${keyId.did} to control its key ${name}, got ${controller}`);
	}
	const isListed = authentication.some((entry) => isNamed(typeof entry === "string" ? entry : entry?.id));
	if (document.authentication !== undefined && !isListed) {
		if (periodOfMethod(method).revokedAt !== Infinity) {
			throw new DidError("did/key-revoked", `the document marks the key ${name} as revoked`);
		}
		throw new DidError("did/key-not-found", `${name} is not listed for authentication`);
	}
	return method;
}

/**
 * Imports the public key of a verification method. The key of a frozen method is parsed once, even if it is unusable.
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
 * @param method a verification method with one of `publicKeyJwk`, `publicKeyHex`, `publicKeyPem` (with or without
 *   armor), `publicKeyBase58`, `publicKeyMultibase` (`z`, `u` or `f`, with the multicodec of secp256k1)
 * @returns its secp256k1 key
 * @throws {DidError} `did/document-invalid`, also if the method has an account instead of a key
 */
export function importVerificationKey(method: VerificationMethod): PublicKey {
	const known = imported.get(method);
	if (known instanceof DidError) throw known;
	if (known !== undefined) return known;
	const name = formatValue(method.id);
	const [member, second] = KEY_MEMBERS.filter((candidate) => method[candidate] !== undefined);
	if (member === undefined && method["blockchainAccountId"] !== undefined) {
		throw invalidDocument(`${name} is an account, which has no public key to verify with`);
	}
	if (member === undefined || second !== undefined) {
		throw invalidDocument(`expected ${name} to have one of ${KEY_MEMBERS.join(", ")}`);
	}
	const result = importMember(name, member, method[member]);
	if (Object.isFrozen(method) && Object.isFrozen(method[member])) imported.set(method, result);
	if (result instanceof DidError) throw result;
	return result;
}

/** Returns the value of the member that was refused with this error, the cause of the one that was thrown. */
export function refusedKeyOf(error: Error): unknown {
	return refusedKeys.get(error);
}

/** Returns the error if the member isn't a usable key. */
function importMember(name: string, member: KeyMember, value: unknown): PublicKey | DidError {
	try {
		return importKeyMember(member, value);
	} catch (cause) {
		if (!isOrgpassError(cause) && !(cause instanceof SyntaxError)) throw cause;
		refusedKeys.set(cause, value);
		const details = isOrgpassError(cause) ? { reason: cause.code } : {};
		return invalidDocument(`the key ${name} is unusable: ${cause.message}`, { cause, details });
	}
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
	return Array.isArray(value) ? value : [];
}

function invalidDocument(message: string, options?: ErrorOptions): DidError {
	return new DidError("did/document-invalid", message, options);
}
