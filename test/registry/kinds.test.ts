/** One behaviour, three generations of contract. */
import type { Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { selectorOf } from "../../src/registry/abi/contract-abi.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Address, DocumentReference } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { CreateReceipt } from "../../src/registry/registry-changes.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { greet, startFakeNode } from "../support/fake-node.ts";
import { deployKind, deployProxy, KINDS } from "../support/registry-kinds.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
const LAST = "https://example.com/last.json";
const ABSENT = `0x${"0c".repeat(32)}` as const;

let network: TestNetwork;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
});
afterAll(() => network.close());

describe.each(KINDS)("a %s registry", (kind) => {
	let address: Address;
	let registry: Registry;
	let owner: Registry;
	let stranger: Registry;
	let created: CreateReceipt;
	let document: DocumentReference;
	beforeAll(async () => {
		const [first, second] = network.accounts.map(unlock) as [Wallet, Wallet];
		address = await deployKind(kind, first);
		const { rpcUrl, chainId } = network;
		registry = createRegistry({ chainId, rpcUrl, address });
		owner = registry.connect(unlockedAccount(network.provider, first.address));
		stranger = registry.connect(unlockedAccount(network.provider, second.address));
		document = reference("https://example.com/a.json");
	});
	beforeEach(async () => {
		created = await owner.createOrganization({ document });
	});
	afterAll(() => registry.close());

	const reference = (uri: string): DocumentReference =>
		kind === "orgid-v3" ? { uris: [uri] } : { uris: [uri], hash: HASH };

	it("is recognized by its code", async () => {
		expect(await registry.readAdapter()).toMatchObject({ name: kind });
	});

	it("creates an organization and reads it, deeply frozen", async () => {
		const record = await registry.read(created.orgId);
		expect(record).toMatchObject({
			did: `did:orgid:31337:${created.orgId}`,
			kind,
			chainId: 31337,
			registry: address,
			orgId: created.orgId,
			owner: network.accounts[0].address,
			active: true,
			document,
			keys: [],
			blockNumber: await network.provider.getBlockNumber(),
		});
		expect(record).not.toHaveProperty("director");
		for (const part of [record, record?.keys, record?.document, record?.document?.uris])
			expect(Object.isFrozen(part)).toBe(true);
	});

	it("derives the id from the creator and salt", async () => {
		const salt = `0x${"5a".repeat(32)}` as const;
		const { orgId } = await owner.createOrganization({ salt, document });
		expect(await registry.list()).toContain(orgId);
		await expect(owner.createOrganization({ salt, document })).rejects.toMatchObject({
			code: "registry/reverted",
		});
		expect((await stranger.createOrganization({ salt, document })).orgId).not.toBe(orgId);
	});

	it("returns undefined for an unknown id, at any block", async () => {
		expect(await registry.read(ABSENT)).toBeUndefined();
		expect(await registry.read(created.orgId, { blockTag: created.blockNumber - 1 })).toBeUndefined();
		expect(await registry.read(created.orgId, { blockTag: created.blockNumber })).toMatchObject({
			blockNumber: created.blockNumber,
		});
	});

	it("lists organizations in order of creation", async () => {
		const before = await registry.list();
		const { orgId } = await stranger.createOrganization({ document });
		expect(await registry.list()).toEqual([...before, orgId]);
	});

	it("lets only the owner change the document", async () => {
		const other = reference("https://example.com/b.json");
		await owner.setDocument(created.orgId, other);
		expect((await registry.read(created.orgId))?.document).toEqual(other);
		await expect(stranger.setDocument(created.orgId, document)).rejects.toMatchObject({
			code: "registry/unauthorized",
		});
	});

	it("lets only the owner transfer ownership", async () => {
		const [, second] = network.accounts;
		const to = second.address as Address;
		await expect(stranger.transferOwnership(created.orgId, to)).rejects.toMatchObject({
			code: "registry/unauthorized",
		});
		await owner.transferOwnership(created.orgId, to);
		expect((await registry.read(created.orgId))?.owner).toBe(to);
		await expect(owner.setDocument(created.orgId, document)).rejects.toMatchObject({
			code: "registry/unauthorized",
		});
	});

	it("reads its events, each with the organization's id", async () => {
		const [, second] = network.accounts;
		const { blockNumber: fromBlock, orgId } = created;
		await owner.setDocument(orgId, reference("https://example.com/c.json"));
		await owner.transferOwnership(orgId, second.address as Address);
		const events = await registry.readEvents({ fromBlock });
		expect(events.length).toBeGreaterThanOrEqual(3);
		expect(new Set(events.map((event) => event.orgId))).toEqual(new Set([orgId]));
		expect(events.map(({ blockNumber }) => blockNumber)).toEqual(
			events.map(({ blockNumber }) => blockNumber).toSorted((a, b) => a - b),
		);
		const only = await registry.readEvents({ fromBlock, toBlock: fromBlock });
		expect(only.map(({ name }) => name)).toContain(ADAPTERS[kind].creationEvent);
	});

	it("watches events, each once, until aborted", async () => {
		const ending = new AbortController();
		const seen: string[] = [];
		const options = { fromBlock: created.blockNumber, pollingSeconds: 0.02, signal: ending.signal };
		const watching = (async () => {
			for await (const event of registry.watchEvents(options)) {
				seen.push(`${event.blockNumber}:${event.logIndex}`);
				if (event.args["newOrgJsonUri"] === LAST || event.args["orgJsonUri"] === LAST) ending.abort();
			}
		})();
		await owner.setDocument(created.orgId, reference("https://example.com/d.json"));
		await owner.setDocument(created.orgId, reference(LAST));
		await watching;
		expect(seen.length).toBeGreaterThanOrEqual(3);
		expect(new Set(seen).size).toBe(seen.length);
	});

	it("throws a code for what its generation doesn't support", async () => {
		const { orgId } = created;
		const { publicKey } = await generateKeyPair();
		const unknown: Record<typeof kind, (() => Promise<unknown>)[]> = {
			orgpass: [() => owner.addDelegates(orgId, ["did:x"]), () => owner.removeDelegates(orgId, ["did:x"])],
			"orgid-v1": [
				() => owner.addKey(orgId, { fragment: "k", publicKey }),
				() => owner.revokeKey(orgId, "k"),
				() => owner.revokeAllKeys(orgId),
				() => owner.addDelegates(orgId, ["did:x"]),
				() => owner.removeDelegates(orgId, ["did:x"]),
			],
			"orgid-v3": [
				() => owner.addKey(orgId, { fragment: "k", publicKey }),
				() => owner.revokeKey(orgId, "k"),
				() => owner.revokeAllKeys(orgId),
				() => owner.setActive(orgId, false),
				() => owner.transferDirectorship(orgId, network.accounts[1].address as Address),
				() => owner.acceptDirectorship(orgId),
			],
		};
		for (const change of unknown[kind]) await expect(change()).rejects.toMatchObject({ code: "registry/unsupported" });
		if (kind !== "orgpass") expect(await registry.readKey(orgId, "webserver")).toBeUndefined();
	});

	it("rejects a document it can't store", async () => {
		const uris = ["https://example.com/a.json"];
		const bad: DocumentReference[] =
			kind === "orgid-v3" ? [{ uris, hash: HASH }, { uris: [...uris, ...uris] }] : [{ uris }];
		for (const one of [...bad, { uris: [] }])
			await expect(owner.setDocument(created.orgId, one)).rejects.toMatchObject({
				code: "config/invalid-option",
			});
	});
});

