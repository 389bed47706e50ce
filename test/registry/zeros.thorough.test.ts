/** A node that answers with zeros doesn't say that an organization is absent. */
import { id } from "ethers";
import { afterEach, expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { type FakeNode, ORGPASS_CODE, startFakeNode } from "../support/fake-node.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { someRows } from "../support/thorough.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const ORG_ID = `0x${"0a".repeat(32)}` as const;
const word = (value: number): string => value.toString(16).padStart(64, "0");
const zeros = (words: number): string => `0x${word(0).repeat(words)}`;
const LENGTHS = [...Array.from({ length: 24 }, (_, words) => words), 312, 313];

let open: (FakeNode | Registry)[] = [];
afterEach(async () => {
	for (const one of open) await one.close();
	open = [];
});

async function startZeroNode(result: string | ((data: string) => string), blockNumber = "0x5"): Promise<FakeNode> {
	const node = await startFakeNode((method, [call]) => {
		if (method === "eth_chainId") return { result: "0x7a69" };
		if (method === "eth_getCode") return { result: ORGPASS_CODE };
		if (method === "eth_blockNumber") return { result: blockNumber };
		return { result: typeof result === "string" ? result : result((call as { data: string }).data) };
	});
	open.push(node);
	return node;
}

function registryOn({ url }: FakeNode, kind: (typeof KINDS)[number]): Registry {
	const registry = createRegistry({ chainId: 31337, rpcUrl: url, address: ADDRESS, kind });
	open.push(registry);
	return registry;
}

it.each(KINDS)("T83: zeros of any length are an outage for a %s registry", async (kind) => {
	const check = async (words: number): Promise<void> => {
		const registry = registryOn(await startZeroNode(zeros(words)), kind);
		const reads = [ORG_ID, `0x${"0b".repeat(32)}` as const].map((orgId) => registry.read(orgId));
		const key = kind === "orgpass" && words !== 7 ? [registry.readKey(ORG_ID, "x")] : [];
		for (const reading of await Promise.allSettled([...reads, ...key, registry.list()])) {
			expect(reading).toMatchObject({ status: "rejected", reason: { code: "registry/bad-response" } });
		}
	};
	await Promise.all(someRows(LENGTHS, KINDS.length, KINDS.indexOf(kind)).map(check));
});

const absent = (blockNumber: number): string => {
	const members = [0, 0, 0, 384, 416, 448, 0, 0, 0, 0, 0, 480, 0, 0, 0, 0];
	return `0x${[96, blockNumber, 6, ...members].map(word).join("")}`;
};

it("T83: an absence is an outage without a block number, and valid with one", async () => {
	let answer = absent(0);
	const registry = registryOn(await startZeroNode(() => answer), "orgpass");
	await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/bad-response" });
	answer = absent(5);
	expect(await registry.read(ORG_ID)).toBeUndefined();
});

it("T83: an absence at block zero of the node is an outage", async () => {
	const members = [0, 0, 0, 352, 384, 416, 0, 0, 0, 0, 0, 0, 0, 0];
	const answer = `0x${members.map(word).join("")}`;
	expect(await registryOn(await startZeroNode(answer), "orgid-v1").read(ORG_ID)).toBeUndefined();
	const reading = registryOn(await startZeroNode(answer, "0x0"), "orgid-v1").read(ORG_ID);
	await expect(reading).rejects.toMatchObject({ code: "registry/bad-response" });
});

it("T83: the token id zero is an absence only if another call has a valid result", async () => {
	const getTokenId = id("getTokenId(bytes32)").slice(0, 10);
	const noToken = `0x${[0, 0, 128, 0, 0].map(word).join("")}`;
	const node = await startZeroNode((data) => (data.startsWith(getTokenId) ? zeros(1) : noToken));
	const registry = registryOn(node, "orgid-v3");
	const ids = Array.from({ length: 20 }, (_, index) => `0x${word(index + 1)}` as const);
	expect(new Set(await Promise.all(ids.map((one) => registry.read(one))))).toEqual(new Set([undefined]));
	expect(node.calls.filter((method) => method === "eth_call")).toHaveLength(21);
});

it("T83: zeros aren't cached: the next call succeeds once the node recovers", async () => {
	let answer = zeros(12);
	const node = await startZeroNode(() => answer);
	const networks = [{ chainId: 31337, rpcUrl: node.url, registry: ADDRESS }];
	const resolver = createOrgIdResolver({ networks, now: () => 0 });
	const codeOf = async () => (await resolver.resolve(`did:orgid:31337:${ORG_ID}`)).didResolutionMetadata["code"];
	expect(await codeOf()).toBe("registry/bad-response");
	answer = absent(5);
	expect(await codeOf()).toBe("did/not-found");
	resolver.close();
});
