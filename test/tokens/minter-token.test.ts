import { describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { signSync } from "../../src/keys/private-key.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { expectRefusal } from "../support/refusal.ts";

const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const { privateKey, publicKey } = await generateKeyPair();

/** A minter on a clock of its own, with a signer that counts and can be made to fail. */
function stageMinter(options: { audience?: string; lifetimeSeconds?: number } = { audience: "a" }) {
	const state = { now: 1_000, signatures: 0, fails: false };
	const key: Signer = {
		algorithm: "ES256K",
		publicKey,
		sign: async (bytes) => {
			state.signatures += 1;
			await new Promise((resolve) => setTimeout(resolve, 1));
			if (state.fails) throw new Error("the HSM is busy");
			return signSync(privateKey, bytes);
		},
	};
	const minter = createOrgIdMinter({ key, issuer, now: () => state.now, ...options });
	return { state, minter };
}

describe("minter.token", () => {
	it("returns the same token until a fifth of its lifetime is left, then a new one", async () => {
		const { state, minter } = stageMinter();
		const first = await minter.token();
		expect(decodeToken(first).claims).toMatchObject({ iat: 1_000, exp: 4_600 });
		state.now = 1_000 + 2_879;
		expect(await minter.token()).toBe(first);
		expect(state.signatures).toBe(1);
		state.now = 1_000 + 2_880;
		const second = await minter.token();
		expect(second).not.toBe(first);
		expect(decodeToken(second).claims).toMatchObject({ iat: 3_880, exp: 7_480 });
		state.now += 2_879;
		expect(await minter.token()).toBe(second);
		expect(state.signatures).toBe(2);
	});

	it("uses the minter's own lifetimeSeconds", async () => {
		const { state, minter } = stageMinter({ audience: "a", lifetimeSeconds: 10 });
		const first = await minter.token();
		state.now += 7.9;
		expect(await minter.token()).toBe(first);
		state.now += 0.1;
		expect(await minter.token()).not.toBe(first);
	});

	it("mints once for concurrent calls", async () => {
		const { state, minter } = stageMinter();
		const tokens = await Promise.all(Array.from({ length: 100 }, () => minter.token()));
		expect(new Set(tokens).size).toBe(1);
		expect(state.signatures).toBe(1);
		state.now += 3_000;
		const renewed = await Promise.all(Array.from({ length: 100 }, () => minter.token()));
		expect(new Set(renewed).size).toBe(1);
		expect(state.signatures).toBe(2);
	});

	it("doesn't cache a failure", async () => {
		const { state, minter } = stageMinter();
		state.fails = true;
		const results = await Promise.allSettled([minter.token(), minter.token()]);
		expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
		expect(state.signatures).toBe(1);
		state.fails = false;
		expect(decodeToken(await minter.token()).claims).toMatchObject({ iat: 1_000 });
		expect(state.signatures).toBe(2);
	});

	it("doesn't cache a failed renewal", async () => {
		const { state, minter } = stageMinter();
		const first = await minter.token();
		state.now += 3_000;
		state.fails = true;
		await expect(minter.token()).rejects.toThrow("busy");
		state.fails = false;
		expect(await minter.token()).not.toBe(first);
	});

	it("a late failure doesn't drop a newer token", async () => {
		const { state, minter } = stageMinter();
		state.fails = true;
		const late = minter.token();
		state.now += 3_000;
		const newer = minter.token();
		await expect(late).rejects.toThrow("busy");
		await expect(newer).rejects.toThrow("busy");
		state.fails = false;
		const token = await minter.token();
		expect(await minter.token()).toBe(token);
	});

	it("mint returns a new token each time, without affecting token()", async () => {
		const { state, minter } = stageMinter();
		const kept = await minter.token();
		expect(await minter.mint()).not.toBe(await minter.mint());
		expect(await minter.token()).toBe(kept);
		expect(state.signatures).toBe(3);
	});

	it("requires the minter to have an audience", async () => {
		const { minter } = stageMinter({});
		for (const _ of [1, 2]) {
			const { details } = await expectRefusal(() => minter.token(), "config/invalid-option");
			expect(details).toEqual({ option: "audience" });
		}
	});
});
