/**
 * How long it takes to load the package and to run a command, and the size of what a browser loads.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair } from "orgpass/keys";
import { createOrgIdMinter } from "orgpass/tokens";
import manifest from "../../package.json" with { type: "json" };
import { bundle } from "../../test/support/bundle-size.ts";
import { formatFigure } from "../suite/format.ts";
import { measureProcesses, type Program } from "../suite/measure-processes.ts";
import { type Goal, median, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const MEGABYTE = 1e6;
const BARE = "Node.js alone";
const PROGRAM = manifest.bin.orgpass;
const ORGANIZATION = `did:orgid:0x${"11".repeat(32)}`;
const [VERSION, DECODE, GENERATE] = ["orgpass --version", "orgpass token decode", "orgpass keys generate"];
const [VERIFIER, KEYS] = ["a verifier of organizations' tokens, with the registry's resolver", "all of orgpass/keys"];

/** What a browser loads. */
const BUNDLES: Readonly<Record<string, string>> = {
	[VERIFIER]: `
		export { createVerifier } from "orgpass/auth";
		export { createOrgIdResolver } from "orgpass/resolver";
		export { orgid } from "orgpass/tokens";
	`,
	[KEYS]: 'export * from "orgpass/keys";',
	"a minter of organizations' tokens, with an imported key": `
		export { importPrivateKey } from "orgpass/keys";
		export { createOrgIdMinter } from "orgpass/tokens";
	`,
	decodeToken: 'export { decodeToken } from "orgpass/jws";',
};

/** Measures imports, commands and bundles. */
export async function measureStart(settings: Settings): Promise<Report> {
	const imports = measureImports(settings);
	const commands = await measureCommands(settings);
	const bundles = await measureBundles();
	const sizeOf = (name: string): number => median(bundles.find((row) => row.name === name)?.figures ?? []);
	return {
		title: "Start",
		text: `Processes of their own, in real time from start to exit, and their memory (resident set) after an import. Bundles are for
browsers: minified and gzipped, without what they load later.`,
		tables: [
			{ id: "start-import", title: "Importing an entry point", unit: "ms", base: BARE, rows: imports },
			{ id: "start-command", title: "Running a command", unit: "ms", base: BARE, rows: commands },
			{ id: "start-bundle", title: "What a browser loads", unit: "kB", base: VERIFIER, rows: bundles },
		],
		goals: [
			limit("start: orgpass --version ÷ Node.js alone", ratio(commands, VERSION, BARE), 1.5),
			limit("start: orgpass token decode ÷ Node.js alone", ratio(commands, DECODE, BARE), 2.5),
			limit("start: orgpass keys generate ÷ Node.js alone", ratio(commands, GENERATE, BARE), 2.5),
			limit("start: import of orgpass/auth, ms more than Node.js alone", difference(imports, "orgpass/auth", BARE), 60),
			limit("start: verifier in a browser, kB", sizeOf(VERIFIER), 90),
			limit("start: orgpass/keys in a browser, kB", sizeOf(KEYS), 25),
		],
	};
}

function measureImports(settings: Settings): readonly Row[] {
	const names = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
	const specifiers = names.map((path) => `orgpass${path.slice(1)}`);
	const printMemory = "process.stdout.write(String(process.memoryUsage.rss()))";
	const toArgs = (code: string): readonly string[] => ["--input-type=module", "--eval", code];
	const programs: readonly Program[] = [
		{ name: BARE, args: toArgs(printMemory) },
		...specifiers.map((name) => ({ name, isOurs: true, args: toArgs(`import "${name}"; ${printMemory}`) })),
	];
	return measureProcesses(programs, settings).map(({ outputs, ...row }) => ({
		...row,
		cells: { "MB of memory": formatFigure(Math.round(median(outputs.map(Number)) / MEGABYTE)) },
	}));
}

async function measureCommands(settings: Settings): Promise<readonly Row[]> {
	const { privateKey } = await generateKeyPair();
	const minter = createOrgIdMinter({ key: privateKey, issuer: `${ORGANIZATION}#key`, audience: ORGANIZATION });
	const token = await minter.mint();
	const folder = mkdtempSync(join(tmpdir(), "orgpass-start-"));
	const file = join(folder, "key.pem");
	const programs: readonly Program[] = [
		{ name: BARE, args: ["--eval", "0"] },
		{ name: VERSION, isOurs: true, args: [PROGRAM, "--version"] },
		{ name: DECODE, isOurs: true, args: [PROGRAM, "token", "decode", token] },
		{
			...{ name: GENERATE, isOurs: true, args: [PROGRAM, "keys", "generate", "--out", file] },
			prepare: () => rmSync(file, { force: true }),
		},
	];
	const rows = measureProcesses(programs, settings).map(({ outputs: _, ...row }) => row);
	rmSync(folder, { recursive: true });
	return rows;
}

async function measureBundles(): Promise<readonly Row[]> {
	const rows: Row[] = [];
	for (const [name, code] of Object.entries(BUNDLES)) {
		const { kilobytes } = await bundle(code);
		rows.push({ name, isOurs: true, figures: [kilobytes] });
	}
	return rows;
}

/** The median of the differences of each round. */
function difference(rows: readonly Row[], name: string, base: string): number {
	const [figures, baseFigures] = [name, base].map((one) => rows.find((row) => row.name === one)?.figures ?? []);
	return median((figures ?? []).map((figure, round) => figure - (baseFigures?.[round] as number)));
}

function limit(name: string, value: number, bound: number): Goal {
	return { ratio: name, value, bound, isLimit: true };
}
