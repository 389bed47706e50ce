/** A verification with a known key waits for nothing, and sees whether the issuer's keys are the same as before. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { ioctl } from "../../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../../src/tokens/ioctl/ioctl-minter.ts";
import type { IssuerKeys } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { keysFromFolder } from "../../../src/tokens/issuer-keys/keys-from-folder.ts";
import { keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import type { ResolvedIssuer } from "../../../src/tokens/token-kind.ts";
import { type JwksServer, startJwksServer } from "../../support/jwks-server.ts";
import { APP_ID, CURVE_KEY, forgeKind, RSA_KEYS } from "../../support/token-kinds.ts";

const { publicKey } = RSA_KEYS;
const { publicKey: other } = await generateKeyPair({ algorithm: "RS256" });
const pem = exportPublicKey(publicKey, "spki");
const jws = decodeToken(await forgeKind("github-app"));
const named = decodeToken(await forgeKind("github-app", {}, { kid: publicKey.thumbprint }));

let server: JwksServer;
let folder: string;
beforeEach(async () => {
	server = await startJwksServer();
	server.serve({ ...exportPublicKey(publicKey, "jwk"), kid: APP_ID });
	folder = mkdtempSync(join(tmpdir(), "orgpass-"));
	writeFileSync(join(folder, `${APP_ID}.pem`), pem);
});
afterEach(async () => {
	rmSync(folder, { recursive: true });
	await server.close();
});

const SOURCES: readonly (readonly [string, () => IssuerKeys])[] = [
	["an object", () => ({ [APP_ID]: pem })],
	["a map of several keys", () => new Map([[APP_ID, [publicKey, other]]])],
	["a folder", () => keysFromFolder(folder)],
	["a JWK Set", () => keysFromJwks(server.url)],
	["a function that returns PEM", () => () => [pem]],
];

describe.each(SOURCES)("the keys in %s", (_what, source) => {
	it("are found without waiting once they are known, and are the same object", async () => {
		const profile = githubApp({ keys: source() });
		await profile.parseIssuer(jws).resolve();
		const resolved = profile.parseIssuer(jws).resolve() as ResolvedIssuer;
		expect(resolved.findSigner(jws)).toBe(publicKey.thumbprint);
		expect(profile.parseIssuer(jws).resolve()).toBe(resolved);
		const byName = profile.parseIssuer(named).resolve() as ResolvedIssuer;
		expect(byName.findSigner(named)).toBe(publicKey.thumbprint);
		expect(profile.parseIssuer(named).resolve()).toBe(byName);
	});
});

describe("T89: the object differs", () => {
	it("when an issuer gets or loses a key, in a list that stays the same", () => {
		const keys = [publicKey];
		const profile = githubApp({ keys: () => keys });
		const resolve = (): ResolvedIssuer => profile.parseIssuer(jws).resolve() as ResolvedIssuer;
		const first = resolve();
		keys.push(other);
		const both = resolve();
		keys.shift();
		const second = resolve();
		expect(new Set([first, both, second]).size).toBe(3);
		expect([first, both, second].map((one) => one.findSigner(jws))).toEqual([
			...[publicKey.thumbprint, publicKey.thumbprint],
			undefined,
		]);
	});

	it("for another kid, which may select another key", () => {
		const profile = githubApp({ keys: { [APP_ID]: [publicKey, other] } });
		expect(profile.parseIssuer(jws).resolve()).not.toBe(profile.parseIssuer(named).resolve());
	});

	it("when a folder has another key for the issuer", async () => {
		const found: ResolvedIssuer[] = [];
		for (const key of [publicKey, other] as readonly RsaPublicKey[]) {
			writeFileSync(join(folder, `${APP_ID}.pem`), exportPublicKey(key, "spki"));
			found.push(
				await githubApp({ keys: keysFromFolder(folder) })
					.parseIssuer(jws)
					.resolve(),
			);
		}
		expect(found.map((one) => one.findSigner(jws))).toEqual([publicKey.thumbprint, undefined]);
	});
});

describe("a trusted ioctl issuer", () => {
	it("is the same object as long as it is trusted, and its trust is asked each time", async () => {
		const token = decodeToken(await createIoctlMinter({ key: CURVE_KEY }).mint());
		let isTrusted = true;
		const profile = ioctl({ trustedIssuers: () => isTrusted });
		const resolved = profile.parseIssuer(token).resolve() as ResolvedIssuer;
		expect(resolved.findSigner(token)).toBe(token.claims["iss"]);
		expect(profile.parseIssuer(token).resolve()).toBe(resolved);
		isTrusted = false;
		expect(() => profile.parseIssuer(token).resolve()).toThrow(/trusted issuer/);
	});
});
