/** T54: a registry is recognized by its code and its answers, and a node may return wrong ones. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import type { RegistryError } from "../../src/errors/errors.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Address } from "../../src/registry/org-record.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { deployKind, KINDS } from "../support/registry-kinds.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const HASH = `0x${"ab".repeat(32)}` as const;

let network: TestNetwork;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
});
afterAll(() => network.close());

describe.each(KINDS)("T54: wrong code of a %s registry", (kind) => {
	let node: FakeNode;
	let address: Address;
	let orgId: OrgId;
	const honest: FakeNode["answer"] = (method, params) => passOn(network.rpcUrl, method, params);
	const codeOf = (contract: Address): Promise<string> => network.provider.getCode(contract);
	beforeAll(async () => {
		const account = unlock(network.accounts[0]);
		node = await startFakeNode(honest);
		address = await deployKind(kind, account);
		const registry = createRegistry({ chainId: 31337, provider: network.provider, address });
		const document = kind === "orgid-v3" ? { uris: ["https://x/"] } : { uris: ["https://x/"], hash: HASH };
		({ orgId } = await registry.connect(account).createOrganization({ document }));
	});
	afterAll(() => node.close());

	async function expectSound(code: string): Promise<void> {
		node.answer = (method, params) => (method === "eth_getCode" ? { result: code } : honest(method, params));
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address });
		const read = await registry.read(orgId).catch((error) => error as RegistryError);
		if (read instanceof Error) expect(OUTAGE_CODES.has(read.code)).toBe(true);
		else expect(read).toMatchObject({ kind, orgId });
		node.answer = honest;
		expect(await registry.read(orgId)).toMatchObject({ kind, orgId });
		registry.close();
	}

	it.each([
		["half of it", (code: string) => code.slice(0, code.length >> 1)],
		["its first bytes", (code: string) => code.slice(0, 100)],
		["a contract that does nothing", () => "0x00"],
	])("%s is at most an outage, and isn't remembered", async (_, change) => {
		await expectSound(change(await codeOf(address)));
	});

	it.each(KINDS.filter((other) => other !== kind))(
		"that of a %s registry is at most an outage, and isn't remembered",
		async (other) => {
			await expectSound(await codeOf(await deployKind(other, unlock(network.accounts[0]))));
		},
	);

	it("and an error is an outage, and isn't remembered", async () => {
		let isFailing = true;
		node.answer = (method, params) => {
			if (method === "eth_getCode") return { result: "0x00" };
			if (method === "eth_call" && isFailing) return { error: { code: -32_000, message: "missing trie node" } };
			return honest(method, params);
		};
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address });
		await expect(registry.read(orgId)).rejects.toMatchObject({ code: "registry/bad-response" });
		isFailing = false;
		expect(await registry.read(orgId)).toMatchObject({ kind, orgId });
		registry.close();
	});
});
