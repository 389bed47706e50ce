/**
 * The curve backends that are compared, and what their rows are called.
 * @module
 */
import type { CurveBackendName } from "orgpass/keys";

/** Fastest first. */
export const BACKENDS: readonly CurveBackendName[] = ["secp256k1", "tiny-secp256k1", "node:crypto", "noble"];

/** A row of a backend by itself. */
export function rawName(backend: CurveBackendName): string {
	return `${backend} alone`;
}

/** A row of orgpass with a backend. */
export function ownName(backend: CurveBackendName): string {
	return `orgpass with ${backend}`;
}
