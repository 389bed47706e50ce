/** Tests what each worker does, on a local chain of its own. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { createVerifier, orgid } from "orgpass";
import { startTestNetwork } from "orgpass/testing";
import { createApp } from "./app.ts";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const profile = orgid({ audience: hotel.did, resolver: network.resolver });
const server = createApp(createVerifier({ profiles: [profile], now: network.now })).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
after(async () => {
	server.close();
	await network.close();
});

test("only tokens with the scope see the offers, until their key is revoked", async () => {
	const minter = airline.minter({ audience: hotel.did });
	assert.equal(await ask(), 401);
	assert.equal(await ask(await minter.mint()), 403);
	const token = await minter.mint({ scope: "offers" });
	assert.equal(await ask(token), 200);
	await airline.revokeKey();
	assert.equal(await ask(token), 401);
});

async function ask(token?: string): Promise<number> {
	const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
	return (await fetch(`http://127.0.0.1:${port}`, { headers })).status;
}
