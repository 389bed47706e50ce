import { BrowserProvider, type Eip1193Provider, JsonRpcProvider, Network } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { RegistryOptions } from "../../src/registry/open-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";

const ABSENT = `0x${"0a".repeat(32)}` as const;
const HASH = `0x${"cd".repeat(32)}` as const;

let network: Awaited<ReturnType<typeof startTestNetwork<1>>>;
let writer: Registry;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 1 });
	writer = network.registry.connect(network.accounts[0]);
});
afterAll(() => network.close());

/** An EIP-1193 provider over HTTP, as a wallet would have one. */
function eip1193(url: string): Eip1193Provider {
	const provider = new JsonRpcProvider(url, Network.from(31337), { staticNetwork: true, cacheTimeout: -1 });
	return { request: ({ method, params = [] }) => provider.send(method, params as unknown[]) };
}

describe.each<[string, () => Partial<RegistryOptions>]>([
	["a URL", () => ({ rpcUrl: network.rpcUrl })],
	["an ethers provider", () => ({ provider: network.provider })],
	["an EIP-1193 provider", () => ({ provider: eip1193(network.rpcUrl) })],
	["ethers over EIP-1193", () => ({ provider: new BrowserProvider(eip1193(network.rpcUrl)) })],
])("a registry over %s", (_what, connection) => {
	let registry: Registry;
	beforeAll(() => {
		registry = createRegistry({ chainId: 31337, address: network.registry.address, ...connection() });
	});
	afterAll(() => registry.close());

	it("reads an organization, deeply frozen", async () => {
		const [{ did, orgId, owner, key }] = network.organizations;
		const record = await registry.read(orgId);
		expect(record).toEqual({
			did,
			kind: "orgpass",
			documentEvidence: "hash",
			chainId: 31337,
			registry: network.registry.address,
			orgId,
			owner: owner.address,
			active: true,
			keys: [
				{
					fragment: "webserver",
					publicKeyHex: exportPublicKey(key.publicKey, "hex"),
					validFrom: 0,
					validUntil: 0,
					addedAt: expect.any(Number),
					revokedAt: 0,
				},
			],
			blockNumber: await network.provider.getBlockNumber(),
			blockTimestamp: expect.any(Number),
		});
		expect(Object.isFrozen(record) && Object.isFrozen(record?.keys) && Object.isFrozen(record?.keys[0])).toBe(true);
	});

	it("returns undefined for an unknown organization and an unknown key", async () => {
		expect(await registry.read(ABSENT)).toBeUndefined();
		expect(await registry.readKey(ABSENT, "webserver")).toBeUndefined();
		expect(await registry.readKey(network.organizations[0].orgId, "other")).toBeUndefined();
	});

	it("lists ids in order of creation", async () => {
		const ids = await registry.list();
		expect(ids[0]).toBe(network.organizations[0].orgId);
	});

	it("refuses to write without an account", async () => {
		await expect(registry.createOrganization()).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "account" },
		});
	});
});

