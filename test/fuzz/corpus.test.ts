import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCorpus, TARGET_NAMES } from "./corpus.ts";
import { skipPauses } from "./skip-pauses.ts";
import { runInput, type Target } from "./target.ts";

let putBack: () => void;
beforeAll(() => {
	putBack = skipPauses();
});
afterAll(() => putBack());

describe.each(TARGET_NAMES)("kept inputs of the fuzz target %s", (name) => {
	it("are read without a finding, and twice in the same way", async () => {
		const { createTarget } = (await import(`./targets/${name}.ts`)) as { createTarget(): Promise<Target> };
		const target = await createTarget();
		const entries = readCorpus(name);
		expect(entries.length).toBeGreaterThan(0);
		for (const { name: entry, input } of entries) {
			const summary = await runInput(target, input);
			expect([entry, await runInput(target, input)]).toEqual([entry, summary]);
		}
		await target.close?.();
	});
});
