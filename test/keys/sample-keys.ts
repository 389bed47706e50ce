/**
 * The key 0x11…11 in its forms, other kinds of keys made by Node, and small checks.
 * @module
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";

export const SCALAR_HEX = "11".repeat(32);
export const X_HEX = "4f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa";
export const Y_HEX = "385b6b1b8ead809ca67454d9683fcf2ba03456d6fe2c4abe2b07f0fbdbb2f1c1";
export const COMPRESSED_HEX = `03${X_HEX}`;
export const UNCOMPRESSED_HEX = `04${X_HEX}${Y_HEX}`;
export const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
export const ORDER_HEX = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

export const PUBLIC_JWK = {
	kty: "EC",
	crv: "secp256k1",
	x: toBase64Url(X_HEX),
	y: toBase64Url(Y_HEX),
} as const;
export const PRIVATE_JWK = { ...PUBLIC_JWK, d: toBase64Url(SCALAR_HEX) } as const;

/** Bytes of hexadecimal digits. */
export function fromHex(hex: string): Uint8Array {
	return new Uint8Array(Buffer.from(hex, "hex"));
}

export function toBase64Url(hex: string): string {
	return Buffer.from(hex, "hex").toString("base64url");
}

/** UTF-8 bytes. */
export function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** PEM of any bytes. */
export function toPem(label: string, der: Uint8Array | string): string {
	const bytes = typeof der === "string" ? Buffer.from(der, "hex") : Buffer.from(der);
	return `-----BEGIN ${label}-----\n${bytes.toString("base64")}\n-----END ${label}-----\n`;
}

/** One DER value, without a check: `der("30", "0201" + "01")`. */
export function der(tag: string, ...contents: string[]): string {
	const content = contents.join("");
	const length = content.length / 2;
	const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return tag + Buffer.from(header).toString("hex") + content;
}

const EC_PUBLIC_KEY_OID = "06072a8648ce3d0201";
export const SECP256K1_OID = "06052b8104000a";
export const P256_OID = "06082a8648ce3d030107";

/** SPKI of any point and curve. */
export function spki(pointHex: string, curve: string = SECP256K1_OID): string {
	return der("30", der("30", EC_PUBLIC_KEY_OID, curve), der("03", "00", pointHex));
}

/** ECPrivateKey of any parts. */
export function sec1({
	version = "020101",
	scalar = SCALAR_HEX,
	parameters = der("a0", SECP256K1_OID),
	half = der("a1", der("03", "00", UNCOMPRESSED_HEX)),
	trailer = "",
} = {}): string {
	return der("30", version, der("04", scalar), parameters, half, trailer);
}

/** PrivateKeyInfo of any parts. */
export function pkcs8({
	version = "020100",
	algorithm = der("30", EC_PUBLIC_KEY_OID, SECP256K1_OID),
	key = sec1({ parameters: "" }),
	trailer = "",
} = {}): string {
	return der("30", version, algorithm, der("04", key), trailer);
}

/** Keys of other kinds as PEM, with the name a refusal gives them. */
export const OTHER_KINDS: readonly { name: string; publicPem: string; privatePem: string }[] = [
	["P-256", generateKeyPairSync("ec", { namedCurve: "P-256" })] as const,
	["P-384", generateKeyPairSync("ec", { namedCurve: "P-384" })] as const,
	["P-521", generateKeyPairSync("ec", { namedCurve: "P-521" })] as const,
	["brainpoolP256r1", generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" })] as const,
	["RSA", generateKeyPairSync("rsa", { modulusLength: 1024 })] as const,
	["RSA-PSS", generateKeyPairSync("rsa-pss", { modulusLength: 1024 })] as const,
	["Ed25519", generateKeyPairSync("ed25519")] as const,
	["X25519", generateKeyPairSync("x25519")] as const,
	["Ed448", generateKeyPairSync("ed448")] as const,
].map(([name, { publicKey, privateKey }]) => ({
	name,
	publicPem: publicKey.export({ format: "pem", type: "spki" }).toString(),
	privatePem: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
}));

/** Expects a coded error whose message does not hold the scalar of the sample key. */
export async function expectCode(run: () => unknown, code: ErrorCode, message?: RegExp): Promise<void> {
	const error = await Promise.resolve()
		.then(run)
		.then(
			() => expect.fail(`${code} expected, nothing was thrown`),
			(thrown: unknown) => thrown as Error,
		);
	expect(error).toMatchObject({ code });
	if (message !== undefined) expect(error.message).toMatch(message);
	for (const secret of [SCALAR_HEX, toBase64Url(SCALAR_HEX), "EREREREREREREREREREREREREREREREREREREREREREREQ"]) {
		expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(secret);
	}
}

/** Runs OpenSSL; undefined where there is none. */
export const openssl: ((args: readonly string[], input?: string) => string) | undefined = (() => {
	const run = (args: readonly string[], input?: string): string =>
		execFileSync("openssl", args, { encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] });
	try {
		run(["version"]);
		return run;
	} catch {
		return undefined;
	}
})();
