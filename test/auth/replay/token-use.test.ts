/** What a store of used tokens is asked about a token. */
import { createHash } from "node:crypto";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createMemoryReplayStore } from "../../../src/auth/replay/memory-store.ts";
import { createRedisReplayStore, type RedisClient } from "../../../src/auth/replay/redis-store.ts";
import type { ReplayStore } from "../../../src/auth/replay/replay-store.ts";
import { createSqliteReplayStore } from "../../../src/auth/replay/sqlite-store.ts";
import { createRequirementsCheck } from "../../../src/auth/route-requirements.ts";
import { PolicyError } from "../../../src/errors/errors.ts";
import { verifierOfCustom } from "../../support/custom-kind.ts";
import { stepOf } from "../../support/explanations.ts";
import { toSegment } from "../../support/forge-token.ts";
import { isWaiting, pass, until } from "../../support/patient-timers.ts";
import { policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { forgeKind, verifierOfKinds } from "../../support/token-kinds.ts";

const NOW = 1_800_000_000;
const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;

/** Verifies a token of a kind that accepts everything; returns what its store was asked. */
async function ask(claims: object, issuer = DID, expiresAt = NOW + 60): Promise<readonly unknown[]> {
	let asked: readonly unknown[] = [];
	const replay: ReplayStore = {
		async spend(...use) {
			asked = use;
			return true;
		},
	};
	const findSigner = (): string => "key";
	const verifier = verifierOfCustom(
		{
			name: "shop",
			parseIssuer: () => ({ issuer, signer: issuer, resolve: () => ({ findSigner }) }),
			verifyClaims: () => ({ expiresAt, scopes: [] }),
			assertGrant: undefined,
		},
		{ replay, now: () => NOW },
	);
	await verifier.verify(textOf(claims));
	return asked;
}

function textOf(claims: object): string {
	return [toSegment({ alg: "any" }), toSegment(claims), "c2ln"].join(".");
}

/** The key of these names; instances of different versions may share a store. */
function keyOf(...names: readonly unknown[]): string {
	return createHash("sha256").update(JSON.stringify(names)).digest("base64url");
}

describe("the key of a token in a store", () => {
	it.each<[string, object, string, (claims: object) => string]>([
		["its jti, per organization", { jti: "7" }, DID, () => keyOf("jti", DID, "7")],
		["its jti, per kind and app", { jti: "7" }, "5", () => keyOf("jti", "shop:5", "7")],
		["its text without a jti", { sub: "a" }, DID, signed],
		["its text if its jti is empty", { jti: "" }, DID, signed],
		["its text if its jti is no text", { jti: 7 }, DID, signed],
	])("is of %s", async (_what, claims, issuer, expected) => {
		expect(await ask(claims, issuer)).toEqual([expected(claims), NOW + 360, NOW]);
	});

	function signed(claims: object): string {
		return keyOf("token", DID, textOf(claims).split(".").slice(0, 2).join("."));
	}
});

it("a token is kept while any verifier may accept it, and refused from then on", async () => {
	expect((await ask({ jti: "7" }, DID, NOW - 299.5))[1]).toBe(NOW + 0.5);
	const error = await expectRefusal(() => ask({ jti: "7" }, DID, NOW - 300), "token/expired");
	expect(error.name).toBe("TokenError");
	const endless = await expectRefusal(() => ask({ jti: "7" }, DID, Number.NaN), "token/claim-missing");
	expect(endless.details).toEqual({ claim: "exp" });
});

it("a route that accepts tokens once can't tell about one that no verifier has verified", async () => {
	const assertMet = createRequirementsCheck({ replay: { spend: () => expect.fail("the store was asked") } });
	const error = await expectRefusal(() => assertMet(policyToken({ expiresAt: NOW }), {}), "config/invalid-option");
	expect(error.details).toEqual({ option: "verifier" });
});

it("an error of a store is no decision, whatever its code", async () => {
	for (const cause of [new PolicyError("policy/refused", "no"), { code: "replay/unavailable" }, undefined]) {
		const verifier = verifierOfKinds(["ioctl"], { replay: { spend: () => Promise.reject(cause) } });
		const error = await expectRefusal(async () => verifier.verify(await forgeKind("ioctl")), "replay/unavailable");
		expect([error.name, error.cause]).toEqual(["ReplayError", cause]);
	}
});

it("a store that can't tell without spending is skipped by explain", async () => {
	const verifier = verifierOfKinds(["ioctl"], { replay: { spend: () => expect.fail("the store was asked") } });
	const explanation = await verifier.explain(await forgeKind("ioctl"));
	expect([explanation.outcome, stepOf(explanation, "replay").outcome]).toEqual(["accepted", "skipped"]);
});

it("the store of a route has as much of 15 seconds as the route's policy leaves", async () => {
	const clock = vi.spyOn(performance, "now").mockReturnValue(0);
	onTestFinished(() => void vi.restoreAllMocks());
	let isAsked = false;
	const spend = (): Promise<boolean> => {
		isAsked = true;
		return new Promise(() => {});
	};
	const policy = () => void clock.mockReturnValue(10_000);
	const token = await verifierOfKinds(["ioctl"]).verify(await forgeKind("ioctl"));
	const asking = expectRefusal(
		() => createRequirementsCheck({ policy, replay: { spend } })(token, {}),
		"replay/unavailable",
	);
	await until(() => isAsked);
	expect(isWaiting(5_000)).toBe(true);
	await pass(5_000);
	expect((await asking).cause).toMatchObject({ name: "TimeoutError" });
});

it("a store in memory forgets two tokens for each that it is asked about, so that no call takes long", async () => {
	const store = createMemoryReplayStore();
	for (const [key, expiresAt] of [
		["a", 100],
		["b", 110],
		["c", 120],
	] as const)
		await store.spend(key, expiresAt, 0);
	await store.spend("d", 500, 150);
	expect(await store.spend("c", 120, 50)).toBe(false);
	await expectRefusal(() => store.spend("new", 110, 50), "replay/unavailable");
	expect(await store.spend("new", 111, 50)).toBe(true);
});

describe("a store in Redis", () => {
	it("asks the client to set a key that doesn't exist, for as long as is left", async () => {
		const asked: unknown[] = [];
		const client: RedisClient = {
			set: async (...args) => asked.push(args) > 0 && "OK",
			exists: async (key) => Number(asked.push(key) < 0),
		};
		const store = createRedisReplayStore({ client });
		expect(await store.spend("a", 100.000_4, 40)).toBe(true);
		expect(await store.peek?.("b", 100, 40)).toBe(true);
		expect(asked).toEqual([["orgpass:replay:a", "1", { NX: true, PX: 60_001 }], "orgpass:replay:b"]);
	});

	it("asks no client that isn't connected", async () => {
		const ask = (): never => expect.fail("the client was asked");
		const store = createRedisReplayStore({ client: { isReady: false, set: ask, exists: ask } });
		await expectRefusal(() => store.spend("a", 100, 0), "replay/unavailable");
		await expectRefusal(() => store.peek?.("a", 100, 0), "replay/unavailable");
	});

	it("can't be asked without spending if the client can't", () => {
		expect(createRedisReplayStore({ client: { set: async () => "OK" } })).not.toHaveProperty("peek");
	});
});

describe("a store in SQLite", () => {
	it("removes what has expired by the latest clock of those that arrive together", async () => {
		const store = createSqliteReplayStore({ file: ":memory:" });
		await store.spend("a", 100, 0);
		await Promise.all([store.spend("b", 500, 0), store.spend("c", 500, 150)]);
		await expectRefusal(() => store.spend("a", 100, 50), "replay/unavailable");
	});

	it("can't tell about any key that may have been among those removed together", async () => {
		const store = createSqliteReplayStore({ file: ":memory:" });
		await Promise.all([store.spend("a", 100, 0), store.spend("b", 120, 0)]);
		await store.spend("c", 500, 150);
		for (const [key, expiresAt] of [
			["b", 120],
			["new", 110],
		] as const)
			await expectRefusal(() => store.spend(key, expiresAt, 50), "replay/unavailable");
		expect(await store.spend("new", 121, 50)).toBe(true);
	});
});
