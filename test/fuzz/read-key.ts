/**
 * Reads an input as a key of each algorithm, public and private.
 * @module
 */
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { thumbprint } from "../../src/keys/thumbprint.ts";
import { PASSWORD, SECRETS } from "./keys.ts";
import { assertSame, assertThat, attempt, documentedCodes, type Outcome } from "./target.ts";

/** The results of all readings. */
export interface KeyReadings {
	/** The accepted keys' thumbprints, or codes: as ES256K public, ES256K private, RS256 public, RS256 private. */
	readonly results: readonly string[];
	/** The public key as a JWK, if a reading accepted it. */
	readonly jwk: object | undefined;
}

const ALGORITHMS = ["ES256K", "RS256"] as const;
const PUBLIC = documentedCodes("keys/import-public-key.ts", "importPublicKey");
const PRIVATE = documentedCodes("keys/import-private-key.ts", "importPrivateKey");
/** Names of up to 32 characters may be shown. */
const SHORTEST_TEXT = 33;

/** Reads a key in all ways. An accepted key, written and read again, is the same. */
export async function readKeys(input: string | object): Promise<KeyReadings> {
	const results: string[] = [];
	const text = typeof input === "string" ? input : JSON.stringify(input);
	const secrets = [...SECRETS, ...secretsIn(text)];
	let jwk: object | undefined;
	for (const algorithm of ALGORITHMS) {
		const options = { algorithm } as { readonly algorithm: "ES256K" };
		const found = await attempt(() => importPublicKey(input, options), { codes: PUBLIC, secrets });
		const withPassword = { ...options, password: PASSWORD };
		const hidden = await attempt(() => importPrivateKey(input, withPassword), { codes: PRIVATE, secrets });
		if ("value" in found && "value" in hidden) assertThat(false, "a key is both public and private");
		results.push(await inspect(found, checkPublic), await inspect(hidden, checkPrivate));
	}
	return { results, jwk };

	async function checkPublic(key: PublicKey): Promise<string> {
		const { algorithm } = key;
		jwk = { ...exportPublicKey(key, "jwk") };
		const again = importPublicKey(exportPublicKey(key, "spki"), { algorithm });
		assertSame(exportPublicKey(again, "jwk"), jwk, "a public key and what it is exported as");
		return thumbprint(key);
	}

	async function checkPrivate(key: PrivateKey): Promise<string> {
		const { algorithm, publicKey } = key;
		jwk = { ...exportPublicKey(publicKey, "jwk") };
		const pem = exportPrivateKey(key, "pkcs8");
		const again = await importPrivateKey(pem, { algorithm });
		assertSame(exportPrivateKey(again, "pkcs8"), pem, "a private key and what it is exported as");
		return thumbprint(publicKey);
	}
}

async function inspect<T>(outcome: Outcome<T>, check: (key: T) => Promise<string>): Promise<string> {
	return "code" in outcome ? outcome.code : check(outcome.value);
}

/** The beginnings of long runs of digits, which no error may quote. */
function secretsIn(text: string): string[] {
	return (
		text.match(new RegExp(`[A-Za-z0-9+/_-]{${SHORTEST_TEXT},}`, "g"))?.map((run) => run.slice(0, SHORTEST_TEXT)) ?? []
	);
}
