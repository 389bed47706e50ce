/** A generation of registry that orgpass has never heard of: added here, without touching another folder. */
import { ContractFactory } from "ethers";
import { createOrgIdMinter, createVerifier, generateKeyPair, importPrivateKey, orgid } from "orgpass";
import { createRegistry, type Registry, type RegistryAdapter } from "orgpass/registry";
import { createOrgIdResolver } from "orgpass/resolver";
import { startTestNetwork, type TestNetwork } from "orgpass/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileContract } from "../../support/compile-contract.ts";
import { toyAdapter } from "./toy-adapter.ts";

let network: TestNetwork;
let address: string;
let registry: Registry;
let owner: Registry;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	const { chainId, rpcUrl, accounts } = network;
	const contract = await new ContractFactory(
		[],
		compileContract(new URL("ToyRegistry.sol", import.meta.url), "ToyRegistry"),
		accounts[0],
	).deploy();
	await contract.waitForDeployment();
	address = await contract.getAddress();
	registry = createRegistry({ chainId, rpcUrl, address, adapter: toyAdapter });
	owner = registry.connect(accounts[0]);
});
afterAll(async () => {
	registry.close();
	await network.close();
});

it("can be read and written through the common interface", async () => {
	const { did, orgId, blockNumber } = await owner.createOrganization();
	const { publicKey } = await generateKeyPair();
	await owner.addKey(orgId, { fragment: "key", publicKey });
	const record = await registry.read(orgId);
	expect(record).toMatchObject({ did, kind: "toy", owner: network.accounts[0].address, active: true });
	expect(record?.keys).toMatchObject([{ fragment: "key" }]);
	for (const part of [record, record?.keys, record?.keys[0]]) expect(Object.isFrozen(part)).toBe(true);
	expect(await registry.read(orgId, { blockTag: blockNumber })).toMatchObject({ keys: [], blockNumber });
	expect(await registry.read(`0x${"0a".repeat(32)}`)).toBeUndefined();
	expect(await registry.list()).toContain(orgId);
	expect(await registry.readEvents({ fromBlock: blockNumber })).toMatchObject([
		{ name: "Joined", orgId },
		{ name: "KeyReplaced", orgId },
	]);
});

it("refuses a new organization whose id its adapter doesn't derive", async () => {
	const { chainId, rpcUrl, accounts } = network;
	const create = async (adapter: RegistryAdapter): Promise<unknown> => {
		const connected = createRegistry({ chainId, rpcUrl, address, adapter });
		const signer = connected.connect(await importPrivateKey(accounts[0].privateKey));
		return signer.createOrganization().finally(() => connected.close());
	};
	await expect(create({ ...toyAdapter, deriveOrgId: (_creator, salt) => salt })).rejects.toMatchObject({
		code: "registry/bad-response",
		message: expect.stringMatching(/another account's organization$/),
	});
	const { deriveOrgId: _, ...adapter } = toyAdapter;
	for (const accepted of [toyAdapter, adapter])
		expect(await create(accepted)).toMatchObject({ gasUsed: expect.any(BigInt) });
});

it("verifies an organization's token", async () => {
	const { did, orgId } = await owner.createOrganization();
	const { privateKey, publicKey } = await generateKeyPair();
	const { chainId, rpcUrl, now } = network;
	const networks = [{ chainId, rpcUrl, registry: address, adapter: toyAdapter }];
	const resolver = createOrgIdResolver({ networks, cache: { ttlSeconds: 0 }, now });
	const audience = "https://hotel.example";
	const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now });
	const minter = createOrgIdMinter({ key: privateKey, issuer: `${did}#key`, audience, now });
	const token = await minter.mint();

	await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-not-found" });
	await owner.addKey(orgId, { fragment: "key", publicKey });
	expect(await verifier.verify(token)).toMatchObject({ issuer: did, organization: { kind: "toy" } });

	const { publicKey: other } = await generateKeyPair();
	await owner.addKey(orgId, { fragment: "key", publicKey: other });
	await expect(verifier.verify(token)).rejects.toMatchObject({ code: "token/signature" });
	resolver.close();
});

it("rejects what its contract rejects or doesn't support", async () => {
	const { orgId } = await owner.createOrganization();
	const { publicKey } = await generateKeyPair();
	const stranger = registry.connect(network.accounts[1]);
	await expect(stranger.addKey(orgId, { fragment: "key", publicKey })).rejects.toMatchObject({
		code: "registry/unauthorized",
		message: expect.stringContaining("only the admin may do this (NotAdmin"),
		details: { error: "NotAdmin" },
	});
	const { chainId, rpcUrl, accounts } = network;
	const { errors: _, ...adapter } = toyAdapter;
	const silent = createRegistry({ chainId, rpcUrl, address, adapter }).connect(accounts[1]);
	await expect(silent.addKey(orgId, { fragment: "key", publicKey })).rejects.toMatchObject({
		code: "registry/reverted",
		message: expect.stringContaining("replaceKey: NotAdmin"),
	});
	silent.close();
	await expect(owner.setActive(orgId, false)).rejects.toMatchObject({
		code: "registry/unsupported",
		details: { kind: "toy" },
	});
	expect(await registry.readKey(orgId, "key")).toBeUndefined();
});

it("isn't recognized without its adapter", async () => {
	const { chainId, rpcUrl } = network;
	const unnamed = createRegistry({ chainId, rpcUrl, address });
	await expect(unnamed.list()).rejects.toMatchObject({ code: "registry/no-contract" });
	unnamed.close();
});

it.each<[string, object]>([
	["a kind as well", { kind: "orgpass", adapter: toyAdapter }],
	["no name", { adapter: { ...toyAdapter, name: undefined } }],
	["a documentEvidence other than hash or proof", { adapter: { ...toyAdapter, documentEvidence: "none" } }],
	["errors that are text", { adapter: { ...toyAdapter, errors: "NotAdmin" } }],
	["an error without a message", { adapter: { ...toyAdapter, errors: { NotAdmin: { isUnauthorized: true } } } }],
	["an error that isn't an object", { adapter: { ...toyAdapter, errors: { NotAdmin: null } } }],
	[
		"an error that may be unauthorized",
		{ adapter: { ...toyAdapter, errors: { E: { message: "x", isUnauthorized: 1 } } } },
	],
	["no read function", { adapter: { ...toyAdapter, read: undefined } }],
	["its name instead", { adapter: "toy" }],
])("rejects an adapter with %s", (_what, options) => {
	const { chainId, rpcUrl } = network;
	expect(() => createRegistry({ chainId, rpcUrl, address, ...options } as never)).toThrow(
		expect.objectContaining({ code: "config/invalid-option" }),
	);
});
