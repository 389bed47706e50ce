/** Options of writes: a misspelled one must not be silently ignored. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { startFakeNode } from "../support/fake-node.ts";
import { deployKind, deployProxy } from "../support/registry-kinds.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const { publicKey, privateKey } = await generateKeyPair();
const KEY = { fragment: "webserver", publicKey };

let network: TestNetwork;
let owner: Registry;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(network.accounts[0]);
});
afterAll(() => network.close());

describe("a new key", () => {
	it.each([
		["a misspelled validUntil", { ...KEY, validUntill: 2_000_000_000 }, "config/unknown-option"],
		["a validUntil in milliseconds", { ...KEY, validUntil: 2_000_000_000_000 }, "config/invalid-option"],
		["no public key", { fragment: "webserver" }, "config/invalid-option"],
		["a private key", { ...KEY, publicKey: privateKey }, "config/invalid-option"],
		["text for the key", { ...KEY, publicKey: "0x04" }, "config/invalid-option"],
		["no fragment", { publicKey }, "config/invalid-option"],
		["nothing", undefined, "config/invalid-option"],
	])("is rejected for %s", async (_title, key, code) => {
		await expect(owner.addKey(ORG_ID, key as never)).rejects.toMatchObject({ name: "ConfigError", code });
	});

	it("is rejected for a time with fractions, which is named", async () => {
		const rejection = expect(owner.addKey(ORG_ID, { ...KEY, validFrom: 2_000_000_000.5 })).rejects;
		await rejection.toThrow('"validFrom" must be whole seconds since the epoch, got 2000000000.5');
	});

	it("isn't modified, and can be reused", async () => {
		const key = Object.freeze({ ...KEY, validUntil: 2_000_000_000 });
		for (let i = 0; i < 2; i++) {
			const { orgId } = await owner.createOrganization();
			await owner.addKey(orgId, key);
			expect((await owner.read(orgId))?.keys).toMatchObject([{ fragment: "webserver", validUntil: 2e9 }]);
		}
	});
});

describe("a new organization", () => {
	const document = { uris: ["https://x/"], hash: ORG_ID };

	it.each([
		["a misspelled option", { doc: document }, "config/unknown-option"],
		["a misspelled document", { document: { uri: "https://x/" } }, "config/invalid-option"],
		["a document with more", { document: { ...document, backup: "" } }, "config/unknown-option"],
		["an invalid salt", { salt: 5 }, "config/invalid-option"],
		["a salt of another length", { salt: "0x5a" }, "config/invalid-option"],
	])("is rejected for %s", async (_title, organization, code) => {
		await expect(owner.createOrganization(organization as never)).rejects.toMatchObject({ code });
	});

	it.each<[string, unknown, string]>([
		["an address that is no text", { ...document, uris: ["https://x/", 5] }, "must be text, got 5"],
		["one address", { ...document, uris: "https://x/" }, "must be an array of URIs"],
		["a hash that is no text", { ...document, hash: 5 }, "must be a hash, 0x and 64 hex digits, got 5"],
	])("isn't given a document with %s, which is named", async (_title, odd, message) => {
		const error = { code: "config/invalid-option", message: expect.stringContaining(message) };
		await expect(owner.createOrganization({ document: odd as never })).rejects.toMatchObject(error);
	});

	it("accepts a frozen document, and one read from a record", async () => {
		const { orgId } = await owner.createOrganization(deepFreeze({ document }));
		const record = await owner.read(orgId);
		expect((await owner.setDocument(orgId, record?.document)).gasUsed).toBeGreaterThan(0n);
		await expect(owner.setDocument(orgId, { uris: "https://x/" } as never)).rejects.toMatchObject({
			code: "config/invalid-option",
		});
	});
});

it("a registry behind a proxy is probed for its kind once, however many reads wait for it", async () => {
	const [account] = network.accounts;
	const address = await deployProxy(await deployKind("orgid-v1", account), account);
	const counter = await startRpcCounter(network.rpcUrl);
	const cold = createRegistry({ chainId: 31337, rpcUrl: counter.url, address });
	const ids = Array.from({ length: 100 }, (_, i) => `0x${`${i}`.padStart(64, "0")}` as const);
	await Promise.all(ids.map((id) => cold.read(id)));
	expect(counter.count("eth_call")).toBe(100 + Object.keys(ADAPTERS).length);
	cold.close();
	await counter.close();
});

const ORGID_V3_INTERFACE = "8bf1ed02";

it("a failed probe for the kind is repeated", async () => {
	let isDown = true;
	const node = await startFakeNode((method, [call]) => {
		if (method === "eth_chainId") return { result: "0x7a69" };
		if (method === "eth_getCode") return { result: "0x01" };
		if (isDown) return { status: 503, body: "" };
		const isSupported = JSON.stringify(call).includes(ORGID_V3_INTERFACE);
		return isSupported
			? { result: `0x${"01".padStart(64, "0")}` }
			: { error: { code: 3, message: "execution reverted", data: "0x" } };
	});
	const address = `0x${"11".repeat(20)}`;
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address });
	await expect(registry.readAdapter()).rejects.toMatchObject({ code: "registry/unreachable" });
	isDown = false;
	expect(await registry.readAdapter()).toMatchObject({ name: "orgid-v3" });
	registry.close();
	await node.close();
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, "2026"])("rejects the time %s", async (time) => {
	await expect(owner.findBlock(time as number)).rejects.toMatchObject({ code: "config/invalid-option" });
});
