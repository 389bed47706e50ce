/**
 * What the checks of a document need besides the document.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import * as v from "valibot";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { anyFunction, anyObject, optionsSchema } from "../options/schemas.js";
import { epochSeconds } from "../options/value-schemas.js";
import type { OrgRecord } from "../registry/org-record.js";

/** What a document is checked against. */
export interface DocumentContext {
	/** The organization's record; its `documentEvidence` decides whether a hash or a proof is required. */
	readonly record: OrgRecord;
	/** Seconds since the epoch. */
	readonly now: number;
	/** Also accept the hash that resolvers of 2020-21 computed, over the re-indented document; false by default. */
	readonly acceptPrettyPrintedHash?: boolean | undefined;
	/** Resolves another organization's key; throws `document/delegation` for a cycle. Default: refuses such keys. */
	readonly loadDelegate?: ((didUrl: CanonicalDidUrl) => Promise<VerificationMethod>) | undefined;
}

/** The shape of {@link DocumentContext}. */
export const documentContext: v.GenericSchema = optionsSchema<DocumentContext>({
	record: anyObject("an organization's record"),
	now: epochSeconds,
	acceptPrettyPrintedHash: v.optional(v.boolean("true or false")),
	loadDelegate: v.optional(anyFunction),
});
