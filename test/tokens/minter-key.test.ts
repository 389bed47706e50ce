import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { createGitHubAppMinter, createIcrAppMinter } from "../../src/tokens/app/app-minter.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import {
	createOrgIdAccountMinter,
	createOrgIdEip712Minter,
	createOrgIdEthMinter,
} from "../../src/tokens/orgid-account/account-minter.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import * as tokens from "../../src/tokens.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const BODY = PEM.split("\n").slice(1, -2).join("");
const DID = `did:orgid:100:0x${"0a".repeat(32)}`;
const ES256K = "`await importPrivateKey(pem)`";
const RS256 = '`await importPrivateKey(pem, { algorithm: "RS256" })`';

const MINTERS: readonly (readonly [name: string, advice: string, create: (key: never) => unknown])[] = [
	["createOrgIdMinter", ES256K, (key) => createOrgIdMinter({ key, issuer: `${DID}#k` })],
	["createIoctlMinter", ES256K, (key) => createIoctlMinter({ key })],
	[
		"createOrgIdAccountMinter",
		ES256K,
		(key) => createOrgIdAccountMinter({ key, issuer: DID, registry: `0x${"11".repeat(20)}` }),
	],
	["createOrgIdEthMinter", ES256K, (key) => createOrgIdEthMinter({ key, issuer: DID })],
	["createOrgIdEip712Minter", ES256K, (key) => createOrgIdEip712Minter({ key, issuer: DID })],
	[
		"signCredential",
		ES256K,
		(key) => signCredential({ document: {}, verificationMethod: `${DID}#k`, key, now: 1_700_000_000 }),
	],
	["createGitHubAppMinter", RS256, (key) => createGitHubAppMinter({ key, issuer: 1 })],
	["createIcrAppMinter", RS256, (key) => createIcrAppMinter({ key, issuer: "x" })],
	["createVonageMinter", RS256, (key) => createVonageMinter({ key, applicationId: crypto.randomUUID() })],
];

it("every minter that the package exports is listed here", () => {
	const exported = Object.keys(tokens).filter((name) => /^create\w+Minter$/.test(name) && name !== "createTokenMinter");
	expect(MINTERS.map(([name]) => name).filter((name) => name !== "signCredential")).toEqual(
		expect.arrayContaining(exported),
	);
});

describe("a minter's key", () => {
	const inputs: readonly (readonly [what: string, key: unknown])[] = [
		["PEM", PEM],
		["a Buffer of PEM", Buffer.from(PEM)],
		["a JWK", privateKey.export({ format: "jwk" })],
		["a KeyObject", privateKey],
		["a Promise of a key", importPrivateKey(PEM)],
		["null", null],
	];
	it.each(MINTERS)("must be imported first: %s says how, without repeating it", async (_name, advice, create) => {
		for (const [, key] of inputs) {
			const error = await Promise.resolve()
				.then(() => create(key as never))
				.then(
					() => expect.fail("the key was accepted"),
					(thrown: unknown) => thrown as Error,
				);
			expect(error).toMatchObject({ code: "config/invalid-option", details: { option: "key" } });
			expect(error.message).toContain(advice);
			for (let at = 0; at + 8 <= BODY.length; at++) expect(error.message).not.toContain(BODY.slice(at, at + 8));
		}
	});
});
