import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { OrgpassError } from "../../src/errors/errors.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { decide } from "../support/decide.ts";
import { refusalOf } from "../support/refusal.ts";
import { resolverWith } from "../support/static-resolver.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
const stranger = await generateKeyPair();
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

const ABSENT = `did:orgid:31337:0x${"0c".repeat(32)}#webserver`;

/** Refusals of every kind. */
const TOKENS: readonly [what: string, make: () => Promise<string>][] = [
	["a malformed token", async () => `${await stage.forge()}.x`],
	["a forbidden algorithm", () => stage.forge({ header: stage.header({ alg: "none" }) })],
	["an embedded key", () => stage.forge({ header: stage.header({ jwk: exportPublicKey(stranger.publicKey, "jwk") }) })],
	["an expired token", () => stage.forge({ payload: stage.claims({ exp: 1_000_000_000 }) })],
	["another audience", () => stage.forge({ payload: stage.claims({ aud: "https://user:pass@example.com" }) })],
	["an unknown DID", () => stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss: ABSENT }) })],
	[
		"an unknown key",
		() => stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss: `${stage.sender.did}#x` }) }),
	],
	["an invalid signature", () => stage.forge({ key: stranger.privateKey })],
	["a missing scope", () => stage.forge()],
];

/** Everything of an error that a log might print, causes included. */
function printed(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const details = error instanceof OrgpassError ? JSON.stringify(error.details) : "";
	return [error.name, error.message, details, error.cause === undefined ? "" : printed(error.cause)].join("\n");
}

describe("T59: what a rejection reveals", () => {
	it.each(TOKENS)("T59: the response to %s contains only a status, its title and a code", async (_what, make) => {
		const decision = await decide({ verifier: stage.verifier }, { scope: "book" }, `Bearer ${await make()}`);
		if (decision.granted) expect.fail("granted");
		const body = JSON.parse(decision.body) as Record<string, string>;
		expect(Object.keys(body).sort()).toEqual(["code", "status", "title", "type"]);
		expect(body["type"]).toBe(`https://unpkg.com/orgpass/docs/errors.md#${body["code"]}`);
		expect(["A valid token is required", "The token doesn't grant this"]).toContain(body["title"]);
		expect(body["status"]).toBe(decision.status);
		expect(body["code"]).toMatch(/^[a-z]+\/[a-z-]+$/);
	});

	it.each(TOKENS)(
		"T59: the logged error for %s doesn't contain the token, its signature or a key",
		async (_what, make) => {
			const token = await make();
			const signature = token.split(".")[2] as string;
			const error = await refusalOf(() => stage.verifier.verify(token, { scope: "book" }));
			const text = printed(error);
			for (const key of [stage.sender.key, stranger.privateKey]) {
				expect(text).not.toContain(exportPrivateKey(key, "hex").slice(2));
				expect(text).not.toContain(exportPrivateKey(key, "jwk").d);
				expect(text).not.toContain(exportPublicKey(key.publicKey, "jwk").x);
				expect(text).not.toContain(exportPublicKey(key.publicKey, "hex").slice(4, 68));
			}
			expect(text).not.toContain(token);
			expect(text).not.toContain(token.split(".")[1]);
			expect(text).not.toContain(signature);
			expect(error.message).toMatch(/^[\x20-\x7e\u2026]*$/);
		},
	);

	it("T59: hostile text of a token is escaped and truncated in messages", async () => {
		const evil = `\u001b[31m\u202e\r\n${"x".repeat(1_000)}`;
		for (const members of [
			{ iss: evil },
			{ aud: evil },
			{ scope: evil },
			{ exp: evil },
			{ aud: [evil, evil, evil, evil] },
		]) {
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims(members) });
			const { message } = await refusalOf(() => stage.verify(token));
			expect(message).toMatch(/^[\x20-\x7e\u2026]*$/);
			expect(message.length).toBeLessThan(700);
		}
	});

	it("T59: the password of an RPC URL never appears in messages", async () => {
		const registry = stage.network.registry.address;
		const rpcUrl = "http://user:hunter2@127.0.0.1:9/v3/api-key-1234";
		const resolver = createOrgIdResolver({ networks: [{ chainId: 31_337, rpcUrl, registry }] });
		const profiles = [orgid({ audience: stage.receiver.did, resolver })];
		const verifier = createVerifier({ profiles, now: stage.clock });
		const token = await stage.forge();
		const error = await refusalOf(() => verifier.verify(token));
		expect(error.code).toBe("registry/unreachable");
		expect(printed(error)).not.toMatch(/hunter2|api-key/);
		resolver.close();
	});

	it("T59: a foreign resolver's error is truncated", async () => {
		const didResolutionMetadata = { error: `\u001b[0m${"e".repeat(5_000)}` };
		const result = { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata };
		const profiles = [orgid({ audience: stage.receiver.did, resolver: resolverWith(result) })];
		const verifier = createVerifier({ profiles, now: stage.clock });
		const token = await stage.forge();
		const error = await refusalOf(() => verifier.verify(token));
		expect(error.code).toBe("did/resolution");
		expect(error.message.length).toBeLessThan(400);
	});
});