describe.each(["orgpass", "orgid-v1"] as const)("state and director in a %s registry", (kind) => {
	let owner: Registry;
	let director: Registry;
	let created: CreateReceipt;
	beforeAll(async () => {
		const [first, second] = network.accounts.map(unlock) as [Wallet, Wallet];
		const address = await deployKind(kind, first);
		owner = createRegistry({ chainId: 31337, provider: network.provider, address }).connect(first);
		director = owner.connect(second);
		created = await owner.createOrganization({
			document: { uris: ["https://example.com/a.json"], hash: HASH },
		});
	});

	it("deactivates and activates; repeating a call is allowed", async () => {
		const { orgId } = created;
		await owner.setActive(orgId, false);
		const again = await owner.setActive(orgId, false);
		if (kind === "orgid-v1") expect(again).toBeUndefined();
		expect(await owner.read(orgId)).toMatchObject({ active: false });
		await owner.setActive(orgId, true);
		expect(await owner.read(orgId)).toMatchObject({ active: true });
		await expect(director.setActive(orgId, false)).rejects.toMatchObject({ code: "registry/unauthorized" });
	});

	it("returns a director only once accepted", async () => {
		const { orgId } = created;
		const account = network.accounts[1].address as Address;
		await owner.transferDirectorship(orgId, account);
		expect(await owner.read(orgId)).not.toHaveProperty("director");
		await director.acceptDirectorship(orgId);
		expect(await owner.read(orgId)).toMatchObject({ director: account });
		await owner.transferDirectorship(orgId, network.accounts[2].address as Address);
		expect(await owner.read(orgId)).not.toHaveProperty("director");
	});
});

it.each(["orgid-v1", "orgid-v3"] as const)("a %s registry behind a proxy is recognized by ERC-165", async (kind) => {
	const account = unlock(network.accounts[0]);
	const address = await deployProxy(await deployKind(kind, account), account);
	const behind = createRegistry({ chainId: 31337, provider: network.provider, address });
	expect(await behind.readAdapter()).toMatchObject({ name: kind });
	const document = kind === "orgid-v3" ? { uris: ["https://x/"] } : { uris: ["https://x/"], hash: HASH };
	const { orgId } = await behind.connect(account).createOrganization({ document });
	expect(await behind.read(orgId)).toMatchObject({ kind, orgId });
});

