import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";

/** A verifier of a network, as a consumer's test would make it. */
function verifierOf({ resolver, now }: Pick<TestNetwork, "resolver" | "now">, audience: string): Verifier {
	return createVerifier({ profiles: [orgid({ audience, resolver, chainIds: [31337] })], now });
}

describe("a network of twelve organizations", () => {
	let network: Awaited<ReturnType<typeof startTestNetwork<12>>>;
	let hotel: TestOrganization;
	let others: TestOrganization[];
	let verifier: Verifier;
	let issuers: string[];
	beforeAll(async () => {
		network = await startTestNetwork({ organizations: 12 });
		[hotel, ...others] = network.organizations;
		issuers = network.organizations.map(({ issuer }) => issuer);
		verifier = verifierOf(network, hotel.did);
	});
	afterAll(() => network.close());

	const next = (): TestOrganization => others.pop() ?? expect.fail("none is left");
	const mint = (organization: TestOrganization) => organization.minter({ audience: hotel.did }).mint();
	const refusal = (token: string) =>
		verifier.verify(token).then(
			() => "accepted",
			(error: { code: string }) => error.code,
		);

	it("has organizations with separate owners, keys and DIDs, all frozen", async () => {
		const { organizations, accounts, registry, rpcUrl, chainId } = network;
		expect(organizations).toHaveLength(12);
		expect({ rpcUrl, chainId }).toEqual({ rpcUrl: expect.stringMatching(/^http:\/\/127/), chainId: 31337 });
		for (const pick of ["did", "orgId"] as const) expect(new Set(organizations.map((one) => one[pick])).size).toBe(12);
		const addresses = [...organizations.map(({ owner }) => owner), ...accounts].map(({ address }) => address);
		expect(new Set(addresses).size).toBe(15);
		expect(await registry.list()).toEqual(organizations.map(({ orgId }) => orgId));
		for (const value of [network, organizations, accounts, hotel]) expect(Object.isFrozen(value)).toBe(true);
		expect(issuers).toEqual(organizations.map(({ did }) => `${did}#webserver`));
	});

	it("verifies the tokens of every organization", async () => {
		for (const organization of network.organizations) {
			expect(await verifier.verify(await mint(organization))).toMatchObject({ issuer: organization.did });
		}
	});

	it("minter accepts the options of createMinter, and uses the network's clock", async () => {
		const options = Object.freeze({ audience: hotel.did, lifetimeSeconds: 60, scopeFormat: "json" as const });
		for (let i = 0; i < 2; i++) {
			const before = Math.floor(network.now());
			const { claims } = decodeToken(await hotel.minter(options).mint({ scope: ["a", "b"] }));
			expect(claims).toMatchObject({ iss: hotel.issuer, scope: '["a","b"]' });
			expect(claims["iat"]).toBeGreaterThanOrEqual(before);
			expect(claims["iat"]).toBeLessThanOrEqual(network.now());
			expect((claims["exp"] as number) - (claims["iat"] as number)).toBe(60);
		}
		await expect(hotel.minter().mint()).rejects.toMatchObject({ code: "config/invalid-option" });
	});

	it("revokeKey has an immediate effect; rotateKey adds a new key before or after a revocation", async () => {
		const organization = next();
		const tokens = [await mint(organization)];
		await verifier.verify(tokens[0] ?? "");
		await organization.revokeKey();
		expect(await refusal(tokens[0] ?? "")).toBe("did/key-revoked");
		for (const name of ["webserver-2", "webserver-3"]) {
			const { key } = organization;
			await organization.rotateKey();
			expect(organization.issuer).toBe(`${organization.did}#${name}`);
			expect(organization.key).not.toBe(key);
			tokens.push(await mint(organization));
			expect(await refusal(tokens.at(-1) ?? "")).toBe("accepted");
		}
		expect(await refusal(tokens[1] ?? "")).toBe("did/key-revoked");
		await organization.revokeKey();
		await organization.rotateKey();
		expect(await refusal(await mint(organization))).toBe("accepted");
		const record = await network.registry.read(organization.orgId);
		expect(record?.keys.map(({ fragment }) => fragment)).toEqual(["webserver-4"]);
	});

	it("a minter made before a rotation still uses the old key, which is rejected", async () => {
		const organization = next();
		const minter = organization.minter({ audience: hotel.did });
		await organization.rotateKey();
		expect(await refusal(await minter.mint())).toBe("did/key-revoked");
	});

	it("deactivate and activate have an immediate effect", async () => {
		const organization = next();
		const token = await mint(organization);
		await verifier.verify(token);
		await organization.deactivate();
		expect(await refusal(token)).toBe("did/deactivated");
		await organization.activate();
		expect(await refusal(token)).toBe("accepted");
	});

	it("T39: transfer passes on the organization with its keys; the first owner loses control", async () => {
		const organization = next();
		const [heir] = network.accounts;
		const token = await mint(organization);
		await organization.transfer(heir.address as `0x${string}`);
		expect(await refusal(token)).toBe("accepted");
		expect((await verifier.verify(token)).organization?.owner).toBe(heir.address);
		for (const work of [
			() => organization.deactivate(),
			() => organization.revokeKey(),
			() => organization.transfer(organization.owner.address as `0x${string}`),
		]) {
			await expect(work()).rejects.toMatchObject({ code: "registry/unauthorized" });
		}
		const registry = network.registry.connect(heir);
		await registry.revokeAllKeys(organization.orgId);
		network.resolver.invalidate(organization.did);
		expect(await refusal(token)).toBe("did/key-revoked");
	});

	it("advanceTime moves the chain and the clock: tokens expire, keys become valid and expire", async () => {
		const organization = next();
		const registry = network.registry.connect(organization.owner);
		const { privateKey, publicKey } = await generateKeyPair();
		const at = Math.ceil(network.now());
		const times = { validFrom: at + 1_000, validUntil: at + 2_000 };
		await registry.addKey(organization.orgId, { fragment: "brief", publicKey, ...times });
		const token = await mint(organization);
		const issuer = `${organization.did}#brief`;
		const brief = () =>
			organization.minter({ audience: hotel.did, key: privateKey, issuer, lifetimeSeconds: 60 }).mint();
		expect(await refusal(await brief())).toBe("did/key-not-yet-valid");
		await network.advanceTime(1_500);
		expect(network.now()).toBeGreaterThanOrEqual(at + 1_500);
		expect((await network.provider.getBlock("latest"))?.timestamp).toBeGreaterThanOrEqual(at + 1_500);
		expect(await refusal(await brief())).toBe("accepted");
		expect(await refusal(token)).toBe("accepted");
		await network.advanceTime(2_200);
		expect(await refusal(await brief())).toBe("did/key-expired");
		expect(await refusal(token)).toBe("token/expired");
		expect(await refusal(await mint(organization))).toBe("accepted");
	});

	it("the clock is never behind the chain's, even after a hundred blocks", async () => {
		for (let i = 0; i < 100; i++) await network.provider.send("evm_mine", []);
		await hotel.deactivate();
		const block = await network.provider.getBlock("latest");
		expect(network.now()).toBeGreaterThanOrEqual(block?.timestamp ?? 0);
		await hotel.activate();
	});
});

