/**
 * Errors that crossed a did-resolver `Resolvable`, where they travel as text.
 * @module
 */
import type { DIDResolutionResult } from "did-resolver";
import { describe } from "../encoding/display.js";
import { DidError, ERROR_CODES, type ErrorCode, RegistryError } from "../errors.js";

/**
 * Gives a failed resolution its own code back; a foreign resolver's error is judged by its name.
 *
 * @param result a resolution result without a document
 * @param did the DID that was asked for
 * @returns the error, to throw
 */
export function resolutionError(
	{ didResolutionMetadata }: DIDResolutionResult,
	did: string,
): DidError | RegistryError {
	const { code, message, error } = didResolutionMetadata;
	if (isCode(code)) {
		const text = typeof message === "string" ? message : `${did} can't be resolved`;
		return code.startsWith("registry/")
			? new RegistryError(code as RegistryError["code"], text)
			: new DidError(code.startsWith("did/") ? (code as DidError["code"]) : "did/resolution", text);
	}
	if (error === "notFound") return new DidError("did/not-found", `there is no organization ${did}`);
	return new DidError("did/resolution", `${did} can't be resolved: ${describe(error)}`, {
		details: { error },
	});
}

function isCode(code: unknown): code is ErrorCode {
	return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}
