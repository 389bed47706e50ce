import { describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { clockOffset } from "../../src/tokens/server-date.ts";
import { createMinter } from "../support/minters.ts";
import { expectRefusal } from "../support/refusal.ts";
import { APP_ID, CURVE_KEY, RSA_KEYS } from "../support/token-kinds.ts";

/** RFC 9110 5.6.7's own example. */
const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const SECONDS = 784_111_777;

describe("clockOffset", () => {
	it.each<[string, number, number]>([
		["equal clocks", SECONDS, 0],
		["our clock at the end of that second", SECONDS + 0.99, 0],
		["our clock a minute slow", SECONDS - 60, 60.5],
		["our clock a minute fast", SECONDS + 60, -59.5],
		["our clock hours slow", SECONDS - 7_200, 7_200.5],
		["our clock nearly a day slow", SECONDS - 86_399, 86_399.5],
		["our clock nearly a day fast", SECONDS + 86_400, -86_399.5],
		["our clock a second slow", SECONDS - 0.5, 1],
		["our clock less than a second slow", SECONDS - 0.25, 0],
		["our clock exactly a day slow", SECONDS - 86_399.5, 86_400],
		["our clock exactly a day fast", SECONDS + 86_400.5, -86_400],
	])("returns the correction for %s", (_what, now, offset) => {
		expect(clockOffset(DATE, now)).toBe(offset);
	});

	it.each<[string, number]>([
		["slow", SECONDS - 86_401],
		["fast", SECONDS + 86_402],
		["years off", 0],
	])("refuses to correct a clock that is more than a day %s", async (_what, now) => {
		const error = await expectRefusal(() => clockOffset(DATE, now), "config/invalid-option");
		expect(error.details).toEqual({ option: "serverDate" });
		expect(error.message).toMatch(/got -?(?:24|217808) hours: set the clock$/);
	});

	it("says what was given instead of a date", async () => {
		const { message } = await expectRefusal(() => clockOffset("now", SECONDS), "config/invalid-option");
		expect(message).toMatch(/, got "now"$/);
	});

	it.each([
		"now",
		"784111777",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
		"1994-11-06T08:49:37Z",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 +0000",
		"sun, 06 nov 1994 08:49:37 gmt",
		" Sun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMT\n",
		"Sun, 06 Nov 1994 25:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 32 Nov 1994 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Tue, 29 Feb 1994 08:49:37 GMT",
		"Mon, 06 Nov 1994 08:49:37 GMT",
		"Sun, ٠6 Nov 1994 08:49:37 GMT",
		"x".repeat(100_000),
	])("rejects %j", async (text) => {
		await expectRefusal(() => clockOffset(text, SECONDS), "config/invalid-option");
	});
});

describe("serverDate", () => {
	const kinds = [
		{ profile: "github-app", key: RSA_KEYS.privateKey, issuer: 7 },
		{ profile: "icr-app", key: RSA_KEYS.privateKey, issuer: 7 },
		{ profile: "vonage", key: RSA_KEYS.privateKey, applicationId: APP_ID },
		{ profile: "ioctl", key: CURVE_KEY },
		{ profile: "orgid", key: CURVE_KEY, issuer: `did:orgid:100:0x${"0a".repeat(32)}#a`, audience: "a" },
	] as const;

	it.each(kinds)("sets the times of $profile tokens by the server's clock", async (options) => {
		const now = (): number => SECONDS - 3_600;
		const plain = decodeToken(await createMinter({ ...options, now: () => SECONDS }).mint()).claims;
		const { iat, exp } = decodeToken(await createMinter({ ...options, now, serverDate: DATE }).mint()).claims;
		expect([iat, exp]).toEqual([plain["iat"], plain["exp"]]);
	});

	it.each(kinds)("is rejected immediately by a $profile minter if invalid", async (options) => {
		for (const serverDate of ["", "yesterday", 7 as never, new Date(0) as never]) {
			await expectRefusal(() => createMinter({ ...options, serverDate }), "config/invalid-option");
		}
		const stale = { ...options, serverDate: DATE };
		await expectRefusal(() => createMinter(stale), "config/invalid-option");
	});

	it("is read once: the minter's clock continues from there, and token() renews by it", async () => {
		let now = SECONDS - 3_600;
		const minter = createIoctlMinter({ key: CURVE_KEY, now: () => now, serverDate: DATE });
		const first = await minter.token();
		expect(decodeToken(first).claims["iat"]).toBe(SECONDS);
		now += 2_000;
		expect(await minter.token()).toBe(first);
		now += 1_000;
		expect(decodeToken(await minter.token()).claims["iat"]).toBe(SECONDS + 3_000);
	});

	it("is rejected with a clock that returns NaN", async () => {
		const options = { profile: "ioctl", key: CURVE_KEY, now: () => Number.NaN, serverDate: DATE } as const;
		await expectRefusal(() => createMinter(options), "config/invalid-option");
	});
});
