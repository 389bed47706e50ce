import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies.ts";
import { parseDidUrl } from "../../src/did/did-url.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { parseScopes } from "../../src/jws/scope.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/tokens/orgid/orgid.ts";
import { expectLinear } from "../support/duration.ts";
import { toSegment } from "../support/forge-token.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const MEGABYTE = 1_000_000;

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});
afterEach(() => vi.restoreAllMocks());

describe("T12: size", () => {
	it.each<[string, () => string]>([
		["one byte more than the limit", () => "a".repeat(8_193)],
		["1 MB", () => "a".repeat(MEGABYTE)],
		["16 MB", () => "a".repeat(16 * MEGABYTE)],
		["1 MB of dots", () => ".".repeat(MEGABYTE)],
		["a megabyte of payload", () => `${toSegment({ alg: "ES256K" })}.${"A".repeat(MEGABYTE)}.AAAA`],
	])("T12: %s is refused before JSON.parse is called", async (_what, make) => {
		const parse = vi.spyOn(JSON, "parse");
		await stage.refuse(make(), "token/too-large", 0);
		expect(parse).not.toHaveBeenCalled();
	});

	it("T12: 8192 dots are refused before JSON.parse is called", async () => {
		const parse = vi.spyOn(JSON, "parse");
		await stage.refuse(".".repeat(8_192), "token/malformed", 0);
		expect(parse).not.toHaveBeenCalled();
	});

	it("T12: the limit itself is accepted, one byte more is not, also where the limit is another", async () => {
		const shortest = await stage.forge({ payload: stage.claims({ pad: "" }) });
		const token = await stage.forge({
			payload: stage.claims({ pad: "x".repeat(Math.floor(((8_192 - shortest.length) * 3) / 4)) }),
		});
		expect(token.length).toBeGreaterThan(8_188);
		expect((await stage.verify(token)).issuer).toBe(stage.sender.did);
		const exact = stage.verifierWith({ maxTokenBytes: token.length });
		expect((await exact.verify(token)).issuer).toBe(stage.sender.did);
		const less = stage.verifierWith({ maxTokenBytes: token.length - 1 });
		await expectRefusal(() => less.verify(token), "token/too-large");
	});

	it.each<[string, number, (size: number) => string]>([
		["dots", 4 * MEGABYTE, (size) => ".".repeat(size)],
		["letters", 4 * MEGABYTE, (size) => "a".repeat(size)],
		["three parts of junk", 400_000, (size) => `${"A".repeat(size)}.${"A".repeat(size)}.${"A".repeat(size)}`],
		[
			"members",
			100_000,
			(size) => `${toSegment(`{${Array.from({ length: size / 10 }, (_, i) => `"${i}":1`)}}`)}.e30.`,
		],
		[
			"escaped names",
			100_000,
			(size) => `${toSegment(`{${Array.from({ length: size / 20 }, (_, i) => `"\\u0061${i}":1`)}}`)}.e30.`,
		],
		["backslashes", 400_000, (size) => `${toSegment(`{"a":"${"\\\\".repeat(size)}"}`)}.e30.`],
		["open brackets", 400_000, (size) => `${toSegment("[".repeat(size))}.e30.`],
		["spaces", 400_000, (size) => `${toSegment(`{${" ".repeat(size)}}`)}.e30.`],
	])(
		"T12: %s twice as long take at most three times as long, with the limit raised",
		async (_what, size, make) => {
			await expectLinear(make, size, (token) => {
				try {
					decodeToken(token, 1e9);
				} catch {}
			});
		},
	);

	it("T12: the whole verifier refuses megabytes in linear time, with the limit raised", async () => {
		const verifier = stage.verifierWith({ maxTokenBytes: 1e9 });
		await expectLinear(
			(size) => stage.forge({ payload: stage.claims({ iss: "x".repeat(size) }) }),
			200_000,
			(token) => refusalOf(() => verifier.verify(token)),
		);
	});
});

