/**
 * Draws how long revoked keys were still accepted, as an SVG for light and dark pages.
 * @module
 */

/** The latencies of one way of noticing revocations. */
export interface LatencyRow {
	readonly name: string;
	/** Of each trial, in ascending order. */
	readonly latenciesMs: readonly number[];
	readonly limitMs: number;
}

const WIDTH = 820;
const LABELS = 220;
const NUMBERS = 120;
const PLOT = WIDTH - LABELS - NUMBERS - 24;
const TOP = 76;
const ROW = 40;
/** The vertical distances of dots from the middle of their row, so that fewer hide others. */
const OFFSETS = [0, -6, 6, -3, 3, -9, 9];

const STYLE = `
  .page { fill: #ffffff; } .text { fill: #1f2328; } .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; } .limit { stroke: #59636e; stroke-dasharray: 3 3; } .median { stroke: #1f2328; stroke-width: 2; }
  .dot { fill: #0969da; fill-opacity: 0.45; }
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
  .title { font-size: 16px; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } .text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; } .limit { stroke: #9198a1; } .median { stroke: #f0f6fc; }
    .dot { fill: #4493f8; fill-opacity: 0.55; }
  }`;

/** Draws one row of dots for each way. */
export function drawLatencies(rows: readonly LatencyRow[]): string {
	const seconds = Math.ceil(Math.max(...rows.flatMap(({ latenciesMs, limitMs }) => [limitMs, ...latenciesMs])) / 1_000);
	const bottom = TOP + rows.length * ROW;
	const x = (ms: number): number => round(LABELS + (ms / 1_000 / seconds) * PLOT);
	const summaries = rows.map((row) => `${row.name}: median ${summary(row).join(", maximum ")}`);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 76}" role="img" aria-labelledby="title description">`,
		`<title id="title">How long a revoked key is still accepted</title>`,
		`<desc id="description">${escapeXml(`One dot for each revocation. ${summaries.join("; ")}.`)}</desc>`,
		`<style>${STYLE}\n</style>`,
		`<rect class="page" width="${WIDTH}" height="${bottom + 76}" rx="6"/>`,
		text("title text", 16, 30, "How long a revoked key is still accepted"),
		text("quiet", WIDTH - 16, 60, "median, maximum", "end"),
		...Array.from({ length: seconds + 1 }, (_, second) => drawSecond(second, x(second * 1_000), bottom)),
		...rows.map((row, index) => drawRow(row, TOP + (index + 0.5) * ROW, x)),
		...drawLegend(bottom + 56),
		"</svg>\n",
	].join("\n");
}

function drawSecond(second: number, x: number, bottom: number): string {
	const line = `<line class="grid" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>`;
	return line + text("quiet", x, bottom + 18, `${second} s`, "middle");
}

function drawRow(row: LatencyRow, y: number, x: (ms: number) => number): string {
	const { name, latenciesMs, limitMs } = row;
	const dots = latenciesMs.map((ms, index) => {
		const offset = OFFSETS[index % OFFSETS.length] as number;
		return `<circle class="dot" cx="${x(ms)}" cy="${y + offset}" r="4"/>`;
	});
	return [
		text("text", LABELS - 16, y + 4, name, "end"),
		`<line class="limit" x1="${x(limitMs)}" y1="${y - 15}" x2="${x(limitMs)}" y2="${y + 15}"/>`,
		...dots,
		`<line class="median" x1="${x(medianOf(row))}" y1="${y - 13}" x2="${x(medianOf(row))}" y2="${y + 13}"/>`,
		text("text", WIDTH - 16, y + 4, summary(row).join(", "), "end"),
	].join("\n");
}

function drawLegend(y: number): readonly string[] {
	return [
		`<circle class="dot" cx="${LABELS + 4}" cy="${y - 4}" r="4"/>`,
		text("quiet", LABELS + 14, y, "one revocation"),
		`<line class="median" x1="${LABELS + 130}" y1="${y - 13}" x2="${LABELS + 130}" y2="${y + 3}"/>`,
		text("quiet", LABELS + 140, y, "median"),
		`<line class="limit" x1="${LABELS + 210}" y1="${y - 13}" x2="${LABELS + 210}" y2="${y + 3}"/>`,
		text("quiet", LABELS + 220, y, "limit that the run checks"),
	];
}

function text(className: string, x: number, y: number, content: string, anchor = "start"): string {
	return `<text class="${className}" x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function medianOf({ latenciesMs }: LatencyRow): number {
	return latenciesMs[latenciesMs.length >> 1] ?? 0;
}

/** Median and maximum. */
function summary(row: LatencyRow): readonly string[] {
	return [medianOf(row), row.latenciesMs.at(-1) ?? 0].map((ms) => `${(ms / 1_000).toFixed(2)} s`);
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function escapeXml(content: string): string {
	return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
