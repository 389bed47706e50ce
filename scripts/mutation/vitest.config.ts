/** Vitest for mutation tests: sources with faults planted, in one process, files in the order they are given. */
import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import project from "../../vitest.config.ts";
import { root } from "../sources.ts";

/** What a process needs to know. */
export interface TestRun {
	/** Instrumented code by absolute path. */
	readonly sources: Readonly<Record<string, string>>;
	readonly tests: readonly string[];
	/** The faults are tried in turn, each in what is loaded already; otherwise one is on from the start. */
	readonly isWarm: boolean;
}

const run = JSON.parse(readFileSync(process.env["ORGPASS_TEST_RUN"] as string, "utf8")) as TestRun;

class AsGiven extends BaseSequencer {
	override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const place = ({ moduleId }: TestSpecification): number => run.tests.indexOf(moduleId.slice(root.length + 1));
		return Promise.resolve([...files].sort((a, b) => place(a) - place(b)));
	}
}

export default defineConfig({
	root,
	...(project.resolve && { resolve: project.resolve }),
	plugins: [{ name: "planted-faults", enforce: "pre", load: (id) => run.sources[id] }],
	test: {
		root,
		include: [...run.tests],
		// A cached module would have the faults of an earlier run, under other ids.
		fsModuleCache: false,
		isolate: false,
		maxWorkers: 1,
		pool: "forks",
		testTimeout: 60_000,
		hookTimeout: 60_000,
		setupFiles: ["test/support/patient-timers.ts", ...(run.isWarm ? [] : ["scripts/mutation/limit-hits.ts"])],
		...(run.isWarm ? { runner: "scripts/mutation/warm-runner.ts" } : { bail: 1 }),
		sequence: { sequencer: AsGiven },
		reporters: [{}],
		silent: true,
		watch: false,
	},
});
