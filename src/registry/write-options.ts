/**
 * The shapes of what is written to a registry: a misspelt `validUntil` must not become a key without end.
 * @module
 */
import * as z from "zod/mini";
import { isPublicKey, type PublicKey } from "../keys/public-key.js";
import { epochSeconds } from "../options/schemas.js";

/** The shape of `DocumentReference`. How many URIs there may be, and whether a hash, its registry says. */
const documentReference = z.strictObject(
	{
		uris: z.array(z.string("text"), "an array of URIs"),
		hash: z.optional(z.string("a hash, 0x and 64 hex digits")),
	},
	"a document reference, { uris, hash }",
);

/** The shape of `DocumentReference`, or none. */
export const optionalDocument: z.ZodMiniType = z.optional(documentReference);

/** The shape of `NewOrganization`. */
export const newOrganization: z.ZodMiniType = z.strictObject(
	{ salt: z.optional(z.string("32 bytes, 0x and 64 hex digits")), document: optionalDocument },
	"an object",
);

/** The shape of `NewKey`; which names there may be, the contract says. */
export const newKey: z.ZodMiniType = z.strictObject(
	{
		fragment: z.string("the name of a key"),
		publicKey: z.custom<PublicKey>(isPublicKey, "a PublicKey, as importPublicKey makes it"),
		validFrom: z.optional(epochSeconds),
		validUntil: z.optional(epochSeconds),
	},
	"an object",
);
