import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_MAX_TOKEN_BYTES, decodeToken } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { anyCharacter } from "../support/any-character.ts";
import { joinBytes, toSegment } from "../support/forge-token.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";
import { describeWithVectorFiles, describeWithVectors } from "../vectors.ts";

const { privateKey } = await generateKeyPair();

/** Any JSON but for the two member names and the numbers that are refused. */
const jsonObject = fc
	.dictionary(
		fc.string({ unit: "grapheme" }).filter((name) => !["__proto__", "constructor"].includes(name)),
		fc.jsonValue({ maxDepth: 4, stringUnit: "grapheme" }),
	)
	.map((value) => JSON.parse(JSON.stringify(value, clampNumbers)) as Record<string, unknown>)
	.filter((value) => !/"(__proto__|constructor)":/.test(JSON.stringify(value)));

function clampNumbers(_name: string, value: unknown): unknown {
	return typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : value;
}

describe("decodeToken", () => {
	it("decodes a token", () => {
		const token = `${toSegment({ alg: "x" })}.${toSegment({ a: [1] })}.AQID`;
		const { header, claims, signingInput, signature } = decodeToken(token);
		expect([header, claims]).toEqual([{ alg: "x" }, { a: [1] }]);
		expect(new TextDecoder().decode(signingInput)).toBe(token.slice(0, -5));
		expect(signature).toEqual(Uint8Array.of(1, 2, 3));
	});

	it("returns frozen parts, also for an empty signature", () => {
		const jws = decodeToken("e30.e30.");
		for (const part of [jws, jws.header, jws.claims]) expect(Object.isFrozen(part)).toBe(true);
		expect([jws.header, jws.claims, jws.signature.length]).toEqual([{}, {}, 0]);
	});

	it("decodes what signToken encodes", async () => {
		await fc.assert(
			fc.asyncProperty(jsonObject, jsonObject, async (header, claims) => {
				const token = await signToken({ header: { ...header, alg: "ES256K" }, claims, signer: privateKey });
				const jws = decodeToken(token, 1e6);
				expect(jws.header).toEqual({ ...header, alg: "ES256K" });
				expect(jws.claims).toEqual(claims);
				expect(jws.signature).toHaveLength(64);
			}),
		);
	});

	it("accepts only one encoding of the same bytes", () => {
		const alphabet = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n");
		const segment = fc.string({ unit: alphabet, maxLength: 12 });
		fc.assert(
			fc.property(segment, (signature) => {
				let bytes: Uint8Array;
				try {
					bytes = decodeToken(`e30.e30.${signature}`).signature;
				} catch {
					return;
				}
				expect(Buffer.from(bytes).toString("base64url")).toBe(signature);
			}),
			runs(2_000, 500),
		);
	});

	it("rejects random text and bytes with a code, never with another error", async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 200 }), async (text) => {
				await expectRefusal(() => decodeToken(text), "token/malformed");
			}),
		);
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
				const payload = joinBytes(Uint8Array.of(0x5b), bytes);
				await expectRefusal(() => decodeToken(`e30.${toSegment(payload)}.`), "token/malformed");
			}),
		);
	});

	it.each<[string, string, string]>([
		["header", `${toSegment("{]")}.e30.`, "header"],
		["payload", `e30.${toSegment("{]")}.`, "payload"],
		["signature", "e30.e30.A", "signature"],
	])("names the malformed part: %s", async (_what, token, part) => {
		const { details } = await expectRefusal(() => decodeToken(token), "token/malformed");
		expect(details).toEqual({ part });
	});

	it("rejects a token above the size limit without decoding it; 8,192 by default", async () => {
		expect(DEFAULT_MAX_TOKEN_BYTES).toBe(8_192);
		const { details } = await expectRefusal(() => decodeToken("x".repeat(8_193)), "token/too-large");
		expect(details).toEqual({ maxTokenBytes: 8_192, length: 8_193 });
		await expectRefusal(() => decodeToken("e30.e30.", 7), "token/too-large");
		expect(decodeToken("e30.e30.", 8).claims).toEqual({});
	});

	it.each([undefined, null, 1, {}, [], Symbol("x")])("rejects %s, which isn't a string", async (value) => {
		await expectRefusal(() => decodeToken(value as never), "token/malformed");
	});
});

describeWithVectorFiles("JSONTestSuite as header and payload", "json/test_parsing", (files) => {
	it.each([...files.keys()].filter((name) => name.endsWith(".json")))("%s", async (name) => {
		const bytes = files.get(name) as Buffer;
		for (const token of [`${toSegment(bytes)}.e30.`, `e30.${toSegment(bytes)}.`]) {
			const isObject = name.startsWith("y_object") && !name.includes("duplicated");
			const hasHugeNumber = name === "y_object_extreme_numbers.json";
			if (hasHugeNumber) await expectRefusal(() => decodeToken(token, 1e9), "token/number");
			else if (isObject) expect(decodeToken(token, 1e9)).toHaveProperty("claims");
			else if (!name.startsWith("i_")) await expectRefusal(() => decodeToken(token, 1e9), "token/malformed");
		}
	});
});

interface JwsVectors {
	readonly testGroups: readonly {
		readonly comment: string;
		readonly tests: readonly { readonly tcId: number; readonly jws: string; readonly result: string }[];
	}[];
}

describeWithVectors<JwsVectors>("Wycheproof's JWS", "wycheproof/json_web_signature_test.json", ({ testGroups }) => {
	it("are all rejected: their payloads aren't claims, or they are malformed", async () => {
		let count = 0;
		for (const { tests } of testGroups) {
			for (const { jws } of tests) {
				const text = typeof jws === "string" ? jws : JSON.stringify(jws);
				const isToken = /^[\w-]+\.[\w-]*\.[\w-]*$/.test(text);
				if (isToken && hasJsonPayload(text)) continue;
				await expectRefusal(() => decodeToken(text), ["token/malformed", "token/too-large"]);
				count += 1;
			}
		}
		expect(count).toBeGreaterThan(300);
	});

	function hasJsonPayload(jws: string): boolean {
		const payload = Buffer.from(jws.split(".")[1] as string, "base64url").toString();
		return payload.startsWith("{");
	}
});
