/**
 * Errors that crossed a did-resolver `Resolvable`, where they travel as text.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import { ERROR_CODES, OUTAGE_CODES } from "../../errors/codes.js";
import { DidError, DocumentError, escapeText, formatValue, RegistryError } from "../../errors/errors.js";

const MAX_MESSAGE = 300;

/** did-resolver's words for refusals that say something about the DID; all others are outages, a resolver without our method too. */
const BY_ERROR: ReadonlyMap<unknown, DidError["code"]> = new Map([
	["notFound", "did/not-found"],
	["invalidDid", "did/syntax"],
]);

/** Gives a failed resolution its own code back; a foreign resolver's error is judged by its name. */
export function resolutionError(
	{ didResolutionMetadata }: DIDResolutionResult,
	did: string,
): DidError | DocumentError | RegistryError {
	const { code, message, error } = didResolutionMetadata;
	const text = typeof message === "string" ? escapeText(message.slice(0, MAX_MESSAGE)) : undefined;
	if (isRegistryOutage(code)) return new RegistryError(code, text ?? `${did} can't be looked up`);
	if (isDocumentCode(code)) return new DocumentError(code, text ?? `the document of ${did} is refused`);
	const known = isDidCode(code) ? code : BY_ERROR.get(error);
	if (known !== undefined) return new DidError(known, text ?? `${did} is refused: ${formatValue(error)}`);
	const details = { error: formatValue(error) };
	return new DidError("did/resolution", text ?? `${did} can't be resolved: ${details.error}`, { details });
}

function isRegistryOutage(code: unknown): code is RegistryError["code"] {
	return typeof code === "string" && code.startsWith("registry/") && OUTAGE_CODES.has(code);
}

function isDidCode(code: unknown): code is DidError["code"] {
	return isCodeOf(code, "did/");
}

function isDocumentCode(code: unknown): code is DocumentError["code"] {
	return isCodeOf(code, "document/");
}

function isCodeOf(code: unknown, domain: string): boolean {
	return typeof code === "string" && code.startsWith(domain) && Object.hasOwn(ERROR_CODES, code);
}
