/**
 * Methods that a resolver leaves out of a DID document, because a verifier that reads nothing else might accept them.
 * @module
 */
import type { DIDDocument, VerificationMethod } from "did-resolver";

/** Methods that must not be used at the time of resolution, and the ids of those listed for authentication. */
export interface WithheldMethods {
	readonly verificationMethod: readonly VerificationMethod[];
	readonly authentication: readonly string[];
}

/** Returns the document including the withheld methods, for verifiers that check every method themselves. */
export function withWithheldMethods(document: DIDDocument, withheld: WithheldMethods | undefined): DIDDocument {
	if (withheld === undefined) return document;
	const { verificationMethod = [], authentication = [] } = document;
	return {
		...document,
		verificationMethod: [...verificationMethod, ...withheld.verificationMethod],
		authentication: [...authentication, ...withheld.authentication],
	};
}
