import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import {
	assertAudience,
	assertOptionalAudience,
	parseAudience,
	parseOptionalText,
	parseWholeExp,
	verifyOptionalTimes,
	verifyTimes,
} from "../../src/jws/claims.ts";
import { toExpInSeconds } from "../../src/tokens/orgid-account/exp-in-milliseconds.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";

const NOW = 1_800_000_000;
/** The last second of the year 9999. */
const LATEST = 253_402_300_799;
const limits = deepFreeze({ now: NOW, clockToleranceSeconds: 30, maxLifetimeSeconds: 86_400 });

describe("verifyTimes", () => {
	it.each<[object]>([
		[{ exp: NOW + 1 }],
		[{ exp: NOW - 29 }],
		[{ exp: NOW + 86_400 }],
		[{ exp: NOW + 86_430, iat: NOW + 30 }],
		[{ exp: NOW + 60, iat: NOW - 60, nbf: NOW - 60 }],
		[{ exp: NOW + 60, nbf: NOW + 30 }],
		[{ exp: NOW + 0.5, iat: NOW + 0.5 }],
		[{ exp: NOW + 60, nbf: 0 }],
		[{ exp: NOW + 60, nbf: -0 }],
		[{ exp: NOW + 60, nbf: 0.5 }],
	])("accepts %j and returns exp", (claims) => {
		expect(verifyTimes(deepFreeze({ ...claims }), limits)).toBe((claims as { exp: number }).exp);
	});

	it.each<[object, ErrorCode, object]>([
		[{}, "token/claim-missing", { claim: "exp" }],
		[{ exp: null }, "token/claim-invalid", { claim: "exp" }],
		[{ exp: NOW, nbf: "x" }, "token/claim-invalid", { claim: "nbf" }],
		[{ iat: Number.NaN, exp: NOW }, "token/claim-invalid", { claim: "iat" }],
		[{ exp: NOW - 30 }, "token/expired", { exp: NOW - 30, now: NOW }],
		[{ exp: NOW + 9, nbf: NOW + 31 }, "token/not-yet-valid", { nbf: NOW + 31, now: NOW }],
		[{ exp: NOW + 9, iat: NOW + 31 }, "token/issued-in-future", { iat: NOW + 31, now: NOW }],
		[{ exp: NOW + 9, iat: NOW + 10 }, "token/claim-invalid", { claim: "iat" }],
		[{ exp: NOW + 86_401 }, "token/lifetime", { lifetime: 86_401, maxLifetimeSeconds: 86_400 }],
		[{ exp: NOW, iat: NOW - 86_401 }, "token/lifetime", { lifetime: 86_401, maxLifetimeSeconds: 86_400 }],
	])("rejects %j with %s", async (claims, code, details) => {
		const error = await expectRefusal(() => verifyTimes({ ...claims }, limits), code);
		expect(error.details).toEqual(details);
	});

	it.each<[object, string]>([
		[{ exp: 1_800_000_000 - 300 }, "exp in the future, got 2027-01-15T07:55:00Z (5m ago)"],
		[{ exp: 86_400 }, "exp in the future, got 1970-01-02T00:00:00Z (20832d ago)"],
		[{ exp: 1_800_009_000, nbf: 1_800_007_200 }, "nbf in the past, got 2027-01-15T10:00:00Z (in 2h)"],
		[{ exp: 1_800_009_000, iat: 1_800_000_045.5 }, "iat in the past, got 2027-01-15T08:00:45.500Z (in 45s)"],
	])("says when and how far away that is: %j", (claims, text) => {
		expect(() => verifyTimes({ ...claims }, { ...limits, now: 1_800_000_000 })).toThrow(text);
	});

	it("accepts an iat of 0 if the lifetime may be that long", async () => {
		const patient = { ...limits, maxLifetimeSeconds: NOW + 60 };
		for (const iat of [0, -0, 1]) {
			expect(verifyTimes({ exp: NOW + 60, iat, nbf: iat }, patient)).toBe(NOW + 60);
			await expectRefusal(() => verifyTimes({ exp: NOW + 60, iat }, limits), "token/lifetime");
		}
	});

	it.for(["exp", "nbf", "iat"])("rejects %s in milliseconds with a specific error", async (name) => {
		for (const value of [NOW * 1_000, NOW * 1_000 + 0.5, NOW * 1_000 - 86_400_000, LATEST + 1, LATEST * 1_000]) {
			const claims = { exp: NOW + 60, [name]: value };
			const error = await expectRefusal(() => verifyTimes(claims, limits), "token/milliseconds");
			expect(error.message).toContain(`${name} is in milliseconds`);
			expect(error.details).toEqual({ claim: name, [name]: value });
		}
	});

	it.for<[string, ErrorCode]>([
		["exp", "token/lifetime"],
		["nbf", "token/not-yet-valid"],
		["iat", "token/issued-in-future"],
	])("reads %s as seconds until the year 9999", async ([name, code]) => {
		for (const value of [1e11, LATEST]) {
			await expectRefusal(() => verifyTimes({ exp: NOW + 60, [name]: value }, limits), code);
		}
	});

	it.for(["exp", "nbf", "iat"])("rejects %s in microseconds, negative or infinite as no time", async (name) => {
		for (const value of [NOW * 1e6, LATEST * 1_001, -1, -NOW * 1_000, Infinity, -Infinity, NaN, `${NOW * 1_000}`]) {
			const claims = { exp: NOW + 60, [name]: value };
			await expectRefusal(() => verifyTimes(claims, limits), "token/claim-invalid");
		}
	});

	it("accepts only tokens that are currently valid and not too long-lived", () => {
		const date = fc.option(fc.integer({ min: NOW - 200_000, max: NOW + 200_000 }), { nil: undefined });
		fc.assert(
			fc.property(date, date, date, (exp, nbf, iat) => {
				const claims = JSON.parse(JSON.stringify({ exp, nbf, iat })) as Record<string, number>;
				let answer: number;
				try {
					answer = verifyTimes(claims, limits);
				} catch {
					return;
				}
				expect(answer).toBe(exp);
				expect(answer).toBeGreaterThan(NOW - 30);
				expect(nbf ?? NOW).toBeLessThanOrEqual(NOW + 30);
				expect(iat ?? NOW).toBeLessThanOrEqual(NOW + 30);
				expect(answer - (iat ?? NOW)).toBeLessThanOrEqual(86_400);
			}),
			runs(1_000),
		);
	});
});

