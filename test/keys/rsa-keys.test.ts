import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { exportKeystore, exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { type GenerateKeyPairOptions, generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { isRsaPrivateKey, RsaPrivateKey, signRsa } from "../../src/keys/rsa-private-key.ts";
import { RsaPublicKey, verifyRsa } from "../../src/keys/rsa-public-key.ts";
import * as webCrypto from "../../src/keys/rsa-verify.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { printedForms } from "../support/printed-forms.ts";
import { describeWithVectors } from "../vectors.ts";
import { expectCode, utf8 } from "./sample-keys.ts";
import * as sample from "./sample-rsa-keys.ts";

const { NUMBERS, PAIR, PKCS1, PRIVATE_JWK, RS256 } = sample;
const key = await importPrivateKey(PKCS1, RS256);
const { publicKey } = key;
const other = await generateKeyPair(RS256);
const ec = await generateKeyPair();
const data = utf8("data");

/** Verifies as in Node, and as in other runtimes, which must agree. */
async function verifyEverywhere(of: RsaPublicKey, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
	const isValid = await verifyData(of, bytes, signature);
	expect(await verifyRsa(of, bytes, signature, webCrypto.prepareRsaVerify)).toBe(isValid);
	return isValid;
}

it("verifies a text as its UTF-8", async () => {
	const text = "d\u00e4t\u00e4 \u{1f511}";
	const signature = await key.sign(utf8(text));
	for (const prepare of [undefined, webCrypto.prepareRsaVerify]) {
		expect(await verifyRsa(publicKey, text, signature, prepare)).toBe(true);
		expect(await verifyRsa(publicKey, `${text}.`, signature, prepare)).toBe(false);
	}
});

it("gives a verifier, prepared once, only signatures as long as the modulus", async () => {
	let prepared = 0;
	const prepare = () => {
		prepared += 1;
		return () => true;
	};
	for (const [length, isValid] of [
		[255, false],
		[256, true],
		[257, false],
	] as const) {
		expect(await verifyRsa(publicKey, data, new Uint8Array(length), prepare)).toBe(isValid);
		expect(await verifyRsa(publicKey, data, new Uint8Array(length), prepare)).toBe(isValid);
	}
	expect(prepared).toBe(1);
	expect(await verifyRsa(publicKey, data, new Uint8Array(256))).toBe(false);
});

/** A signer that is not a local key. */
function remote(make: (bytes: Uint8Array) => unknown, members: Partial<Signer> = { publicKey }): Signer {
	return { algorithm: "RS256", ...members, sign: async (bytes) => make(bytes) as Uint8Array };
}

describe("RsaPrivateKey", () => {
	it("T65: never shows the secret, however it is printed, also after signing", async () => {
		await key.sign(data);
		const label = `[RsaPrivateKey 2048 bits …${publicKey.thumbprint.slice(-8)}]`;
		expect([String(key), `${key}`, inspect(key), JSON.parse(JSON.stringify(key))]).toEqual(Array(4).fill(label));
		const shown = printedForms(key);
		for (const name of ["d", "p", "q", "dp", "dq", "qi"] as const) {
			const secrets = [PRIVATE_JWK[name], NUMBERS[name], NUMBERS[name].toString(16)];
			for (const secret of secrets) expect(shown).not.toContain(String(secret));
		}
	});

	it("is a frozen Signer that states its algorithm and length, and isn't a PrivateKey", async () => {
		const signer: Signer = key;
		expect([Object.isFrozen(key), Object.isFrozen(publicKey)]).toEqual([true, true]);
		for (const half of [key, publicKey]) expect(half).toMatchObject({ algorithm: "RS256", modulusLength: 2_048 });
		expect(signer.publicKey).toBe(publicKey);
		expect(await signer.sign(data)).toHaveLength(256);
	});

	it("can't sign as a clone, and can't be constructed with new", async () => {
		const clone = structuredClone(key) as unknown as RsaPrivateKey;
		for (const wrong of [clone, Object.create(key), null, undefined, ec.privateKey, {}]) {
			expect(isRsaPrivateKey(wrong)).toBe(false);
			await expect(signRsa(wrong, new Uint8Array(data))).rejects.toThrow(TypeError);
		}
		const make = (of: unknown, ...args: unknown[]): unknown => Reflect.construct(of as () => void, args);
		expect(() => make(RsaPrivateKey, NUMBERS)).toThrow(/importPrivateKey/);
		expect(() => make(RsaPublicKey, Symbol("orgpass.rsa-public-key"), NUMBERS)).toThrow(/importPublicKey/);
	});
});

describe("generateKeyPair", () => {
	it("generates a different key each time, of the given length, that Node accepts", async () => {
		const long = await generateKeyPair({ algorithm: "RS256", modulusLength: 3_072 });
		expect(long.publicKey.modulusLength).toBe(3_072);
		expect(long.privateKey.publicKey).toBe(long.publicKey);
		expect(other.publicKey.modulusLength).toBe(2_048);
		expect(other.publicKey.thumbprint).not.toBe(publicKey.thumbprint);
		const signature = await signData(long.privateKey, data);
		expect(verify("sha256", data, createPublicKey(exportPublicKey(long.publicKey, "spki")), signature)).toBe(true);
	});

	it.each<[unknown, "config/invalid-option" | "config/unknown-option"]>([
		[{ algorithm: "RS256", modulusLength: 1_024 }, "config/invalid-option"],
		[{ algorithm: "RS256", modulusLength: 2_040 }, "config/invalid-option"],
		[{ algorithm: "RS256", modulusLength: 2_052 }, "config/invalid-option"],
		[{ algorithm: "RS256", modulusLength: 8_200 }, "config/invalid-option"],
		[{ algorithm: "RS256", modulusLength: 16_384 }, "config/invalid-option"],
		[{ algorithm: "RS256", modulusLength: "2048" }, "config/invalid-option"],
		[{ modulusLength: 2_048 }, "config/invalid-option"],
		[{ algorithm: "PS256" }, "config/invalid-option"],
		[{ alg: "RS256" }, "config/unknown-option"],
		[null, "config/invalid-option"],
	])("rejects %j", async (options, code) => {
		await expectCode(() => generateKeyPair(options as GenerateKeyPairOptions), code);
	});

	it.each([2_048, 8_192])(
		"asks the runtime for a key of %d bits, the exponent 65537 and SHA-256",
		async (modulusLength) => {
			const generate = vi.spyOn(crypto.subtle, "generateKey").mockRejectedValue(new Error("not now"));
			try {
				await expect(generateKeyPair({ algorithm: "RS256", modulusLength })).rejects.toThrow("not now");
				const expected = {
					name: "RSASSA-PKCS1-v1_5",
					hash: "SHA-256",
					modulusLength,
					publicExponent: Uint8Array.of(1, 0, 1),
				};
				expect(generate.mock.calls.map(([parameters]) => parameters)).toEqual([expected]);
			} finally {
				generate.mockRestore();
			}
		},
	);

	it("doesn't modify its options, which can be reused", async () => {
		const options = Object.freeze({ algorithm: "ES256K" as const, modulusLength: undefined });
		const made = [await generateKeyPair(options), await generateKeyPair(options)];
		expect(made[0]?.publicKey.thumbprint).not.toBe(made[1]?.publicKey.thumbprint);
	});
});

describe("exportPrivateKey and exportPublicKey", () => {
	it("reject formats of the other key type and list the supported ones", async () => {
		const list = /pkcs1, pkcs8, jwk$/;
		await expectCode(() => exportPrivateKey(key, "sec1" as never), "config/invalid-option", list);
		await expectCode(() => exportPrivateKey(ec.privateKey, "pkcs1" as never), "config/invalid-option", /sec1, pkcs8/);
		await expectCode(() => exportPublicKey(publicKey, "hex" as never), "config/invalid-option", /spki-base64, pkcs1/);
		await expectCode(() => exportPublicKey(ec.publicKey, "pkcs1" as never), "config/invalid-option", /compressed-hex/);
		await expectCode(() => exportPrivateKey(key, "toString" as never), "config/invalid-option");
		await expectCode(
			() => exportPrivateKey(key, "pkcs1", { password: "x" }),
			"config/invalid-option",
			/format is pkcs8/,
		);
	});

	it("throw a TypeError for a value that isn't a key", async () => {
		for (const wrong of [null, {}, publicKey, structuredClone(key)]) {
			expect(() => exportPrivateKey(wrong as never, "pkcs8")).toThrow(TypeError);
		}
		expect(() => exportPublicKey(key as never, "spki")).toThrow(TypeError);
		await expect(exportKeystore(key as never, "x")).rejects.toThrow(TypeError);
	});
});

describe("signData and verifyData", () => {
	it("agree with each other and with Node on any data", async () => {
		for (const message of [new Uint8Array(), data, new Uint8Array(100_000).fill(7)]) {
			const before = message.slice();
			const signature = await signData(key, message);
			expect(signature).toEqual(new Uint8Array(sign("sha256", message, PAIR.privateKey)));
			expect(await key.sign(message)).toEqual(signature);
			expect(await verifyEverywhere(publicKey, message, signature)).toBe(true);
			expect(await verifyEverywhere(other.publicKey, message, signature)).toBe(false);
			expect(message).toEqual(before);
		}
	});

	it("T18: verifyData returns false for anything but this key's signature over these bytes", async () => {
		const signature = await signData(key, data);
		const bad = [
			new Uint8Array(),
			new Uint8Array(256),
			new Uint8Array(256).fill(0xff),
			signature.subarray(1),
			signature.subarray(0, 255),
			new Uint8Array([0, ...signature]),
			new Uint8Array([...signature, 0]),
			signature.with(5, (signature[5] as number) ^ 1),
			signature.toReversed(),
			sign("sha512", data, PAIR.privateKey),
			sign("sha256", data, { key: PAIR.privateKey, padding: 6 }),
			await signData(ec.privateKey, data),
			new Uint8Array(1_000_000),
		];
		for (const one of bad) expect(await verifyEverywhere(publicKey, data, one)).toBe(false);
		expect(await verifyEverywhere(publicKey, utf8("datum"), signature)).toBe(false);
		expect(await verifyData(ec.publicKey, data, signature)).toBe(false);
		// The signature and the modulus added up: as long, and the same modulo n.
		const sum = (BigInt(`0x${Buffer.from(signature).toString("hex")}`) + NUMBERS.n).toString(16);
		if (sum.length === 512) expect(await verifyEverywhere(publicKey, data, Buffer.from(sum, "hex"))).toBe(false);
	});

	it("throw a TypeError only for an argument of the wrong type", async () => {
		const signature = await signData(key, data);
		for (const wrong of ["data", 42, null, undefined, {}, [1, 2], new ArrayBuffer(4)]) {
			await expect(signData(key, wrong as Uint8Array)).rejects.toThrow(TypeError);
			await expect(key.sign(wrong as Uint8Array)).rejects.toThrow(TypeError);
			await expect(verifyData(publicKey, wrong as Uint8Array, signature)).rejects.toThrow(TypeError);
			await expect(verifyData(publicKey, data, wrong as Uint8Array)).rejects.toThrow(TypeError);
			await expect(verifyData(wrong as typeof publicKey, data, signature)).rejects.toThrow(TypeError);
		}
		expect(await verifyEverywhere(publicKey, Buffer.from(data), Buffer.from(signature))).toBe(true);
	});

	it("support exponents of up to 64 bits", async () => {
		// The largest prime of 64 bits: one with small factors has no inverse for many a key of Node's.
		const numbers = sample.numbersFrom(NUMBERS.p, NUMBERS.q, 0xffffffffffffffc5n);
		const [, , jwk] = sample.privateContainers(numbers);
		const long = await importPrivateKey(jwk as object, RS256);
		expect(await verifyEverywhere(long.publicKey, data, await signData(long, data))).toBe(true);
	});

	it.each([2_048, 8_192])("support a modulus at the limit: %i bits", async (bits) => {
		const [pem] = sample.publicContainers({ n: sample.modulusFrom(1n << BigInt(bits - 1)) });
		const border = importPublicKey(pem as string, RS256);
		expect(border.modulusLength).toBe(bits);
		for (const length of [bits / 8 - 1, bits / 8]) {
			expect(await verifyEverywhere(border, data, new Uint8Array(length).fill(1))).toBe(false);
		}
	});

	it("T65: refuse to sign with a key whose factors aren't prime", async () => {
		const { p, q } = sample.numbersOf(generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey);
		const [pem] = sample.privateContainers(sample.numbersFrom(NUMBERS.p * NUMBERS.q, p * q));
		const broken = await importPrivateKey(pem as string, RS256);
		expect(broken.modulusLength).toBeGreaterThan(4_000);
		await expectCode(() => signData(broken, data), "key/signing-fault");
		await expectCode(() => broken.sign(data), "key/signing-fault");
	});

	it("T65: check the signature of an RS256 Signer", async () => {
		const good = await signData(key, data);
		expect(
			await signData(
				remote(() => good),
				data,
			),
		).toEqual(good);
		expect(
			await signData(
				remote(() => good, {}),
				data,
			),
		).toEqual(good);
		const answers = [
			"signature",
			new Uint8Array(64),
			good.subarray(1),
			new Uint8Array(256),
			await signData(other.privateKey, data),
		];
		for (const answer of answers)
			await expectCode(
				() =>
					signData(
						remote(() => answer),
						data,
					),
				"key/signing-fault",
			);
		for (const length of [256, 1_024]) {
			const answer = new Uint8Array(length).fill(1);
			const signature = signData(
				remote(() => answer, {}),
				data,
			);
			expect(await signature).toEqual(answer);
		}
		for (const answer of [new Uint8Array(255), new Uint8Array(1_025), null]) {
			await expectCode(
				() =>
					signData(
						remote(() => answer, {}),
						data,
					),
				"key/signing-fault",
			);
		}
		const spoiling = remote((bytes) => signData(key, bytes.fill(0)));
		await expectCode(() => signData(spoiling, data), "key/signing-fault");
		expect(data).toEqual(utf8("data"));
	});

	it("reject a Signer whose public key is for another algorithm", async () => {
		const good = await signData(key, data);
		const mixed = [
			remote(() => good, { publicKey: ec.publicKey }),
			remote(() => good, { algorithm: "ES256K", publicKey }),
		];
		for (const signer of mixed) await expectCode(() => signData(signer, data), "key/wrong-algorithm");
	});
});

interface RsaVectors {
	readonly testGroups: readonly {
		readonly publicKeyPem: string;
		readonly keyJwk: object;
		readonly tests: readonly {
			readonly tcId: number;
			readonly msg: string;
			readonly sig: string;
			readonly result: string;
		}[];
	}[];
}

describeWithVectors<RsaVectors>(
	"Wycheproof's RSA-2048 vectors",
	"wycheproof/rsa_signature_2048_sha256_test.json",
	({ testGroups }) => {
		it("T18: are accepted or rejected as labelled, without exceptions; small exponents fail on import", async () => {
			const seen: Record<string, number> = { true: 0, false: 0, weak: 0 };
			const count = (what: unknown): number => (seen[String(what)] = (seen[String(what)] ?? 0) + 1);
			for (const { publicKeyPem, keyJwk, tests } of testGroups) {
				const { e = "" } = keyJwk as { readonly e?: string };
				if (e.length < 4) {
					await expectCode(() => importPublicKey(publicKeyPem, RS256), "key/weak");
					count("weak");
					continue;
				}
				const good = importPublicKey(publicKeyPem, RS256);
				expect(importPublicKey(keyJwk, RS256)).toEqual(good);
				for (const { tcId, msg, sig, result } of tests) {
					const isGood = await verifyEverywhere(good, Buffer.from(msg, "hex"), Buffer.from(sig, "hex"));
					if (result !== "acceptable") expect(isGood, `test ${tcId}`).toBe(result === "valid");
					count(isGood);
				}
			}
			expect(seen["true"]).toBeGreaterThan(5);
			expect(seen["false"]).toBeGreaterThan(200);
			expect(seen["weak"]).toBeGreaterThan(0);
		});
	},
);

interface CookbookJws {
	readonly input: { readonly key: object };
	readonly output: { readonly compact: string };
}

describeWithVectors<CookbookJws>(
	"RFC 7520 section 4.1",
	"jose-cookbook/jws/4_1.rsa_v15_signature.json",
	({ input, output }) => {
		it("is reproduced bit for bit", async () => {
			const bilbo = await importPrivateKey(input.key, RS256);
			const [header, payload, signature = ""] = output.compact.split(".");
			const made = await signData(bilbo, utf8(`${header}.${payload}`));
			expect(Buffer.from(made).toString("base64url")).toBe(signature);
		});
	},
);