describe("ORGiD 3", () => {
	let owner: Registry;
	let address: Address;
	beforeAll(async () => {
		address = await deployKind("orgid-v3", unlock(network.accounts[0]));
		const connection = { chainId: 31337, provider: network.provider, address };
		owner = createRegistry(connection).connect(unlock(network.accounts[0]));
	});
	const document = { uris: ["https://example.com/a.json"] };

	it("stores delegates", async () => {
		const { orgId, did } = await owner.createOrganization({ document });
		expect(await owner.read(orgId)).toMatchObject({ delegates: [] });
		await owner.addDelegates(orgId, [`${did}#key-2`, "did:orgid:100:0x…#x"]);
		expect(await owner.read(orgId)).toMatchObject({ delegates: [`${did}#key-2`, "did:orgid:100:0x…#x"] });
		await owner.removeDelegates(orgId, [`${did}#key-2`]);
		expect(await owner.read(orgId)).toMatchObject({ delegates: ["did:orgid:100:0x…#x"] });
		await expect(owner.addDelegates(orgId, [])).rejects.toMatchObject({ code: "config/invalid-option" });
	});

	it("explains the contract's errors in words", async () => {
		const salt = `0x${"5a".repeat(32)}` as const;
		const absent = `0x${"5b".repeat(32)}` as const;
		const { orgId } = await owner.createOrganization({ document, salt });
		const stranger = owner.connect(unlock(network.accounts[1]));
		const cases: readonly [work: () => Promise<unknown>, code: string, words: string][] = [
			[
				() => owner.createOrganization({ document, salt }),
				"registry/reverted",
				"already has an organization with this salt (OrgIdAlreadyExists",
			],
			[() => owner.setDocument(absent, document), "registry/reverted", "there is no such organization (OrgIdNotFound"],
			[
				() => stranger.setDocument(orgId, document),
				"registry/unauthorized",
				"only the organization's owner may do this (CalledNotByOrgIdOwner)",
			],
			[
				() => stranger.addDelegates(orgId, ["did:orgid:100:0x…#x"]),
				"registry/unauthorized",
				"only the organization's owner may do this (CalledNotByOrgIdOwner)",
			],
		];
		for (const [work, code, words] of cases) {
			await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
		}
	});

	it.each([
		["0x12345678", "unknown error 0x12345678"],
		[`0xdeadbeef${"00".repeat(32)}`, "unknown error 0xdeadbeef"],
		["0x123456", "no reason given"],
		["0x", "no reason given"],
	])("names an unknown custom error by its selector: %s", async (data, error) => {
		const account = {
			provider: network.provider,
			sendTransaction: () => Promise.reject(Object.assign(new Error("reverted"), { code: "CALL_EXCEPTION", data })),
		};
		await expect(owner.connect(account).createOrganization({ document })).rejects.toMatchObject({
			code: "registry/reverted",
			details: { error, args: {} },
		});
	});

	it("lists organizations registered for someone else, unlike the contract's own list", async () => {
		const { Contract } = await import("ethers");
		const abi = [
			"function createOrgIdFor(bytes32,string,address,string[])",
			"function getOrgIds() view returns (bytes32[])",
		];
		const contract = new Contract(address, abi, network.accounts[1]);
		const orgId = `0x${"94".repeat(32)}`;
		const to = network.accounts[2].address;
		await (await contract.getFunction("createOrgIdFor").send(orgId, "https://x/", to, [])).wait();
		expect(await contract.getFunction("getOrgIds").staticCall()).not.toContain(orgId);
		expect(await owner.list()).toContain(orgId);
		expect(await owner.read(orgId as `0x${string}`)).toMatchObject({ owner: to });
	});
});

it("an unknown contract is rejected unless its kind is given", async () => {
	const account = unlock(network.accounts[0]);
	const address = await deployProxy(await deployKind("orgid-v1", account), account, false);
	const connection = { chainId: 31337, provider: network.provider, address };
	await expect(createRegistry(connection).list()).rejects.toMatchObject({ code: "registry/no-contract" });
	expect(await createRegistry({ ...connection, kind: "orgid-v1" }).list()).toEqual([]);
});

it("T54: an ORGiD 0.10 registry, whose getOrganization has another layout, isn't taken for one of 1.x", async () => {
	// PUSH4 and the selector of getOrganization(bytes32), without that of 1.x's createOrganization.
	const code = `0x63${selectorOf("getOrganization(bytes32)").slice(2)}`;
	const node = await startFakeNode((method) => {
		if (method === "eth_getCode") return { result: code };
		if (method === "eth_call") return { error: { code: 3, message: "execution reverted", data: "0x" } };
		return greet(method) ?? { hangUp: true };
	});
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: `0x${"11".repeat(20)}` });
	await expect(registry.readAdapter()).rejects.toMatchObject({ code: "registry/no-contract" });
	registry.close();
	await node.close();
});