describe("assertAudience", () => {
	const audience = deepFreeze(["a", "b"]);

	it.each<[unknown]>([["a"], ["b"], [["a"]], [["x", "b"]], [["a", "a"]]])("accepts %j", (aud) => {
		expect(assertAudience(deepFreeze({ aud }), audience)).toBeUndefined();
	});

	it.each<[unknown, ErrorCode]>([
		[undefined, "token/claim-missing"],
		[null, "token/claim-invalid"],
		[[], "token/claim-invalid"],
		[["a", null], "token/claim-invalid"],
		[["c", "d", "e", "f"], "token/audience"],
		["c", "token/audience"],
		["", "token/audience"],
		["a b", "token/audience"],
	])("rejects %j with %s", async (aud, code) => {
		const { details } = await expectRefusal(() => assertAudience({ aud }, audience), code);
		expect(details).toEqual(code === "token/audience" ? {} : { claim: "aud" });
	});

	it("says what was expected and what arrived, but no more than three names", async () => {
		const { message } = await expectRefusal(
			() => assertAudience({ aud: ["c", "d", "e", "f"] }, audience),
			["token/audience"],
		);
		expect(message).toBe('expected aud "a" or "b", got ["c", "d", "e"]');
		const refused = await expectRefusal(() => assertAudience({ aud: "c" }, ["a"]), "token/audience");
		expect(refused.message).toBe('expected aud "a", got "c"');
	});

	it("matches an audience exactly", () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ minLength: 1 }), (aud, own) => {
				let isAccepted = true;
				try {
					assertAudience({ aud }, [own]);
				} catch {
					isAccepted = false;
				}
				expect(isAccepted).toBe(aud === own);
			}),
		);
	});
});

