/** The fetch guard in runtimes without Node's built-ins, bundled as users bundle it: Cloudflare Workers, Edge Runtime. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { type DocumentServer, startDocumentServer } from "../support/document-server.ts";
import { bundleWorker, describeEdgeRuntimes, type EdgeWorker } from "../support/edge-runtimes.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { APP_ID, RSA_KEYS } from "../support/token-kinds.ts";

let network: TestNetwork;
let server: DocumentServer;
let token: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 4 });
	server = await startDocumentServer();
	const [airline, hotel] = network.organizations as [TestNetwork["organizations"][0], TestNetwork["organizations"][0]];
	token = await airline.minter({ audience: hotel.did }).mint();
});
afterAll(async () => {
	await network.close();
	await server.close();
});

function bundle(): Promise<string> {
	return bundleWorker("test/support/edge-worker.js", {
		chainId: network.chainId,
		rpcUrl: network.rpcUrl,
		registry: network.registry.address,
		audience: network.organizations[1]?.did,
		now: network.now(),
		appId: APP_ID,
	});
}

describeEdgeRuntimes((start) => {
	let ask: EdgeWorker["ask"];
	let close: EdgeWorker["close"];
	beforeAll(async () => {
		({ ask, close } = await start(await bundle()));
	});
	afterAll(() => close());
	beforeEach(() => {
		server.serve("/there", '{"keys":[]}');
	});
	const redirect = (status: number, location = server.url("/there")): string =>
		encodeURIComponent(server.serve(`/redirect${status}`, "", { status, headers: { location } }));

	it("accepts a token, and rejects another or none", async () => {
		const { status, text } = await ask("/", token);
		expect([status, JSON.parse(text)]).toEqual([200, { issuer: network.organizations[0]?.did }]);
		expect((await ask("/", `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
		expect((await ask("/")).status).toBe(401);
	});

	it("T61: requests that wait for the same node don't depend on each other's timers", async () => {
		const node = await startRpcCounter(network.rpcUrl);
		const { organizations } = network;
		const audience = organizations[1]?.did as string;
		for (let round = 0; round < 3; round += 1) {
			const held = Promise.withResolvers<void>();
			node.before = held.promise;
			const tokens = await Promise.all(organizations.map((one) => one.minter({ audience }).mint()));
			const asking = tokens.map((one) => ask(`/shared?url=${encodeURIComponent(node.url)}`, one));
			held.resolve();
			expect((await Promise.all(asking)).map(({ status }) => status)).toEqual(tokens.map(() => 200));
		}
		await node.close();
	});

	it.each([301, 302, 303, 307, 308])(
		"a node that redirects with %d is an outage and isn't followed",
		async (status) => {
			const before = server.requests("/there");
			expect((await ask(`/?url=${redirect(status)}`, token)).status).toBe(503);
			expect(server.requests("/there")).toBe(before);
		},
	);

	it("fetches documents up to their limit, and follows no redirect", async () => {
		const fetchText = async (url: string): Promise<string> => (await ask(`/document?url=${url}`)).text;
		const before = server.requests("/there");
		expect(await fetchText(encodeURIComponent(server.serve("/org.json", "{}")))).toBe("2");
		expect(await fetchText(encodeURIComponent(server.serve("/big", "a".repeat(1_001))))).toBe("document/too-large");
		expect(await fetchText(redirect(302))).toBe("document/unreachable");
		expect(server.requests("/there")).toBe(before);
	});

	it("fetches JWK Sets, and follows no redirect", async () => {
		const before = server.requests("/there");
		const set = { keys: [{ ...exportPublicKey(RSA_KEYS.publicKey, "jwk"), kid: APP_ID }] };
		const url = encodeURIComponent(server.serve("/jwks.json", JSON.stringify(set)));
		expect((await ask(`/jwks?url=${url}`)).text).toBe("1");
		expect((await ask(`/jwks?url=${redirect(302)}`)).text).toBe("key/unreachable");
		expect(server.requests("/there")).toBe(before);
	});
});
