/**
 * secp256k1 by node:crypto (OpenSSL): verifies about five times as fast as noble. Signing stays with
 * noble, because OpenSSL's nonces are random and half of its signatures are high-S.
 * @module
 */

import { createPublicKey, verify } from "node:crypto";
import { encodeSpki } from "../formats/ec-der.js";
import type { CurveBackend } from "./curve-backend.js";
import { nobleBackend } from "./noble-backend.js";

/** The backend of Node. */
export const nodeCryptoBackend: CurveBackend = {
	name: "node:crypto",
	prepareVerify(point) {
		const key = createPublicKey({ key: Buffer.from(encodeSpki(point)), format: "der", type: "spki" });
		const verifyKey = { key, dsaEncoding: "ieee-p1363" } as const;
		return (bytes, signature) => verify("sha256", bytes, verifyKey, signature);
	},
	sign: nobleBackend.sign,
};
