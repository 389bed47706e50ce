/**
 * The members of a document that hold verification methods (DID Core 5.2, 5.3).
 * @module
 */
import { isJsonObject, type JsonObject } from "../encoding/json.js";

const METHOD_MEMBERS = [
	...["verificationMethod", "publicKey"],
	...["authentication", "assertionMethod", "keyAgreement", "capabilityInvocation", "capabilityDelegation"],
];

/** Returns all methods embedded in a document, including malformed ones. */
export function embeddedMethods(document: object): readonly JsonObject[] {
	return METHOD_MEMBERS.flatMap((name) => [(document as JsonObject)[name]].flat().filter(isJsonObject));
}
