/** Lookups in Cloudflare Workers, which end what a request has started when its client is gone or has its response. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { AUDIENCE, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { bundleWorker, describeWorkerd, type Workerd } from "../support/edge-runtimes.ts";
import { until } from "../support/patient-timers.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { startSlowServer } from "../support/slow-server.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass"]);
});
afterAll(() => stage.close());

describeWorkerd((start) => {
	let worker: Workerd;
	beforeAll(async () => {
		const { chainId, rpcUrl } = stage.network;
		const config = { chainId, rpcUrl, registry: stage.address("orgpass"), audience: AUDIENCE, now: stage.clock.now };
		worker = await start(await bundleWorker("test/support/edge-worker.js", config));
	});
	afterAll(() => worker.close());

	it.each(["/shared", "/hono"])(
		"T61: a lookup goes on although the client that started it is gone (%s)",
		async (path) => {
			const node = await startRpcCounter(stage.network.rpcUrl);
			const url = `${path}?url=${encodeURIComponent(node.url)}`;
			for (const disconnected of ["while the node's chain is checked", "while the organization is read"]) {
				const token = await (await stage.create("orgpass")).mint();
				const held = Promise.withResolvers<void>();
				node.before = held.promise;
				node.reset();
				const leave = await worker.askAndLeave(url, token);
				await until(() => node.requests() > 0);
				await leave();
				const waiting = worker.ask(url, token);
				held.resolve();
				expect([(await waiting).status, (await worker.ask(url, token)).status], disconnected).toEqual([200, 200]);
			}
			await node.close();
		},
	);

	it("T61: a document is loaded although the request that started it has been answered", async () => {
		const slow = await startSlowServer();
		const organization = await stage.create("orgpass", { uris: () => [slow.url] });
		const { privateKey, publicKey } = await generateKeyPair();
		await stage.registry("orgpass").addKey(organization.orgId, { fragment: "onchain", publicKey });
		const url = `/document-key?url=${encodeURIComponent(stage.network.rpcUrl)}`;
		const token = await organization.mint(privateKey, `${organization.did}#onchain`);
		expect((await worker.ask(url, token)).status).toBe(200);
		const answer = await slow.asked();
		await worker.ask("/");
		answer(await organization.compose());
		expect((await worker.ask(url, await organization.mint())).status).toBe(200);
		expect(slow.requests()).toBe(1);
		await slow.close();
	});
});
