import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type DidUrl,
	formatDidUrl,
	isFragment,
	isOrgId,
	type OrgId,
	parseDidUrl,
	toCanonicalDidUrl,
} from "../../src/did/did-url.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";

const ID: OrgId = `0x${"0a".repeat(32)}`;
const WORD = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

const chainId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const orgId = fc
	.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 })
	.map((digits): OrgId => `0x${digits}`);
const fragment = fc.string({ unit: fc.constantFrom(...WORD), minLength: 1, maxLength: 64 });
const didUrl = fc
	.record({ chainId, orgId, fragment }, { requiredKeys: ["orgId"] })
	.map((parts): DidUrl => ({ ...parts }));

/** Texts that are nearly DID URLs. */
const nearly = fc
	.tuple(didUrl.map(formatDidUrl), fc.nat(), fc.constantFrom(...WORD, "#", ":", "%", ".", "\n", " ", ""), fc.boolean())
	.map(([text, at, insert, isReplaced]) => {
		const place = at % (text.length + 1);
		return `${text.slice(0, place)}${insert}${text.slice(place + (isReplaced ? 1 : 0))}`;
	});

describe("T33: parseDidUrl and formatDidUrl", () => {
	it("T33: parseDidUrl(formatDidUrl(x)) = x", () => {
		fc.assert(
			fc.property(didUrl, (parts) => {
				expect(parseDidUrl(formatDidUrl(parts))).toEqual(parts);
			}),
			runs(1_000),
		);
	});

	it("T33: any text that parses is formatted back to itself", () => {
		let accepted = 0;
		fc.assert(
			fc.property(fc.oneof(nearly, fc.string()), (text) => {
				let parts: DidUrl;
				try {
					parts = parseDidUrl(text);
				} catch {
					return;
				}
				accepted += 1;
				expect(formatDidUrl(parts)).toBe(text);
				expect(text).toMatch(/^did:orgid:([1-9]\d{0,15}:)?0x[\da-f]{64}(#[\w-]{1,64})?$/);
			}),
			runs(5_000),
		);
		expect(accepted).toBeGreaterThan(50);
	});

	it("returns frozen parts, without absent members", () => {
		const parts = parseDidUrl(`did:orgid:${ID}`);
		expect(Object.keys(parts)).toEqual(["orgId"]);
		for (const text of [`did:orgid:${ID}`, `did:orgid:1:${ID}`, `did:orgid:${ID}#k`, `did:orgid:1:${ID}#k`]) {
			expect(Object.isFrozen(parseDidUrl(text))).toBe(true);
		}
	});

	it("accepts the largest chain id and the longest fragment", () => {
		const text = `did:orgid:9007199254740991:${ID}#${"k".repeat(64)}`;
		expect(parseDidUrl(text)).toMatchObject({ chainId: 9_007_199_254_740_991, fragment: "k".repeat(64) });
		for (const chain of ["9007199254740992", "9999999999999999", "10000000000000000", "99999999999999999"]) {
			expect(() => parseDidUrl(`did:orgid:${chain}:${ID}`)).toThrow();
		}
	});

	it.each([undefined, null, 1, {}, [`did:orgid:1:${ID}`], Symbol("x"), new String(`did:orgid:1:${ID}`)])(
		"rejects a value that isn't a string: %s",
		async (value) => {
			await expectRefusal(() => parseDidUrl(value), "did/syntax");
		},
	);

	it.each([
		"",
		"did:orgid:",
		"did:orgid:1:",
		"did:orgid:1",
		"did:orgid:x",
		"did:orgid:0x",
		"did:orgid:1:0",
		"did:orgid:1x",
		`did:orgid::${ID}`,
		`:${ID}`,
		ID,
	])("rejects %j, which is incomplete", async (text) => {
		await expectRefusal(() => parseDidUrl(text), "did/syntax");
	});
});

describe("toCanonicalDidUrl", () => {
	it("uses the DID's own chain, or else the default", () => {
		const short = deepFreeze({ orgId: ID, fragment: "k" });
		const expected = { orgId: ID, fragment: "k", chainId: 100, did: `did:orgid:100:${ID}` };
		expect(toCanonicalDidUrl(short, 100)).toEqual(expected);
		expect(toCanonicalDidUrl(deepFreeze({ ...short, chainId: 100 }), 5)).toEqual(expected);
		expect(Object.isFrozen(toCanonicalDidUrl(short, 100))).toBe(true);
	});

	it("rejects a DID without a chain if there is no default", async () => {
		await expectRefusal(() => toCanonicalDidUrl({ orgId: ID }), "did/chain-missing");
	});
});

describe("isFragment", () => {
	it("accepts only 1 to 64 characters of 0-9 A-Z a-z _ -", () => {
		fc.assert(
			fc.property(fc.oneof(fragment, fc.string({ maxLength: 70 })), (text) => {
				expect(isFragment(text)).toBe(/^[0-9A-Za-z_-]{1,64}$/.test(text) && !text.endsWith("\n"));
			}),
		);
	});

	it("accepts up to 64 characters", () => {
		expect(["", "k", "k".repeat(64), "k".repeat(65)].map(isFragment)).toEqual([false, true, true, false]);
	});

	it.each([undefined, null, 1, ["k"], new String("k")])("%s isn't one, because it isn't text", (value) => {
		expect(isFragment(value as string)).toBe(false);
	});

	it("classifies every Latin-1 character", () => {
		for (let code = 0; code < 256; code++) {
			const character = String.fromCharCode(code);
			expect(isFragment(character), String(code)).toBe(WORD.includes(character));
		}
	});
});

describe("isOrgId", () => {
	it.each<[unknown, boolean]>([
		[ID, true],
		[`0x${"f9".repeat(32)}`, true],
		[ID.toUpperCase().replace("0X", "0x"), false],
		[ID.replace("0x", "0X"), false],
		[ID.slice(0, -1), false],
		[`${ID}0`, false],
		["0a".repeat(33), false],
		[`0x${"0g".repeat(32)}`, false],
		["", false],
		[undefined, false],
		[null, false],
		[[..."0x", ...ID.slice(2)], false],
		[new String(ID), false],
	])("%j: %s", (value, expected) => {
		expect(isOrgId(value)).toBe(expected);
	});
});
