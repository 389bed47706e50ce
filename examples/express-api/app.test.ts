/** Tests the app on a local chain of its own. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { createVerifier, orgid } from "orgpass";
import { createPrometheusObserver } from "orgpass/observe/prometheus";
import { startTestNetwork } from "orgpass/testing";
import { Registry } from "prom-client";
import { createApp } from "./app.ts";

const network = await startTestNetwork({ organizations: 3 });
const [airline, hotel, partner] = network.organizations;
const profile = orgid({ audience: hotel.did, resolver: network.resolver });
const verifier = createVerifier({ profiles: [profile], now: network.now });
const register = new Registry();
const observer = createPrometheusObserver({ register });
const app = createApp({ verifier, observer, register, log: () => {} });
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
after(async () => {
	server.close();
	await network.close();
});

test("only organizations with the scope can book", async () => {
	const minter = airline.minter({ audience: hotel.did });
	assert.equal(await book(), 401);
	assert.equal(await book(await minter.mint()), 403);
	assert.equal(await book(await minter.mint({ scope: "book" })), 201);
	await airline.revokeKey();
	assert.equal(await book(await minter.mint({ scope: "book" })), 401);
});

test("a body that isn't JSON is the client's fault", async () => {
	const token = await partner.minter({ audience: hotel.did }).mint({ scope: "book" });
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const response = await fetch(`http://127.0.0.1:${port}/api/bookings`, { method: "POST", headers, body: "{room" });
	assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
	assert.deepEqual(await response.json(), { type: "about:blank", title: "Bad Request", status: 400 });
});

test("the metrics count what the guards decide", async () => {
	await register.resetMetrics();
	const token = await partner.minter({ audience: hotel.did }).mint({ scope: "book" });
	assert.equal(await book(), 401);
	assert.equal(await book(token), 201);
	const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
	assert.match(metrics, /^orgpass_guard_total\{outcome="denied",code="",status="401"\} 1$/m);
	assert.match(metrics, /^orgpass_guard_total\{outcome="accepted",code="",status=""\} 2$/m);
});

async function book(token?: string): Promise<number> {
	const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
	const { status } = await fetch(`http://127.0.0.1:${port}/api/bookings`, { method: "POST", headers });
	return status;
}
