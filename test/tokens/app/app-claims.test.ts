import { describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../../src/auth/create-verifier.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { icrApp } from "../../../src/tokens/app/icr-app.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, forgeKind, RSA_KEYS } from "../../support/token-kinds.ts";

const NOW = 1_800_000_000;
const PROFILES = { "github-app": githubApp, "icr-app": icrApp } as const;
type App = keyof typeof PROFILES;
const APPS = Object.keys(PROFILES) as App[];

function verifierOf(kind: App, options: Partial<VerifierOptions> = {}): Verifier {
	const keys = { [APP_ID]: RSA_KEYS.publicKey };
	return createVerifier({ profiles: [PROFILES[kind]({ keys })], now: () => NOW, ...options });
}

/** A token whose `iat` and `exp` are these seconds from now. */
function tokenOf(kind: App, iat: number, exp: number, members: object = {}): Promise<string> {
	return forgeKind(kind, { iat: NOW + iat, exp: NOW + exp, ...members });
}

describe.each(APPS)("the ten minutes of %s count from now", (kind) => {
	it.each([
		["as in the vendors' Ruby, Bash and TypeScript samples", -60, 600],
		["as in the Python samples", 0, 600],
		["as in the PowerShell sample", -10, 600],
		["iat an hour ago", -3_600, 600],
		["iat nearly a day ago", -85_800, 600],
		["by a clock 30 seconds fast", 30, 630],
		["by a clock 30 seconds fast that sets iat back", -30, 630],
		["in its last second", -659, 1],
		["a fraction of a second", -60.5, 599.5],
	])("accepted: %s", async (_what, iat, exp) => {
		const { expiresAt } = await verifierOf(kind).verify(await tokenOf(kind, iat, exp));
		expect(expiresAt).toBe(NOW + exp);
	});

	it.each([
		["eleven minutes from now", 0, 660],
		["a second too late", 0, 631],
		["a second too late, with an iat that is set back", -60, 631],
		["a fraction of a second too late", -60, 630.5],
		["tomorrow", -60, 86_400],
		["ten minutes from now, after a life of more than a day", -85_801, 600],
		["ten minutes from now, after ten years", -315_360_000, 600],
	])("token/lifetime: exp %s", async (_what, iat, exp) => {
		const token = await tokenOf(kind, iat, exp);
		await expectRefusal(() => verifierOf(kind).verify(token), "token/lifetime");
	});

	it("plus the verifier's own tolerance", async () => {
		for (const clockToleranceSeconds of [0, 300]) {
			const verifier = verifierOf(kind, { clockToleranceSeconds });
			const latest = 600 + clockToleranceSeconds;
			await verifier.verify(await tokenOf(kind, -60, latest));
			const late = await tokenOf(kind, -60, latest + 1);
			await expectRefusal(() => verifier.verify(late), "token/lifetime");
		}
	});

	it("and the verifier's maxLifetimeSeconds still counts from iat", async () => {
		const strict = verifierOf(kind, { maxLifetimeSeconds: 600 });
		const sample = await tokenOf(kind, -60, 600);
		await expectRefusal(() => strict.verify(sample), "token/lifetime");
		await strict.verify(await tokenOf(kind, -60, 540));
	});

	it("an iat in the future is rejected, however short the lifetime", async () => {
		const token = await tokenOf(kind, 31, 120);
		await expectRefusal(() => verifierOf(kind).verify(token), "token/issued-in-future");
	});

	it("the alg claim may be absent", async () => {
		const token = await tokenOf(kind, -60, 600, { alg: undefined });
		expect((await verifierOf(kind).verify(token)).claims).not.toHaveProperty("alg");
	});
});
