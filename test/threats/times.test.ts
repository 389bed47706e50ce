import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

const NOW = 1_800_000_000;

/** JSON of claims where `name` has a value that only its text can carry. */
function textOf(name: string, value: string): string {
	const { [name]: _, ...rest } = stage.claims({ iat: NOW, exp: NOW + 300, nbf: undefined });
	return `{"${name}":${value},${JSON.stringify(rest).slice(1)}`;
}

/** What no NumericDate may be, as JSON. */
const NO_DATES: readonly string[] = [
	'"never"',
	`"${NOW + 300}"`,
	`"${NOW + 300}.0"`,
	'""',
	"null",
	"true",
	"false",
	"[]",
	`[${NOW + 300}]`,
	"{}",
	`{"valueOf":${NOW + 300}}`,
	"-1",
	"-0.5",
	`${NOW + 300}000000`,
];
/** An exp of zero may be meant to say never. */
const NO_ENDS = [...NO_DATES, "-0", "0", "0.0"];
/** What is a NumericDate in milliseconds, as JSON. */
const MILLISECONDS = [`${NOW + 300}000`, `${NOW - 300}000`, `${NOW}123.5`, "1.8e12", "253402300800"];

describe("T27: exp", () => {
	it.each(NO_ENDS)("T27: exp %s is rejected", async (text) => {
		const verifier = stage.verifierWith({ now: () => NOW });
		stage.resolver.reset();
		const token = await stage.forge({ payload: textOf("exp", text) });
		const { details } = await expectRefusal(() => verifier.verify(token), "token/claim-invalid");
		expect(details).toEqual({ claim: "exp" });
		expect(stage.resolver.calls()).toBe(0);
	});

	it.each(["exp", "iat", "nbf"].flatMap((name) => MILLISECONDS.map((text) => [name, text] as const)))(
		"T27: %s %s in milliseconds is rejected by name",
		async (name, text) => {
			const verifier = stage.verifierWith({ now: () => NOW });
			stage.resolver.reset();
			const token = await stage.forge({ payload: textOf(name, text) });
			const { details } = await expectRefusal(() => verifier.verify(token), "token/milliseconds");
			expect(details).toEqual({ claim: name, [name]: Number(text) });
			expect(stage.resolver.calls()).toBe(0);
		},
	);

	it("T27: a missing exp is rejected", async () => {
		const token = await stage.forge({ payload: stage.claims({ exp: undefined }) });
		const { details } = await stage.refuse(token, "token/claim-missing", 0);
		expect(details).toEqual({ claim: "exp" });
	});

	it.each<[number, number, boolean]>([
		[60, NOW - 59, true],
		[60, NOW - 60, false],
		[60, NOW - 61, false],
		[0, NOW + 1, true],
		[0, NOW, false],
		[0, NOW - 1, false],
		[30, NOW - 29.5, true],
		[300, NOW - 299, true],
		[300, NOW - 301, false],
	])("T27: with a tolerance of %i s and now 1800000000, exp %d is accepted: %s", async (tolerance, exp, isGood) => {
		const verifier = stage.verifierWith({ clockToleranceSeconds: tolerance, now: () => NOW });
		const token = await stage.forge({ payload: stage.claims({ exp, iat: NOW - 600 }) });
		if (isGood) expect((await verifier.verify(token)).expiresAt).toBe(exp);
		else await expectRefusal(() => verifier.verify(token), "token/expired");
	});

	it("T27: the tolerance is 30 s by default, and 300 s at most", async () => {
		const verifier = stage.verifierWith({ now: () => NOW });
		const token = (exp: number) => stage.forge({ payload: stage.claims({ iat: NOW - 600, exp }) });
		expect((await verifier.verify(await token(NOW - 29))).expiresAt).toBe(NOW - 29);
		const late = await token(NOW - 30);
		await expectRefusal(() => verifier.verify(late), "token/expired");
		await expectRefusal(() => stage.verifierWith({ clockToleranceSeconds: 301 }), "config/invalid-option");
	});
});

