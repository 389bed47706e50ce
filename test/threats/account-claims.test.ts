import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	accountResolver,
	claimsOf,
	DID,
	forgeAccountToken,
	issuerOf,
	profileOf,
	refuseToken,
	verifierOf,
	verifyToken,
} from "../support/account-stage.ts";
import { expectRefusal } from "../support/refusal.ts";

const NOW = 1_800_000_000;
const OF_EVERY_KIND = ACCOUNT_KINDS.map((kind) => [kind] as const);

function forEveryKind<Row extends readonly unknown[]>(
	rows: readonly Row[],
): readonly (readonly [AccountKind, ...Row])[] {
	return ACCOUNT_KINDS.flatMap((kind) => rows.map((row) => [kind, ...row] as const));
}

/** JSON of claims where `name` has a value that only its text can carry. */
function textOf(kind: AccountKind, name: string, value: string): string {
	const { [name]: _, ...rest } = claimsOf(kind, { iat: NOW, exp: NOW + 300 });
	return `{"${name}":${value},${JSON.stringify(rest).slice(1)}`;
}

/** Expects a rejection at NOW without a resolver call. */
async function refuseAtNow(kind: AccountKind, payload: string | object, code: ErrorCode): Promise<object> {
	const resolver = accountResolver();
	const verifier = verifierOf(kind, { now: () => NOW }, { resolver });
	const token = await forgeAccountToken(kind, { payload });
	const { details } = await expectRefusal(() => verifier.verify(token), code);
	expect(resolver.calls()).toBe(0);
	return details;
}

/** What no NumericDate may be, as JSON. */
const NO_DATES: readonly (readonly [string])[] = [
	['"never"'],
	[`"${NOW + 300}"`],
	['""'],
	["null"],
	["true"],
	["false"],
	["[]"],
	[`[${NOW + 300}]`],
	["{}"],
	[`{"valueOf":${NOW + 300}}`],
	["-1"],
	["1e15"],
];
/** An exp of zero may be meant to say never. */
const NO_ENDS = [...NO_DATES, ["-0"] as const, ["0"] as const];

describe("T27, T58: exp", () => {
	it.each(forEveryKind(NO_ENDS))("T27: %s: exp %s is rejected", async (kind, text) => {
		expect(await refuseAtNow(kind, textOf(kind, "exp", text), "token/claim-invalid")).toEqual({
			claim: "exp",
		});
	});

	it.each(OF_EVERY_KIND)("T27: %s: a token without exp, expired, or in milliseconds is rejected", async (kind) => {
		const { exp: _, ...claims } = claimsOf(kind);
		expect(await refuseAtNow(kind, claims, "token/claim-missing")).toEqual({ claim: "exp" });
		await refuseAtNow(kind, claimsOf(kind, { iat: NOW - 600, exp: NOW - 60 }), "token/expired");
		const milliseconds = claimsOf(kind, { iat: NOW, exp: (NOW + 300) * 1_000 });
		expect(await refuseAtNow(kind, milliseconds, "token/milliseconds")).toMatchObject({ claim: "exp" });
		const fractional = textOf(kind, "exp", `${NOW + 300}000.5`);
		expect(await refuseAtNow(kind, fractional, "token/milliseconds")).toMatchObject({ claim: "exp" });
	});

	it.each(OF_EVERY_KIND)("T28: %s: iat and nbf in milliseconds are rejected, nbf 0 is accepted", async (kind) => {
		for (const name of ["iat", "nbf"]) {
			for (const text of [`${NOW}000`, `${NOW}000.5`, `${NOW - 600}000`]) {
				const details = await refuseAtNow(kind, textOf(kind, name, text), "token/milliseconds");
				expect(details).toMatchObject({ claim: name });
			}
		}
		const token = await forgeAccountToken(kind, { payload: textOf(kind, "nbf", "0") });
		expect((await verifierOf(kind, { now: () => NOW }).verify(token)).profile).toBe(kind);
	});

	it.each(
		forEveryKind<[number, number, boolean]>([
			[60, NOW - 59, true],
			[60, NOW - 60, false],
			[60, NOW - 61, false],
			[0, NOW + 1, true],
			[0, NOW, false],
			[300, NOW - 299, true],
			[300, NOW - 301, false],
		]),
	)("T27: %s: with a tolerance of %i s, exp %d is accepted: %s", async (kind, tolerance, exp, isGood) => {
		const verifier = verifierOf(kind, { clockToleranceSeconds: tolerance, now: () => NOW });
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { exp, iat: NOW - 600 }) });
		if (isGood) expect((await verifier.verify(token)).expiresAt).toBe(exp);
		else await expectRefusal(() => verifier.verify(token), "token/expired");
	});

	it("T17: a fractional exp is accepted, except where typed data shows it", async () => {
		for (const kind of ["orgid-eth", "orgid-eip712"] as const) {
			const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { iat: NOW, exp: NOW + 9.5 }) });
			const { expiresAt } = await verifierOf(kind, { now: () => NOW }).verify(token);
			expect(expiresAt).toBe(NOW + 9.5);
		}
		const payload = claimsOf("orgid-account", { iat: NOW, exp: NOW + 9.5 });
		expect(await refuseAtNow("orgid-account", payload, "token/claim-invalid")).toEqual({ claim: "exp" });
	});
});

