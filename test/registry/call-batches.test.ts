import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextTurn } from "../../src/encoding/next-turn.ts";
import { createRpcProvider, type RpcProvider } from "../../src/registry/rpc-provider.ts";
import { type FakeNode, startFakeNode } from "../support/fake-node.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";

let node: FakeNode;
let counter: RpcCounter;
let provider: RpcProvider;
beforeAll(async () => {
	node = await startFakeNode((method) => ({ result: method }));
	counter = await startRpcCounter(node.url);
	provider = createRpcProvider(counter.url, 31_337);
});
afterAll(async () => {
	provider.destroy();
	await counter.close();
	await node.close();
});

describe("calls to a node", () => {
	it("are sent together if they are made in one turn of the event loop", async () => {
		counter.reset();
		const sent = ["eth_a", "eth_b", "eth_c"].map((method) => provider.send(method, []));
		expect(await Promise.all(sent)).toEqual(["eth_a", "eth_b", "eth_c"]);
		expect(counter.requests()).toBe(1);
	});

	it("are sent in another request, together, while one is under way", async () => {
		counter.reset();
		const { promise, resolve } = Promise.withResolvers<void>();
		counter.before = promise;
		const first = provider.send("eth_a", []);
		while (counter.requests() === 0) await nextTurn();
		const others = ["eth_b", "eth_c"].map((method) => provider.send(method, []));
		while (counter.requests() === 1) await nextTurn();
		resolve();
		expect(await Promise.all([first, ...others])).toEqual(["eth_a", "eth_b", "eth_c"]);
		expect(counter.requests()).toBe(2);
	});

	it("are rejected if the provider is destroyed before they are sent", async () => {
		const destroyed = createRpcProvider(counter.url, 31_337);
		counter.reset();
		const sent = destroyed.send("eth_a", []);
		destroyed.destroy();
		await expect(sent).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
		await nextTurn();
		expect(counter.requests()).toBe(0);
	});
});
