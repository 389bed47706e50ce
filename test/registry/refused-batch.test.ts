/** A node that rejects everything must not be sent a thousand requests. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createProvider } from "../../src/registry/rpc-provider.ts";

let status = 0;
let requests = 0;
const server = createServer((incoming, outgoing) => {
	requests += 1;
	incoming.resume();
	outgoing.writeHead(status).end();
});
beforeEach(async () => {
	requests = 0;
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

async function askHundred(): Promise<void> {
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const provider = createProvider(url, 31337);
	const calls = Array.from({ length: 100 }, () => provider.send("eth_blockNumber", []));
	const settled = await Promise.allSettled(calls);
	expect(new Set(settled.map((one) => one.status))).toEqual(new Set(["rejected"]));
	provider.destroy();
}

it.each([401, 402, 404, 407, 408, 429, 500, 503])("gives up on a batch after status %i", async (refusal) => {
	status = refusal;
	await askHundred();
	expect(requests).toBe(1);
});

it.each([400, 403, 405, 413])("splits a batch in half after status %i", async (refusal) => {
	status = refusal;
	await askHundred();
	expect(requests).toBeGreaterThan(2);
});

it("batches grow again after a refusal, twice as large every minute", async () => {
	const sizes: number[] = [];
	let maxBatch = 10;
	const node = createServer(async (incoming, outgoing) => {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		const calls = [JSON.parse(body)].flat() as { id: number; method: string }[];
		sizes.push(calls.filter(({ method }) => method !== "eth_chainId").length);
		if (calls.length > maxBatch) return outgoing.writeHead(413).end();
		const results = calls.map(({ id }) => ({ jsonrpc: "2.0", id, result: "0x7a69" }));
		return outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(results));
	});
	await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
	const provider = createProvider(`http://127.0.0.1:${(node.address() as AddressInfo).port}`, 31337);
	let time = performance.now();
	const clock = vi.spyOn(performance, "now").mockImplementation(() => time);
	const largest = async (): Promise<number> => {
		sizes.length = 0;
		await Promise.all(Array.from({ length: 100 }, () => provider.send("eth_blockNumber", [])));
		return Math.max(...sizes);
	};
	expect(await largest()).toBe(100);
	expect(await largest()).toBeLessThanOrEqual(10);
	time += 59_999;
	expect(await largest()).toBeLessThanOrEqual(10);
	maxBatch = 500;
	const grown: number[] = [];
	for (let minute = 0; minute < 5; minute++) {
		time += 60_000;
		grown.push(await largest());
	}
	expect(grown).toEqual(grown.toSorted((a, b) => a - b));
	expect(grown.at(-1)).toBe(100);
	clock.mockRestore();
	provider.destroy();
	node.closeAllConnections();
	await new Promise((resolve) => node.close(resolve));
});
