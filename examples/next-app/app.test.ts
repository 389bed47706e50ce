/** Tests the route handlers on a local chain of its own. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startTestNetwork } from "orgpass/testing";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
after(() => network.close());
Object.assign(process.env, {
	RPC_URL: network.rpcUrl,
	CHAIN_ID: network.chainId,
	REGISTRY: network.registry.address,
	AUDIENCE: hotel.did,
});
const { POST } = await import("./app/api/bookings/route.ts");

test("only organizations with the scope can book", async () => {
	const minter = airline.minter({ audience: hotel.did });
	assert.equal(await book(), 401);
	assert.equal(await book(await minter.mint()), 403);
	assert.equal(await book(await minter.mint({ scope: "book" })), 201);
});

async function book(token?: string): Promise<number> {
	const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
	const { status } = await POST(new Request("http://hotel.example/api/bookings", { method: "POST", headers }));
	return status;
}
