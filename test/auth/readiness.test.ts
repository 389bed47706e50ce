/** Whether a verifier is ready, with nodes and JWK Sets on real sockets. */
import { Resolver } from "did-resolver";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";
import { type JwksServer, startJwksServer } from "../support/jwks-server.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { RSA_KEYS } from "../support/token-kinds.ts";

const AUDIENCE = `did:orgid:31337:0x${"0b".repeat(32)}`;
const REGISTRY = `0x${"5e".repeat(20)}`;

const well: FakeNode["answer"] = (method) => greet(method) ?? { result: "0x" };

let node: FakeNode;
let jwks: JwksServer;
beforeAll(async () => {
	[node, jwks] = await Promise.all([startFakeNode(well), startJwksServer()]);
	jwks.serve({ ...exportPublicKey(RSA_KEYS.publicKey, "jwk"), kid: "7" });
});
beforeEach(() => {
	node.answer = well;
	node.calls.length = 0;
	jwks.asked();
});
afterAll(() => Promise.all([node.close(), jwks.close()]));

function resolverWith(...chainIds: readonly number[]) {
	const networks = chainIds.map((chainId) => ({ chainId, rpcUrl: node.url, registry: REGISTRY }));
	const resolver = createOrgIdResolver({ networks });
	onTestFinished(() => resolver.close());
	return resolver;
}

function verifierOf(profile: Partial<Profile>, options: Partial<VerifierOptions> = {}): Verifier {
	const base = orgid({ audience: AUDIENCE, resolver: new Resolver() });
	return createVerifier({ profiles: [{ ...base, ...profile }], ...options });
}

describe("isReady", () => {
	it("is true while all networks work, false during an outage, and true again afterwards", async () => {
		const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver: resolverWith(31337) })] });
		expect(await verifier.isReady()).toBe(true);
		node.answer = () => ({ hangUp: true });
		expect(await verifier.isReady()).toBe(false);
		node.answer = well;
		expect(await verifier.isReady()).toBe(true);
	});

	it("is false if one of two networks is down, unless the profile doesn't accept that chain", async () => {
		const resolver = resolverWith(31337, 5);
		const isReady = (accepted: { chainIds?: number[] }) =>
			createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver, ...accepted })] }).isReady();
		expect(await isReady({})).toBe(false);
		expect(await isReady({ chainIds: [5] })).toBe(false);
		expect(await isReady({ chainIds: [31337] })).toBe(true);
	});

	it("asks a resolver once for all profiles and callers", async () => {
		const resolver = resolverWith(31337);
		const profiles = [orgid({ audience: AUDIENCE, resolver }), orgidAccount({ audience: AUDIENCE, resolver })];
		const verifier = createVerifier({ profiles });
		const answers = await Promise.all(Array.from({ length: 100 }, () => verifier.isReady()));
		expect(answers.every(Boolean)).toBe(true);
		expect(node.calls).toHaveLength(2);
		node.answer = () => ({ hangUp: true });
		expect(await createVerifier({ profiles: profiles.slice(1) }).isReady()).toBe(false);
	});

	it("is true for kinds that need no network, and for resolvers that can't tell", async () => {
		const plugin = new Resolver({ ...resolverWith(5).plugin });
		const profiles = [
			ioctl({ trustedIssuers: [`0x${"11".repeat(20)}`] }),
			githubApp({ keys: { 7: RSA_KEYS.publicKey } }),
			orgid({ audience: AUDIENCE, resolver: plugin }),
		];
		expect(await createVerifier({ profiles }).isReady()).toBe(true);
		expect(node.calls).toEqual([]);
	});

	it("fetches a JWK Set, and is true for as long as that can be used, even if its host is down", async () => {
		const verifier = createVerifier({ profiles: [githubApp({ keys: keysFromJwks(jwks.url) })] });
		expect(await verifier.isReady()).toBe(true);
		onTestFinished(() => void vi.restoreAllMocks());
		jwks.down();
		expect(await verifier.isReady()).toBe(true);
		expect(jwks.asked()).toBe(1);
		passSeconds(600);
		const answers = await Promise.all(Array.from({ length: 100 }, () => verifier.isReady()));
		expect(answers.some(Boolean)).toBe(false);
		expect(jwks.asked()).toBe(1);
		jwks.serve();
		expect(await verifier.isReady()).toBe(false);
		passSeconds(30);
		expect(await verifier.isReady()).toBe(true);
	});

	it.each([
		["rejects", () => Promise.reject(new Error("down"))],
		["throws", () => expect.fail()],
		["returns something else", async () => "yes" as never],
	])("is false if a custom profile %s", async (_what, isReady) => {
		expect(await verifierOf({ isReady }).isReady()).toBe(false);
	});

	it("is false if a profile doesn't answer within the time of a verification", async () => {
		const answer = verifierOf({ isReady: () => new Promise(() => {}) }, { timeoutSeconds: 7 }).isReady();
		await until(() => isWaiting(7_000));
		await pass(7_000);
		expect(await answer).toBe(false);
	});
});