describe("T13: no input makes a check slow", () => {
	const id = `0x${"0a".repeat(32)}`;
	it.each<[string, (size: number) => string]>([
		["hex and then !", (size) => `did:orgid:1:0x${"a".repeat(size)}!`],
		["ids", (size) => `did:orgid:1:${id.repeat(size / 64)}!`],
		["digits of a chain", (size) => `did:orgid:${"1".repeat(size)}:${id}`],
		["colons", (size) => `did:orgid:${":".repeat(size)}${id}`],
		["a fragment", (size) => `did:orgid:1:${id}#${"k".repeat(size)}!`],
		["fragments", (size) => `did:orgid:1:${id}${"#k".repeat(size)}`],
		["prefixes", (size) => "did:orgid:".repeat(size / 10)],
	])("T13: a DID of %s", async (_what, make) => {
		await refusalOf(() => parseDidUrl(make(60_000)));
		await expectLinear(make, MEGABYTE, (text) => refusalOf(() => parseDidUrl(text)));
	});

	it.each<[string, (size: number) => unknown]>([
		["words", (size) => "a ".repeat(size)],
		["spaces", (size) => " ".repeat(size)],
		["one letter", (size) => "a".repeat(size)],
		["brackets", (size) => "[".repeat(size)],
		["commas", (size) => `["a"${',"a"'.repeat(size)}]`],
		["an array", (size) => Array.from({ length: size }, (_, i) => `s${i}`)],
		["an array of one scope", (size) => Array.from({ length: size }, () => "a")],
	])("T13: a scope of %s", async (_what, make) => {
		await expectLinear(make, 100_000, (scope) => {
			try {
				parseScopes({ scope });
			} catch {}
		});
	});

	it.each<[string, (size: number) => string]>([
		["spaces", (size) => `Bearer ${" ".repeat(size)}`],
		["commas", (size) => `Bearer ${"a,".repeat(size)}`],
		["a scheme", (size) => "b".repeat(size)],
		["dots", (size) => `Bearer ${".".repeat(size)}`],
	])("T13: an Authorization header of %s", async (_what, make) => {
		const bearer = createBearer({ verifier: stage.verifier });
		await expectLinear(make, MEGABYTE, bearer);
	});

	it("T13: a regular expression is no option's value", async () => {
		const { resolver, receiver } = stage;
		for (const audience of [/did/, /did/g, [/did/y]]) {
			const options = { audience, resolver } as unknown as OrgIdProfileOptions;
			await expectRefusal(() => orgid(options), "config/invalid-option");
		}
		const profiles = [orgid({ audience: receiver.did, resolver })];
		const options = { profiles, policies: [/a/] } as unknown as VerifierOptions;
		await expectRefusal(() => createVerifier(options), "config/invalid-option");
		await expectRefusal(() => requireScope(/a/ as never), ["token/claim-invalid", "config/invalid-option"]);
	});
});

describe("T14: depth", () => {
	const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
	it.each([33, 100, 2_900])(
		"T14: %i arrays in each other are refused, within the size limit",
		async (depth) => {
			const inPayload = await stage.forge({ payload: `{"x":${nested(depth)}}` });
			const inHeader = await stage.forge({ header: `{"alg":"ES256K","x":${nested(depth)}}`, payload: {} });
			for (const token of [inPayload, inHeader]) {
				expect(token.length).toBeLessThan(8_192);
				await stage.refuse(token, "token/malformed", 0);
			}
		},
	);

	it.each([3_000, 200_000, 2_000_000])("T14: %i arrays or objects are no stack overflow", async (depth) => {
		const verifier = stage.verifierWith({ maxTokenBytes: 1e9 });
		for (const text of [nested(depth), '{"a":'.repeat(depth), "[".repeat(depth)]) {
			const token = `${toSegment(stage.header())}.${toSegment(text)}.AAAA`;
			await expectRefusal(() => verifier.verify(token), "token/malformed");
		}
	});

	it("T14: scopes as JSON text may not be nested", async () => {
		const token = await stage.forge({ payload: stage.claims({ scope: nested(2_000) }) });
		await stage.refuse(token, "token/claim-invalid", 0);
	});
});

describe("T15: prototypes", () => {
	const texts = [
		'"__proto__":{"admin":true}',
		'"\\u005f_proto__":{"admin":true}',
		'"constructor":{"prototype":{"admin":true}}',
		'"x":{"__proto__":{"admin":true}}',
		'"x":[{"constructor":{"prototype":{"admin":true}}}]',
	];
	it.each(texts)("T15: %s in header or claims is refused", async (text) => {
		const header = `{${text},${JSON.stringify(stage.header()).slice(1)}`;
		const payload = `{${text},${JSON.stringify(stage.claims()).slice(1)}`;
		await stage.refuse(await stage.forge({ header }), "token/malformed", 0);
		await stage.refuse(await stage.forge({ payload }), "token/malformed", 0);
		expect(({} as { admin?: unknown }).admin).toBeUndefined();
	});

	it("T15: options with such a member are refused", async () => {
		const { resolver, receiver } = stage;
		const polluted = JSON.parse('{"__proto__":{"clockToleranceSeconds":9}}') as object;
		const profiles = [orgid({ audience: receiver.did, resolver })];
		const evil = Object.assign(Object.create(null), { profiles }) as VerifierOptions;
		Object.defineProperty(evil, "__proto__", { value: polluted, enumerable: true });
		await expectRefusal(() => createVerifier(evil), "config/unknown-option");
		await expectRefusal(
			() => orgid({ audience: receiver.did, resolver, constructor: {} } as never),
			"config/unknown-option",
		);
	});

	it("T15: what a name inherits is no claim and no header parameter", async () => {
		const bare = await stage.forge({ header: {}, payload: {} });
		await stage.refuse(bare, "token/algorithm", 0);
		const { claims } = await stage.verify(
			await stage.forge({ payload: stage.claims({ toString: "x", hasOwnProperty: 1, valueOf: null }) }),
		);
		expect(Object.keys(claims)).toEqual([
			"iss",
			"aud",
			"iat",
			"exp",
			"toString",
			"hasOwnProperty",
			"valueOf",
		]);
		expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("admin");
	});
});
