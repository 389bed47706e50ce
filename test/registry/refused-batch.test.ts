/** A node that rejects everything must not be sent a thousand requests. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";

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

it.each([400, 403, 405, 410, 413])("tries a single call after status %i, and then gives up", async (refusal) => {
	status = refusal;
	await askHundred();
	expect(requests).toBe(2);
});

it.each([400, 403, 405, 410, 413])(
	"asks at most three times if single calls have status %i, too, and once if several calls follow",
	async (refusal) => {
		status = refusal;
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const registry = createRegistry({ chainId: 31337, rpcUrl: url, address: `0x${"11".repeat(20)}` });
		const unreachable = { code: "registry/unreachable", details: { status: refusal } };
		await expect(registry.read(`0x${"0a".repeat(32)}`)).rejects.toMatchObject(unreachable);
		expect(requests).toBe(3);
		await expect(registry.assertReady()).rejects.toMatchObject(unreachable);
		expect(requests).toBe(4);
		registry.close();
	},
);

it.each<[string, number, object]>([
	["status 400", 400, {}],
	["status 405", 405, {}],
	["status 413", 413, {}],
	["the error -32600", 200, { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "no batches" } }],
])("a node that answers batches with %s is sent single calls", async (_, refusal, refused) => {
	const lengths: number[] = [];
	const node = createServer(async (incoming, outgoing) => {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		const calls = JSON.parse(body) as { id: number } | { id: number }[];
		lengths.push([calls].flat().length);
		if (Array.isArray(calls)) return outgoing.writeHead(refusal).end(JSON.stringify(refused));
		return outgoing.end(JSON.stringify({ jsonrpc: "2.0", id: calls.id, result: "0x7a69" }));
	});
	await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
	const provider = createProvider(`http://127.0.0.1:${(node.address() as AddressInfo).port}`, 31337);
	for (const expected of [
		[3, 1, 1, 1],
		[1, 1, 1],
	]) {
		lengths.length = 0;
		const calls = Array.from({ length: 3 }, () => provider.send("eth_blockNumber", []));
		expect(await Promise.all(calls)).toEqual(["0x7a69", "0x7a69", "0x7a69"]);
		expect(lengths).toEqual(expected);
	}
	provider.destroy();
	node.closeAllConnections();
	await new Promise((resolve) => node.close(resolve));
});

it("batches are halved until they are accepted, and grow again after a refusal, twice as large every minute", async () => {
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
	let time = 1_000;
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
