/**
 * The keys that tokens cross the border with.
 * @module
 */
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { RsaPrivateKey } from "../../src/keys/rsa-private-key.ts";
import type { Files } from "./protocol.ts";

/** Ten keys; one of them has a leading zero byte in d, one in x, one in y. */
export async function generateKeys(): Promise<PrivateKey[]> {
	const keys = [await keyWithZero("d"), await keyWithZero("x"), await keyWithZero("y")];
	while (keys.length < 10) keys.push((await generateKeyPair()).privateKey);
	return keys;
}

async function keyWithZero(member: "d" | "x" | "y"): Promise<PrivateKey> {
	for (;;) {
		const { privateKey } = await generateKeyPair();
		if (Buffer.from(exportPrivateKey(privateKey, "jwk")[member], "base64url")[0] === 0) return privateKey;
	}
}

/** Files that tell a peer of a secp256k1 key, as SEC 1 or as PKCS#8. */
export function keyFiles(key: PrivateKey, at: number): Files {
	return {
		"private.pem": exportPrivateKey(key, at % 2 === 0 ? "sec1" : "pkcs8"),
		"public.pem": exportPublicKey(key.publicKey, "spki"),
		"private.hex": Buffer.from(exportPrivateKey(key, "jwk").d, "base64url").toString("hex"),
	};
}

/** Files that tell a peer of an RSA key, as PKCS#1 or as PKCS#8. */
export function rsaKeyFiles(key: RsaPrivateKey, at: number): Files {
	return {
		"private.pem": exportPrivateKey(key, at % 2 === 0 ? "pkcs1" : "pkcs8"),
		"public.pem": exportPublicKey(key.publicKey, "spki"),
	};
}
