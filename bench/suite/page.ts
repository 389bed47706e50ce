/**
 * The text of docs/performance.md.
 * @module
 */
import { arch, cpus, release, totalmem, type } from "node:os";
import manifest from "../../package.json" with { type: "json" };
import { formatFigure } from "./format.ts";
import { installedVersion } from "./installed-version.ts";
import { type Goal, median, quantile, type Report, type Row, ratio, type Settings, type Table } from "./report.ts";

const GIB = 2 ** 30;
/** Those whose versions aren't in the tables. */
const PACKAGES = ["secp256k1", "tiny-secp256k1", "@noble/secp256k1", "ethers", "hardhat"];

/** The run that a page is about. */
export interface Run extends Settings {
	readonly seconds: number;
}

/** Writes the whole page. */
export function writePage(reports: readonly Report[], run: Run): string {
	const goals = reports.flatMap(({ goals = [] }) => goals);
	return `# Performance
${run.isQuick ? "\n**Written by `--quick`, which only checks that everything runs: the figures mean nothing.**\n" : ""}
\`npm run bench\` measures all of this in one run, and writes this page. What orgpass is compared with runs in the same
process and takes turns with it, so compare the figures of a table with each other: on another machine all of them are
different, but their ratios are similar.

- **Figures** are medians; the range beside each one holds the middle half of its rounds. In charts, each dot is a round.
- **Seconds** are of CPU time, on all cores of the process and with the collection of garbage, unless the text says that it
  is real time.
- **What they don't tell**: how long a request takes in your server, which also has other things to do, over a real network
  and with a real node. A library that does less per token isn't worse for it: jose, jsonwebtoken and fast-jwt are given
  the key, while orgpass and did-jwt find it.

${formatMachine(run)}

${reports.map(formatReport).join("\n")}
${formatGoals(goals)}`;
}

/** The part of the page about one subject. */
export function formatReport({ title, text, tables }: Report): string {
	return `## ${title}\n\n${text}\n\n${tables.map(formatTable).join("\n")}`;
}

/** All ratios with their bounds, as a table. */
export function formatGoals(goals: readonly Goal[]): string {
	const rows = goals.map(({ ratio, value, bound, isLimit = false }) => {
		const isMet = isLimit ? value <= bound : value >= bound;
		const least = isLimit ? "at most" : "at least";
		return [ratio, formatFigure(value), `${least} ${formatFigure(bound)}`, isMet ? "met" : "**missed**"];
	});
	return `## Goals\n\nWhat orgpass is meant to reach in every run.\n\n${formatRows(["ratio", "measured", "goal", ""], rows)}`;
}

function formatTable(table: Table): string {
	const { id, title, unit, rows, base } = table;
	const further = [...new Set(rows.flatMap(({ cells = {} }) => Object.keys(cells)))];
	const perItem = unit.endsWith("/s") ? ["µs each"] : [];
	const spread = rows.some(({ figures }) => figures.length > 1) ? ["middle half"] : [];
	const headings = ["", unit, ...spread, ...perItem, `÷ ${base}`, ...further];
	const lines = rows.map((row) => [
		row.isOurs ? `**${row.name}**` : row.name,
		formatFigure(median(row.figures)),
		...spread.map(() => [0.25, 0.75].map((part) => formatFigure(quantile(row.figures, part))).join(" – ")),
		...perItem.map(() => formatFigure(1e6 / median(row.figures))),
		formatFigure(ratio(rows, row.name, base)),
		...further.map((name) => row.cells?.[name] ?? ""),
	]);
	return `### ${title}\n\n![${describe(table)}](performance/${id}.svg)\n\n${formatRows(headings, lines)}`;
}

function describe({ title, rows }: Table): string {
	return `${title}: ${rows.map((row: Row) => `${row.name} ${formatFigure(median(row.figures))}`).join(", ")}`;
}

function formatRows(headings: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
	return [
		line(headings),
		`|${headings.map((_, at) => (at === 0 ? "---|" : "---:|")).join("")}\n`,
		...rows.map(line),
	].join("");
}

function formatMachine({ seconds }: Run): string {
	const [first] = cpus();
	const memory = `${Math.round(totalmem() / GIB)} GiB`;
	const packages = PACKAGES.map((name) => `${name} ${installedVersion(name)}`).join(", ");
	const date = new Date().toISOString().slice(0, 10);
	return `Measured on ${date} in ${Math.ceil(seconds / 60)} minutes on ${cpus().length} cores of ${first?.model.trim() ?? "an unknown CPU"},
${memory} of memory, ${type()} ${release()} (${arch()}), with Node.js ${process.versions.node} (OpenSSL ${process.versions.openssl}), orgpass ${manifest.version},
${packages}. The tables name the versions of the others.`;
}
