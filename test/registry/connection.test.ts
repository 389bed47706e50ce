import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RegistryError } from "../../src/errors/errors.ts";
import { TransportError } from "../../src/network/http-message.ts";
import { ORGID_V1_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { orgIdV1 } from "../../src/registry/adapters/orgid-v1.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { CONTRACT, createFakeContract, type FakeContract } from "../support/fake-contract.ts";
import { startFakeNode } from "../support/fake-node.ts";
import { refusalOf } from "../support/refusal.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;

let contract: FakeContract;
let registry: Registry;
/** The methods that the node was asked for. */
let asked: string[];
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	contract = createFakeContract(ORGID_V1_ABI, orgIdV1);
	contract.answers["getOrganizations"] = () => [[ORG_ID]];
	({ registry } = contract);
	asked = [];
	for (const [method, answer] of Object.entries(contract.methods)) {
		contract.methods[method] = (params) => {
			asked.push(method);
			return answer(params);
		};
	}
});
afterEach(() => void vi.useRealTimers());

/** Has a method fail some times, then answer as before. */
function fail(method: string, error: object, times = Infinity): void {
	const { [method]: before } = contract.methods;
	let left = times;
	contract.methods[method] = (params) => {
		if (left-- <= 0) return before?.(params);
		asked.push(method);
		throw Object.assign(new Error("no"), error);
	};
}

/** Settles a read, and lets its pauses pass. */
async function settle<T>(reading: Promise<T>): Promise<T | { readonly code: unknown; readonly details: unknown }> {
	let isSettled = false;
	const settled = reading
		.catch(({ code, details }) => ({ code, details }))
		.finally(() => {
			isSettled = true;
		});
	while (!isSettled) await vi.advanceTimersByTimeAsync(50);
	return settled;
}

const list = () => settle(registry.list());
const count = (method: string): number => asked.filter((one) => one === method).length;

describe("the chain and the contract", () => {
	it("are checked once, however many reads there are", async () => {
		expect(await Promise.all([list(), list()])).toEqual([[ORG_ID], [ORG_ID]]);
		await list();
		expect([count("eth_chainId"), count("eth_getCode"), count("eth_call")]).toEqual([1, 1, 3]);
	});

	it.each<[string, string, () => unknown, object]>([
		[
			"another chain",
			"eth_chainId",
			() => "0x1",
			{ code: "registry/wrong-chain", details: { expected: 31_337, actual: 1 } },
		],
		[
			"no code",
			"eth_getCode",
			() => "0x",
			{ code: "registry/no-contract", details: { address: CONTRACT, chainId: 31_337 } },
		],
		["odd code", "eth_getCode", () => "0x1", { code: "registry/bad-response" }],
		["an odd chain", "eth_chainId", () => null, { code: "registry/bad-response" }],
	])("are refused if there is %s, and checked again by the next read", async (_, method, answer, error) => {
		const { [method]: honest } = contract.methods;
		contract.methods[method] = answer;
		expect(await list()).toMatchObject(error);
		expect(asked).not.toContain("eth_call");
		expect(await settle(registry.assertReady())).toMatchObject(error);
		contract.methods[method] = honest as () => unknown;
		expect(await list()).toEqual([ORG_ID]);
		expect(await settle(registry.assertReady())).toBeUndefined();
	});

	it("are checked again after an outage", async () => {
		await list();
		fail("eth_call", { code: -32_005 }, 3);
		expect(await list()).toMatchObject({ code: "registry/unreachable", details: { rpcCode: -32_005 } });
		expect(await list()).toEqual([ORG_ID]);
		expect(count("eth_chainId")).toBe(2);
	});

	it("are checked again after an invalid response only if there was no valid one", async () => {
		fail("eth_call", { code: -32_000 }, 3);
		expect(await list()).toMatchObject({ code: "registry/bad-response" });
		expect(await list()).toEqual([ORG_ID]);
		expect(count("eth_chainId")).toBe(2);
		fail("eth_call", { code: -32_000 }, 3);
		expect(await list()).toMatchObject({ code: "registry/bad-response" });
		expect(await list()).toEqual([ORG_ID]);
		expect(count("eth_chainId")).toBe(2);
	});

	it("are checked again on request, by one attempt", async () => {
		await list();
		expect(await settle(registry.assertReady())).toBeUndefined();
		expect(count("eth_chainId")).toBe(2);
		fail("eth_chainId", { code: -32_005 }, 2);
		expect(await settle(registry.assertReady())).toMatchObject({ code: "registry/unreachable" });
		expect(count("eth_chainId")).toBe(3);
		// A failure makes the next read check them, too.
		expect(await list()).toEqual([ORG_ID]);
		expect(count("eth_chainId")).toBe(5);
	});

	it("have five seconds on request", async () => {
		await list();
		contract.methods["eth_getCode"] = () => new Promise(() => {});
		const checking = settle(registry.assertReady());
		expect(await checking).toMatchObject({ code: "registry/unreachable" });
	});
});

