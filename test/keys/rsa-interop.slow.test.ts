import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import { describeWithTool } from "../support/tools.ts";
import { expectCode, utf8 } from "./sample-keys.ts";

const RS256 = { algorithm: "RS256" } as const;

describeWithTool("OpenSSL's RSA keys", "openssl", ["version"], (run) => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-"));
	afterAll(() => rmSync(folder, { recursive: true }));
	const pkcs8 = run(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
	const pkcs1 = run(["rsa", "-traditional"], pkcs8);

	it("are imported and exported byte for byte", async () => {
		for (const pem of [pkcs8, pkcs1]) {
			const key = await importPrivateKey(pem, RS256);
			expect(exportPrivateKey(key, "pkcs8")).toBe(pkcs8);
			expect(exportPrivateKey(key, "pkcs1")).toBe(pkcs1);
			expect(exportPublicKey(key.publicKey, "spki")).toBe(run(["rsa", "-pubout"], pem));
			expect(exportPublicKey(key.publicKey, "pkcs1")).toBe(run(["rsa", "-RSAPublicKey_out"], pem));
			expect(run(["rsa", "-check", "-noout"], exportPrivateKey(key, "pkcs8"))).toContain("RSA key ok");
		}
	});

	it("are read back, also encrypted", async () => {
		const key = await importPrivateKey(pkcs1, RS256);
		const encrypted = exportPrivateKey(key, "pkcs8", { password: "correct horse" });
		expect(run(["pkcs8", "-topk8", "-nocrypt", "-passin", "pass:correct horse"], encrypted)).toBe(pkcs8);
		const theirs = run(["pkcs8", "-topk8", "-passout", "pass:secret", "-scrypt"], pkcs8);
		const back = await importPrivateKey(theirs, { ...RS256, password: "secret" });
		expect(exportPrivateKey(back, "pkcs8")).toBe(pkcs8);
	});

	it("signs and verifies in both directions", async () => {
		const key = await importPrivateKey(pkcs8, RS256);
		const [keyFile, publicFile, signatureFile] = ["key.pem", "public.pem", "signature"].map((name) =>
			join(folder, name),
		) as [string, string, string];
		writeFileSync(keyFile, pkcs8, { mode: 0o600 });
		writeFileSync(publicFile, exportPublicKey(key.publicKey, "spki"));
		run(["dgst", "-sha256", "-sign", keyFile, "-out", signatureFile], "data");
		const theirs = new Uint8Array(readFileSync(signatureFile));
		expect(await verifyData(key.publicKey, utf8("data"), theirs)).toBe(true);
		writeFileSync(signatureFile, await signData(key, utf8("other")));
		const args = ["dgst", "-sha256", "-verify", publicFile, "-signature", signatureFile];
		expect(run(args, "other")).toContain("Verified OK");
	});

	it("T30: other key types are rejected", async () => {
		const pss = run(["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"]);
		await expectCode(() => importPrivateKey(pss, RS256), "key/wrong-algorithm", /got RSA-PSS$/);
		const primes = ["-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_primes:3"];
		const three = run(["genpkey", "-algorithm", "RSA", ...primes]);
		await expectCode(() => importPrivateKey(three, RS256), "key/wrong-algorithm", /two primes$/);
		const legacy = run(["rsa", "-traditional", "-aes256", "-passout", "pass:x"], pkcs8);
		await expectCode(() => importPrivateKey(legacy, { ...RS256, password: "x" }), "key/unrecognized", /topk8/);
		const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=app", "-keyout"];
		const certificate = run([...request, join(folder, "unused.pem")]);
		await expectCode(() => importPublicKey(certificate, RS256), "key/unrecognized", /openssl x509 -pubkey/);
	});
});

const sshFolder = mkdtempSync(join(tmpdir(), "orgpass-"));
afterAll(() => rmSync(sshFolder, { recursive: true }));
const file = join(sshFolder, "id_rsa");
const makeKey = ["-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "app", "-f", file];

// ssh-keygen has no command that only tells its version: the probe makes the key.
describeWithTool("OpenSSH's RSA keys", "ssh-keygen", makeKey, (run) => {
	it("T30: are rejected with advice that works", async () => {
		const [secret, line] = [readFileSync(file, "utf8"), readFileSync(`${file}.pub`, "utf8")];
		await expectCode(() => importPrivateKey(secret, RS256), "key/unrecognized", /`ssh-keygen -p -m PEM -f FILE`$/);
		await expectCode(() => importPublicKey(line, RS256), "key/unrecognized", /`ssh-keygen -e -m PKCS8 -f FILE`$/);
		await expectCode(() => importPrivateKey(secret), "key/unrecognized", /secp256k1/);
		const converted = run(["-e", "-m", "PKCS8", "-f", file]);
		run(["-p", "-m", "PEM", "-N", "", "-f", file]);
		const key = await importPrivateKey(readFileSync(file, "utf8"), RS256);
		expect(importPublicKey(converted, RS256)).toEqual(key.publicKey);
	});
});
