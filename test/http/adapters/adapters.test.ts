/** One behaviour suite for all adapters, and for the examples that need no installation of their own. */
import { expect, it } from "vitest";
import { createOfflineStage } from "../../support/token-stage.ts";
import { describeBehaviour } from "./behaviour-suite.ts";
import { CASES } from "./cases.ts";
import { EXAMPLES } from "./example-servers.ts";
import { ADAPTERS } from "./servers.ts";

it("has at least eighty requests", () => {
	expect(CASES.length).toBeGreaterThanOrEqual(80);
});

const adapters = Object.entries(ADAPTERS).map(([name, start]) => ({ name: `the adapter for ${name}`, start }));
describeBehaviour([...adapters, ...EXAMPLES], createOfflineStage);
