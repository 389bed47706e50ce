import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { DidError } from "../../../src/errors/errors.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { createKeyFinder, type IssuerKeys } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal, refusalOf } from "../../support/refusal.ts";
import { CURVE_KEY, RSA_KEYS } from "../../support/token-kinds.ts";

const other = await generateKeyPair({ algorithm: "RS256" });
const { publicKey } = RSA_KEYS;
const ours = publicKey.thumbprint;
const theirs = other.publicKey.thumbprint;
const PEM = exportPublicKey(publicKey, "spki");

const finder = (keys: IssuerKeys): ReturnType<typeof createKeyFinder> => createKeyFinder(keys, "githubApp");

async function thumbprintsOf(keys: IssuerKeys, issuer: string, keyId?: string): Promise<readonly string[]> {
	return (await finder(keys)(issuer, keyId)).map(({ thumbprint }) => thumbprint);
}

describe("a map or an object of keys", () => {
	it.each<[string, IssuerKeys]>([
		["an object of keys", { 7: publicKey }],
		["an object without a prototype", Object.assign(Object.create(null), { 7: publicKey })],
		["a map", new Map([["7", publicKey]])],
		["a map with numbers as keys", new Map([[7, publicKey]]) as unknown as IssuerKeys],
		["PEM", { 7: PEM }],
		["PKCS#1 PEM", { 7: exportPublicKey(publicKey, "pkcs1") }],
		["PEM with \\n as in an environment variable", { 7: PEM.replaceAll("\n", "\\n") }],
		["a JWK", { 7: exportPublicKey(publicKey, "jwk") }],
		["a JWK as JSON", { 7: JSON.stringify(exportPublicKey(publicKey, "jwk")) }],
		["a list", { 7: [PEM] }],
	])("finds the keys of its issuers: %s", async (_what, keys) => {
		expect(await thumbprintsOf(keys, "7")).toEqual([ours]);
		for (const issuer of ["8", "", "__proto__", "toString", "hasOwnProperty", "size"]) {
			await expectRefusal(() => finder(keys)(issuer, undefined), "token/issuer-unknown");
		}
	});

	it("a keyId selects by thumbprint, among the issuer's keys only", async () => {
		const keys = { 7: [publicKey, other.publicKey], 8: publicKey };
		expect(await thumbprintsOf(keys, "7")).toEqual([ours, theirs]);
		expect(await thumbprintsOf(keys, "7", theirs)).toEqual([theirs]);
		expect(await thumbprintsOf(keys, "8", theirs)).toEqual([]);
		expect(await thumbprintsOf(keys, "7", "length")).toEqual([]);
	});

	it("is read once and not modified", async () => {
		const list = [publicKey];
		const map = new Map<string, RsaPublicKey[]>([["7", list]]);
		const find = finder(map);
		list.push(other.publicKey);
		map.delete("7");
		expect(await find("7", undefined)).toEqual([publicKey]);
		const frozen = deepFreeze({ 7: [PEM], 8: exportPublicKey(publicKey, "jwk") });
		for (const _ of [1, 2]) expect(await thumbprintsOf(frozen, "8")).toEqual([ours]);
	});

	const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey;
	it.each<[string, unknown, ErrorCode]>([
		["an empty array", [], "config/invalid-option"],
		["17 keys", Array.from({ length: 17 }, () => publicKey), "config/invalid-option"],
		["a private key as PEM", exportPrivateKey(RSA_KEYS.privateKey, "pkcs8"), "key/public-expected"],
		["a private key", RSA_KEYS.privateKey, "key/public-expected"],
		["a private JWK", exportPrivateKey(RSA_KEYS.privateKey, "jwk"), "key/public-expected"],
		["an ES256K key", CURVE_KEY.publicKey, "key/wrong-algorithm"],
		["an ES256K key as PEM", exportPublicKey(CURVE_KEY.publicKey, "spki"), "key/wrong-algorithm"],
		["1,024 bits", weak.export({ type: "spki", format: "pem" }), "key/weak"],
		["a file name", "app.pem", "key/unrecognized"],
		["undefined", undefined, "key/unrecognized"],
		["null", null, "key/unrecognized"],
		["a valid and an invalid key", [publicKey, "x"], "key/unrecognized"],
	])("is rejected immediately with %s", async (_what, keys, code) => {
		const error = await expectRefusal(() => githubApp({ keys: { 7: keys } } as never), code);
		expect(error.message).toMatch(/^githubApp: keys\.7\b/);
	});
});

