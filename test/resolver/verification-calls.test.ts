/** What a verification costs at the RPC node. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { idle } from "../support/patient-timers.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";

let network: Awaited<ReturnType<typeof startTestNetwork<10>>>;
let counter: RpcCounter;
let resolver: OrgIdResolver;
let verifier: Verifier;
let audience: string;
let clock = 0;
const fresh: TestOrganization[] = [];
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 10 });
	audience = network.organizations[0].did;
	fresh.push(...network.organizations.slice(1));
	counter = await startRpcCounter(network.rpcUrl);
});
beforeEach(() => {
	resolver?.close();
	const registry = network.registry.address;
	const networks = [{ chainId: 31337, rpcUrl: counter.url, registry }];
	resolver = createOrgIdResolver({ networks, now: () => clock });
	verifier = createVerifier({
		profiles: [orgid({ audience, resolver, chainIds: [31337] })],
		now: network.now,
	});
	counter.reset();
});
afterAll(async () => {
	resolver.close();
	await counter.close();
	await network.close();
});

/** An organization no verifier has met. */
function stranger(): TestOrganization {
	return fresh.pop() ?? expect.fail("no organization is left");
}
const calls = () => counter.count("eth_call");

describe("eth_call count", () => {
	it("one for an uncached verification, with one check of the chain", async () => {
		const token = await stranger().minter({ audience }).mint();
		await verifier.verify(token);
		expect(calls()).toBe(1);
		expect(counter.count("eth_chainId")).toBe(1);
		expect(counter.count("eth_getCode")).toBe(1);
		expect(counter.requests()).toBe(2);
	});

	it("one for fifty concurrent tokens of a new organization", async () => {
		const minter = stranger().minter({ audience });
		const tokens = await Promise.all(Array.from({ length: 50 }, () => minter.mint()));
		expect(new Set(tokens).size).toBe(50);
		await Promise.all(tokens.map((token) => verifier.verify(token)));
		expect(calls()).toBe(1);
	});

	it("none for a second token of a known organization", async () => {
		const minter = stranger().minter({ audience });
		await verifier.verify(await minter.mint());
		counter.reset();
		await verifier.verify(await minter.mint());
		expect(counter.requests()).toBe(0);
	});

	it("none for a token with an invalid form, time, audience or chain", async () => {
		const { key, issuer, minter } = stranger();
		const minterAt = (now: number) => createOrgIdMinter({ key, issuer, audience, now: () => now });
		for (const [token, code] of [
			["a.b.c", "token/malformed"],
			[(await minter({ audience }).mint()).replace(".", ".."), "token/malformed"],
			[await minterAt(network.now() - 7_200).mint(), "token/expired"],
			[await minterAt(network.now() + 7_200).mint(), "token/issued-in-future"],
			[await minter({ audience: "did:x" }).mint(), "token/audience"],
			[await minter({ audience, issuer: issuer.replace("31337", "1") }).mint(), "did/chain-unknown"],
		] as const) {
			await expectRefusal(() => verifier.verify(token), code);
		}
		await idle();
		expect(counter.requests()).toBe(0);
	});

	it("T52: while the node is down, a new organization's token is an outage and a known one's is valid", async () => {
		const organization = stranger();
		const minter = organization.minter({ audience });
		await verifier.verify(await minter.mint());
		const cold = await stranger().minter({ audience }).mint();
		await counter.close();
		try {
			await verifier.verify(await minter.mint());
			await expect(verifier.verify(cold)).rejects.toMatchObject({ code: "registry/unreachable" });
			clock += 60;
			await expect(verifier.verify(await minter.mint())).rejects.toMatchObject({
				code: "registry/unreachable",
			});
		} finally {
			counter = await startRpcCounter(network.rpcUrl);
		}
	});

	it("T36: a cached organization that was deactivated is rejected after the TTL", async () => {
		const organization = stranger();
		const token = await organization.minter({ audience }).mint();
		await verifier.verify(token);
		await organization.deactivate();
		await verifier.verify(token);
		clock += 60;
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/deactivated" });
		await organization.activate();
		resolver.invalidate(organization.did);
		await verifier.verify(token);
	});

	it("T50: a cached key that was revoked is rejected as revoked after the TTL, with two calls", async () => {
		const organization = stranger();
		const token = await organization.minter({ audience }).mint();
		await verifier.verify(token);
		await organization.revokeKey();
		clock += 60;
		counter.reset();
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-revoked" });
		expect(calls()).toBe(2);
	});
});
