import { createHash } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { DerReader, TAG } from "../../../src/keys/formats/der.ts";
import { importPublicKey } from "../../../src/keys/import-public-key.ts";
import { BACKENDS } from "../../../src/keys/secp256k1/backends.node.ts";
import { BACKENDS as PORTABLE } from "../../../src/keys/secp256k1/backends.ts";
import { activeBackend, chooseBackend, curveBackend } from "../../../src/keys/secp256k1/choose-backend.ts";
import { isSignatureShape, toLowS } from "../../../src/keys/secp256k1/curve.ts";
import type { CurveBackend } from "../../../src/keys/secp256k1/curve-backend.ts";
import { verifyData } from "../../../src/keys/sign.ts";
import { thorough } from "../../support/thorough.ts";
import { describeWithVectors } from "../../vectors.ts";
import { expectCode, fromHex, SCALAR_HEX, UNCOMPRESSED_HEX, utf8 } from "../sample-keys.ts";

interface Wycheproof {
	readonly numberOfTests: number;
	readonly testGroups: readonly {
		readonly publicKey: { readonly uncompressed: string };
		readonly publicKeyPem: string;
		readonly publicKeyDer: string;
		readonly publicKeyJwk?: Readonly<Record<string, string>>;
		readonly tests: readonly {
			readonly tcId: number;
			readonly msg: string;
			readonly sig: string;
			readonly result: "valid" | "invalid" | "acceptable";
		}[];
	}[];
}

const point = fromHex(UNCOMPRESSED_HEX);
const scalar = fromHex(SCALAR_HEX);
const data = utf8("data");
const working = BACKENDS[1] as CurveBackend;

/** r||s of a strict DER signature; undefined when it is none, or when r or s is too long. */
function toRaw(der: Uint8Array): Uint8Array | undefined {
	try {
		const outer = new DerReader(der);
		const pair = outer.readInside("signature");
		outer.end("signature");
		const parts = [pair.read(TAG.integer, "r"), pair.read(TAG.integer, "s")].map((part) => {
			const [first = 0x80, second = 0x80] = part;
			if (first > 0x7f || (first === 0 && part.length > 1 && second < 0x80)) throw new SyntaxError("integer");
			const digits = Buffer.from(part)
				.toString("hex")
				.replace(/^(00)+/, "");
			if (digits.length > 64) throw new SyntaxError("integer");
			return digits.padStart(64, "0");
		});
		pair.end("signature");
		return fromHex(parts.join(""));
	} catch {
		return undefined;
	}
}

describe("curveBackend", () => {
	it("is the fastest working one, chosen once", () => {
		expect(curveBackend()).toBe("node:crypto");
		expect(activeBackend()).toBe(activeBackend());
		expect(PORTABLE.map(({ name }) => name)).toEqual(["noble"]);
		expect(chooseBackend(PORTABLE).name).toBe("noble");
	});

	it.each<[string, Partial<CurveBackend>]>([
		["doesn't support the curve", { prepareVerify: () => expect.fail("unknown group") }],
		["can't sign", { sign: () => expect.fail("no") }],
		["accepts everything", { prepareVerify: () => () => true }],
		["accepts nothing", { prepareVerify: () => () => false }],
		[
			"rejects high-S",
			{
				prepareVerify: (key) => (bytes, signature) =>
					Buffer.compare(signature, toLowS(signature)) === 0 && working.prepareVerify(key)(bytes, signature),
			},
		],
		["signs non-deterministically", { sign: () => new Uint8Array(64).fill(1) }],
	])("falls back to the next when a backend %s", (_what, members) => {
		const broken: CurveBackend = { ...working, name: "node:crypto", ...members };
		expect(chooseBackend([broken, working])).toBe(working);
	});

	it("throws if none works", async () => {
		await expectCode(() => chooseBackend([]), "key/unavailable");
	});
});

describe("without Node's built-ins", () => {
	it("T18: noble signs and verifies, and returns false for an invalid signature", async () => {
		vi.doMock("#backends", () => ({ BACKENDS: PORTABLE }));
		vi.resetModules();
		const portable = await import("../../../src/keys/sign.ts");
		const { importPrivateKey } = await import("../../../src/keys/import-private-key.ts");
		const { curveBackend: name } = await import("../../../src/keys/secp256k1/choose-backend.ts");
		vi.doUnmock("#backends");
		const key = await importPrivateKey(SCALAR_HEX);
		const signature = await portable.signData(key, data);
		expect(name()).toBe("noble");
		expect(signature).toEqual(working.sign(data, scalar));
		expect(await portable.verifyData(key.publicKey, data, signature)).toBe(true);
		const bad = [0, 1, 63, 64, 65, 70, 128].map((length) => new Uint8Array(length));
		for (const bytes of [...bad, new Uint8Array(64).fill(0xff), signature.subarray(1), utf8("x".repeat(64))]) {
			expect(await portable.verifyData(key.publicKey, data, bytes)).toBe(false);
		}
	});
});

