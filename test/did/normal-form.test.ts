import type { VerificationMethod } from "did-resolver";
import { expect, it } from "vitest";
import { accountMethod, keyMethod, toNormalForm } from "../../src/did/normal-form.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { deepFreeze } from "../support/deep-freeze.ts";

const { publicKey } = await generateKeyPair();
const jwk = exportPublicKey(publicKey, "jwk");
const account = `eip155:100:0x${"11".repeat(20)}`;
const ids = { id: "did:x#k", controller: "did:x", type: "any" };
const [key, recovery] = [
	{ ...ids, type: "EcdsaSecp256k1VerificationKey2019", publicKeyJwk: { ...jwk, alg: "ES256K" } },
	{ ...ids, type: "EcdsaSecp256k1RecoveryMethod2020", blockchainAccountId: account },
];

it.each<[string, object, object]>([
	["a JWK", { publicKeyJwk: { ...jwk, use: "sig", extra: 1 }, extra: 1 }, key],
	["hex", { publicKeyHex: exportPublicKey(publicKey, "hex") }, key],
	[
		"a key with limits",
		{ publicKeyJwk: jwk, validUntil: "2030-01-01T00:00:00Z" },
		{ ...key, expires: expect.any(String) },
	],
	["an account", { blockchainAccountId: account, ethereumAddress: `0x${"11".repeat(20)}`, extra: 1 }, recovery],
	[
		"a revoked account",
		{ blockchainAccountId: account, revoked: "2030-01-01T00:00:00Z" },
		{ ...recovery, revoked: "2030-01-01T00:00:00.000Z" },
	],
])("the normal form of %s has the members that verifiers read, and no other", (_what, members, expected) => {
	const method = toNormalForm(deepFreeze({ ...ids, ...members }));
	expect(method).toStrictEqual(expected);
	expect(Object.isFrozen(method)).toBe(true);
	if (method?.publicKeyJwk !== undefined) expect(Object.isFrozen(method.publicKeyJwk)).toBe(true);
	expect(toNormalForm(method as VerificationMethod)).toStrictEqual(method);
});

it.each<[string, object]>([
	["nothing", {}],
	["an address without a chain", { ethereumAddress: `0x${"11".repeat(20)}` }],
	["a malformed account", { blockchainAccountId: "eip155:100:0x11" }],
	["a malformed key", { publicKeyHex: "04" }],
	["two keys", { publicKeyJwk: jwk, publicKeyHex: exportPublicKey(publicKey, "hex") }],
	["a key and an account", { publicKeyJwk: jwk, blockchainAccountId: account }],
	["a key and an address", { publicKeyJwk: jwk, ethereumAddress: `0x${"11".repeat(20)}` }],
])("a method with %s has no normal form", (_what, members) => {
	expect(toNormalForm({ ...ids, ...members })).toBeUndefined();
});

it("an error of a getter is passed on", () => {
	const error = new RangeError("getter");
	const publicKeyJwk = {
		...jwk,
		get x(): string {
			throw error;
		},
	};
	expect(() => toNormalForm({ ...ids, publicKeyJwk })).toThrow(error);
});

it("methods of the chain's keys and accounts have their marks", () => {
	const marks = { revoked: "2030-01-01T00:00:00Z" };
	expect(keyMethod("did:x#k", "did:x", jwk)).toStrictEqual(key);
	expect(keyMethod("did:x#k", "did:x", jwk, marks)).toStrictEqual({ ...key, ...marks });
	expect(accountMethod("did:x#k", "did:x", account)).toStrictEqual(recovery);
	expect(accountMethod("did:x#k", "did:x", account, marks)).toStrictEqual({ ...recovery, ...marks });
});
