/**
 * The curve backends of Node. Reached as `#backends`.
 * @module
 */
import type { CurveBackend } from "./curve-backend.js";
import { nobleBackend } from "./noble-backend.js";
import { nodeCryptoBackend } from "./node-crypto-backend.node.js";

/** Fastest first. */
export const BACKENDS: readonly CurveBackend[] = [nodeCryptoBackend, nobleBackend];
