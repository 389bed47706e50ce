/**
 * Restores errors from the result of a did-resolver `Resolvable`, which has them as text. Ours also has the cause.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import {
	DidError,
	DocumentError,
	escapeText,
	formatValue,
	isOrgpassError,
	RegistryError,
} from "../../errors/errors.js";
import { OUTAGE_CODES } from "../../errors/outage-codes.js";

const MAX_MESSAGE = 300;

/** The codes that can be restored: names alone, because the advice in `ERROR_CODES` is several kilobytes. */
const CODES: Readonly<Record<DidError["code"] | DocumentError["code"], true>> = {
	"did/syntax": true,
	"did/chain-missing": true,
	"did/chain-unknown": true,
	"did/method-unsupported": true,
	"did/not-found": true,
	"did/deactivated": true,
	"did/key-not-found": true,
	"did/key-revoked": true,
	"did/key-expired": true,
	"did/key-not-yet-valid": true,
	"did/document-invalid": true,
	"did/resolution": true,
	"did/version-not-found": true,
	"document/uri-refused": true,
	"document/address-refused": true,
	"document/unreachable": true,
	"document/status": true,
	"document/redirects": true,
	"document/too-large": true,
	"document/content-type": true,
	"document/malformed": true,
	"document/hash-mismatch": true,
	"document/subject": true,
	"document/proof-missing": true,
	"document/proof-invalid": true,
	"document/proof-unauthorized": true,
	"document/delegation": true,
	"document/expired": true,
	"document/not-yet-valid": true,
	"document/rolled-back": true,
};

/** did-resolver's errors about the DID itself; all others are outages, including an unsupported method. */
const CODE_BY_ERROR: ReadonlyMap<unknown, DidError["code"]> = new Map([
	["notFound", "did/not-found"],
	["invalidDid", "did/syntax"],
]);

/** Returns the error of a failed resolution; other resolvers' errors are mapped by their names. */
export function resolutionError(
	{ didResolutionMetadata }: DIDResolutionResult,
	did: string,
): DidError | DocumentError | RegistryError {
	const { code, message, error, cause: reported } = didResolutionMetadata;
	const text = typeof message === "string" ? escapeText(message.slice(0, MAX_MESSAGE)) : undefined;
	const { details, cause } = isOrgpassError(reported) ? reported : { details: {}, cause: reported };
	const options = { details, cause };
	if (isRegistryOutage(code)) return new RegistryError(code, text ?? `${did} can't be looked up`, options);
	if (isCodeOf<DocumentError["code"]>(code, "document/"))
		return new DocumentError(code, text ?? `the document of ${did} is refused`, options);
	const known = isCodeOf<DidError["code"]>(code, "did/") ? code : CODE_BY_ERROR.get(error);
	if (known !== undefined) return new DidError(known, text ?? `${did} is refused: ${formatValue(error)}`, options);
	const shown = formatValue(error);
	const sentence = text ?? `${did} can't be resolved: ${shown}`;
	return new DidError("did/resolution", sentence, { details: { ...details, error: shown }, cause });
}

function isRegistryOutage(code: unknown): code is RegistryError["code"] {
	return typeof code === "string" && code.startsWith("registry/") && OUTAGE_CODES.has(code);
}

function isCodeOf<Code extends string>(code: unknown, domain: string): code is Code {
	return typeof code === "string" && code.startsWith(domain) && Object.hasOwn(CODES, code);
}
