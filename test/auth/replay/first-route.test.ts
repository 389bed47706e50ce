import { it, vi } from "vitest";

// No other test may have created a route with a store before.
vi.resetModules();
const { createMemoryReplayStore } = await import("../../../src/auth/replay/memory-store.ts");
const { createRequirementsCheck } = await import("../../../src/auth/route-requirements.ts");
const { expectRefusal } = await import("../../support/refusal.ts");
const { startChainStage } = await import("../../support/token-stage.ts");

it("T29: the first route that accepts tokens once also does so for tokens that the verifier remembers", async () => {
	const { forge, claims, verifier, close } = await startChainStage();
	const tokens = [await forge({ payload: claims({ jti: "once" }) }), await forge({ payload: claims({}) })];
	for (const token of tokens) await verifier.verify(token);
	const spend = createRequirementsCheck({ replay: createMemoryReplayStore() });
	for (const token of tokens) {
		await spend(await verifier.verify(token), {});
		await expectRefusal(async () => spend(await verifier.verify(token), {}), "replay/seen");
	}
	await close();
});
