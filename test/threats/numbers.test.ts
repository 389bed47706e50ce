import { describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { ACCOUNT_KINDS, type AccountKind, AUDIENCE, DID, forgeAccountToken } from "../support/account-stage.ts";
import { forgeToken, toSegment } from "../support/forge-token.ts";
import { createMinter } from "../support/minters.ts";
import { expectRefusal } from "../support/refusal.ts";
import {
	APP_ID,
	CURVE_KEY,
	claimsOf,
	headerOf,
	KINDS,
	type Kind,
	RSA_KEYS,
	RSA_KINDS,
	verifierOfKinds,
} from "../support/token-kinds.ts";

/** Numbers that JavaScript would round, as JSON. */
const ROUNDED = [
	"9007199254740993",
	"-9007199254740993",
	"9007199254740992",
	"9007199254740992.0",
	"1147953659032899584",
	"1147953659032899585",
	"1e16",
	"1E+300",
	"1e400",
	"-1e400",
	"1e-400",
	`0.${"0".repeat(400)}1`,
	`1${"0".repeat(400)}`,
];

/** Numbers that JavaScript reads as they are, or as the closest fraction. */
const EXACT = ["9007199254740991", "-9007199254740991", "1e15", "0.1", "0e400", "-0", "0.0000000000000000", "1.50"];

/** Claims in which `NUMBER` stands at one place, and the path of that place. */
const PLACES: readonly [claim: string, path: string, value: unknown][] = [
	["tenant", "tenant", "NUMBER"],
	["user", "user.id", { name: "a", id: "NUMBER" }],
	["user", "user.ids", { ids: [1, "NUMBER"] }],
	["list", "list.deep", [[{ deep: { "": "NUMBER" } }]]],
	["exp", "exp", "NUMBER"],
	["iat", "iat", "NUMBER"],
	["nbf", "nbf", "NUMBER"],
	["iss", "iss", "NUMBER"],
];

function forge(kind: Kind, payload: string): Promise<string> {
	if ((ACCOUNT_KINDS as readonly Kind[]).includes(kind)) return forgeAccountToken(kind as AccountKind, { payload });
	const isRsa = (RSA_KINDS as readonly Kind[]).includes(kind);
	return forgeToken({ header: headerOf(kind), payload, key: isRsa ? RSA_KEYS.privateKey : CURVE_KEY });
}

function textOf(kind: Kind, claim: string, value: unknown, number: string): string {
	return JSON.stringify(claimsOf(kind, { [claim]: value })).replace('"NUMBER"', number);
}

describe("T76: a number that JavaScript would round", () => {
	it.for(KINDS)("T76: %s: is rejected wherever it is, and its claim is named", async (kind) => {
		for (const [claim, path, value] of PLACES) {
			for (const number of ["1147953659032899584", "1e400", "1e-400"]) {
				const token = await forge(kind, textOf(kind, claim, value, number));
				const { message, details } = await expectRefusal(() => verifierOfKinds([kind]).verify(token), "token/number");
				expect(details).toEqual({ claim });
				expect(message).toContain(`"${path}"`);
			}
		}
	});

	it.for(ROUNDED)("T76: %s is rejected in a claim and in a header", async (number) => {
		const text = toSegment(`{"a":{"b":${number}}}`);
		expect((await expectRefusal(() => decodeToken(`e30.${text}.`), "token/number")).details).toEqual({ claim: "a" });
		const inHeader = await expectRefusal(() => decodeToken(`${text}.e30.`), "token/number");
		expect(inHeader.details).toEqual({ parameter: "a" });
	});

	it.for(EXACT)("T76: %s is read as it is", (number) => {
		expect(decodeToken(`e30.${toSegment(`{"a":${number}}`)}.`).claims["a"]).toBe(Number(number));
	});

	it("T76: digits in text and in names aren't numbers", () => {
		const text = '{"9007199254740993":"9007199254740993","a":"\\"1e400"}';
		expect(decodeToken(`e30.${toSegment(text)}.`).claims).toEqual(JSON.parse(text));
	});
});

class Account {
	id = 1;
}

/** What `JSON.stringify` drops or changes. */
const NOT_JSON: readonly [what: string, value: unknown][] = [
	["NaN", Number.NaN],
	["Infinity", Number.POSITIVE_INFINITY],
	["-Infinity", Number.NEGATIVE_INFINITY],
	["a number above 2^53 - 1", 2 ** 53],
	["a bigint", 1n],
	["undefined", undefined],
	["a function", () => 1],
	["a symbol", Symbol("a")],
	["a Map", new Map([["a", 1]])],
	["a Set", new Set([1])],
	["a Date", new Date(0)],
	["a URL", new URL("https://hotel.example")],
	["bytes", Uint8Array.of(1)],
	["a regular expression", /a/],
	["an error", new Error("a")],
	["an object of a class", new Account()],
	["a boxed number", Object(1)],
	["an object with toJSON", { toJSON: () => 1 }],
	["an object with a symbol", { [Symbol("a")]: 1 }],
	["an object with a hidden member", Object.defineProperty({}, "a", { value: 1 })],
	["an array with a hole", new Array(1)],
	["an array with a named member", Object.assign([1], { a: 1 })],
	["a lone surrogate", "\ud800"],
];

const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);

describe("T76: a claim that JSON would drop or change", () => {
	const key = CURVE_KEY;
	const orgId = { key, issuer: `${DID}#webserver`, audience: AUDIENCE };
	const minters = [
		createMinter({ profile: "orgid", ...orgId }),
		createMinter({ profile: "orgid-eth", ...orgId, issuer: DID }),
		createMinter({ profile: "github-app", key: RSA_KEYS.privateKey, issuer: APP_ID }),
		createMinter({ profile: "icr-app", key: RSA_KEYS.privateKey, issuer: APP_ID }),
		createMinter({ profile: "vonage", key: RSA_KEYS.privateKey, applicationId: APP_ID }),
	] as const;

	it.for([...NOT_JSON, ["a cycle", CYCLE] as const])("T76: %s isn't minted, at any depth", async ([, value]) => {
		for (const minter of minters) {
			for (const [claims, option] of [
				[{ x: value }, "claims.x"],
				[{ x: { y: [0, value] } }, "claims.x.y.1"],
			] as const) {
				const { details } = await expectRefusal(() => minter.mint({ claims }), "config/invalid-option");
				expect(details["option"]).toContain(option);
			}
		}
	});

	it("T76: is rejected by signToken, in claims and in headers", async () => {
		const { privateKey: signer } = await generateKeyPair();
		const header = { alg: "ES256K" };
		for (const [, value] of NOT_JSON) {
			await expectRefusal(() => signToken({ header, claims: { a: [value] }, signer }), "config/invalid-option");
			await expectRefusal(
				() => signToken({ header: { ...header, a: value }, claims: {}, signer }),
				["config/invalid-option"],
			);
		}
	});

	it("T76: JSON values of any form are minted as they are", async () => {
		const x = Object.assign(Object.create(null), { a: [1, [null, true], { b: "ä" }], n: -0.5, max: 2 ** 53 - 1 });
		for (const minter of minters) {
			expect(decodeToken(await minter.mint({ claims: { x } })).claims["x"]).toEqual({ ...x });
		}
	});
});
