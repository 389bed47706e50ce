import { expect, it, vi } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { encodeClaims } from "../../src/jws/encode-claims.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { toSegment } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";

const own = (json: string) => JSON.parse(json) as Record<string, unknown>;

it.each([
	{},
	{ sub: "", iss: "größe", jti: "\u{1F511}" },
	{ exp: Number.MAX_SAFE_INTEGER, nbf: -Number.MAX_SAFE_INTEGER, iat: 0.5 },
	{ yes: true, no: false, nothing: null },
	{ toJSON: "a name like any other" },
])("encodes %j without parsing it again", (claims) => {
	const parse = vi.spyOn(JSON, "parse");
	try {
		expect(encodeClaims(deepFreeze(claims))).toBe(JSON.stringify(claims));
		expect(parse).not.toHaveBeenCalled();
	} finally {
		parse.mockRestore();
	}
});

it.each([
	{ scope: ["a", "b"], act: { sub: "x", list: [[], {}] } },
	{ 'a"b': "c\\d", "\n": 1 },
	{ constructors: 1, x: "constructor" },
])("encodes %j so that decoders read the same", (claims) => {
	const text = encodeClaims(deepFreeze(claims));
	expect(decodeToken(`e30.${toSegment(text)}.`).claims).toEqual(claims);
});

it.each<[string, Record<string, unknown>, string]>([
	["undefined", { x: undefined }, "claims.x"],
	["NaN", { x: Number.NaN }, "claims.x"],
	["a number that is rounded", { x: 2 ** 53 }, "claims.x"],
	["a negative number that is rounded", { x: -(2 ** 53) }, "claims.x"],
	["a BigInt", { x: 1n }, "claims.x"],
	["a date", { x: [new Date(0)] }, "claims.x.0"],
	["a function", { x: () => 1 }, "claims.x"],
	["a lone surrogate", { x: "\ud800" }, "claims.x"],
])("refuses %s, and says where", async (_what, claims, option) => {
	const { details } = await expectRefusal(() => encodeClaims(claims), "config/invalid-option");
	expect(details).toEqual({ option });
});

it.each([
	["__proto__", own('{"__proto__":1}')],
	["constructor", own('{"constructor":1}')],
	["constructor in an object", { a: own('{"constructor":1}') }],
	["a lone surrogate", { "\ud800": 1 }],
])("refuses the name %s, which decoders refuse", async (_what, claims) => {
	await expectRefusal(() => encodeClaims(claims), "token/malformed");
});

it("refuses a number of a getter that was another one when it was checked", async () => {
	let reads = 0;
	const act = {
		get sub(): number {
			return reads++ === 0 ? 1 : 2 ** 53;
		},
	};
	const { details } = await expectRefusal(() => encodeClaims({ act }), "token/number");
	expect(details).toEqual({ claim: "act" });
});