describe("a function", () => {
	it("whose text isn't a usable key has it parsed once", async () => {
		const find = finder(async () => "app.pem");
		const causeOf = async () => (await refusalOf(() => find("7", undefined))).cause;
		const cause = await causeOf();
		expect(cause).toMatchObject({ code: "key/unrecognized" });
		expect(await causeOf()).toBe(cause);
	});

	it("is called with the issuer and the kid, every time", async () => {
		const asked: unknown[][] = [];
		const find = finder((...args) => {
			asked.push(args);
			return publicKey;
		});
		await find("7", undefined);
		await find("7", "a kid");
		expect(asked).toEqual([
			["7", undefined],
			["7", "a kid"],
		]);
	});

	it.each<[string, () => unknown]>([
		["a key", () => publicKey],
		["PEM", () => PEM],
		["a JWK", () => exportPublicKey(publicKey, "jwk")],
		["a list", () => [PEM]],
		["a promise", async () => [publicKey]],
	])("can return %s", async (_what, look) => {
		expect(await thumbprintsOf(look as IssuerKeys, "7")).toEqual([ours]);
	});

	it.each<[string, () => unknown]>([
		["nothing", () => undefined],
		["null, as databases return", () => null],
		["an empty list", () => []],
		["a promise of undefined", async () => undefined],
	])("that returns %s doesn't know the issuer", async (_what, look) => {
		const error = await expectRefusal(() => finder(look as IssuerKeys)("7", undefined), "token/issuer-unknown");
		expect(error.details).toEqual({ issuer: "7" });
	});

	it("that returns an empty array for a kid has no such key", async () => {
		expect(await thumbprintsOf(() => [], "7", "a kid")).toEqual([]);
		await expectRefusal(() => finder(() => undefined)("7", "a kid"), "token/issuer-unknown");
	});

	it.each<[string, () => unknown]>([
		[
			"throws",
			() => {
				throw new Error("the password is hunter2");
			},
		],
		["rejects", () => Promise.reject(new Error("the password is hunter2"))],
		[
			"throws a value that isn't an Error",
			() => {
				throw "hunter2";
			},
		],
	])("that %s is an outage, without revealing why", async (_what, look) => {
		const error = await expectRefusal(() => finder(look as IssuerKeys)("7", undefined), "key/unreachable");
		expect(error.message).not.toContain("hunter2");
		expect(String(error.cause)).toContain("hunter2");
	});

	it("that throws an orgpass error is believed", async () => {
		const look = (): never => {
			throw new DidError("did/deactivated", "closed");
		};
		await expectRefusal(() => finder(look)("7", undefined), "did/deactivated");
	});

	it.each<[string, unknown, ErrorCode]>([
		["words", "x", "key/unrecognized"],
		["a number", 7, "key/unrecognized"],
		["false", false, "key/unrecognized"],
		["an array of undefined", [null], "key/unrecognized"],
		["a private key", exportPrivateKey(RSA_KEYS.privateKey, "pkcs8"), "key/public-expected"],
		["17 keys", Array.from({ length: 17 }, () => publicKey), "config/invalid-option"],
	])("that returns %s is rejected", async (_what, answer, code) => {
		await expectRefusal(() => finder((() => answer) as IssuerKeys)("7", undefined), code);
	});

	it("that returns the same text again doesn't cause it to be parsed again", async () => {
		const find = finder(async () => [PEM]);
		const [first] = await find("7", undefined);
		const [second] = await find("8", undefined);
		expect(second).toBe(first);
		const [another] = await finder(() => PEM)("7", undefined);
		expect(another).not.toBe(first);
	});

	it("that returns malformed text is rejected every time", async () => {
		const find = finder(() => PEM.slice(0, 100));
		const codes = [await refusalOf(() => find("7", undefined)), await refusalOf(() => find("7", undefined))];
		expect(codes[0]?.code).toBe(codes[1]?.code);
	});
});

describe("an invalid source", () => {
	it.each<[string, unknown]>([
		["missing", undefined],
		["null", null],
		["PEM itself", PEM],
		["a list", [publicKey]],
		["an empty object", {}],
		["an empty map", new Map()],
		["a number", 7],
		["a date", new Date(0)],
	])("is rejected: %s", async (_what, keys) => {
		await expectRefusal(() => githubApp({ keys } as never), "config/invalid-option");
	});

	it("is rejected: a key", async () => {
		await expectRefusal(() => githubApp({ keys: publicKey } as never), "key/unrecognized");
	});
});
