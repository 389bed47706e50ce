import { expect, it, vi } from "vitest";

// No other test may have created a guard before.
vi.resetModules();
const { createMemoryReplayStore } = await import("../../../src/auth/replay/memory-store.ts");
const { createBearer } = await import("../../../src/http/bearer.ts");
const { startChainStage } = await import("../../support/token-stage.ts");

it("T29: a route that accepts tokens once can be created after a request's token was verified, and remembered", async () => {
	const { forge, claims, verifier, close } = await startChainStage();
	const tokens = [await forge({ payload: claims({ jti: "once" }) }), await forge({ payload: claims({}) })];
	for (const token of tokens) await verifier.verify(token);
	const bearer = createBearer({ verifier });
	const decisions = await Promise.all(tokens.map((token) => bearer(`Bearer ${token}`)));
	const accept = bearer.requires({ replay: createMemoryReplayStore() });
	for (const decision of decisions) expect(await accept(decision)).toMatchObject({ granted: true });
	for (const token of tokens) {
		expect(await accept(await bearer(`Bearer ${token}`))).toMatchObject({ cause: { code: "replay/seen" } });
	}
	await close();
});
