/** Health checks against nodes on real sockets. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdNetwork } from "../../src/resolver/resolver-options.ts";
import { type Answer, type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";
import { pass, until } from "../support/patient-timers.ts";

const REGISTRY = `0x${"5e".repeat(20)}`;
const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;
const DOWN = "http://user:secret@127.0.0.1:1/key";

const well = (method: string): Answer => greet(method) ?? { error: { code: 3, message: "execution reverted: secret" } };
const onChain100 = (method: string): Answer => (method === "eth_chainId" ? { result: "0x64" } : well(method));

let node: FakeNode;
let second: FakeNode;
let resolver: OrgIdResolver;
beforeAll(async () => {
	[node, second] = await Promise.all([startFakeNode(well), startFakeNode(onChain100)]);
});
beforeEach(() => {
	node.answer = well;
	node.calls.length = 0;
	resolver = resolverWith({});
});
afterEach(() => resolver.close());
afterAll(() => Promise.all([node.close(), second.close()]));

function resolverWith(...networks: Partial<OrgIdNetwork>[]): OrgIdResolver {
	const base = { chainId: 31337, rpcUrl: node.url, registry: REGISTRY };
	const created = createOrgIdResolver({ networks: networks.map((network) => ({ ...base, ...network })) });
	onTestFinished(() => created.close());
	return created;
}

const failure = (code: string, chainId = 31337) => [
	{ chainId, isReady: false, error: { code, message: expect.any(String) } },
];

describe("check", () => {
	it("accepts a node of the right chain with a registry of a known generation", async () => {
		expect(await resolver.check()).toEqual([{ chainId: 31337, isReady: true }]);
		expect(node.calls.toSorted()).toEqual(["eth_chainId", "eth_getCode"]);
	});

	it.each<[string, Answer | FakeNode["answer"], string]>([
		["hangs up", { hangUp: true }, "registry/unreachable"],
		["responds with status 503", { status: 503, body: "secret" }, "registry/unreachable"],
		["responds with another status than JSON-RPC's", { status: 200, body: "<secret>" }, "registry/unreachable"],
		["limits the rate", { error: { code: -32_005, message: "secret" } }, "registry/unreachable"],
		["returns no chain id", { result: null }, "registry/bad-response"],
		["serves another chain", onChain100, "registry/wrong-chain"],
		["has no contract there", codeIs("0x"), "registry/no-contract"],
		["has a contract there that is no registry", codeIs("0x6001600155"), "registry/no-contract"],
	])("reports a node that %s, with its host and nothing else of it", async (_what, answer, code) => {
		node.answer = typeof answer === "function" ? answer : () => answer;
		const results = await resolver.check();
		expect(results).toEqual(failure(code));
		expect(JSON.stringify(results)).not.toContain("secret");
	});

	it("reports a node that is down without its credentials", async () => {
		const results = await resolverWith({ rpcUrl: DOWN }).check();
		expect(results).toEqual(failure("registry/unreachable"));
		expect(results[0]?.error?.message).toContain("127.0.0.1:1");
		expect(JSON.stringify(results)).not.toMatch(/secret|user|key/);
	});

	it("gives a hanging node five seconds and one attempt", async () => {
		node.answer = () => ({ hang: true });
		let isOver = false;
		const checking = resolver.check().finally(() => {
			isOver = true;
		});
		await until(() => node.calls.length === 2);
		await pass(4_999);
		expect(isOver).toBe(false);
		await pass(1);
		expect(await checking).toEqual(failure("registry/unreachable"));
		expect(node.calls).toHaveLength(2);
	});

	it("gives a proxy that hangs five seconds in total", async () => {
		node.answer = (method) => (method === "eth_call" ? { hang: true } : codeIs("0x6001600155")(method));
		const checking = resolver.check();
		await until(() => node.calls.includes("eth_call"));
		await pass(5_000);
		expect(await checking).toEqual(failure("registry/unreachable"));
	});

	it("takes the word of an option `kind` for the contract, but not for its existence", async () => {
		node.answer = codeIs("0x6001600155");
		const trusting = resolverWith({ kind: "orgpass" });
		expect(await trusting.check()).toEqual([{ chainId: 31337, isReady: true }]);
		node.answer = codeIs("0x");
		expect(await trusting.check()).toEqual(failure("registry/no-contract"));
	});

	it("asks again each time: it notices an outage and a recovery at once", async () => {
		for (const answer of [well, () => ({ hangUp: true }) as const, well, codeIs("0x"), well]) {
			node.answer = answer;
			expect((await resolver.check())[0]?.isReady).toBe(answer === well);
		}
	});

	it("makes the next resolution ask, too, once a check has failed", async () => {
		await resolver.resolve(DID);
		node.answer = onChain100;
		await resolver.check();
		const { didResolutionMetadata } = await resolver.resolve(DID);
		expect(didResolutionMetadata["code"]).toBe("registry/wrong-chain");
	});

	it("shares a check in progress, so that 1,000 callers ask the node once", async () => {
		const results = await Promise.all(Array.from({ length: 1_000 }, () => resolver.check()));
		expect(new Set(results).size).toBe(1);
		expect(node.calls).toHaveLength(2);
		await resolver.check();
		expect(node.calls).toHaveLength(4);
	});

	it("checks several networks at once and reports each of them", async () => {
		const both = resolverWith({}, { chainId: 100, rpcUrl: second.url }, { chainId: 5, rpcUrl: DOWN });
		expect(await both.check()).toEqual([
			{ chainId: 31337, isReady: true },
			{ chainId: 100, isReady: true },
			...failure("registry/unreachable", 5),
		]);
		const { promise, resolve: answer } = Promise.withResolvers<Answer>();
		node.answer = () => promise;
		second.calls.length = 0;
		const checking = both.check();
		await until(() => node.calls.length > 2 && second.calls.length === 2);
		node.answer = well;
		answer({ hangUp: true });
		expect((await checking)[1]).toEqual({ chainId: 100, isReady: true });
	});

	it("checks a registry object that the caller created", async () => {
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: REGISTRY });
		onTestFinished(() => registry.close());
		const sharing = createOrgIdResolver({ networks: [{ chainId: 31337, registry }] });
		expect(await sharing.check()).toEqual([{ chainId: 31337, isReady: true }]);
		node.answer = codeIs("0x");
		await expect(registry.assertReady()).rejects.toMatchObject({ code: "registry/no-contract" });
	});

	it("returns frozen results", async () => {
		const results = await resolver.check();
		expect([results, ...results].every(Object.isFrozen)).toBe(true);
	});
});

function codeIs(code: string) {
	return (method: string): Answer => (method === "eth_getCode" ? { result: code } : well(method));
}
