/**
 * The implementations of secp256k1 by themselves, each used as its documentation says: what a token costs at least.
 * @module
 */
import { createPublicKey, hash, verify as opensslVerify } from "node:crypto";
import { createRequire } from "node:module";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import * as noble from "@noble/secp256k1";
import { type CurveBackendName, exportPrivateKey, exportPublicKey, type PrivateKey } from "orgpass/keys";
import * as tiny from "tiny-secp256k1";

/** A key in one of them; `sign` and `verify` include SHA-256. */
export interface RawKey {
	sign(bytes: Uint8Array): Uint8Array;
	verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

export type LoadRawKey = (key: PrivateKey) => RawKey;

interface Native {
	ecdsaSign(digest: Uint8Array, scalar: Uint8Array): { readonly signature: Uint8Array };
	ecdsaVerify(signature: Uint8Array, digest: Uint8Array, point: Uint8Array): boolean;
}

const VERIFY_OPTIONS = { prehash: true, lowS: false } as const;
noble.hashes.sha256 = sha256;
noble.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
const native = createRequire(import.meta.url)("secp256k1/bindings.js") as Native;

/** By the names of the backends. */
export const RAW_CURVES: Readonly<Record<CurveBackendName, LoadRawKey>> = {
	secp256k1(key) {
		const { scalar, point } = bytesOf(key);
		return {
			sign: (bytes) => native.ecdsaSign(hash("sha256", bytes, "buffer"), scalar).signature,
			verify: (bytes, signature) => native.ecdsaVerify(signature, hash("sha256", bytes, "buffer"), point),
		};
	},
	"tiny-secp256k1"(key) {
		const { scalar, point } = bytesOf(key);
		return {
			sign: (bytes) => tiny.sign(hash("sha256", bytes, "buffer"), scalar),
			verify: (bytes, signature) => tiny.verify(hash("sha256", bytes, "buffer"), point, signature),
		};
	},
	"node:crypto"(key) {
		const { sign } = loadNoble(key);
		const publicKey = createPublicKey(exportPublicKey(key.publicKey, "spki"));
		const options = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
		return { sign, verify: (bytes, signature) => opensslVerify("sha256", bytes, options, signature) };
	},
	noble: loadNoble,
};

function loadNoble(key: PrivateKey): RawKey {
	const { scalar, point } = bytesOf(key);
	return {
		sign: (bytes) => noble.sign(bytes, scalar),
		verify: (bytes, signature) => noble.verify(signature, bytes, point, VERIFY_OPTIONS),
	};
}

function bytesOf(key: PrivateKey): { readonly scalar: Uint8Array; readonly point: Uint8Array } {
	return {
		scalar: Uint8Array.from(Buffer.from(exportPrivateKey(key, "hex").replace("0x", ""), "hex")),
		point: Uint8Array.from(Buffer.from(exportPublicKey(key.publicKey, "hex").replace("0x", ""), "hex")),
	};
}
