/** A node that rejects everything must not be sent a thousand requests. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
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