describe("startTestNetwork", () => {
	it("creates two organizations by default, and none for zero", async () => {
		const [usual, empty] = await Promise.all([startTestNetwork(), startTestNetwork({ organizations: 0 })]);
		expect(usual.organizations).toHaveLength(2);
		expect(empty.organizations).toHaveLength(0);
		expect(await empty.registry.list()).toEqual([]);
		await Promise.all([usual.close(), empty.close()]);
	});

	it("two networks are independent", async () => {
		const [one, two] = await Promise.all([startTestNetwork(), startTestNetwork()]);
		expect(one.rpcUrl).not.toBe(two.rpcUrl);
		const [airline, hotel] = one.organizations;
		const token = await airline.minter({ audience: hotel.did }).mint();
		await verifierOf(one, hotel.did).verify(token);
		await two.organizations[0].revokeKey();
		await verifierOf(one, hotel.did).verify(token);
		await one.close();
		expect(await two.registry.list()).toHaveLength(2);
		await two.close();
	});

	it.each([
		["an unknown option", { organisations: 2 }, "config/unknown-option"],
		["a negative number", { organizations: -1 }, "config/invalid-option"],
		["a fraction", { organizations: 1.5 }, "config/invalid-option"],
		["a string", { organizations: "2" }, "config/invalid-option"],
		["null", null, "config/invalid-option"],
	])("rejects %s before starting anything", async (_what, options, code) => {
		await expect(startTestNetwork(options as never)).rejects.toMatchObject({ code });
	});

	it("stops the chain if a later step fails", async () => {
		const urls = new Set<string>();
		const failSending = (message: unknown) => {
			const { request } = message as { request: ClientRequest };
			const end = request.end.bind(request) as (body: Uint8Array) => ClientRequest;
			urls.add(`http://${request.getHeader("host")}`);
			request.end = ((body: Uint8Array) => {
				const isSending = new TextDecoder().decode(body).includes("eth_send");
				return isSending ? request.destroy(new Error("down")) : end(body);
			}) as ClientRequest["end"];
		};
		subscribe("http.client.request.created", failSending);
		onTestFinished(() => void unsubscribe("http.client.request.created", failSending));
		await expect(startTestNetwork()).rejects.toMatchObject({ code: "registry/unreachable" });
		expect(urls.size).toBe(1);
		for (const url of urls) await expect(fetch(url)).rejects.toThrow();
	});

	it("stops listening after close", async () => {
		const { rpcUrl, close, resolver } = await startTestNetwork({ organizations: 1 });
		await close();
		await expect(fetch(rpcUrl, { method: "POST", body: "{}" })).rejects.toThrow();
		const { didResolutionMetadata } = await resolver.resolve(`did:orgid:31337:0x${"0a".repeat(32)}`);
		expect(didResolutionMetadata["code"]).toBe("registry/unreachable");
	});
});
