/**
 * Strict schemas of what is written to a registry: a misspelled `validUntil` must not create a key that never expires.
 * @module
 */
import * as v from "valibot";
import { isOrgId, type OrgId } from "../did/did-url.js";
import { isPublicKey, type PublicKey } from "../keys/public-key.js";
import { invalidOption } from "../options/invalid-option.js";
import { optionsSchema } from "../options/schemas.js";
import { epochSeconds } from "../options/value-schemas.js";
import type { NewKey, NewOrganization } from "./registry-changes.js";

/** The shape of an optional `DocumentReference`. The adapter checks the URI count and whether a hash is allowed. */
export const optionalDocument: v.GenericSchema = v.optional(
	optionsSchema(
		{
			uris: v.array(v.string("text"), "an array of URIs"),
			hash: v.optional(v.string("a hash, 0x and 64 hex digits")),
		},
		"a document reference, { uris, hash }",
	),
);

export const newOrganization: v.GenericSchema = optionsSchema<NewOrganization>({
	salt: v.optional(v.string("32 bytes, 0x and 64 hex digits")),
	document: optionalDocument,
});

const wholeSeconds = v.pipe(epochSeconds, v.integer("whole seconds since the epoch"));

/** The shape of `NewKey`; the contract decides which names are allowed. */
export const newKey: v.GenericSchema = optionsSchema<NewKey>({
	fragment: v.string("the name of a key"),
	publicKey: v.custom<PublicKey>(isPublicKey, "a PublicKey: see importPublicKey"),
	validFrom: v.optional(wholeSeconds),
	validUntil: v.optional(wholeSeconds),
});

/** Asserts that a value is an organization's id. */
export function assertOrgId(orgId: unknown): asserts orgId is OrgId {
	if (isOrgId(orgId)) return;
	throw invalidOption("orgId", "an id of 0x and 64 lower-case hex digits", { got: orgId });
}
