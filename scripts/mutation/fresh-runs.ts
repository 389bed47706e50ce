/**
 * Runs test files once for each fault, in a new process that has the fault from its start: for what runs only while modules
 * are loaded, and to make sure of those that survived in a process that had loaded everything before.
 * @module
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createVitest } from "vitest/node";
import { root } from "../sources.ts";
import type { Finding } from "./warm-runner.ts";

export interface FreshRuns {
	readonly log: string;
	readonly runs: readonly { readonly mutant: string; readonly tests: readonly string[] }[];
}

const { log, runs } = JSON.parse(readFileSync(process.env["ORGPASS_MUTATION"] as string, "utf8")) as FreshRuns;
const write = (finding: Finding): void => appendFileSync(log, `${JSON.stringify(finding)}\n`);
const vitest = await createVitest("test", { config: `${root}/scripts/mutation/vitest.config.ts`, run: true });
// Before that, no file has specifications.
await vitest.globTestSpecifications();

for (const { mutant, tests } of runs) {
	process.env["__STRYKER_ACTIVE_MUTANT__"] = mutant;
	const specifications = tests.flatMap((name) => vitest.getModuleSpecifications(`${root}/${name}`));
	if (specifications.length < tests.length) throw new Error(`not all of these are tests: ${tests.join(", ")}`);
	// From here on, the fault is to blame if the process ends.
	write({ trying: mutant });
	const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
	// They include those of earlier runs.
	const failed = testModules.find((module) => tests.includes(module.relativeModuleId) && !module.ok());
	const by = failed?.relativeModuleId ?? (unhandledErrors.length > 0 ? "an unhandled error" : undefined);
	write(by === undefined ? { survived: mutant } : { killed: mutant, by });
}
await vitest.close();
process.exit();
