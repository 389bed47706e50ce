import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../../src/testing/test-network.ts";
import type { TestOrganization } from "../../../src/testing/test-organization.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import type { ResolvedIssuer, TokenIssuer } from "../../../src/tokens/token-kind.ts";

let network: TestNetwork;
let resolver: OrgIdResolver;
let sender: TestOrganization;
let audience: string;
let clock = 0;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 3 });
	const [first, second] = network.organizations as [TestOrganization, TestOrganization];
	sender = first;
	audience = second.did;
});
beforeEach(() => {
	const { rpcUrl, registry } = network;
	resolver = createOrgIdResolver({
		networks: [{ chainId: 31_337, rpcUrl, registry: registry.address }],
		now: () => clock,
	});
});
afterEach(() => resolver.close());
afterAll(() => network.close());

/** A function that parses the issuer of a new token each time. */
async function issuerParser(
	source: Parameters<typeof orgid>[0]["resolver"] = resolver,
	organization = sender,
): Promise<() => TokenIssuer> {
	const profile = orgid({ audience, resolver: source });
	const jws = decodeToken(await organization.minter({ audience }).mint());
	return () => profile.parseIssuer(jws);
}

describe("a known issuer", () => {
	it("is found without a promise, as the same object from the first time on", async () => {
		const parse = await issuerParser();
		const unknown = parse();
		expect(unknown).toMatchObject({ issuer: sender.did, signer: sender.issuer });
		const first = unknown.resolve();
		expect(first).toBeInstanceOf(Promise);
		const resolved = await first;
		expect(Object.isFrozen(resolved)).toBe(true);
		expect(parse()).toMatchObject({ issuer: sender.did, signer: sender.issuer });
		expect(parse().resolve()).toBe(resolved);
		expect(parse().resolve()).toBe(resolved);
		// The token that was the first one is remembered with this object.
		expect(unknown.resolve()).toBe(resolved);
	});

	it("is looked up again once its record has expired, and known again after that", async () => {
		const parse = await issuerParser();
		const before = await parse().resolve();
		clock += 61;
		const looking = parse().resolve();
		expect(looking).toBeInstanceOf(Promise);
		const after = await looking;
		expect(after).not.toBe(before);
		expect(parse().resolve()).toBe(after);
	});

	it("doesn't change what the resolver returns", async () => {
		const before = await resolver.resolve(sender.did);
		const parse = await issuerParser();
		await parse().resolve();
		parse().resolve();
		expect(await resolver.resolve(sender.did)).toEqual(before);
	});

	it("is looked up for each token if the resolver is wrapped", async () => {
		const parse = await issuerParser({ resolve: (did, options) => resolver.resolve(did, options) });
		await parse().resolve();
		expect(parse().resolve()).toBeInstanceOf(Promise);
	});

	it("isn't known any more once its key is revoked", async () => {
		const other = network.organizations[2] as TestOrganization;
		const parse = await issuerParser(resolver, other);
		const known = (await parse().resolve()) as ResolvedIssuer;
		expect(parse().resolve()).toBe(known);
		await other.revokeKey();
		resolver.invalidate(other.did);
		await expect(parse().resolve()).rejects.toMatchObject({ code: "did/key-revoked" });
		await expect(parse().resolve()).rejects.toMatchObject({ code: "did/key-revoked" });
	});
});
