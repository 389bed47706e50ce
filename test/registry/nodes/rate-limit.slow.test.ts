import { afterEach, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { bearerAuth } from "../../../src/http/fetch.ts";
import { createOrgIdResolver } from "../../../src/resolver/resolver.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { type Answer, type FakeNode, greet, startFakeNode } from "../../support/fake-node.ts";
import { stopClock } from "../../support/node-cluster.ts";

const CHAIN = 31_337;
const DIDS = Array.from({ length: 20 }, (_, i) => `did:orgid:${CHAIN}:0x${String(i + 10).repeat(32)}`);

let open: { close(): unknown }[] = [];
afterEach(async () => {
	vi.restoreAllMocks();
	for (const one of open) await one.close();
	open = [];
});

/** A resolver of one node, which is asked by each batch of calls once. */
async function limited(answer: FakeNode["answer"]) {
	const node = await startFakeNode(answer);
	const resolver = createOrgIdResolver({
		networks: [{ chainId: CHAIN, rpcUrl: node.url, registry: `0x${"11".repeat(20)}` }],
	});
	open.push(resolver, node);
	return { node, resolver };
}

const LIMITS: readonly (readonly [string, () => Answer])[] = [
	["status 429 and Retry-After: 30", () => ({ status: 429, body: "", headers: { "retry-after": "30" } })],
	[
		"status 429 and Retry-After with a date",
		() => {
			const [now, later] = [0, 30_000].map((ms) => new Date(1_800_000_000_000 + ms).toUTCString());
			return { status: 429, body: "", headers: { date: now as string, "retry-after": later as string } };
		},
	],
	["status 503 and Retry-After: 30", () => ({ status: 503, body: "", headers: { "retry-after": "30" } })],
];

describe.each(LIMITS)("T87: a single node that responds with %s", (_what, limit) => {
	it.each<[string, (method: string) => Answer | undefined]>([
		["from the start", () => undefined],
		["after its checks", greet],
	])("%s is asked at most three times in ten seconds for twenty organizations", async (_when, greeting) => {
		const clock = stopClock();
		let requests = 0;
		let isLimited = true;
		const { resolver } = await limited((method) => {
			const answer = greeting(method) ?? (isLimited ? limit() : (greet(method) ?? { result: "0x" }));
			if ("status" in answer) requests += 1;
			return answer;
		});
		for (let second = 0; second < 10; second++) {
			const results = await Promise.all(DIDS.map((did) => resolver.resolve(did)));
			for (const { didResolutionMetadata } of results) {
				expect(didResolutionMetadata).toMatchObject({ error: "internalError", code: "registry/unreachable" });
			}
			clock.pass(1_000);
		}
		expect(requests).toBeLessThanOrEqual(3);

		clock.pass(25_000);
		isLimited = false;
		const { didResolutionMetadata } = await resolver.resolve(DIDS[0] as string);
		expect(didResolutionMetadata["code"]).toBe("registry/bad-response");
	});
});

it("T87: a node that only says -32005 is asked less and less often", async () => {
	const clock = stopClock();
	let requests = 0;
	const { resolver } = await limited((method) => {
		const greeting = greet(method);
		if (greeting === undefined) requests += 1;
		return greeting ?? { error: { code: -32_005, message: "limit exceeded" } };
	});
	for (let step = 0; step < 100; step++) {
		await Promise.all(DIDS.map((did) => resolver.resolve(did)));
		clock.pass(100);
	}
	// For each of twenty organizations in one call.
	expect(requests).toBeLessThanOrEqual(12);
});

it("T87: an absurd Retry-After is limited to some minutes", async () => {
	const clock = stopClock();
	const { node, resolver } = await limited(() => ({
		status: 429,
		body: "",
		headers: { "retry-after": "9".repeat(20) },
	}));
	await resolver.resolve(DIDS[0] as string);
	node.calls.length = 0;
	clock.pass(299_000);
	await resolver.resolve(DIDS[0] as string);
	expect(node.calls).toEqual([]);
	clock.pass(32_000);
	await resolver.resolve(DIDS[0] as string);
	expect(node.calls).not.toEqual([]);
});

it("T87: a guard passes the time on to its client", async () => {
	stopClock();
	const { node, resolver } = await limited(() => ({ status: 429, body: "", headers: { "retry-after": "30" } }));
	const audience = DIDS[1] as string;
	const now = (): number => 1_000;
	const auth = bearerAuth({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })], now }) });
	const handler = auth()(() => new Response("ok"));
	const header = { alg: "ES256K", typ: "JWT" };
	const claims = { iss: `${DIDS[0]}#webserver`, aud: audience, iat: 1_000, exp: 1_060 };
	const [head, payload] = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
	const token = `${head}.${payload}.${Buffer.alloc(64, 1).toString("base64url")}`;
	const response = await handler(new Request("http://127.0.0.1/", { headers: { authorization: `Bearer ${token}` } }));
	expect(response.status).toBe(503);
	expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(30);
	expect(Number(response.headers.get("retry-after"))).toBeLessThanOrEqual(33);
	expect(node.calls.length).toBeLessThanOrEqual(2);
});
