import { describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { signSync } from "../../src/keys/private-key.ts";
import { verifyData } from "../../src/keys/sign.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";
import { RSA_KEYS } from "../support/token-kinds.ts";

const { privateKey, publicKey } = await generateKeyPair();

describe("signToken", () => {
	it("signs the given header and claims without modifying them", async () => {
		const parts = { header: deepFreeze({ alg: "ES256K" }), claims: deepFreeze({ a: { b: [1] } }) };
		const [first, second] = [
			await signToken(Object.freeze({ ...parts, signer: privateKey })),
			await signToken(Object.freeze({ ...parts, signer: privateKey })),
		];
		expect(second).toBe(first);
		const { header, claims, signingInput, signature } = decodeToken(first);
		expect({ header, claims }).toEqual(parts);
		expect(await verifyData(publicKey, signingInput, signature)).toBe(true);
	});

	it("accepts any signer", async () => {
		const signer: Signer = {
			algorithm: "ES256K",
			publicKey,
			sign: async (bytes) => signSync(privateKey, bytes),
		};
		const parts = { header: { alg: "ES256K" }, claims: {} };
		expect(await signToken({ ...parts, signer })).toBe(await signToken({ ...parts, signer: privateKey }));
	});

	it("rejects a signer that fails or has another algorithm", async () => {
		const parts = { header: { alg: "ES256K" }, claims: {} };
		const bad: Signer = { algorithm: "ES256K", publicKey, sign: async () => new Uint8Array(64).fill(1) };
		await expectRefusal(() => signToken({ ...parts, signer: bad }), "key/signing-fault");
		const other = { ...bad, algorithm: "RS256" } as unknown as Signer;
		await expectRefusal(() => signToken({ ...parts, signer: other }), "key/wrong-algorithm");
		const rsa = RSA_KEYS.privateKey;
		await expectRefusal(() => signToken({ ...parts, signer: rsa }), "key/wrong-algorithm");
		await expectRefusal(() => signToken({ header: {}, claims: {}, signer: rsa }), "key/wrong-algorithm");
		const named = { header: { alg: "RS256" }, claims: {}, signer: privateKey };
		const { details } = await expectRefusal(() => signToken(named), "key/wrong-algorithm");
		expect(details).toEqual({ expected: "RS256", actual: "ES256K" });
	});

	it("names the part that JSON can't represent", async () => {
		const parts = { header: { alg: "ES256K" }, claims: {}, signer: privateKey };
		for (const [more, option] of [
			[{ header: { alg: "ES256K", x: [Number.NaN] } }, "header.x.0"],
			[{ claims: { x: undefined } }, "claims.x"],
		] as const) {
			const { details } = await expectRefusal(() => signToken({ ...parts, ...more }), "config/invalid-option");
			expect(details).toEqual({ option });
		}
	});
});
