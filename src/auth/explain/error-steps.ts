/**
 * The steps that errors belong to, for calls that take several steps at once.
 * @module
 */
import type { StepName } from "./explanation.js";

/** The steps of `parseIssuer`, in order. */
export const ISSUER_STEPS: readonly StepName[] = ["header", "issuer", "chain"];

/** Codes, or the beginnings of codes, by step; the first that fits counts. */
type Codes = readonly (readonly [prefix: string, step: StepName])[];

const ISSUER_CODES: Codes = [
	["did/chain-", "chain"],
	["did/", "issuer"],
	["token/issuer", "issuer"],
	["token/claim-", "issuer"],
];

const LOOK_UP_CODES: Codes = [
	["did/chain-", "chain"],
	["did/deactivated", "organization"],
	["did/document-invalid", "document"],
	["document/", "document"],
	["did/key-", "key"],
	["key/", "key"],
];

/** The step of an error that `parseIssuer` has thrown. */
export function stepOfIssuerError(code: string): StepName {
	return stepOf(ISSUER_CODES, code) ?? "header";
}

/** The step of an error of an organization's look-up. */
export function stepOfLookUpError(code: string): StepName {
	return stepOf(LOOK_UP_CODES, code) ?? "record";
}

function stepOf(codes: Codes, code: string): StepName | undefined {
	return codes.find(([prefix]) => code.startsWith(prefix))?.[1];
}
