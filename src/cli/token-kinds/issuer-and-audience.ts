/**
 * The options that several kinds of token have in common.
 * @module
 */
import type { Option } from "commander";
import { option, repeatable, usageError } from "../options.js";

export const ISSUER_OPTION: Option = option(
	"--issuer <did>",
	"DID URL of the key (did:orgid:…#webserver; a bare DID for accounts), or the app's id",
);

export const AUDIENCE_OPTION: Option = repeatable("--audience <did>", "who the token is for; may be repeated");

/** Returns the issuer, which is required. */
export function parseIssuer({ issuer }: { readonly issuer?: string | undefined }): string {
	if (issuer !== undefined) return issuer;
	throw usageError("expected --issuer: a DID URL, or the id of an app");
}
