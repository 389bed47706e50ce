import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScopes, toScopes } from "../../src/jws/scope.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";

/** Scopes as RFC 6749 3.3 has them; a text that begins with [ is JSON. */
const scope = fc
	.string({
		unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
		minLength: 1,
	})
	.filter((one) => !/["\\]/.test(one));
const scopes = fc.uniqueArray(scope, { maxLength: 6 });

describe("parseScopes", () => {
	it("parses all three formats", () => {
		fc.assert(
			fc.property(scopes, (wanted) => {
				expect(parseScopes({ scope: wanted })).toEqual(wanted);
				expect(parseScopes({ scope: JSON.stringify(wanted) })).toEqual(wanted);
				if (wanted[0]?.startsWith("[")) return;
				expect(parseScopes({ scope: wanted.join(" ") })).toEqual(wanted);
			}),
		);
	});

	it("any value it accepts parses as a set of unique scopes", () => {
		const anything = fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue());
		fc.assert(
			fc.property(anything, (value) => {
				let accepted: readonly string[];
				try {
					accepted = parseScopes({ scope: value });
				} catch {
					return;
				}
				expect(new Set(accepted).size).toBe(accepted.length);
				expect(parseScopes({ scope: accepted })).toEqual(accepted);
				for (const one of accepted) expect(one).toMatch(/^[!#-[\]-~]+$/);
			}),
			runs(1_000),
		);
	});

	it("returns a frozen array and doesn't modify the claims", () => {
		const claims = deepFreeze({ scope: ["b", "a", "b"] });
		for (const result of [parseScopes(claims), parseScopes(claims), parseScopes({})]) {
			expect(Object.isFrozen(result)).toBe(true);
		}
		expect(parseScopes(claims)).toEqual(["b", "a"]);
		expect(parseScopes({})).toEqual([]);
	});

	it.each([null, 1, {}, [1], '["a",1]', '[["a"]]', '["a"', "a\tb", 'a"', "a\u007f", "\u00e9"])(
		"rejects %j",
		async (value) => {
			const { details } = await expectRefusal(() => parseScopes({ scope: value }), "token/claim-invalid");
			expect(details).toEqual({ claim: "scope" });
		},
	);
});

describe("toScopes", () => {
	it("parses a caller's scopes the same way", () => {
		expect(toScopes("a b a")).toEqual(["a", "b"]);
		expect(toScopes(deepFreeze(["a", "b"]))).toEqual(["a", "b"]);
	});

	it("rejects others as an invalid option", async () => {
		const { details, cause } = await expectRefusal(() => toScopes("a\tb"), "config/invalid-option");
		expect(details).toEqual({ option: "scope" });
		expect(cause).toMatchObject({ code: "token/claim-invalid" });
	});
});
