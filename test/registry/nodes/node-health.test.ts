import { afterEach, expect, it, vi } from "vitest";
import { createNodeHealth } from "../../../src/registry/nodes/node-health.ts";
import { stopClock } from "../../support/node-cluster.ts";

afterEach(() => {
	vi.restoreAllMocks();
});

/** How often a node fails within some time, if each probe succeeds and the next call fails. */
function countFailures(health: ReturnType<typeof createNodeHealth>, clock: ReturnType<typeof stopClock>): number {
	let failures = 0;
	for (let second = 0; second < 120; second++) {
		if (health.isProbeDue()) health.start(2_500).succeed();
		if (health.isHealthy()) {
			health.start(2_500).fail();
			failures += 1;
		}
		clock.pass(1_000);
	}
	return failures;
}

it("T52: a node that only answers some calls rests longer and longer", () => {
	const clock = stopClock();
	const health = createNodeHealth();
	expect(countFailures(health, clock)).toBeLessThanOrEqual(12);
	clock.pass(40_000);
	health.start(2_500).succeed();
	clock.pass(31_000);
	health.start(2_500).fail();
	clock.pass(1_000);
	expect(health.isProbeDue()).toBe(true);
});
