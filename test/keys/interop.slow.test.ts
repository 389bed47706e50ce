import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "../../src/encoding/base64.ts";
import { fromDerSignature } from "../../src/keys/der-signature.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import { skip } from "../vectors.ts";
import { expectCode, openssl, utf8 } from "./sample-keys.ts";

/** The part of jose 2 that is used; its types are written for CommonJS. */
interface Jose2 {
	readonly JWK: {
		generateSync(kty: "EC", crv: "secp256k1"): Jose2Key;
		asKey(pem: string): Jose2Key;
	};
	readonly JWT: {
		sign(payload: object, key: Jose2Key, options: { algorithm: string }): string;
		verify(token: string, key: Jose2Key): unknown;
	};
}

interface Jose2Key {
	readonly thumbprint: string;
	toJWK(secret: boolean): object;
}

const { JWK, JWT } = (await import("jose2" as string)) as Jose2;

const run = openssl;
if (run === undefined) skip("OpenSSL", "openssl");
else describe("OpenSSL", () => opensslSuite(run));

function opensslSuite(run: (args: readonly string[], input?: string) => string): void {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-"));
	afterAll(() => rmSync(folder, { recursive: true }));
	const plain = run(["ecparam", "-name", "secp256k1", "-genkey", "-noout"]);
	const withParameters = run(["ecparam", "-name", "secp256k1", "-genkey"]);
	const pkcs8 = run(["pkcs8", "-topk8", "-nocrypt"], plain);
	const spki = run(["ec", "-pubout"], plain);

	it("imports OpenSSL's keys and exports the same bytes", async () => {
		const key = await importPrivateKey(plain);
		expect(exportPrivateKey(key, "sec1")).toBe(plain);
		expect(exportPrivateKey(key, "pkcs8")).toBe(pkcs8);
		expect(exportPublicKey(key.publicKey, "spki")).toBe(spki);
		expect(exportPrivateKey(await importPrivateKey(pkcs8), "sec1")).toBe(plain);
		expect(importPublicKey(spki)).toEqual(key.publicKey);
		expect(withParameters).toContain("EC PARAMETERS");
		expect(withParameters).toContain(exportPrivateKey(await importPrivateKey(withParameters), "sec1"));
	});

	it("reads exported keys, also encrypted", async () => {
		const key = await importPrivateKey(plain);
		const encrypted = exportPrivateKey(key, "pkcs8", { password: "correct horse" });
		expect(run(["pkcs8", "-topk8", "-nocrypt", "-passin", "pass:correct horse"], encrypted)).toBe(pkcs8);
		expect(run(["ec"], exportPrivateKey(key, "pkcs8"))).toBe(plain);
	});

	it.each([
		["its default", []],
		["scrypt", ["-scrypt"]],
		["AES-128 with SHA-1", ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"]],
	])("encrypts keys that can be imported: %s", async (_what, options) => {
		const encrypted = run(["pkcs8", "-topk8", "-passout", "pass:secret", ...options], plain);
		const key = await importPrivateKey(encrypted, { password: "secret" });
		expect(exportPrivateKey(key, "sec1")).toBe(plain);
		await expectCode(() => importPrivateKey(encrypted, { password: "other" }), "key/password-wrong");
	});

	it("writes compressed keys that can be imported", async () => {
		const compressed = run(["ec", "-conv_form", "compressed", "-pubout"], plain);
		expect(importPublicKey(compressed)).toEqual(importPublicKey(spki));
		const key = await importPrivateKey(run(["ec", "-conv_form", "compressed"], plain));
		expect(exportPrivateKey(key, "sec1")).toBe(plain);
	});

	it("T21: other key types are rejected", async () => {
		const explicit = run(["ecparam", "-name", "secp256k1", "-genkey", "-noout", "-param_enc", "explicit"]);
		await expectCode(() => importPrivateKey(explicit), "key/wrong-algorithm", /explicit/);
		const p256 = run(["ecparam", "-name", "prime256v1", "-genkey"]);
		await expectCode(() => importPrivateKey(p256), "key/wrong-algorithm", /got P-256$/);
		const legacy = run(["ec", "-aes256", "-passout", "pass:x"], plain);
		await expectCode(() => importPrivateKey(legacy, { password: "x" }), "key/unrecognized", /topk8/);
		const hybrid = run(["ec", "-conv_form", "hybrid", "-pubout"], plain);
		await expectCode(() => importPublicKey(hybrid), "key/malformed", /hybrid/);
	});

	it("makes DER signatures that verify after fromDerSignature", async () => {
		const file = join(folder, "key.pem");
		writeFileSync(file, plain, { mode: 0o600 });
		const hex = run(["dgst", "-sha256", "-hex", "-sign", file], "data").trim().split(" ").at(-1) as string;
		const { publicKey } = await importPrivateKey(plain);
		const signature = fromDerSignature(new Uint8Array(Buffer.from(hex, "hex")));
		expect(await verifyData(publicKey, utf8("data"), signature)).toBe(true);
	});
}

describe("node:crypto", () => {
	const pair = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
	const jwk = pair.privateKey.export({ format: "jwk" });

	it("makes signatures that verify, with high or low S, and verifies ours", async () => {
		const key = await importPrivateKey(jwk);
		for (let at = 0; at < 20; at++) {
			const data = utf8(`message ${at}`);
			const theirs = sign("sha256", data, { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
			expect(await verifyData(key.publicKey, data, theirs)).toBe(true);
			const publicKey = createPublicKey(exportPublicKey(key.publicKey, "spki"));
			const ours = await signData(key, data);
			expect(verify("sha256", data, { key: publicKey, dsaEncoding: "ieee-p1363" }, ours)).toBe(true);
		}
	});

	it("exports the same JWK", async () => {
		expect(exportPrivateKey(await importPrivateKey(jwk), "jwk")).toEqual(jwk);
	});
});

describe("jose 2", () => {
	it("verifies a token signed here, and signs tokens that verify here", async () => {
		const theirs = JWK.generateSync("EC", "secp256k1");
		const key = await importPrivateKey(theirs.toJWK(true));
		expect(key.publicKey.thumbprint).toBe(theirs.thumbprint);

		const [header, payload] = [{ alg: "ES256K" }, { sub: "a" }].map((part) =>
			encodeBase64Url(utf8(JSON.stringify(part))),
		);
		const signature = await signData(key, utf8(`${header}.${payload}`));
		const token = `${header}.${payload}.${encodeBase64Url(signature)}`;
		expect(JWT.verify(token, JWK.asKey(exportPublicKey(key.publicKey, "spki")))).toEqual({ sub: "a" });

		const parts = JWT.sign({ sub: "b" }, theirs, { algorithm: "ES256K" }).split(".") as [string, string, string];
		const signed = utf8(`${parts[0]}.${parts[1]}`);
		expect(await verifyData(key.publicKey, signed, decodeBase64Url(parts[2]))).toBe(true);
	});

	it("may set a key's use and kid, but not another alg", async () => {
		const jwk = { ...JWK.generateSync("EC", "secp256k1").toJWK(true) };
		await expect(importPrivateKey({ ...jwk, use: "sig", alg: "ES256K" })).resolves.toBeDefined();
		await expectCode(() => importPrivateKey({ ...jwk, alg: "ECDH-ES" }), "key/wrong-algorithm");
	});
});
