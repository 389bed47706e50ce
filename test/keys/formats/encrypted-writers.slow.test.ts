/** Encrypted keys of other writers open here, ours open there, and no other password opens them. */
import { execFileSync } from "node:child_process";
import { decryptKeystoreJsonSync, encryptKeystoreJsonSync } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAddress } from "../../../src/keys/address.ts";
import { exportKeystore, exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { isScalar } from "../../../src/keys/secp256k1/curve.ts";
import { anyCharacter } from "../../support/any-character.ts";
import { runs } from "../../support/property.ts";
import { describeWithTool } from "../../support/tools.ts";
import { expectCode } from "../sample-keys.ts";

const scalars = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => isScalar(bytes));
const characters = anyCharacter.filter((character) => !/[\0\r\n]/.test(character));
const passwords = fc.string({
	unit: fc.oneof(characters, fc.constantFrom(..."pass 'é✓ﬁ")),
	minLength: 1,
	maxLength: 24,
});
/** The cost of scrypt, as a power of two. */
const costs = fc.integer({ min: 10, max: 12 });
const options = fc.oneof(
	fc
		.tuple(
			fc.constantFrom("aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"),
			fc.constantFrom("hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA384", "hmacWithSHA512"),
			fc.integer({ min: 1, max: 5_000 }),
		)
		.map(([cipher, prf, iterations]) => ["-v2", cipher, "-v2prf", prf, "-iter", String(iterations)]),
	costs.map((cost) => ["-scrypt", "-scrypt_N", String(2 ** cost)]),
);

describeWithTool("OpenSSL", "openssl", ["version"], () => {
	const pkcs8 = (args: readonly string[], input: string, password: string): string =>
		execFileSync("openssl", ["pkcs8", ...args], { input, encoding: "utf8", env: { ...process.env, P: password } });

	it("encrypts keys that open with their password and no other one, however they are encrypted", async () => {
		await fc.assert(
			fc.asyncProperty(scalars, passwords, options, async (scalar, password, args) => {
				const key = await importPrivateKey(scalar);
				const encrypted = pkcs8(["-topk8", "-passout", "env:P", ...args], exportPrivateKey(key, "pkcs8"), password);
				const opened = await importPrivateKey(encrypted, { password });
				expect(exportPrivateKey(opened, "bytes")).toEqual(scalar);
				await expectCode(() => importPrivateKey(encrypted, { password: `${password}x` }), "key/password-wrong");
			}),
			runs(20),
		);
	});

	it("opens ours", async () => {
		await fc.assert(
			fc.asyncProperty(scalars, passwords, async (scalar, password) => {
				const key = await importPrivateKey(scalar);
				const encrypted = exportPrivateKey(key, "pkcs8", { password });
				expect(pkcs8(["-passin", "env:P"], encrypted, password)).toBe(exportPrivateKey(key, "pkcs8"));
			}),
			runs(4),
		);
	});
});

describe("ethers", () => {
	it("encrypts keystores that open with their password and no other one, and opens ours", async () => {
		await fc.assert(
			fc.asyncProperty(scalars, passwords, costs, async (scalar, password, cost) => {
				const key = await importPrivateKey(scalar);
				const account = { address: toAddress(key.publicKey), privateKey: exportPrivateKey(key, "hex") };
				const theirs = encryptKeystoreJsonSync(account, password, { scrypt: { N: 2 ** cost, r: 8, p: 1 } });
				const opened = await importPrivateKey(theirs, { password });
				expect(exportPrivateKey(opened, "bytes")).toEqual(scalar);
				await expectCode(() => importPrivateKey(theirs, { password: `${password}x` }), "key/password-wrong");
				// As text, ethers would normalize it (NFKC); geth and orgpass don't.
				const ours = await exportKeystore(key, password, { n: 2 ** cost });
				expect(decryptKeystoreJsonSync(JSON.stringify(ours), new TextEncoder().encode(password))).toMatchObject(
					account,
				);
			}),
			runs(5),
		);
	});
});
