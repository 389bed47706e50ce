/** What an observer sees of requests to nodes and of JWK Sets: never more of a URL than its host. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireTokenBalance } from "../../src/auth/policies/token-balance.ts";
import type { Observer } from "../../src/observe/observer.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";
import { type JwksServer, startJwksServer } from "../support/jwks-server.ts";
import { policyRecord, policyToken } from "../support/policy-token.ts";
import { recordOperations } from "../support/recording-observer.ts";
import { expectRefusal } from "../support/refusal.ts";

const address = `0x${"5e".repeat(20)}` as const;
const orgId = `0x${"0a".repeat(32)}` as const;

let node: FakeNode;
let host: string;
beforeAll(async () => {
	node = await startFakeNode(() => ({ result: "0x" }));
	host = new URL(node.url).host;
});
afterAll(() => node.close());

const open: Registry[] = [];
afterEach(() => {
	for (const registry of open.splice(0)) registry.close();
});

function registryOf(observer: Observer): Registry {
	const rpcUrl = `http://user:s3cret@${host}/v1/s3cret?key=s3cret`;
	const registry = createRegistry({ chainId: 31_337, address, rpcUrl, observer });
	open.push(registry);
	return registry;
}

describe("a request to a node", () => {
	it("is reported with its calls, the host and its size; a batch of several methods has none", async () => {
		node.answer = (method) => greet(method) ?? { result: "0x10" };
		const { observer, of, finished } = recordOperations();
		await registryOf(observer).readAdapter();
		expect(of("rpc")).toEqual([
			{
				...{ operation: "rpc", outcome: "ok", calls: 2, chainId: 31_337, host, durationMs: expect.any(Number) },
				...{ sentBytes: expect.any(Number), receivedBytes: expect.any(Number) },
			},
		]);
		expect(finished).toHaveLength(1);
	});

	it.each<[string, Awaited<ReturnType<FakeNode["answer"]>>, number, object]>([
		[
			"a JSON-RPC error is a denial",
			{ error: { code: -32_000, message: "s3cret" } },
			3,
			{ outcome: "denied", code: "registry/bad-response", rpcCode: -32_000 },
		],
		...["s3cret", undefined].map((code): [string, Awaited<ReturnType<FakeNode["answer"]>>, number, object] => [
			`a JSON-RPC error with the code ${code} is a denial without a code of the node`,
			{ error: { code, message: "s3cret" } as never },
			3,
			{ outcome: "denied", code: "registry/bad-response" },
		]),
		[
			"a rate limit is an outage",
			{ error: { code: -32_005, message: "s3cret" } },
			3,
			{ outcome: "failed", code: "registry/unreachable", rpcCode: -32_005 },
		],
		[
			"a status is an outage",
			{ status: 429, body: "s3cret" },
			3,
			{ outcome: "failed", code: "registry/unreachable", httpStatus: 429 },
		],
	])("is reported for each attempt: %s", async (_what, answer, attempts, expected) => {
		node.answer = (method) => greet(method) ?? answer;
		const { observer, of, started } = recordOperations();
		await expect(registryOf(observer).read(orgId)).rejects.toThrow();
		const calls = of("rpc").filter(({ method }) => method === "eth_call");
		expect(calls).toHaveLength(attempts);
		for (const call of calls) expect(call).toMatchObject({ ...expected, calls: 1, host });
		expect(JSON.stringify([started, of("rpc")])).not.toContain("s3cret");
	});

	it("T95: is answered the same if the observer throws", async () => {
		node.answer = (method) => greet(method) ?? { result: "0x10" };
		const adapter = await registryOf(() => {
			throw new Error("observer");
		}).readAdapter();
		expect(adapter.name).toBe("orgpass");
	});
});

describe("a resolution", () => {
	it("that needs no look-up has neither a record nor requests", async () => {
		const { observer, finished } = recordOperations();
		const networks = [{ chainId: 31_337, rpcUrl: node.url, registry: address }];
		const resolver = createOrgIdResolver({ networks, observer });
		await resolver.resolve("did:orgid:s3cret");
		await resolver.resolve(`did:orgid:1:${orgId}`);
		resolver.close();
		expect(finished).toMatchObject([
			{ operation: "resolve", outcome: "denied", code: "did/syntax" },
			{ operation: "resolve", outcome: "denied", code: "did/chain-unknown", did: `did:orgid:1:${orgId}` },
		]);
		expect(JSON.stringify(finished)).not.toContain("s3cret");
	});

	it("during an outage names the node that failed", async () => {
		node.answer = () => ({ status: 502, body: "" });
		const { observer, of } = recordOperations();
		const networks = [{ chainId: 31_337, rpcUrl: node.url, registry: address }];
		const resolver = createOrgIdResolver({ networks, observer });
		const { didResolutionMetadata } = await resolver.resolve(`did:orgid:31337:${orgId}`);
		resolver.close();
		expect(didResolutionMetadata["code"]).toBe("registry/unreachable");
		expect(of("resolve")).toMatchObject([{ outcome: "failed", code: "registry/unreachable", host, httpStatus: 502 }]);
		expect(of("resolve")[0]).not.toHaveProperty("cache");
	});
});

describe("a JWK Set", () => {
	let jwks: JwksServer;
	beforeAll(async () => {
		jwks = await startJwksServer();
	});
	afterAll(() => jwks.close());

	it("is reported when it is fetched, with its size or the failure", async () => {
		const { observer, finished } = recordOperations();
		const lookUp = keysFromJwks(`${jwks.url}?key=s3cret`, { observer, cooldownSeconds: 0 });
		await lookUp("12345", undefined);
		jwks.down();
		await expectRefusal(() => lookUp("12345", undefined), "key/unreachable");
		const operation = { operation: "jwks", host: new URL(jwks.url).host };
		expect(finished).toMatchObject([
			{ ...operation, outcome: "ok", receivedBytes: '{"keys":[]}'.length },
			{ ...operation, outcome: "ok", receivedBytes: '{"keys":[]}'.length },
			{ ...operation, outcome: "failed", code: "key/unreachable" },
		]);
		expect(JSON.stringify(finished)).not.toContain("s3cret");
	});
});

it("a policy that calls a contract reports its requests", async () => {
	node.answer = (method) => greet(method) ?? { result: `0x${"07".padStart(64, "0")}` };
	const { observer, of } = recordOperations();
	const policy = requireTokenBalance({ chainId: 31_337, rpcUrl: node.url, token: address, amount: 7n, observer });
	await policy(policyToken({ organization: policyRecord() }));
	expect(of("rpc").map(({ method }) => method)).toEqual([undefined, "eth_call"]);
});