describe("T28: nbf and iat", () => {
	it.each(["nbf", "iat"].flatMap((name) => NO_DATES.map((text) => [name, text] as const)))(
		"T28: %s %s is rejected",
		async (name, text) => {
			const verifier = stage.verifierWith({ now: () => NOW });
			const token = await stage.forge({ payload: textOf(name, text) });
			const { details } = await expectRefusal(() => verifier.verify(token), "token/claim-invalid");
			expect(details).toEqual({ claim: name });
		},
	);

	it.each(["0", "-0", "0.0", "0e5"])("T28: nbf %s is accepted as 1970, and iat limits the lifetime", async (text) => {
		const verifier = stage.verifierWith({ now: () => NOW });
		const nbf = await stage.forge({ payload: textOf("nbf", text) });
		expect((await verifier.verify(nbf)).expiresAt).toBe(NOW + 300);
		const iat = await stage.forge({ payload: textOf("iat", text) });
		await expectRefusal(() => verifier.verify(iat), "token/lifetime");
		const patient = stage.verifierWith({ now: () => NOW, maxLifetimeSeconds: NOW + 300 });
		expect((await patient.verify(iat)).expiresAt).toBe(NOW + 300);
	});

	it.each<[string, object, "token/not-yet-valid" | "token/issued-in-future" | "token/claim-invalid"]>([
		["nbf beyond the tolerance", { nbf: NOW + 31 }, "token/not-yet-valid"],
		["iat beyond the tolerance", { iat: NOW + 31 }, "token/issued-in-future"],
		["iat in the future with nbf in the past", { iat: NOW + 31, nbf: NOW - 9 }, "token/issued-in-future"],
		["nbf in the future with iat in the past", { iat: NOW - 9, nbf: NOW + 31 }, "token/not-yet-valid"],
		["iat after exp", { iat: NOW + 20, exp: NOW + 10 }, "token/claim-invalid"],
	])("T28: %s is rejected", async (_what, members, code) => {
		const verifier = stage.verifierWith({ now: () => NOW });
		stage.resolver.reset();
		const payload = stage.claims({ iat: NOW, exp: NOW + 300, ...members });
		const token = await stage.forge({ payload });
		await expectRefusal(() => verifier.verify(token), code);
		expect(stage.resolver.calls()).toBe(0);
	});

	it("T28: nbf and iat within the tolerance are accepted, and nbf may be absent", async () => {
		const verifier = stage.verifierWith({ now: () => NOW });
		for (const members of [{ nbf: NOW + 30, iat: NOW + 30 }, { nbf: NOW + 29.5 }, { nbf: undefined }]) {
			const payload = stage.claims({ iat: NOW, exp: NOW + 300, ...members });
			expect((await verifier.verify(await stage.forge({ payload }))).expiresAt).toBe(NOW + 300);
		}
	});

	it("P5: a lifetime of more than a day, from iat or else from now, is rejected unless the limit is raised", async () => {
		const profile = { requireIssuedAt: false };
		const verifier = stage.verifierWith({ now: () => NOW }, profile);
		const patient = stage.verifierWith({ now: () => NOW, maxLifetimeSeconds: 86_401 }, profile);
		for (const members of [
			{ iat: NOW, exp: NOW + 86_401 },
			{ iat: NOW - 86_000, exp: NOW + 401 },
			{ iat: undefined, exp: NOW + 86_401 },
		]) {
			const token = await stage.forge({ payload: stage.claims(members) });
			await expectRefusal(() => verifier.verify(token), "token/lifetime");
			expect((await patient.verify(token)).issuer).toBe(stage.sender.did);
		}
		const day = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 86_400 }) });
		expect((await verifier.verify(day)).expiresAt).toBe(NOW + 86_400);
	});

	it.for<[string, object]>([
		["on its last day", { exp: NOW + 3_600 }],
		["on its last second", { exp: NOW + 1 }],
		["within the tolerance", { exp: NOW - 29 }],
		["with nbf", { exp: NOW + 60, nbf: NOW }],
		["with a claim that only looks like iat", { exp: NOW + 60, IAT: NOW, "iat ": NOW }],
	])("P5: a token without iat is rejected %s, unless allowed", async ([, members]) => {
		const payload = stage.claims({ iat: undefined, ...members });
		const token = await stage.forge({ payload });
		const verifier = stage.verifierWith({ now: () => NOW });
		stage.resolver.reset();
		const { details } = await expectRefusal(() => verifier.verify(token), "token/claim-missing");
		expect(details).toEqual({ claim: "iat" });
		expect(stage.resolver.calls()).toBe(0);
		const lenient = stage.verifierWith({ now: () => NOW }, { requireIssuedAt: false });
		expect((await lenient.verify(token)).expiresAt).toBe(payload["exp"]);
	});

	it("P5: requireIssuedAt must be true or false", async () => {
		for (const requireIssuedAt of [0, "false", null]) {
			await expectRefusal(() => stage.verifierWith({}, { requireIssuedAt } as never), "config/invalid-option");
		}
	});
});

