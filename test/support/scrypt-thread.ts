/**
 * In the place of `@noble/hashes/scrypt.js` (`vi.mock`): measuring coverage makes scrypt twenty times slower, so
 * the real one runs in a thread that isn't measured.
 * @module
 */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const MODULE = createRequire(import.meta.url).resolve("@noble/hashes/scrypt.js");
const SOURCE = `const { parentPort, workerData: [module, ...args] } = require("node:worker_threads");
	import(module).then(({ scrypt }) => parentPort.postMessage(scrypt(...args)));`;

/** Noble's `scryptAsync`, with the same arguments and result. */
export function scryptAsync(...args: unknown[]): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(SOURCE, { eval: true, workerData: [MODULE, ...args] });
		worker.once("message", resolve).once("error", reject);
	});
}
