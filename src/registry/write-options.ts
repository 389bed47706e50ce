/**
 * Strict schemas of what is written to a registry: a misspelled `validUntil` must not create a key that never expires.
 * @module
 */
import * as z from "zod/mini";
import { isOrgId, type OrgId } from "../did/did-url.js";
import { isPublicKey, type PublicKey } from "../keys/public-key.js";
import { invalidOption } from "../options/invalid-option.js";
import { epochSeconds, optionsSchema } from "../options/schemas.js";
import type { NewKey, NewOrganization } from "./registry-changes.js";

/** The shape of an optional `DocumentReference`. The adapter checks the URI count and whether a hash is allowed. */
export const optionalDocument: z.ZodMiniType = z.optional(
	z.strictObject(
		{
			uris: z.array(z.string("text"), "an array of URIs"),
			hash: z.optional(z.string("a hash, 0x and 64 hex digits")),
		},
		"a document reference, { uris, hash }",
	),
);

export const newOrganization: z.ZodMiniType = optionsSchema<NewOrganization>({
	salt: z.optional(z.string("32 bytes, 0x and 64 hex digits")),
	document: optionalDocument,
});

/** The shape of `NewKey`; the contract decides which names are allowed. */
export const newKey: z.ZodMiniType = optionsSchema<NewKey>({
	fragment: z.string("the name of a key"),
	publicKey: z.custom<PublicKey>(isPublicKey, "a PublicKey: see importPublicKey"),
	validFrom: z.optional(epochSeconds),
	validUntil: z.optional(epochSeconds),
});

/** Asserts that a value is an organization's id. */
export function assertOrgId(orgId: unknown): asserts orgId is OrgId {
	if (isOrgId(orgId)) return;
	throw invalidOption("orgId", "an id of 0x and 64 lower-case hex digits", { got: orgId });
}
