/** The client and the hotel on a local chain of their own. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { createVerifier, orgid } from "orgpass";
import { startTestNetwork } from "orgpass/testing";
import { createHotel } from "./hotel.ts";
import { createOffersClient } from "./offers.ts";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const profile = orgid({ audience: hotel.did, resolver: network.resolver });
const server = createHotel(createVerifier({ profiles: [profile], now: network.now })).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
after(async () => {
	server.close();
	await network.close();
});

test("the client gets offers until its key is revoked", async () => {
	const minter = airline.minter({ audience: hotel.did });
	const fetchOffers = createOffersClient({ minter, url: `http://127.0.0.1:${port}`, audience: hotel.did });
	assert.deepEqual(await fetchOffers(), { issuer: airline.did, offers: [{ room: "101", price: 80 }] });
	await airline.revokeKey();
	await assert.rejects(fetchOffers(), /401 .*did\/key-revoked/);
});
