/**
 * JWKs, as text and as objects.
 * @module
 */
import { createPublicKey } from "node:crypto";
import { readKeys } from "../read-key.ts";
import { assertClearNames, assertSame, assertThat, parseLoosely, type Target } from "../target.ts";

export async function createTarget(): Promise<Target> {
	return {
		words: [
			"kty",
			"crv",
			"EC",
			"RSA",
			"OKP",
			"secp256k1",
			"P-256",
			"x",
			"y",
			"d",
			"n",
			"e",
			"AQAB",
			"use",
			"sig",
			"enc",
		],
		work: { base: 100_000, perByte: 400 },
		async run(input) {
			const text = input.toString();
			const { results, jwk } = await readKeys(text);
			const parsed = parseLoosely(text);
			if (parsed === undefined || !text.trimStart().startsWith("{")) return results.join();
			const before = JSON.stringify(parsed.value);
			const asObject = await readKeys(parsed.value as object);
			assertSame(JSON.stringify(parsed.value), before, "a JWK before and after");
			if (jwk !== undefined) {
				assertClearNames(text);
				assertSame(asObject.jwk, jwk, "a JWK as text and as an object");
				assertOpenSslReads(parsed.value as object, jwk);
			}
			return [...results, ...asObject.results].join();
		},
	};
}

/** OpenSSL doesn't check everything: it may read what we refuse, but never another key. */
function assertOpenSslReads(given: object, jwk: object): void {
	const { n, x, y } = createPublicKey({ key: { ...given }, format: "jwk" }).export({ format: "jwk" });
	const own = jwk as { readonly n?: string; readonly x?: string; readonly y?: string };
	assertThat(n === own.n && x === own.x && y === own.y, "OpenSSL reads another key");
}
