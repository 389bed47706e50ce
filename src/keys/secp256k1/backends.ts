/**
 * The curve backends of a runtime without Node's built-ins. Imported as `#backends`.
 * @module
 */
import type { BackendSource } from "./curve-backend.js";
import { nobleBackend } from "./noble-backend.js";

/** Fastest first. */
export const BACKENDS: readonly BackendSource[] = [{ name: "noble", load: () => nobleBackend }];
