import { expect, it } from "vitest";
import { DerReader, TAG } from "../../../src/keys/formats/der.ts";
import { importPublicKey } from "../../../src/keys/import-public-key.ts";
import { isSignatureShape } from "../../../src/keys/secp256k1/curve.ts";
import { verifyData } from "../../../src/keys/sign.ts";
import { describeBackends } from "../../support/curve-backends.ts";
import { thorough } from "../../support/thorough.ts";
import { describeWithVectors } from "../../vectors.ts";
import { expectCode, fromHex } from "../sample-keys.ts";

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

describeBackends("verify", (name, prepare) => {
	describeWithVectors<Wycheproof>(
		"Wycheproof secp256k1, SHA-256",
		"wycheproof/ecdsa_secp256k1_sha256_test.json",
		({ testGroups }) => {
			it("T18: verifies them as labelled once converted to r||s, without exceptions", () => {
				const wrong: number[] = [];
				for (const { publicKey, tests } of testGroups) {
					const verify = prepare(fromHex(publicKey.uncompressed));
					for (const { tcId, msg, sig, result } of tests) {
						// noble's verification is slow: by default every fourth.
						if (name === "noble" && tcId % thorough(1, 4) !== 0) continue;
						const raw = toRaw(fromHex(sig));
						const accepted = raw !== undefined && isSignatureShape(raw) && verify(fromHex(msg), raw);
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
