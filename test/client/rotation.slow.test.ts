/** An hour of a client's life: two servers, tokens that are renewed, and a key that is replaced on a real chain. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createAuthFetch } from "../../src/client/auth-fetch.ts";
import { bearerAuth } from "../../src/http/node.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import type { OrganizationTokenOptions } from "../../src/tokens/orgid/organization-minter.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import type { Minter } from "../../src/tokens/token-kind.ts";

type Network = Awaited<ReturnType<typeof startTestNetwork<3>>>;

const REQUESTS = 1_000;
const SECONDS_BETWEEN = 3.6;
const LIFETIME_SECONDS = 600;
/** How many requests one token serves: those before four fifths of its lifetime have passed. */
const REQUESTS_PER_TOKEN = Math.ceil((LIFETIME_SECONDS * 0.8) / SECONDS_BETWEEN);

let network: Network;
const state = { now: 0, signatures: 0 };
const closing: (() => unknown)[] = [];
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 3 });
	state.now = network.now();
});
afterAll(async () => {
	for (const close of closing) close();
	await network.close();
});

/** A server with a resolver of its own; requests for `/slow` wait in `waiting` before they are authenticated. */
async function startOrganizationServer(audience: string) {
	const { chainId, rpcUrl, registry } = network;
	const networks = [{ chainId, rpcUrl, registry: registry.address }];
	const resolver = createOrgIdResolver({ networks, now: () => state.now });
	const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now: () => state.now });
	const counts = { verified: 0, granted: 0, refused: [] as unknown[] };
	const waiting: (() => void)[] = [];
	const auth = bearerAuth({
		verifier: {
			...verifier,
			verify(...args) {
				counts.verified += 1;
				return verifier.verify(...args);
			},
		},
		onDenied: ({ body }) => counts.refused.push(JSON.parse(body).code),
	});
	const guarded = auth()((_request, response) => {
		counts.granted += 1;
		response.end(audience);
	});
	const server: Server = createServer(async (request, response) => {
		if (request.url === "/slow" && waiting.length < 10) {
			await new Promise<void>((resolve) => {
				waiting.push(resolve);
			});
		}
		await guarded(request, response);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(
		() => server.closeAllConnections(),
		() => server.close(),
		() => resolver.close(),
	);
	return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, audience, counts, waiting };
}

function countingMinter(key: Signer, issuer: string): Minter<OrganizationTokenOptions> {
	const counting: Signer = {
		algorithm: key.algorithm,
		publicKey: key.publicKey,
		sign(bytes) {
			state.signatures += 1;
			return key.sign(bytes);
		},
	};
	return createOrgIdMinter({ key: counting, issuer, now: () => state.now, lifetimeSeconds: LIFETIME_SECONDS });
}

it("mints the tokens that 1,000 requests to two servers need, and loses none when the key is replaced", async () => {
	const [client, hotel, airline] = network.organizations;
	const servers = [await startOrganizationServer(hotel.did), await startOrganizationServer(airline.did)] as const;
	const authFetch = createAuthFetch({
		minter: countingMinter(client.key, client.issuer),
		audiences: Object.fromEntries(servers.map(({ origin, audience }) => [origin, audience])),
	});
	const registry = network.registry.connect(client.owner);
	const next = await generateKeyPair();
	const replacedAt = 450;
	const slow: Promise<Response>[] = [];

	for (let count = 0; count < REQUESTS; count += 1) {
		const { origin, audience } = servers[count % 2 === 0 ? 0 : 1];
		if (count === replacedAt - 50) await registry.addKey(client.orgId, { fragment: "next", publicKey: next.publicKey });
		if (count === replacedAt) {
			for (let at = 0; at < 10; at += 1) slow.push(authFetch(`${servers[0].origin}/slow`, { method: "POST" }));
			await vi.waitUntil(() => servers[0].waiting.length === 10);
			authFetch.setMinter(countingMinter(next.privateKey, `${client.did}#next`));
			await registry.revokeKey(client.orgId, "webserver");
		}
		if (count === replacedAt + 50) for (const resume of servers[0].waiting) resume();
		const response = await authFetch(origin);
		expect([count, response.status, await response.text()]).toEqual([count, 200, audience]);
		state.now += SECONDS_BETWEEN;
	}

	expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
	expect(servers.map(({ counts }) => counts.granted)).toEqual([REQUESTS / 2 + 10, REQUESTS / 2]);
	expect(servers.map(({ counts }) => counts.refused)).toEqual([
		Array.from({ length: 10 }, () => "did/key-revoked"),
		[],
	]);
	expect(servers.map(({ counts }) => counts.verified)).toEqual([REQUESTS / 2 + 20, REQUESTS / 2]);
	const tokensFor = (requests: number): number => 2 * Math.ceil(requests / REQUESTS_PER_TOKEN);
	expect(state.signatures).toBe(tokensFor(replacedAt) + tokensFor(REQUESTS - replacedAt));
});
