/**
 * The curve backends of Node, with one for node:crypto (OpenSSL), which verifies about five times faster than noble.
 * Noble still signs, because OpenSSL's nonces are random and half of its signatures are high-S. Imported as `#backends`.
 * @module
 */
import { createPublicKey, verify } from "node:crypto";
import { encodeEcSpki } from "../formats/ec-der.js";
import type { CurveBackend } from "./curve-backend.js";
import { nobleBackend } from "./noble-backend.js";

const nodeCryptoBackend: CurveBackend = {
	name: "node:crypto",
	prepareVerify(point) {
		const key = createPublicKey({ key: Buffer.from(encodeEcSpki(point)), format: "der", type: "spki" });
		const verifyKey = { key, dsaEncoding: "ieee-p1363" } as const;
		return (bytes, signature) => verify("sha256", bytes, verifyKey, signature);
	},
	sign: nobleBackend.sign,
};

/** Fastest first. */
export const BACKENDS: readonly CurveBackend[] = [nodeCryptoBackend, nobleBackend];
