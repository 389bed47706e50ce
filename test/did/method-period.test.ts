import { describe, expect, it } from "vitest";
import {
	ALWAYS,
	assertInForce,
	intersect,
	isDeactivated,
	isInForce,
	type MethodPeriod,
	periodOfDocument,
	periodOfMethod,
	toMarks,
} from "../../src/did/method-period.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";

const [EARLY, LATE] = ["2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"];
const [early, late] = [1_893_456_000, 1_924_992_000];
const LATEST = 253_402_300_799;

function always(limits: Partial<MethodPeriod>): MethodPeriod {
	return { validFrom: -Infinity, validUntil: Infinity, revokedAt: Infinity, ...limits };
}

describe("periodOfMethod", () => {
	it.each<[object, Partial<MethodPeriod>]>([
		[{}, {}],
		[{ publicKeyJwk: "x" }, {}],
		[{ validFrom: EARLY }, { validFrom: early }],
		[{ validUntil: LATE, expires: EARLY, expirationDate: LATE }, { validUntil: early }],
		[{ expirationDate: EARLY, expires: LATE }, { validUntil: early }],
		[{ validUntil: EARLY }, { validUntil: early }],
		[{ revoked: EARLY }, { revokedAt: early }],
		[{ deactivated: EARLY, revoked: LATE }, { revokedAt: early }],
		[{ verificationMethodRevocation: { invalidityDate: EARLY } }, { revokedAt: early }],
		[{ validFrom: EARLY, publicKeyJwk: { nbf: late } }, { validFrom: late }],
		[{ validFrom: LATE, publicKeyJwk: { nbf: early } }, { validFrom: late }],
		[{ expires: LATE, publicKeyJwk: { exp: early } }, { validUntil: early }],
		[{ expires: EARLY, publicKeyJwk: { exp: late } }, { validUntil: early }],
		[{ publicKeyJwk: { revoked: { revoked_at: early } } }, { revokedAt: early }],
		[{ publicKeyJwk: { nbf: 0, exp: LATEST } }, { validFrom: 0, validUntil: LATEST }],
	])("reads the limits of %j", (method, limits) => {
		expect(periodOfMethod(deepFreeze(method))).toEqual(always(limits));
	});

	it.each<[object, Partial<MethodPeriod>]>([
		[{ validFrom: "soon" }, { validFrom: Infinity }],
		[{ validUntil: null }, { validUntil: 0 }],
		[{ expires: 1_893_456_000 }, { validUntil: 0 }],
		[{ revoked: true }, { revokedAt: 0 }],
		[{ deactivated: false }, { revokedAt: 0 }],
		[{ verificationMethodRevocation: null }, { revokedAt: 0 }],
		[{ verificationMethodRevocation: {} }, { revokedAt: 0 }],
		[{ verificationMethodRevocation: { invalidityDate: "never" } }, { revokedAt: 0 }],
		[{ publicKeyJwk: { revoked: {} } }, { revokedAt: 0 }],
		[{ publicKeyJwk: { nbf: EARLY } }, { validFrom: Infinity }],
		[{ publicKeyJwk: { nbf: -1 } }, { validFrom: Infinity }],
		[{ publicKeyJwk: { nbf: LATEST + 1 } }, { validFrom: Infinity }],
		[{ publicKeyJwk: { exp: -1 } }, { validUntil: 0 }],
		[{ publicKeyJwk: { exp: LATEST + 1 } }, { validUntil: 0 }],
		[{ publicKeyJwk: { exp: null } }, { validUntil: 0 }],
	])("reads the invalid limit of %j as the strictest", (method, limits) => {
		expect(periodOfMethod(method)).toEqual(always(limits));
	});
});

it("the limits of a document are those of its own members", () => {
	const document = deepFreeze({ validFrom: EARLY, expires: LATE, revoked: LATE, deactivated: true });
	expect(periodOfDocument(document)).toEqual({ validFrom: early, validUntil: late, revokedAt: late });
	expect(periodOfDocument({ publicKeyJwk: { exp: early } })).toEqual(ALWAYS);
});

