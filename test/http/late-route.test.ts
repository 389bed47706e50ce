import { expect, it } from "vitest";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { createOfflineStage } from "../support/token-stage.ts";

// Alone in its file: a route of an earlier test would have verifiers remember what this one needs.
it("a route that accepts each token once may be created after the token was verified", async () => {
	const stage = await createOfflineStage();
	const bearer = createBearer({ verifier: stage.verifier });
	const decision = await bearer(`Bearer ${await stage.forge()}`);
	const spend = bearer.requires({ replay: createMemoryReplayStore() });
	expect(await spend(decision)).toBe(decision);
});
