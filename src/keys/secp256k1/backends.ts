/**
 * The curve backends of a runtime without Node's built-ins. Imported as `#backends`.
 * @module
 */
import type { CurveBackend } from "./curve-backend.js";
import { nobleBackend } from "./noble-backend.js";

/** Fastest first. */
export const BACKENDS: readonly CurveBackend[] = [nobleBackend];