describe("a call", () => {
	it.each<[string, number, object]>([
		["an error of the node", 3, { code: -32_000 }],
		["a rate limit", 3, { code: 429 }],
	])("that fails because of %s is tried %d times", async (_, times, error) => {
		fail("eth_call", error, times - 1);
		expect(await list()).toEqual([ORG_ID]);
		expect(count("eth_call")).toBe(times);
		fail("eth_call", error, times);
		expect(await list()).toMatchObject({ code: expect.stringMatching(/^registry/) });
		expect(count("eth_call")).toBe(2 * times);
	});

	it("whose result can't be decoded is tried three times", async () => {
		contract.methods["eth_call"] = () => {
			asked.push("eth_call");
			return "0x01";
		};
		expect(await list()).toMatchObject({ code: "registry/bad-response" });
		expect(count("eth_call")).toBe(3);
	});

	it("whose result is refused is made once", async () => {
		contract.answers["getOrganizations"] = () => [[`0x${"00".repeat(32)}`]];
		expect(await list()).toMatchObject({ code: "registry/bad-response" });
		expect(count("eth_call")).toBe(1);
	});

	it("T52: that gets no response within five seconds is made twice", async () => {
		contract.methods["eth_call"] = () => {
			asked.push("eth_call");
			return new Promise(() => {});
		};
		expect(await list()).toMatchObject({ code: "registry/unreachable" });
		expect(count("eth_call")).toBe(2);
	});
});

describe("a provider's own error", () => {
	/** A registry over a provider of ethers that fails, and how often it was asked for its chain and called. */
	function failing(error: Error) {
		const asked = { chain: 0, calls: 0, destroyed: 0 };
		const provider = {
			getNetwork: async () => {
				asked.chain += 1;
				return { chainId: 31_337n };
			},
			getCode: async () => "0x00",
			call: () => {
				asked.calls += 1;
				return Promise.reject(error);
			},
			destroy: () => {
				asked.destroyed += 1;
			},
		};
		const options = { chainId: 31_337, provider: provider as never, address: CONTRACT, adapter: orgIdV1 };
		return { registry: createRegistry(options), asked };
	}

	const registryError = (
		code: "registry/unreachable" | "registry/disagreement" | "registry/wrong-chain",
		details = {},
	) => new RegistryError(code, "no", { details });

	it.each<[string, number, Error]>([
		["a disagreement", 3, registryError("registry/disagreement")],
		["a limit that ends during the first pause", 3, registryError("registry/unreachable", { retryAfterSeconds: 0.1 })],
		["a limit that ends later", 1, registryError("registry/unreachable", { retryAfterSeconds: 0.11 })],
		["an outage", 1, registryError("registry/unreachable")],
		["another chain", 1, registryError("registry/wrong-chain")],
		["a response that is too long", 1, new TransportError("too-large", "no")],
		["a refused request", 2, new TransportError("status", "no", { status: 413 })],
		["no time", 2, new DOMException("no", "TimeoutError")],
		["another failure", 3, new TransportError("status", "no", { status: 500 })],
	])("that is %s is the result of %d attempts", async (_, attempts, error) => {
		const { registry: read, asked: count } = failing(error);
		expect(await settle(read.list())).toMatchObject({ code: expect.stringMatching(/^registry\//) });
		expect(count.calls).toBe(attempts);
	});

	it.each<[string, number, Error]>([
		["an outage", 2, registryError("registry/unreachable")],
		["a limit for a while", 1, registryError("registry/unreachable", { retryAfterSeconds: 60 })],
		["another chain", 1, registryError("registry/wrong-chain")],
	])("that is %s has the chain checked %d times by two reads", async (_, checks, error) => {
		const { registry: read, asked: count } = failing(error);
		await settle(read.list());
		await settle(read.list());
		expect(count.chain).toBe(checks);
	});

	it("isn't caused by closing the registry: the provider is its owner's", () => {
		const { registry: read, asked: count } = failing(registryError("registry/unreachable"));
		read.close();
		expect(count.destroyed).toBe(0);
	});
});

it("a registry that has its own connection sends nothing once it is closed, and says that no node is to blame", async () => {
	vi.useRealTimers();
	const node = await startFakeNode(() => ({ result: "0x1" }));
	const closed = createRegistry({ chainId: 1, rpcUrl: node.url, address: CONTRACT, adapter: orgIdV1 });
	closed.close();
	const { code, message, details } = await refusalOf(() => closed.list());
	expect({ code, details }).toEqual({ code: "registry/unreachable", details: {} });
	expect(message).toBe("the connection to the RPC node was closed with close()");
	expect(node.calls).toEqual([]);
	await node.close();
});