describe("T28, T58: nbf and iat", () => {
	it.each(forEveryKind(["nbf", "iat"].flatMap((name) => NO_DATES.map(([text]) => [name, text] as const))))(
		"T28: %s: %s %s is rejected",
		async (kind, name, text) => {
			expect(await refuseAtNow(kind, textOf(kind, name, text), "token/claim-invalid")).toEqual({
				claim: name,
			});
		},
	);

	it.each(
		forEveryKind<[string, object, ErrorCode]>([
			["nbf beyond the tolerance", { nbf: NOW + 31 }, "token/not-yet-valid"],
			["iat beyond the tolerance", { iat: NOW + 31 }, "token/issued-in-future"],
			["iat in the future, nbf in the past", { iat: NOW + 31, nbf: NOW - 9 }, "token/issued-in-future"],
			["iat after exp", { iat: NOW + 20, exp: NOW + 10 }, "token/claim-invalid"],
			["a lifetime of more than a day", { exp: NOW + 86_401 }, "token/lifetime"],
			["a lifetime of more than a day without iat", { iat: undefined, exp: NOW + 86_401 }, "token/lifetime"],
			["a lifetime of a year", { exp: NOW + 31_557_600 }, "token/lifetime"],
		]),
	)("T28, P5: %s: %s is rejected", async (kind, _what, members, code) => {
		await refuseAtNow(kind, claimsOf(kind, { iat: NOW, exp: NOW + 300, ...members }), code);
	});
});

describe("P5: a token without iat", () => {
	it("P5: is rejected in the form that orgpass defines, unless allowed", async () => {
		const payload = claimsOf("orgid-account", { iat: undefined, exp: NOW + 60 });
		expect(await refuseAtNow("orgid-account", payload, "token/claim-missing")).toEqual({ claim: "iat" });
		const lenient = verifierOf("orgid-account", { now: () => NOW }, { requireIssuedAt: false });
		const token = await forgeAccountToken("orgid-account", { payload });
		expect((await lenient.verify(token)).expiresAt).toBe(NOW + 60);
	});

	it.for(["orgid-eth", "orgid-eip712"] as const)("P5: %s: is accepted: the format has none", async (kind) => {
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { iat: undefined, exp: NOW + 60 }) });
		expect((await verifierOf(kind, { now: () => NOW }).verify(token)).expiresAt).toBe(NOW + 60);
		await expectRefusal(() => profileOf(kind, { requireIssuedAt: true }), "config/unknown-option");
	});
});

