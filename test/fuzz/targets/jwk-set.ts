/**
 * JWK Sets on the network, and the tokens that are verified with them. An input is the set; it may begin with a line that
 * is its status.
 * @module
 */
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { APP_ID } from "../../support/token-kinds.ts";
import { NOW, RSA_JWK } from "../keys.ts";
import { serveInput } from "../serve-input.ts";
import { assertThat, attempt, parseLoosely, type Target } from "../target.ts";
import { mint } from "./token.ts";

const isKeyCode = (code: string): boolean => code === "key/unreachable";
const isVerifierCode = (code: string): boolean => /^(?:token\/.*|key\/unreachable)$/.test(code);
const KEY_IDS = [undefined, APP_ID, "next"];

export async function createTarget(): Promise<Target> {
	const server = await serveInput();
	const token = await mint("github-app");
	return {
		words: [
			"keys",
			"kty",
			"RSA",
			"n",
			"e",
			"AQAB",
			"kid",
			"use",
			"sig",
			"alg",
			"RS256",
			APP_ID,
			`${APP_ID}#next`,
			"200\n",
			"404\n",
		],
		work: { base: 30_000, perByte: 400 },
		async run(input) {
			const [, status = "200"] = /^([2-5]\d\d)\n/.exec(input.toString("latin1")) ?? [];
			const body = input.subarray(/^[2-5]\d\d\n/.test(input.toString("latin1")) ? 4 : 0);
			server.answer = () => ({ status: Number(status), body });
			const summary: string[] = [];
			for (const options of [{}, { issuer: APP_ID }]) {
				const lookUp = keysFromJwks(server.url, options);
				for (const keyId of KEY_IDS) {
					const outcome = await attempt(() => lookUp(APP_ID, keyId), { codes: isKeyCode });
					summary.push("code" in outcome ? outcome.code : describe(outcome.value as never, body.toString()));
				}
				const verifier = createVerifier({ profiles: [githubApp({ keys: lookUp })], now: () => NOW });
				const outcome = await attempt(() => verifier.verify(token), { codes: isVerifierCode });
				summary.push("code" in outcome ? outcome.code : "verified");
				assertThat(
					"code" in outcome || modulesOf(body.toString()).has(String(RSA_JWK["n"])),
					"the set doesn't have the key",
				);
			}
			return summary.join();
		},
		close: () => server.close(),
	};
}

/** Every key that is found stands in the set. */
function describe(keys: readonly RsaPublicKey[] | undefined, text: string): string {
	const known = keys?.map((key) => exportPublicKey(key, "jwk").n);
	assertThat(known?.every((n) => modulesOf(text).has(n)) ?? true, "a key is found that the set doesn't have");
	return String(known?.length);
}

function modulesOf(text: string): ReadonlySet<string> {
	const { keys } = Object(parseLoosely(text)?.value) as { readonly keys?: unknown };
	return new Set([keys].flat().map((key) => String((Object(key) as { readonly n?: unknown }).n)));
}
