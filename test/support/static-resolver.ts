/**
 * Resolvers with documents from a plain object, as in a program without a chain.
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, DIDResolutionResult, Resolvable } from "did-resolver";
import { type KnownResolution, registerKnownResolution } from "../../src/did/known-resolution.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";

/** A DID document with one key `webserver`, and whatever else is given. */
export function documentWith(
	did: string,
	publicKey: PublicKey,
	members: Readonly<Record<string, unknown>> = {},
): DIDDocument {
	return {
		id: did,
		verificationMethod: [methodOf(did, publicKey)],
		...members,
	};
}

/** A verification method `webserver` with the given members. */
export function methodOf(
	did: string,
	publicKey: PublicKey,
	members: Readonly<Record<string, unknown>> = {},
): NonNullable<DIDDocument["verificationMethod"]>[number] {
	return {
		id: `${did}#webserver`,
		type: "JsonWebKey2020",
		controller: did,
		publicKeyJwk: { ...exportPublicKey(publicKey, "jwk") },
		...members,
	};
}

/** A resolver over a plain object keyed by bare DID. */
export function resolverOf(documents: Readonly<Record<string, DIDDocument>>): Resolvable {
	return {
		resolve: async (did) => {
			const document = Object.hasOwn(documents, did) ? documents[did] : undefined;
			return document === undefined ? failureOf({ error: "notFound" }) : resultOf(document);
		},
	};
}

/** The same, known to verifiers: they look up its organizations without a promise, and remember their tokens. */
export function knownResolverOf(documents: Readonly<Record<string, DIDDocument>>): Resolvable {
	const resolver = resolverOf(documents);
	const derive: KnownResolution["derive"] = ({ did }, last, convert) => {
		const document = documents[did];
		return last ?? (document && { value: convert(resultOf(document)) });
	};
	registerKnownResolution(resolver, { maxEntries: 10, derive, copy: () => resolverOf(documents) });
	return resolver;
}

/** A resolver with one answer, of any shape. */
export function resolverWith(result: unknown): Resolvable {
	return { resolve: async () => result as DIDResolutionResult };
}

/** A resolution result with a document. */
export function resultOf(didDocument: DIDDocument, didDocumentMetadata: object = {}): DIDResolutionResult {
	return {
		didDocument,
		didDocumentMetadata: didDocumentMetadata as DIDDocumentMetadata,
		didResolutionMetadata: {},
	};
}

/** A resolution result without a document. */
export function failureOf(didResolutionMetadata: Readonly<Record<string, unknown>>): DIDResolutionResult {
	return { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: { ...didResolutionMetadata } };
}
