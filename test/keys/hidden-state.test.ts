import { inspect } from "node:util";
import { expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { OpaqueKey } from "../../src/keys/hidden-state.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { scalarOf } from "../../src/keys/private-key.ts";
import { privateComponentsOf } from "../../src/keys/rsa-private-key.ts";
import { PKCS1, RS256 } from "./sample-rsa-keys.ts";

const { privateKey, publicKey } = await generateKeyPair();
const rsaKey = await importPrivateKey(PKCS1, RS256);
const keys: readonly OpaqueKey[] = [privateKey, publicKey, rsaKey, rsaKey.publicKey];

it.each(keys)("%s has one form however it is printed, and no members that aren't public", (key) => {
	const label = key.toString();
	expect(label).toMatch(/^\[(?:Rsa)?(?:Private|Public)Key .* ….{8}\]$/);
	expect([inspect(key), inspect({ key }), JSON.stringify(key)]).toEqual([label, `{ key: ${label} }`, `"${label}"`]);
	expect(Reflect.ownKeys(key).sort()).toEqual(Object.keys(key).sort());
});

it("a private key is named where another value is given instead", () => {
	for (const wrong of [{}, publicKey, null]) {
		expect(() => scalarOf(wrong as never)).toThrow("the key must be a PrivateKey:");
		expect(() => privateComponentsOf(wrong as never)).toThrow("the key must be a RsaPrivateKey:");
	}
});

it("a key's class has no public constructor", () => {
	class Forged extends OpaqueKey {}
	for (const guard of [undefined, Symbol("orgpass.key"), {}]) {
		expect(() => new Forged(guard)).toThrow(/^Forged has no public constructor: use generateKeyPair/);
	}
});
