/** T61: lookups of unknown organizations are bounded and don't get in the way of known ones. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { thorough } from "../support/thorough.ts";

const COUNT = thorough(10_000, 1_500);

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

describe("T61: thousands of unknown DIDs", () => {
	it.each(KINDS)(
		"%s: a bounded number is looked up, the others are outages, and known ones keep working",
		async (kind) => {
			const counter = await startRpcCounter(stage.network.rpcUrl);
			const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address(kind) }];
			const resolver = stage.resolver(kind, { networks, cache: { maxEntries: 10_000 } });
			const known = await stage.create(kind);
			expect(await codeOf(stage.verify(known.mint(), resolver))).toBe("accepted");
			counter.reset();
			const strangers = Array.from(
				{ length: COUNT },
				(_, i) => `did:orgid:31337:0x${"f".repeat(56)}${i.toString(16).padStart(8, "0")}`,
			);
			const codes = new Map<unknown, number>();
			const asking = Promise.all(
				strangers.map(async (did) => {
					const { code } = (await resolver.resolve(did, { fragment: "x" })).didResolutionMetadata;
					codes.set(code, (codes.get(code) ?? 0) + 1);
				}),
			);
			expect(await codeOf(stage.verify(known.mint(), resolver))).toBe("accepted");
			await asking;
			expect([...codes.keys()].toSorted()).toEqual(["did/not-found", "registry/unreachable"]);
			expect(codes.get("did/not-found")).toBeLessThanOrEqual(1_000);
			// ORGiD 3 returns zero for an absent organization, which is checked once per batch.
			const checks = kind === "orgid-v3" ? 10 : 0;
			expect(counter.count("eth_call")).toBeLessThanOrEqual(1_000 + checks);
			expect(counter.requests()).toBeLessThanOrEqual(5);
			expect(await codeOf(stage.verify(known.mint(), resolver))).toBe("accepted");
			await counter.close();
		},
	);
});
