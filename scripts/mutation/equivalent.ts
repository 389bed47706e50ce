/**
 * Mutants that no test can tell from the original, or whose difference is meant to be free, with the reason.
 * @module
 */
import { AUTH } from "./equivalent/auth.ts";
import { CLI } from "./equivalent/cli.ts";
import { DID } from "./equivalent/did.ts";
import { DOCUMENT } from "./equivalent/document.ts";
import { ENCODING } from "./equivalent/encoding.ts";
import { HTTP } from "./equivalent/http.ts";
import { JWS } from "./equivalent/jws.ts";
import { KEYS } from "./equivalent/keys.ts";
import { REGISTRY } from "./equivalent/registry.ts";
import { RESOLVER } from "./equivalent/resolver.ts";
import { TOKENS } from "./equivalent/tokens.ts";

export interface EquivalentMutant {
	/** Under `src`. */
	readonly file: string;
	/** The original code, in one line. */
	readonly from: string;
	/** What replaces it, in one line; any replacement by default. */
	readonly to?: string;
	readonly why: string;
}

export const EQUIVALENT: readonly EquivalentMutant[] = [
	AUTH,
	CLI,
	DID,
	DOCUMENT,
	ENCODING,
	HTTP,
	JWS,
	KEYS,
	REGISTRY,
	RESOLVER,
	TOKENS,
].flat();
