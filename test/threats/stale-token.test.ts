import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createGitHubAppMinter } from "../../src/tokens/app/app-minter.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";

const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });

/** A minter of an app's tokens and a verifier as strict as GitHub, on one clock. */
function stage(lifetimeSeconds?: number) {
	const state = { now: 1_800_000_000 };
	const now = () => state.now;
	const minter = createGitHubAppMinter({ key: privateKey, issuer: 7, lifetimeSeconds, now });
	const profiles = [githubApp({ keys: { 7: publicKey } })];
	const verifier = createVerifier({ profiles, clockToleranceSeconds: 0, now });
	return { state, minter, verifier };
}

describe("T30: an app's minter never returns an expired token", () => {
	it.each([61, 70, 75, 76, 100, 300, 540, 600])(
		"with a lifetime of %i seconds, 60 of them before now",
		async (lifetimeSeconds) => {
			const { state, minter, verifier } = stage(lifetimeSeconds);
			for (let second = 0; second < lifetimeSeconds; second += 7) {
				const { expiresAt = 0 } = await verifier.verify(await minter.token());
				const left = expiresAt - state.now;
				expect(left).toBeGreaterThanOrEqual(Math.min(lifetimeSeconds - 60, lifetimeSeconds / 5));
				state.now += 7;
			}
		},
	);

	it("and returns the same one until a fifth of its lifetime is left", async () => {
		const { state, minter } = stage();
		const first = await minter.token();
		const { iat, exp } = decodeToken(first).claims as { iat: number; exp: number };
		expect([state.now - iat, exp - iat]).toEqual([60, 540]);
		state.now = iat + 431;
		expect(await minter.token()).toBe(first);
		state.now = iat + 432;
		expect(await minter.token()).not.toBe(first);
	});
});
