/**
 * secp256k1 with node:crypto (OpenSSL), which verifies about five times faster than noble.
 * @module
 */
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { encodeEcSpki } from "../formats/ec-der.js";
import type { CurveBackend } from "./curve-backend.js";
import { copySignature } from "./scratch.node.js";

/** Verifies only: OpenSSL's nonces are random, half of its signatures are high-S, and it can't recover keys. */
export const nodeCryptoBackend: CurveBackend = {
	verify(point) {
		const key = createPublicKey({ key: Buffer.from(encodeEcSpki(point)), format: "der", type: "spki" });
		const verifyKey = { key, dsaEncoding: "ieee-p1363" } as const;
		// Buffer has a pool, which is faster than a new array.
		return (data, signature) =>
			verify("sha256", typeof data === "string" ? Buffer.from(data) : data, verifyKey, copySignature(signature));
	},
};
