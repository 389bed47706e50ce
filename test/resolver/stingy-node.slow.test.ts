/** Nodes that take no batches, small ones, or cheap calls. */
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import {
	codeOf,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { type StingyRules, sendJson, startStingyNode } from "../support/stingy-node.ts";
import { thorough } from "../support/thorough.ts";

/** More than `resolveMany` takes at once, and than a batch of twenty. */
const COUNT = thorough(41, 21);

let stage: DocumentStage;
const organizations = new Map<RegistryKind, PublishedOrganization[]>();
beforeAll(async () => {
	stage = await startDocumentStage();
	for (const kind of KINDS) organizations.set(kind, await stage.createMany(kind, COUNT));
});
afterAll(() => stage.close());

const refusal = { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "batches are not supported" } };
const NODES: readonly (readonly [string, StingyRules])[] = [
	["answers any batch with an error object", { maxBatch: 0, refuseBatch: (to) => sendJson(to, 200, refusal) }],
	["answers any batch with a list of one error", { maxBatch: 0, refuseBatch: (to) => sendJson(to, 200, [refusal]) }],
	["answers any batch with 400 and text", { maxBatch: 0, refuseBatch: (to) => sendText(to, 400) }],
	["answers any batch with 405", { maxBatch: 0, refuseBatch: (to) => sendText(to, 405) }],
	["answers batches of more than twenty with 413", { maxBatch: 20, refuseBatch: (to) => sendText(to, 413) }],
	[
		"answers batches of more than twenty with an error object",
		{ maxBatch: 20, refuseBatch: (to) => sendJson(to, 200, refusal) },
	],
	["has gas for five organizations at once", { maxResolved: 5 }],
	["has gas for one", { maxResolved: 1 }],
];

function sendText(outgoing: ServerResponse, status: number): void {
	outgoing.writeHead(status, { "content-type": "text/plain" });
	outgoing.end("no");
}

/** By default every other one: one of each way to refuse. */
const TRIED = NODES.filter((_, at) => at % thorough(1, 2) === 0);

describe.each(TRIED)("a node that %s", (_what, rules) => {
	it.each(KINDS)(`serves ${COUNT} concurrent %s organizations, and its limits are learned`, async (kind) => {
		const node = await startStingyNode(stage.network.rpcUrl, rules);
		const networks = [{ chainId: 31337, rpcUrl: node.url, registry: stage.address(kind) }];
		const resolver = stage.resolver(kind, { networks });
		const all = organizations.get(kind) ?? [];
		const tokens = await Promise.all(all.map((one) => one.mint()));
		const verdicts = await Promise.all(tokens.map((token) => codeOf(stage.verify(token, resolver))));
		expect(new Set(verdicts)).toEqual(new Set(["accepted"]));
		const { maxBatch = Number.POSITIVE_INFINITY, maxResolved } = rules;
		if (maxBatch < Number.POSITIVE_INFINITY) {
			node.batches.length = 0;
			for (const { did } of all) resolver.invalidate(did);
			await Promise.all(all.map(({ did }) => resolver.resolve(did)));
			expect(Math.max(...node.batches)).toBeLessThanOrEqual(Math.max(maxBatch, 1));
		}
		if (maxResolved !== undefined) expect(node.refusedCalls() > 0).toBe(kind === "orgpass");
		await node.close();
	});
});
