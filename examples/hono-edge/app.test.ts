/** Tests the app on a local chain of its own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createVerifier, orgid } from "orgpass";
import { startTestNetwork } from "orgpass/testing";
import { createApp } from "./app.ts";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const profile = orgid({ audience: hotel.did, resolver: network.resolver });
const app = createApp({ verifier: createVerifier({ profiles: [profile], now: network.now }), log: () => {} });
after(() => network.close());

test("only organizations with the scope can book", async () => {
	const minter = airline.minter({ audience: hotel.did });
	assert.equal(await book(), 401);
	assert.equal(await book(await minter.mint()), 403);
	assert.equal(await book(await minter.mint({ scope: "book" })), 201);
	await airline.revokeKey();
	assert.equal(await book(await minter.mint({ scope: "book" })), 401);
});

async function book(token?: string): Promise<number> {
	const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
	const { status } = await app.request("/api/bookings", { method: "POST", headers });
	return status;
}