describe("T31, T58: aud", () => {
	it.each(
		forEveryKind<[string, unknown, ErrorCode]>([
			["missing", undefined, "token/claim-missing"],
			["empty", "", "token/audience"],
			["an empty array", [], "token/claim-invalid"],
			["null", null, "token/claim-invalid"],
			["an array of null", [null], "token/claim-invalid"],
			["a number", 0, "token/claim-invalid"],
			["true", true, "token/claim-invalid"],
			["an object that looks like an array", { 0: AUDIENCE, length: 1 }, "token/claim-invalid"],
			["nested", [[AUDIENCE]], "token/claim-invalid"],
			["ours and a number", [AUDIENCE, 1], "token/claim-invalid"],
			["a prefix", AUDIENCE.slice(0, -1), "token/audience"],
			["ours and more", `${AUDIENCE}0`, "token/audience"],
			["ours in another case", AUDIENCE.toUpperCase(), "token/audience"],
			["on another chain", AUDIENCE.replace("31337", "1"), "token/audience"],
			["without the chain", AUDIENCE.replace("31337:", ""), "token/audience"],
			["with a fragment", `${AUDIENCE}#webserver`, "token/audience"],
			["with a space", ` ${AUDIENCE}`, "token/audience"],
			["two audiences in one string", `${AUDIENCE} ${AUDIENCE}`, "token/audience"],
			["*", "*", "token/audience"],
			["the sender itself", DID, "token/audience"],
			["others in an array", [`${AUDIENCE}#x`, "https://example.com"], "token/audience"],
		]),
	)("T31: %s: aud %s is rejected", async (kind, _what, aud, code) => {
		await refuseToken(kind, await forgeAccountToken(kind, { payload: claimsOf(kind, { aud }) }), code, 0);
	});

	it.each(OF_EVERY_KIND)("T31: %s: an array that includes ours is accepted", async (kind) => {
		for (const aud of [[AUDIENCE], ["https://example.com", AUDIENCE]]) {
			const { claims } = await verifyToken(kind, await forgeAccountToken(kind, { payload: claimsOf(kind, { aud }) }));
			expect(claims["aud"]).toEqual(aud);
		}
	});

	it.each(OF_EVERY_KIND)("T31: %s: a profile without an audience can't be created", async (kind) => {
		for (const audience of [undefined, "", [], [""], null, 1, true]) {
			await expectRefusal((): Profile => profileOf(kind, { audience }), "config/invalid-option");
		}
		await expectRefusal((): Profile => profileOf(kind, { aud: AUDIENCE }), "config/unknown-option");
	});
});

describe("T57: jti and scope of any type", () => {
	it.each(
		forEveryKind<[string, unknown]>([
			["jti", ""],
			["jti", null],
			["jti", 1],
			["jti", ["a"]],
			["jti", {}],
			["scope", null],
			["scope", 1],
			["scope", true],
			["scope", {}],
			["scope", [1]],
			["scope", [["read"]]],
			["scope", [""]],
			["scope", ["a b"]],
			["scope", "[1]"],
			["scope", "[read]"],
			["scope", "re\u0430d"],
		]),
	)("T57: %s: %s %j is rejected", async (kind, name, value) => {
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { [name]: value }) });
		const { details } = await refuseToken(kind, token, "token/claim-invalid", 0);
		expect(details).toEqual({ claim: name });
	});

	it.each(OF_EVERY_KIND)("T57: %s: a duplicate scope doesn't count as a second one", async (kind) => {
		const payload = claimsOf(kind, { scope: kind === "orgid-account" ? "read" : ["read", "read"] });
		const verifier = verifierOf(kind);
		const token = await forgeAccountToken(kind, { payload });
		expect((await verifier.verify(token)).scopes).toEqual(["read"]);
		await expectRefusal(() => verifier.verify(token, { scope: "read admin" }), "policy/scope");
	});
});

describe("T32: iss", () => {
	it.each(
		forEveryKind<[unknown]>([
			[undefined],
			[null],
			[31_337],
			[true],
			[[DID]],
			[{ did: DID }],
			[{ toString: 1 }],
			[""],
			["#owner"],
			["hotel"],
			[DID.replace("orgid", "ethr")],
			["https://example.com"],
			[`0x${"11".repeat(20)}`],
			[DID.split(":")[3]],
		]),
	)("T32: %s: iss %j is rejected", async (kind, iss) => {
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { iss }) });
		await refuseToken(kind, token, ["token/issuer", "token/key-id"], 0);
	});

	it("T32: an unexpected fragment and a missing one are rejected", async () => {
		for (const kind of ACCOUNT_KINDS) {
			const others = kind === "orgid-eip712" ? [DID] : [`${DID}#owner`, `${DID}#director`, `${DID}#webserver`];
			for (const iss of others) {
				const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { iss }) });
				await refuseToken(kind, token, ["token/issuer", "token/key-id"], 0);
			}
			expect(issuerOf(kind).includes("#")).toBe(kind === "orgid-eip712");
		}
	});
});