describe("an organization's record", () => {
	it("T39: has a director only once accepted, and not after a transfer of ownership", async () => {
		const [owner, director, heir] = network.accounts;
		const { orgId } = await writer.createOrganization();
		const directorOf = async () => (await network.registry.read(orgId))?.director;
		await writer.transferDirectorship(orgId, director.address as `0x${string}`);
		expect(await directorOf()).toBeUndefined();
		const asDirector = network.registry.connect(director);
		await expect(asDirector.revokeAllKeys(orgId)).rejects.toMatchObject({ code: "registry/unauthorized" });
		await asDirector.acceptDirectorship(orgId);
		expect(await directorOf()).toBe(director.address);
		await asDirector.revokeAllKeys(orgId);
		await writer.transferDirectorship(orgId, `0x${"00".repeat(20)}`);
		expect(await directorOf()).toBeUndefined();
		await writer.transferDirectorship(orgId, owner.address as `0x${string}`);
		expect(await directorOf()).toBe(owner.address);
		await writer.transferOwnership(orgId, heir.address as `0x${string}`);
		expect(await network.registry.read(orgId)).toMatchObject({ owner: heir.address });
		expect(await directorOf()).toBeUndefined();
	});

	it("has the document with its backups, and none after it is removed", async () => {
		const uris = ["https://a.example", "ipfs://b"];
		const document = Object.freeze({ uris: Object.freeze(uris), hash: HASH });
		const { orgId } = await writer.createOrganization({ document });
		const record = await network.registry.read(orgId);
		expect(record?.document).toEqual(document);
		expect(Object.isFrozen(record?.document) && Object.isFrozen(record?.document?.uris)).toBe(true);
		await writer.setDocument(orgId, undefined);
		expect(await network.registry.read(orgId)).not.toHaveProperty("document");
		await writer.setDocument(orgId, document);
		expect((await network.registry.read(orgId))?.document).toEqual(document);
	});

	it("lists the valid keys; a revoked one is read on its own", async () => {
		const { orgId } = await writer.createOrganization();
		const { publicKey } = await generateKeyPair();
		await writer.addKey(orgId, { fragment: "a", publicKey, validFrom: 5, validUntil: 9 });
		await writer.addKey(orgId, { fragment: "b", publicKey });
		await writer.revokeKey(orgId, "a");
		expect((await network.registry.read(orgId))?.keys).toMatchObject([{ fragment: "b" }]);
		const revoked = await network.registry.readKey(orgId, "a");
		expect(revoked).toEqual({
			fragment: "a",
			publicKeyHex: exportPublicKey(publicKey, "hex"),
			validFrom: 5,
			validUntil: 9,
			addedAt: expect.any(Number),
			revokedAt: expect.any(Number),
		});
		expect(revoked?.revokedAt).toBeGreaterThan(0);
		expect(Object.isFrozen(revoked)).toBe(true);
		expect(await network.registry.readKey(orgId, "b")).toMatchObject({ revokedAt: 0 });
	});

	it("has the parent of a unit", async () => {
		const { orgId: parent } = await writer.createOrganization();
		const { Contract, Interface } = await import("ethers");
		const { orgIdRegistryAbi } = await import("../../src/registry/orgid-registry.contract.ts");
		const contract = new Contract(writer.address, new Interface(orgIdRegistryAbi), network.accounts[0]);
		const zero = `0x${"00".repeat(20)}`;
		const unit = contract.getFunction("createUnit");
		const args = [ABSENT, parent, zero, `0x${"00".repeat(32)}`, "", "", ""];
		const id = (await unit.staticCall(...args)) as OrgId;
		await (await unit.send(...args)).wait();
		expect(await network.registry.read(id)).toMatchObject({ parentOrgId: parent, active: true });
	});

	it("is read at the given block", async () => {
		const { orgId, blockNumber } = await writer.createOrganization();
		await writer.setActive(orgId, false);
		expect(await network.registry.read(orgId, { blockTag: blockNumber - 1 })).toBeUndefined();
		expect(await network.registry.read(orgId, { blockTag: blockNumber })).toMatchObject({
			active: true,
			blockNumber,
		});
		expect(await network.registry.read(orgId, { blockTag: "latest" })).toMatchObject({ active: false });
		expect(await network.registry.list({ blockTag: blockNumber - 1 })).not.toContain(orgId);
	});
});

describe("createRegistry options", () => {
	const good = { chainId: 31337, address: `0x${"11".repeat(20)}`, rpcUrl: "http://127.0.0.1:1" };

	it.each<[string, object | undefined, string, string]>([
		["an unknown option", { ...good, contract: "0x" }, "config/unknown-option", "contract"],
		["no chain id", { ...good, chainId: undefined }, "config/invalid-option", "chainId"],
		["a chain id of zero", { ...good, chainId: 0 }, "config/invalid-option", "chainId"],
		["a chain id as text", { ...good, chainId: "1" }, "config/invalid-option", "chainId"],
		["a short address", { ...good, address: "0x11" }, "config/invalid-option", "address"],
		["an ENS name", { ...good, address: "registry.eth" }, "config/invalid-option", "address"],
		["a WebSocket", { ...good, rpcUrl: "ws://127.0.0.1" }, "config/invalid-option", "rpcUrl"],
		["a file", { ...good, rpcUrl: "file:///etc/passwd" }, "config/invalid-option", "rpcUrl"],
		["a missing URL", { ...good, rpcUrl: "127.0.0.1:8545" }, "config/invalid-option", "rpcUrl"],
		["neither URL nor provider", { ...good, rpcUrl: undefined }, "config/invalid-option", "options"],
		["both", { ...good, provider: {} }, "config/invalid-option", "options"],
		["nothing", undefined, "config/invalid-option", "options"],
	])("rejects %s", (_what, options, code, option) => {
		expect(() => createRegistry(options as never)).toThrow(expect.objectContaining({ code, details: { option } }));
	});

	it("doesn't show the credentials of an invalid URL, and doesn't modify its options", () => {
		const options = Object.freeze({ ...good, rpcUrl: "ws://user:hunter2@127.0.0.1" });
		expect(() => createRegistry(options)).toThrow(expect.not.objectContaining({ message: /hunter2/ }));
		const frozen = Object.freeze({ ...good });
		createRegistry(frozen).close();
		createRegistry(frozen).close();
	});

	it("rejects a document without a URI or with more than three, without sending a request", async () => {
		for (const uris of [[], [""], ["a", "b", "c", "d"]]) {
			await expect(writer.createOrganization({ document: { uris, hash: HASH } })).rejects.toMatchObject({
				code: "config/invalid-option",
				details: { option: "document.uris" },
			});
		}
	});
});
