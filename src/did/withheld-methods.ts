/**
 * Methods that a resolver keeps out of a DID document, because a verifier that reads nothing else might accept them.
 * @module
 */
import type { DIDDocument, VerificationMethod } from "did-resolver";

/** Methods that must not be used at the time of the resolution; those listed for authentication by their ids. */
export interface WithheldMethods {
	readonly verificationMethod: readonly VerificationMethod[];
	readonly authentication: readonly string[];
}

/** The document with what was withheld, for verifiers that judge every method themselves. */
export function withWithheldMethods(document: DIDDocument, withheld: WithheldMethods | undefined): DIDDocument {
	if (withheld === undefined) return document;
	const { verificationMethod = [], authentication = [] } = document;
	return {
		...document,
		verificationMethod: [...verificationMethod, ...withheld.verificationMethod],
		authentication: [...authentication, ...withheld.authentication],
	};
}
