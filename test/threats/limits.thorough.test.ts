import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/tokens/orgid/orgid.ts";
import { toSegment } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";
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
	])("T12: %s is rejected before JSON.parse is called", async (_what, make) => {
		const parse = vi.spyOn(JSON, "parse");
		await stage.refuse(make(), "token/too-large", 0);
		expect(parse).not.toHaveBeenCalled();
	});

	it("T12: 8,192 dots are rejected before JSON.parse is called", async () => {
		const parse = vi.spyOn(JSON, "parse");
		await stage.refuse(".".repeat(8_192), "token/malformed", 0);
		expect(parse).not.toHaveBeenCalled();
	});

	it("T12: a token of exactly the limit is accepted and one byte more rejected, also for other limits", async () => {
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
});

describe("T13: regular expressions as options", () => {
	it("T13: a regular expression isn't accepted as an option's value", async () => {
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
	it.each([33, 100, 2_900])("T14: %i nested arrays are rejected, within the size limit", async (depth) => {
		const inPayload = await stage.forge({ payload: `{"x":${nested(depth)}}` });
		const inHeader = await stage.forge({ header: `{"alg":"ES256K","x":${nested(depth)}}`, payload: {} });
		for (const token of [inPayload, inHeader]) {
			expect(token.length).toBeLessThan(8_192);
			await stage.refuse(token, "token/malformed", 0);
		}
	});

	it.each([3_000, 200_000, thorough(2_000_000, 500_000)])(
		"T14: %i nested arrays or objects don't overflow the stack",
		async (depth) => {
			const verifier = stage.verifierWith({ maxTokenBytes: 1e9 });
			for (const text of [nested(depth), '{"a":'.repeat(depth), "[".repeat(depth)]) {
				const token = `${toSegment(stage.header())}.${toSegment(text)}.AAAA`;
				await expectRefusal(() => verifier.verify(token), "token/malformed");
			}
		},
	);

	it("T14: scopes in a JSON string can't be nested", async () => {
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
	it.each(texts)("T15: %s in the header or claims is rejected", async (text) => {
		const header = `{${text},${JSON.stringify(stage.header()).slice(1)}`;
		const payload = `{${text},${JSON.stringify(stage.claims()).slice(1)}`;
		await stage.refuse(await stage.forge({ header }), "token/malformed", 0);
		await stage.refuse(await stage.forge({ payload }), "token/malformed", 0);
		expect(({} as { admin?: unknown }).admin).toBeUndefined();
	});

	it("T15: options with such a member are rejected", async () => {
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

	it("T15: inherited names aren't read as claims or header parameters", async () => {
		const bare = await stage.forge({ header: {}, payload: {} });
		await stage.refuse(bare, "token/algorithm", 0);
		const { claims } = await stage.verify(
			await stage.forge({ payload: stage.claims({ toString: "x", hasOwnProperty: 1, valueOf: null }) }),
		);
		expect(Object.keys(claims)).toEqual(["iss", "aud", "iat", "exp", "toString", "hasOwnProperty", "valueOf"]);
		expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("admin");
	});
});
