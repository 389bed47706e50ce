import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { parseScopes } from "../../src/jws/scope.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import type { RequestDetails, RequiredGrant } from "../../src/tokens/token-kind.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, methodOf, resolverWith, resultOf } from "../support/static-resolver.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});
const { privateKey } = await generateKeyPair();
const issuer = `did:orgid:1:0x${"0a".repeat(32)}#k`;
const verifierOn = (result: unknown) => stage.verifierWith({}, { resolver: resolverWith(result) });
const document = () => documentWith(stage.sender.did, stage.sender.key.publicKey);

describe("rejects a malformed resolution result with a code instead of a TypeError", () => {
	it.each<[string, () => unknown]>([
		["undefined", () => undefined],
		["null", () => null],
		["{}", () => ({})],
		["no document metadata", () => ({ didDocument: document(), didResolutionMetadata: {} })],
		["no resolution metadata", () => ({ didDocument: null, didDocumentMetadata: {} })],
		["document undefined", () => ({ ...resultOf(document()), didDocument: undefined })],
		["revokedKey null", () => resultOf(document(), { revokedKey: null })],
		["organization without keys", () => resultOf(document(), { organization: {} })],
	])("%s", async (_what, make) => {
		const token = await stage.forge();
		await expectRefusal(() => verifierOn(make()).verify(token), ["did/resolution", "did/document-invalid"]);
	});
});

it("rejects a document that comes with a resolution error", async () => {
	for (const error of ["notFound", "invalidDidDocument", "internalError"]) {
		const result = { ...resultOf(document()), didResolutionMetadata: { error } };
		const token = await stage.forge();
		await expectRefusal(() => verifierOn(result).verify(token), ["did/resolution", "did/not-found"]);
	}
});

describe("rejects an invalid required scope instead of accepting every token", () => {
	it.each([" ", "[]"])("verify %j", async (scope) => {
		const token = await stage.forge();
		await expectRefusal(() => stage.verifier.verify(token, { scope }), "config/invalid-option");
	});
	it.each<[string | string[]]>([[""], [" "], ["[]"], [[]]])("requireScope %j", async (scope) => {
		await expectRefusal(() => requireScope(scope), "config/invalid-option");
	});
	it("a route's invalid scope is rejected immediately, not with a 500 on every request", async () => {
		const bearer = createBearer({ verifier: stage.verifier });
		await expectRefusal(() => bearer.requires({ scope: " " }), "config/invalid-option");
	});
	it("an invalid required scope is the caller's mistake (500), not the token's (401)", async () => {
		const token = await stage.forge();
		await expectRefusal(() => stage.verifier.verify(token, { scope: 'a"b' }), "config/invalid-option");
	});
});

describe("mint rejects claims that JSON can't represent", () => {
	const cycle: Record<string, unknown> = {};
	cycle["x"] = cycle;
	it.each<[string, object]>([
		["a bigint", { x: 1n }],
		["a cyclic object", { x: cycle }],
	])("%s", async (_what, claims) => {
		const minter = createOrgIdMinter({ key: privateKey, issuer, audience: "a" });
		await expectRefusal(() => minter.mint({ claims: { ...claims } }), "config/invalid-option");
	});
});

describe("what a call requires stays the same while the issuer is looked up:", () => {
	it.each([
		[{ scope: ["admin"] }, "policy/scope"],
		[{ resource: "other" }, "policy/resource"],
		[{ operation: "delete" }, "policy/operation"],
	] as const)("%j", async (first, code) => {
		const required: { -readonly [Name in keyof RequiredGrant]: RequiredGrant[Name] } = { ...first };
		const resolver = { resolve: async () => resultOf(document()) };
		const verifier = stage.verifierWith({}, { resolver });
		const token = await stage.forge();
		const verifying = verifier.verify(token, required);
		const explaining = verifier.explain(token, required);
		if (Array.isArray(required.scope)) required.scope.length = 0;
		for (const name of ["scope", "resource", "operation"] as const) delete required[name];
		await expectRefusal(() => verifying, code);
		expect((await explaining).error).toMatchObject({ code });
	});

	it("the request of an access control list", async () => {
		const app = await generateKeyPair({ algorithm: "RS256" });
		const applicationId = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
		const minter = createVonageMinter({ key: app.privateKey, applicationId });
		const filters = { from: "44" };
		const token = await minter.mint({ claims: { acl: { paths: { "/public": { filters } } } } });
		const verifier = createVerifier({ profiles: [vonage({ keys: async () => app.publicKey })] });
		const parameters: Record<string, string> = { from: "45" };
		const request = { method: "GET", path: "/public", parameters };
		const required: { request: RequestDetails } = { request };
		const verifying = [verifier.verify(token, required)];
		required.request = { ...request, path: "/admin", parameters: filters };
		verifying.push(verifier.verify(token, required));
		required.request = request;
		Object.assign(parameters, filters);
		for (const one of verifying) await expectRefusal(() => one, "policy/acl");
		await verifier.verify(token, required);
	});
});

it("mint rejects a clock that returns NaN instead of writing exp: null", async () => {
	const minter = createOrgIdMinter({
		key: privateKey,
		issuer,
		audience: "a",
		now: () => Number.NaN,
	});
	await expectRefusal(() => minter.mint(), "config/invalid-option");
});

it("a minted scope is parsed as the same scope", async () => {
	for (const scope of [["[]"], ["[x"], ["[x", "y"]]) {
		const minter = createOrgIdMinter({ key: privateKey, issuer, audience: "a" });
		expect(parseScopes(decodeToken(await minter.mint({ scope })).claims)).toEqual(scope);
	}
});

it("changing the audience array after createMinter has no effect", async () => {
	const audience = ["a"];
	const minter = createOrgIdMinter({ key: privateKey, issuer, audience });
	audience.push("evil");
	expect(decodeToken(await minter.mint()).claims["aud"]).toEqual(["a"]);
});

it("token() mints a new token if the clock goes back before the cached token's iat", async () => {
	let now = 10_000;
	const minter = createOrgIdMinter({ key: privateKey, issuer, audience: "a", now: () => now });
	const kept = await minter.token();
	now = 6_400;
	expect(await minter.token()).not.toBe(kept);
});

it("claims are deeply frozen, so that a policy can't change what the next one sees", async () => {
	const { claims } = await stage.verify(await stage.forge({ payload: stage.claims({ aud: [stage.receiver.did] }) }));
	expect(Object.isFrozen(claims["aud"])).toBe(true);
});

it("a bearer never throws, whatever an adapter passes in", async () => {
	const bearer = createBearer({ verifier: stage.verifier });
	for (const value of [["Bearer x"], 5, {}]) expect((await bearer(value as never)).granted).toBe(false);
});

it("each key member of a method accepts only its own format", async () => {
	const { did, key } = stage.sender;
	const pem = exportPublicKey(key.publicKey, "spki");
	for (const member of [{ publicKeyJwk: pem }, { publicKeyJwk: undefined, publicKeyHex: pem }]) {
		const method = methodOf(did, key.publicKey, member);
		const token = await stage.forge();
		const verifier = verifierOn(resultOf({ id: did, verificationMethod: [method] }));
		await expectRefusal(() => verifier.verify(token), "did/document-invalid");
	}
});