it("a document is deactivated if it says so in any way", () => {
	for (const deactivated of [true, false, null, "", EARLY]) expect(isDeactivated({ deactivated })).toBe(true);
	for (const document of [{}, { deactivated: undefined }, { revoked: EARLY }])
		expect(isDeactivated(document)).toBe(false);
});

describe("intersect", () => {
	it("returns the stricter of each limit", () => {
		const [a, b] = [always({ validFrom: 1, validUntil: 9 }), always({ validFrom: 2, validUntil: 8, revokedAt: 7 })];
		const both = { validFrom: 2, validUntil: 8, revokedAt: 7 };
		for (const period of [intersect(a, b), intersect(b, a), intersect(b, ALWAYS)]) expect(period).toEqual(both);
		for (const one of [{ validFrom: 1 }, { validUntil: 1 }, { revokedAt: 1 }]) {
			expect(intersect(always(one), ALWAYS)).toEqual(always(one));
		}
	});

	it("keeps no object for each key that has no limits", () => {
		expect(intersect(always({}), always({}))).toBe(ALWAYS);
		expect(ALWAYS).toEqual(always({}));
		expect(Object.isFrozen(ALWAYS)).toBe(true);
	});
});

describe("a period from 100 to 200", () => {
	it.each([
		[99, false],
		[100, true],
		[199.5, true],
		[200, false],
	])("at %d: %s", (now, expected) => {
		expect(isInForce(always({ validFrom: 100, validUntil: 200 }), now)).toBe(expected);
		expect(isInForce(always({ validFrom: 100, revokedAt: 200 }), now)).toBe(expected);
	});

	it.each([
		["from the clock's tolerance before it", { validFrom: 100 }, 70],
		["until the clock's tolerance after it", { validUntil: 100 }, 129],
		["until it is revoked", { revokedAt: 100 }, 99],
	])("allows a key to be used %s", (_what, limits, now) => {
		expect(assertInForce(always(limits), "did:x#k", now, 30)).toBeUndefined();
	});

	it.each([
		["before that", { validFrom: 100 }, 69, "did/key-not-yet-valid", "1970-01-01T00:01:40.000Z"],
		["without a valid beginning", { validFrom: Infinity }, 0, "did/key-not-yet-valid", "9999-12-31T23:59:59Z"],
		["after that", { validUntil: 100 }, 130, "did/key-expired", "1970-01-01T00:01:40.000Z"],
		["without a valid end", { validUntil: 0 }, 200, "did/key-expired", "1970-01-01T00:00:00Z"],
		["once it is revoked, without tolerance", { revokedAt: 100 }, 100, "did/key-revoked", "did:x#k"],
	] as const)("refuses a key %s", async (_what, limits, now, code, text) => {
		const { message } = await expectRefusal(() => assertInForce(always(limits), "did:x#k", now, 30), code);
		for (const part of ["did:x#k", text]) expect(message).toContain(part);
	});
});

describe("toMarks", () => {
	it.each<[Partial<MethodPeriod>, object]>([
		[{}, {}],
		[{ validFrom: early }, { validFrom: "2030-01-01T00:00:00.000Z" }],
		[{ validUntil: early }, { expires: "2030-01-01T00:00:00.000Z" }],
		[{ revokedAt: early }, { revoked: "2030-01-01T00:00:00.000Z" }],
		[{ validFrom: Infinity }, { validFrom: "9999-12-31T23:59:59Z" }],
		[
			{ validUntil: 0, revokedAt: 0 },
			{ expires: "1970-01-01T00:00:00Z", revoked: "1970-01-01T00:00:00Z" },
		],
	])("writes %j as %j, with no other member", (limits, marks) => {
		expect(toMarks(always(limits))).toStrictEqual(marks);
	});

	it("writes what periodOfMethod reads", () => {
		for (const limits of [
			{},
			{ validFrom: early, validUntil: late, revokedAt: late },
			{ validUntil: 0, revokedAt: 0 },
		]) {
			expect(periodOfMethod(toMarks(always(limits)))).toEqual(always(limits));
		}
	});
});
