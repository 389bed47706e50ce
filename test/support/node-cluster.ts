/**
 * Nodes of one real chain, each behind a server that can fail and lie.
 * @module
 */
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { type FakeNode, passOn, startFakeNode } from "./fake-node.ts";
import { idle } from "./patient-timers.ts";

/** A network of two organizations, and its nodes. */
export interface NodeCluster {
	readonly network: TestNetwork<readonly [TestOrganization, TestOrganization]>;
	readonly nodes: readonly FakeNode[];
	readonly urls: readonly string[];
	/** The chain's own answer. */
	readonly honest: FakeNode["answer"];
}

/** A cluster for the tests of this file. After each test, its nodes are honest again. */
export function useNodeCluster(count: number): NodeCluster {
	const honest: FakeNode["answer"] = (method, params) => passOn(cluster.network.rpcUrl, method, params);
	const cluster = { honest } as { -readonly [Name in keyof NodeCluster]: NodeCluster[Name] };
	beforeAll(async () => {
		cluster.network = await startTestNetwork({ organizations: 2 });
		cluster.nodes = await Promise.all(Array.from({ length: count }, () => startFakeNode(honest)));
		cluster.urls = cluster.nodes.map(({ url }) => url);
	});
	afterEach(() => {
		vi.restoreAllMocks();
		for (const node of cluster.nodes) Object.assign(node, { answer: honest, calls: [] });
	});
	afterAll(async () => {
		for (const node of cluster.nodes) await node.close();
		await cluster.network.close();
	});
	return cluster;
}

/** A clock that a test moves, for what measures durations by `performance.now`. */
export function stopClock(): { pass: (ms: number) => void } {
	// Whole milliseconds, so that sums are exact.
	let time = Math.ceil(performance.now());
	vi.spyOn(performance, "now").mockImplementation(() => time);
	return {
		pass: (ms) => {
			time += ms;
		},
	};
}

/** Makes the time limits of requests short, in turns of the event loop: a busy machine takes longer for each. */
export function shortenDeadlines(turns: number): void {
	vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
		const controller = new AbortController();
		void idle(turns).then(() => controller.abort(new DOMException("too late", "TimeoutError")));
		return controller.signal;
	});
}
