/** An app's keys that change while its tokens are remembered, and keys that the server's function returns. */
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { createKeyFinder } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { forgeToken } from "../../support/forge-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { claimsOf, headerOf, RSA_KEYS } from "../../support/token-kinds.ts";

const other = await generateKeyPair({ algorithm: "RS256" });
const third = await generateKeyPair({ algorithm: "RS256" });

it("a key that is replaced beside one that stays is refused at once", async () => {
	let keys: readonly RsaPublicKey[] = [RSA_KEYS.publicKey, other.publicKey];
	const verifier = createVerifier({ profiles: [githubApp({ keys: () => keys })] });
	const [header, payload] = [headerOf("github-app"), claimsOf("github-app")];
	const tokens = await Promise.all(
		[RSA_KEYS, other].map(({ privateKey }) => forgeToken({ header, payload, key: privateKey })),
	);
	const [own, replaced] = tokens as [string, string];
	for (let use = 0; use < 3; use++) {
		expect((await verifier.verify(replaced)).keyId).toBe(other.publicKey.thumbprint);
		expect((await verifier.verify(own)).keyId).toBe(RSA_KEYS.publicKey.thumbprint);
	}
	keys = [RSA_KEYS.publicKey, third.publicKey];
	await expectRefusal(() => verifier.verify(replaced), "token/signature");
	keys = [RSA_KEYS.publicKey];
	await expectRefusal(() => verifier.verify(replaced), "token/signature");
	expect((await verifier.verify(own)).keyId).toBe(RSA_KEYS.publicKey.thumbprint);
});

describe("a key that a function returns", () => {
	it("is read again if it is an object that has changed", async () => {
		const jwk = { ...exportPublicKey(RSA_KEYS.publicKey, "jwk") };
		const find = createKeyFinder(() => jwk, "githubApp");
		expect(await find("7", undefined)).toMatchObject([{ thumbprint: RSA_KEYS.publicKey.thumbprint }]);
		Object.assign(jwk, exportPublicKey(other.publicKey, "jwk"));
		expect(await find("7", undefined)).toMatchObject([{ thumbprint: other.publicKey.thumbprint }]);
	});

	it("is the same object each time if it is the same text", async () => {
		const pem = exportPublicKey(RSA_KEYS.publicKey, "spki");
		const find = createKeyFinder(() => `${pem}`, "githubApp");
		const [first, second] = [await find("7", undefined), await find("7", undefined)];
		expect(second[0]).toBe(first[0]);
	});
});
