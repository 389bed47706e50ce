/** Many organizations at once, each its own document, and what that costs. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import {
	codeOf,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";
import { thorough } from "../support/thorough.ts";

const COUNT = thorough(200, 44);
const HALF = COUNT / 2;
/** Of one organization; the document's key may have been revoked on chain only in our registry, which is asked. */
const CALLS = { orgpass: 2, "orgid-v1": 1, "orgid-v3": 3 } as const;

let stage: DocumentStage;
let counter: RpcCounter;
beforeAll(async () => {
	stage = await startDocumentStage();
	counter = await startRpcCounter(stage.network.rpcUrl);
});
afterAll(async () => {
	await counter.close();
	await stage.close();
});

describe.each(KINDS)(`${COUNT} organizations in a %s registry`, (kind) => {
	let organizations: PublishedOrganization[];
	beforeAll(async () => {
		organizations = await stage.createMany(kind, COUNT);
	});

	function coldResolver(): OrgIdResolver {
		counter.reset();
		const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address(kind) }];
		return stage.resolver(kind, { networks });
	}
	const callsOf = (count: number) => (kind === "orgpass" ? Math.ceil(count / 20) + count : count * CALLS[kind]);

	it("are resolved concurrently, each document fetched once", async () => {
		const resolver = coldResolver();
		const results = await Promise.all(organizations.map(({ did }) => resolver.resolve(did)));
		for (const [index, { did, issuer, url }] of organizations.entries()) {
			expect(results[index]).toMatchObject({
				didDocument: { id: did, authentication: expect.arrayContaining([issuer]) },
				didDocumentMetadata: { canonicalId: did, orgJson: { id: did }, organization: { did } },
			});
			expect(stage.server.requests(new URL(url).pathname)).toBe(1);
		}
		expect(counter.count("eth_call")).toBeLessThanOrEqual(callsOf(COUNT) + 5);
	});

	it(`${HALF} uncached ones take five requests, including the checks of a new connection`, async () => {
		const resolver = coldResolver();
		const half = organizations.slice(0, HALF);
		const results = await Promise.all(half.map(({ did }) => resolver.resolve(did)));
		expect(results.map(({ didDocument }) => didDocument?.id)).toEqual(half.map(({ did }) => did));
		expect(counter.requests()).toBeLessThanOrEqual(5);
		expect(counter.count("eth_chainId")).toBe(1);
		expect(counter.count("eth_getCode")).toBe(1);
		// One for each batch that needs it.
		expect(counter.count("eth_blockNumber")).toBeLessThanOrEqual(2);
	});

	it(`${HALF} tokens of uncached ones are verified with five requests`, async () => {
		const half = organizations.slice(HALF);
		const tokens = await Promise.all(half.map((one) => one.mint()));
		const resolver = coldResolver();
		const verdicts = await Promise.all(tokens.map((token) => codeOf(stage.verify(token, resolver))));
		expect(new Set(verdicts)).toEqual(new Set(["accepted"]));
		expect(counter.requests()).toBeLessThanOrEqual(5);
	});

	it("an uncached one takes only its own calls on an open connection", async () => {
		const [first, second] = organizations as [PublishedOrganization, PublishedOrganization];
		const resolver = coldResolver();
		await resolver.resolve(first.did);
		counter.reset();
		await resolver.resolve(second.did);
		expect(counter.count("eth_call")).toBe(CALLS[kind]);
		expect(counter.requests()).toBeLessThanOrEqual(2);
		counter.reset();
		await resolver.resolve(second.did);
		expect(counter.requests()).toBe(0);
	});
});
