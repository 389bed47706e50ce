/** The largest organizations that our contract allows, each with 32 keys of long names and long addresses. */
import { NonceManager } from "ethers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const WORST = 30;

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass"]);
});
afterAll(() => stage.close());

it("resolves thirty organizations of the maximum size concurrently", async () => {
	const uris = (url: string) => [1, 2, 3].map((n) => `${url}?${n}`.padEnd(2_048, "x"));
	const worst = await stage.createMany("orgpass", WORST, { uris, methods: [] });
	const owner = stage.registry("orgpass").connect(new NonceManager(unlock(stage.network.accounts[0])));
	const keys = await Promise.all(Array.from({ length: 32 }, () => generateKeyPair()));
	for (const { orgId } of worst) {
		const adding = keys.map(({ publicKey }, index) =>
			owner.addKey(orgId, { fragment: `${index}`.padStart(64, "k"), publicKey }),
		);
		await Promise.all(adding);
	}
	const counter = await startRpcCounter(stage.network.rpcUrl);
	const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address("orgpass") }];
	const resolver = stage.resolver("orgpass", { networks });
	const results = await Promise.all(worst.map(({ did }) => resolver.resolve(did)));
	for (const [index, { didDocument, didDocumentMetadata }] of results.entries()) {
		expect(didDocument?.id).toBe(worst[index]?.did);
		expect(didDocument?.authentication).toHaveLength(32);
		expect(didDocumentMetadata["documentError"]).toMatchObject({ code: "document/status" });
	}
	expect(counter.requests()).toBeLessThanOrEqual(5);
	await counter.close();
});