describe("T28: a clock that goes back", () => {
	/** A verifier on the system's clock, without a chain: fake timers must not stop a real server. */
	function offlineVerifier(now?: () => number): ReturnType<typeof createVerifier> {
		const { sender, receiver } = stage;
		const resolver = resolverOf({ [sender.did]: documentWith(sender.did, sender.key.publicKey) });
		const profiles = [orgid({ audience: receiver.did, resolver })];
		return createVerifier({ profiles, ...(now === undefined ? {} : { now }) });
	}

	it("T28: an expired token stays expired if the clock goes back an hour", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		vi.setSystemTime(NOW * 1_000);
		const verifier = offlineVerifier();
		const token = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) });
		expect((await verifier.verify(token)).expiresAt).toBe(NOW + 60);
		vi.setSystemTime((NOW + 100) * 1_000);
		await expectRefusal(() => verifier.verify(token), "token/expired");
		for (const back of [1, 60, 3_600, 86_400, NOW]) {
			vi.setSystemTime((NOW + 100 - back) * 1_000);
			await expectRefusal(() => verifier.verify(token), "token/expired");
		}
	});

	it("T28: the clock continues once the system's has caught up", async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		vi.setSystemTime(NOW * 1_000);
		const verifier = offlineVerifier();
		const mintAt = (iat: number) => stage.forge({ payload: stage.claims({ iat, exp: iat + 60 }) });
		await verifier.verify(await mintAt(NOW));
		vi.setSystemTime((NOW + 3_600) * 1_000);
		expect((await verifier.verify(await mintAt(NOW + 3_600))).expiresAt).toBe(NOW + 3_660);
	});

	it("T28: a clock given as now is trusted", async () => {
		let seconds = NOW;
		const verifier = offlineVerifier(() => seconds);
		const token = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) });
		seconds = NOW + 100;
		await expectRefusal(() => verifier.verify(token), "token/expired");
		seconds = NOW;
		expect((await verifier.verify(token)).issuer).toBe(stage.sender.did);
	});
});

describe("T28: a clock that jumps ahead and is set right", () => {
	const JUMPS = [
		["five minutes", 300],
		["an hour", 3_600],
		["a day", 86_400],
		["ten years", 315_360_000],
	] as const;

	function startClock(): ReturnType<typeof createVerifier> {
		vi.useFakeTimers({ toFake: ["Date"] });
		vi.setSystemTime(NOW * 1_000);
		const { sender, receiver } = stage;
		const resolver = resolverOf({ [sender.did]: documentWith(sender.did, sender.key.publicKey) });
		return createVerifier({ profiles: [orgid({ audience: receiver.did, resolver })] });
	}

	it.each(JUMPS)("T28: after %s, valid tokens are accepted again, and those that expired aren't", async (_, jump) => {
		const verifier = startClock();
		const short = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) });
		const long = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 200 }) });
		await verifier.verify(short);
		vi.setSystemTime((NOW + jump) * 1_000);
		await expectRefusal(() => verifier.verify(long), "token/expired");
		passSeconds(100);
		vi.setSystemTime((NOW + 100) * 1_000);
		expect((await verifier.verify(long)).expiresAt).toBe(NOW + 200);
		await expectRefusal(() => verifier.verify(short), "token/expired");
	});

	it.each(JUMPS)("T28: after %s, a clock set back too far revives no token", async (_, jump) => {
		const verifier = startClock();
		const token = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) });
		await verifier.verify(token);
		vi.setSystemTime((NOW + jump) * 1_000);
		await expectRefusal(() => verifier.verify(token), "token/expired");
		passSeconds(100);
		for (const back of [0, 60, 3_600, NOW]) {
			vi.setSystemTime((NOW - back) * 1_000);
			await expectRefusal(() => verifier.verify(token), "token/expired");
		}
	});

	it("T28: tokens expire while the system's clock stands still", async () => {
		const verifier = startClock();
		const token = await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) });
		await verifier.verify(token);
		passSeconds(100);
		await expectRefusal(() => verifier.verify(token), "token/expired");
	});
});

describe("T58: tokens of a bare DID", () => {
	it.each([...NO_ENDS, ...MILLISECONDS])(
		"T58: with exp %s they are rejected without calling the resolver",
		async (text) => {
			const verifier = stage.verifierWith({ now: () => NOW });
			stage.resolver.reset();
			const payload = textOf("exp", text).replaceAll("#webserver", "");
			for (const header of [stage.header({ kid: undefined }), stage.header({ kid: stage.sender.did })]) {
				const token = await stage.forge({ header, payload });
				await expectRefusal(() => verifier.verify(token), "token/issuer");
			}
			expect(stage.resolver.calls()).toBe(0);
		},
	);
});