describe("kinds of token in which a claim is optional", () => {
	it("need no audience and no time, but accept none that isn't the verifier's", async () => {
		expect(assertOptionalAudience({}, [])).toBeUndefined();
		expect(assertOptionalAudience({ aud: "a" }, ["a"])).toBeUndefined();
		await expectRefusal(() => assertOptionalAudience({}, ["a"]), "token/claim-missing");
		for (const aud of ["a", [], null]) {
			const { message } = await expectRefusal(() => assertOptionalAudience({ aud }, []), "token/audience");
			expect(message).toContain(aud === "a" ? 'got "a"' : `got ${JSON.stringify(aud)}`);
		}
		expect(verifyOptionalTimes({}, limits)).toBeUndefined();
		expect(verifyOptionalTimes({ iat: NOW, nbf: NOW }, limits)).toBeUndefined();
		expect(verifyOptionalTimes({ exp: NOW }, limits)).toBe(NOW);
		await expectRefusal(() => verifyOptionalTimes({ nbf: NOW + 31 }, limits), "token/not-yet-valid");
		await expectRefusal(() => verifyOptionalTimes({ iat: NOW + 31 }, limits), "token/issued-in-future");
	});
});

describe("parseOptionalText", () => {
	it("returns the text, or undefined if the claim is absent", () => {
		expect(parseOptionalText({ jti: "x" }, "jti")).toBe("x");
		expect(parseOptionalText({}, "jti")).toBeUndefined();
	});

	it.each([null, 1, "", {}, ["x"], true])("rejects %j", async (jti) => {
		const { details } = await expectRefusal(() => parseOptionalText({ jti }, "jti"), "token/claim-invalid");
		expect(details).toEqual({ claim: "jti" });
	});
});

describe("parseAudience and parseWholeExp", () => {
	it("parse the claims whoever the audience is", () => {
		expect(parseAudience(deepFreeze({ aud: "a" }))).toEqual(["a"]);
		expect(parseAudience(deepFreeze({ aud: ["a", "b"] }))).toEqual(["a", "b"]);
		expect(parseWholeExp(deepFreeze({ exp: NOW }))).toBe(NOW);
	});

	it.each<[object, ErrorCode]>([
		[{}, "token/claim-missing"],
		[{ aud: [] }, "token/claim-invalid"],
		[{ aud: [1] }, "token/claim-invalid"],
		[{ aud: null }, "token/claim-invalid"],
	])("reject %j with %s", async (claims, code) => {
		await expectRefusal(() => parseAudience({ ...claims }), code);
	});

	it.each<[object, ErrorCode]>([
		[{}, "token/claim-missing"],
		[{ exp: NOW + 0.5 }, "token/claim-invalid"],
		[{ exp: `${NOW}` }, "token/claim-invalid"],
		[{ exp: NOW * 1_000 }, "token/milliseconds"],
		[{ exp: NOW * 1e6 }, "token/claim-invalid"],
		[{ exp: 0 }, "token/claim-invalid"],
	])("reject the exp of %j with %s", async (claims, code) => {
		const { details } = await expectRefusal(() => parseWholeExp({ ...claims }), code);
		expect(details).toMatchObject({ claim: "exp" });
	});
});

describe("toExpInSeconds", () => {
	it("converts milliseconds, and changes nothing else", () => {
		const claims = deepFreeze({ exp: NOW * 1_000 + 500, iat: NOW, scope: "a" });
		for (const _ of [1, 2]) {
			expect(toExpInSeconds(claims)).toEqual({ exp: NOW + 0.5, iat: NOW, scope: "a" });
		}
	});

	it.each([NOW, NOW + 0.5, 1e11, NOW * 1_000 + 0.5, 1e15, 1e300, Number.POSITIVE_INFINITY, "1", null, undefined])(
		"leaves an exp of %s unchanged",
		(exp) => {
			const claims = deepFreeze({ exp });
			expect(toExpInSeconds(claims)).toBe(claims);
		},
	);
});
