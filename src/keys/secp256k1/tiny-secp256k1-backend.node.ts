/**
 * secp256k1 with libsecp256k1 as WebAssembly, from the optional package `tiny-secp256k1`.
 * @module
 */
import type { CurveBackend } from "./curve-backend.js";
import { requirePackage } from "./require-package.node.js";
import { sha256 } from "./scratch.node.js";

interface TinySecp256k1 {
	verify(digest: Uint8Array, point: Uint8Array, signature: Uint8Array): boolean;
	sign(digest: Uint8Array, scalar: Uint8Array): Uint8Array<ArrayBuffer>;
	recover(digest: Uint8Array, signature: Uint8Array, recovery: number, compressed: boolean): Uint8Array | null;
}

/** Loads and compiles the module; throws if it isn't installed. */
export function loadTinySecp256k1(): CurveBackend {
	// The package's CommonJS files load synchronously; its ES modules need a bundler outside Node.
	const tiny = requirePackage("tiny-secp256k1") as TinySecp256k1;
	return {
		verify: (point) => (data, signature) => tiny.verify(sha256(data), point, signature),
		sign: (bytes, scalar) => tiny.sign(sha256(bytes), scalar),
		recover(digest, signature, recovery) {
			const point = tiny.recover(digest, signature, recovery, false);
			if (point === null) throw new RangeError("no key can have made the signature");
			return point;
		},
	};
}
