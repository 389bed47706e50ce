/** Keys that their set marks as invalid (OpenID Federation 1.0, sections 4.2 and 8.7). */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { createGitHubAppMinter } from "../../../src/tokens/app/app-minter.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { type JwksServer, startJwksServer } from "../../support/jwks-server.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, RSA_KEYS } from "../../support/token-kinds.ts";

const YEAR_2001 = 1_000_000_000;
const YEAR_2100 = 4_102_444_800;
const NOW = 1_900_000_000;

const other = await generateKeyPair({ algorithm: "RS256" });
const minter = createGitHubAppMinter({ key: RSA_KEYS.privateKey, issuer: APP_ID });
let server: JwksServer;

beforeEach(async () => {
	server = await startJwksServer();
});
afterEach(async () => {
	vi.restoreAllMocks();
	await server.close();
});

function jwkOf(publicKey: RsaPublicKey, marks: object = {}): object {
	return { ...exportPublicKey(publicKey, "jwk"), kid: APP_ID, ...marks };
}

/** The code of the refusal of a token, undefined if it is accepted. */
async function judge(keys: ReturnType<typeof keysFromJwks>): Promise<unknown> {
	const verifier = createVerifier({ profiles: [githubApp({ keys })] });
	return verifier.verify(await minter.mint()).then(
		() => undefined,
		(error: { readonly code?: unknown }) => error.code,
	);
}

describe("T74: a token that was signed with a key that its JWK Set marks", () => {
	it.each<[string, object]>([
		["as expired", { exp: YEAR_2001 }],
		["as not yet valid", { nbf: YEAR_2100 }],
		["as revoked", { revoked: { revoked_at: YEAR_2001, reason: "compromised" } }],
		["as revoked, without a time", { revoked: true }],
		["with an end that can't be read", { exp: "never" }],
	])("%s is refused", async (_what, marks) => {
		server.serve(jwkOf(RSA_KEYS.publicKey, marks), jwkOf(other.publicKey));
		expect(await judge(keysFromJwks(server.url))).toBe("token/signature");
		server.serve(jwkOf(RSA_KEYS.publicKey, marks));
		expect(await judge(keysFromJwks(server.url))).toBe("token/issuer-unknown");
	});

	it("as valid now is accepted until it isn't, although the token is remembered", async () => {
		const clock = vi.spyOn(Date, "now").mockReturnValue(NOW * 1_000);
		const marks = { nbf: YEAR_2001, exp: NOW + 60, revoked: { revoked_at: YEAR_2100 } };
		server.serve(jwkOf(RSA_KEYS.publicKey, marks));
		const verifier = createVerifier({ profiles: [githubApp({ keys: keysFromJwks(server.url) })] });
		const token = await minter.mint();
		for (let use = 0; use < 3; use++) expect((await verifier.verify(token)).issuer).toBe(APP_ID);
		clock.mockReturnValue((NOW + 60) * 1_000);
		await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
	});
});
