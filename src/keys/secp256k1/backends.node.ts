/**
 * The curve backends of Node, and of other runtimes with its built-ins. Imported as `#backends`.
 * @module
 */
import type { BackendSource } from "./curve-backend.js";
import { loadLibsecp256k1 } from "./libsecp256k1-backend.node.js";
import { nobleBackend } from "./noble-backend.js";
import { nodeCryptoBackend } from "./node-crypto-backend.node.js";
import { loadTinySecp256k1 } from "./tiny-secp256k1-backend.node.js";

/** Fastest first. */
export const BACKENDS: readonly BackendSource[] = [
	{ name: "secp256k1", load: loadLibsecp256k1 },
	{ name: "tiny-secp256k1", load: loadTinySecp256k1 },
	{ name: "node:crypto", load: () => nodeCryptoBackend },
	{ name: "noble", load: () => nobleBackend },
];
