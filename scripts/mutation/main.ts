/**
 * Tests the tests of `src`: plants faults (StrykerJS's mutants) and fails unless enough of them make a test fail. StrykerJS
 * itself starts Vitest anew for each fault, five hours for these layers; here each test runs for every fault it reaches while
 * its modules, chains and servers stay (warm-runner.ts), and only what that can't tell gets a process of its own.
 *
 * `npm run test:mutants:src -- [layer…] [--sample N] [--seed TEXT] [--tests PATH]… [--survivors FILE] [--jobs N] [--anew]
 * [--verbose]`
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseFlags, parseNumber, refuse } from "../command-line.ts";
import { listFiles, root } from "../sources.ts";
import { judge } from "./judge.ts";
import { readKnownKills } from "./known-kills.ts";
import { type Mutant, plant } from "./plant.ts";
import { listSurvivors, printSampleScore, printScores, scoreLayer } from "./report.ts";
import { endAll } from "./test-process.ts";

/** Per cent of the faults that must be noticed. */
const GOALS: Readonly<Record<string, number>> = {
	...{ encoding: 95, jws: 95, keys: 95, did: 95, document: 95, registry: 95 },
	...{ resolver: 95, tokens: 95, auth: 95, http: 95, "cli/settings": 90, "cli/files": 90 },
};
/** They read the built package, pages and other languages' tools, or take too long. */
const OTHER_TESTS = /\.slow\.test\.ts$|^test\/(?:interop|wild|inspector|bench|docs|examples|scripts|generated|[^/]*$)/;
/** They replace modules, which the other files share. */
const REPLACES_MODULES = /\bvi\.(?:do)?(?:mock|resetModules)\(/i;
/** What earlier runs found. */
const CACHE = `${root}/node_modules/.cache`;

const { values, positionals } = parseFlags({
	allowPositionals: true,
	options: {
		sample: { type: "string" },
		seed: { type: "string", default: String(Date.now()) },
		tests: { type: "string", multiple: true, default: ["test"] },
		jobs: { type: "string", default: String(availableParallelism()) },
		survivors: { type: "string" },
		anew: { type: "boolean", default: false },
		verbose: { type: "boolean", default: false },
	},
});
const sample = values.sample === undefined ? undefined : parseNumber("sample", values.sample, 1);
const jobs = parseNumber("jobs", values.jobs, 1);
const missing = positionals.filter((name) => !["", ".ts"].some((end) => existsSync(`${root}/src/${name}${end}`)));
if (missing.length > 0) refuse(`expected folders or files of src, got ${missing.join(", ")}`);
const layers = positionals.length > 0 ? positionals : Object.keys(GOALS);
const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), "orgpass-mutants-"));
process.on("exit", () => {
	endAll();
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

mkdirSync(CACHE, { recursive: true });
const { sources, mutants } = await plant(layers);
const known = readKnownKills(`${CACHE}/orgpass-mutants.json`, mutants);
const killed = new Map(values.anew || sample !== undefined ? [] : known.killed);
const wanted = choose(mutants.filter(({ equivalent }) => equivalent === undefined));
console.log(
	`${mutants.length} mutants in ${layers.join(", ")}; ${wanted.length} to try, ${killed.size} known to be noticed`,
);
const verdicts = await judge({
	sources,
	sourceOf: new Map(mutants.map(({ id, file }) => [id, file])),
	wanted,
	killed,
	tests: listTests(),
	passes: sample === undefined ? ["quick", "all"] : ["all"],
	folder,
	jobs,
	save: () => {
		if (sample === undefined) known.save(killed);
	},
	say: (text) => {
		if (values.verbose) console.log(`${seconds()}: ${text}`);
	},
});
const scores = layers.map((layer) => scoreLayer(layer, GOALS[layer] ?? 95, mutants, verdicts));
const isEnough = sample === undefined ? printScores(scores) : printSampleScore(scores);
if (values.survivors !== undefined) writeFileSync(values.survivors, listSurvivors(scores));
else if (sample !== undefined) process.stdout.write(listSurvivors(scores));
console.log(seconds());
process.exit(isEnough ? 0 : 1);

/** All, or as many as the sample has, at random. */
function choose(possible: readonly Mutant[]): string[] {
	const ids = possible.map(({ id }) => id);
	if (sample === undefined) return ids;
	console.log(`seed ${values.seed}`);
	const rank = (id: string): string => createHash("sha256").update(`${values.seed} ${id}`).digest("hex");
	return ids.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, sample);
}

/** Tests of the layers themselves first, then threats, then those of other layers. */
function listTests(): string[] {
	const homes = layers.map((layer) => `test/${layer}/`);
	const place = (path: string): number => {
		const home = homes.findIndex((name) => path.startsWith(name));
		return home >= 0 ? home : path.startsWith("test/threats/") ? homes.length : homes.length + 1;
	};
	return values.tests
		.flatMap((name) => (name.endsWith(".test.ts") ? [name] : listFiles(name, ".test.ts")))
		.filter((path) => !(OTHER_TESTS.test(path) || REPLACES_MODULES.test(readFileSync(`${root}/${path}`, "utf8"))))
		.sort((a, b) => place(a) - place(b));
}

function seconds(): string {
	return `${((performance.now() - started) / 1000).toFixed(0)} s`;
}