describe.each(BACKENDS.map((backend) => [backend.name, backend] as const))("backend %s", (_name, backend) => {
	const verify = backend.prepareVerify(point);

	it("T65: signs deterministically with low S, and verifies its own signatures", () => {
		const signature = backend.sign(data, scalar);
		expect(backend.sign(data, scalar)).toEqual(signature);
		expect(toLowS(signature)).toEqual(signature);
		expect(verify(data, signature)).toBe(true);
		expect(verify(utf8("datum"), signature)).toBe(false);
	});

	it("makes the same signature as every other backend", () => {
		for (const other of BACKENDS) expect(other.sign(data, scalar)).toEqual(backend.sign(data, scalar));
	});

	it("signs and verifies empty and large data", () => {
		for (const bytes of [new Uint8Array(), new Uint8Array(100_000)]) {
			expect(verify(bytes, backend.sign(bytes, scalar))).toBe(true);
		}
	});

	it("T19: doesn't accept the data's digest in place of the data", () => {
		const digest = createHash("sha256").update(data).digest();
		expect(verify(digest, backend.sign(data, scalar))).toBe(false);
	});

	describeWithVectors<Wycheproof>(
		"Wycheproof secp256k1, SHA-256",
		"wycheproof/ecdsa_secp256k1_sha256_test.json",
		({ testGroups }) => {
			it("T18: verifies them as labelled once converted to r||s, without exceptions", () => {
				const wrong: number[] = [];
				for (const { publicKey, tests } of testGroups) {
					const check = backend.prepareVerify(fromHex(publicKey.uncompressed));
					for (const { tcId, msg, sig, result } of tests) {
						// noble's verification is slow: by default every fourth.
						if (backend.name === "noble" && tcId % thorough(1, 4) !== 0) continue;
						const raw = toRaw(fromHex(sig));
						const accepted = raw !== undefined && isSignatureShape(raw) && check(fromHex(msg), raw);
						if (accepted !== (result === "valid")) wrong.push(tcId);
					}
				}
				expect(wrong).toEqual([]);
			});
		},
	);
});

describeWithVectors<Wycheproof>(
	"Wycheproof secp256k1 through verifyData",
	"wycheproof/ecdsa_secp256k1_sha256_test.json",
	({ numberOfTests, testGroups }) => {
		it("T18: verifies them as labelled; T19: rejects DER; imports the four forms of each key as one", async () => {
			const accepted: number[] = [];
			let seen = 0;
			for (const { publicKey, publicKeyDer, publicKeyPem, tests } of testGroups) {
				const key = importPublicKey(publicKeyPem);
				const bare = Buffer.from(publicKeyDer, "hex").toString("base64");
				expect([importPublicKey(publicKey.uncompressed), importPublicKey(bare)]).toEqual([key, key]);
				for (const { tcId, msg, sig, result } of tests) {
					seen++;
					if (await verifyData(key, fromHex(msg), fromHex(sig))) accepted.push(tcId);
					const raw = toRaw(fromHex(sig));
					if (raw) expect(await verifyData(key, fromHex(msg), raw), `tcId ${tcId}`).toBe(result === "valid");
				}
			}
			expect(accepted).toEqual([]);
			expect(seen).toBe(numberOfTests);
		});
	},
);

describeWithVectors<Wycheproof>(
	"Wycheproof secp256r1",
	"wycheproof/ecdsa_secp256r1_sha256_p1363_test.json",
	({ testGroups }) => {
		it("T21: every P-256 key is rejected in every format", async () => {
			for (const { publicKey, publicKeyPem, publicKeyDer, publicKeyJwk } of testGroups) {
				await expectCode(() => importPublicKey(publicKeyPem), "key/wrong-algorithm", /got P-256$/);
				const bare = Buffer.from(publicKeyDer, "hex").toString("base64");
				await expectCode(() => importPublicKey(bare), "key/wrong-algorithm", /got P-256$/);
				await expectCode(() => importPublicKey(publicKey.uncompressed), "key/out-of-range");
				if (publicKeyJwk) await expectCode(() => importPublicKey(publicKeyJwk), "key/wrong-algorithm");
			}
		});
	},
);

describeWithVectors<{ testGroups: readonly { private: { keys: Record<string, unknown>[] } }[] }>(
	"Wycheproof JWK",
	"wycheproof/json_web_key_test.json",
	({ testGroups }) => {
		it("T3, T21: none of its keys is accepted for ES256K, shared secrets included", async () => {
			for (const { private: set } of testGroups) {
				await expectCode(() => importPublicKey(set), "key/unrecognized", /JWK Set/);
				for (const { d: _, ...jwk } of set.keys) await expectCode(() => importPublicKey(jwk), "key/wrong-algorithm");
			}
		});
	},
);
