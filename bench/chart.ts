/**
 * Draws charts for the pages in docs: one row for each thing compared, as an SVG for light and dark pages.
 * @module
 */

/** One thing compared. */
export interface ChartRow {
	readonly name: string;
	readonly values: readonly number[];
	/** What the values are checked against. */
	readonly limit?: number;
	/** Whether it is there only for comparison. */
	readonly isOther?: boolean;
}

export interface Chart {
	readonly title: string;
	readonly rows: readonly ChartRow[];
	/** What {@link Chart.summarize} tells, such as `median, maximum`. */
	readonly heading: string;
	/** The numbers beside a row; the values are in ascending order. */
	summarize(values: readonly number[]): string;
	/** The label of a tick of the axis. */
	formatTick(value: number): string;
	/** What one dot stands for. */
	readonly dot: string;
	/** What the limits are; only if rows have one. */
	readonly limit?: string;
}

const WIDTH = 860;
const LABELS = 280;
const NUMBERS = 150;
const PLOT = WIDTH - LABELS - NUMBERS - 24;
const TOP = 76;
const ROW = 40;
const MAX_TICKS = 7;
/** The vertical distances of dots from the middle of their row, so that fewer hide others. */
const OFFSETS = [0, -6, 6, -3, 3, -9, 9];

const STYLE = `
  .page { fill: #ffffff; } .text { fill: #1f2328; } .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; } .limit { stroke: #59636e; stroke-dasharray: 3 3; } .median { stroke: #1f2328; stroke-width: 2; }
  .dot { fill: #0969da; fill-opacity: 0.45; } .bar { fill: #0969da; fill-opacity: 0.2; }
  .other .dot { fill: #59636e; } .other .bar { fill: #59636e; }
  text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
  .title { font-size: 16px; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; } .text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; } .limit { stroke: #9198a1; } .median { stroke: #f0f6fc; }
    .dot { fill: #4493f8; fill-opacity: 0.55; } .bar { fill: #4493f8; fill-opacity: 0.25; }
    .other .dot { fill: #9198a1; } .other .bar { fill: #9198a1; }
  }`;

type Scale = (value: number) => number;

/** Draws, for each row, a dot for each value and a bar from zero to the median. */
export function drawChart(chart: Chart): string {
	const { title, heading, summarize, formatTick } = chart;
	const rows = chart.rows.map((row) => ({ ...row, values: row.values.toSorted((a, b) => a - b) }));
	const ticks = ticksUpTo(Math.max(...rows.flatMap(({ values, limit = 0 }) => [limit, ...values])));
	const bottom = TOP + rows.length * ROW;
	const x: Scale = (value) => round(LABELS + (value / (ticks.at(-1) ?? 1)) * PLOT);
	const summaries = rows.map(({ name, values }) => `${name}: ${summarize(values)}`);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 76}" role="img" aria-labelledby="title description">`,
		`<title id="title">${escapeXml(title)}</title>`,
		`<desc id="description">${escapeXml(`One dot for each ${chart.dot}. ${heading}: ${summaries.join("; ")}.`)}</desc>`,
		`<style>${STYLE}\n</style>`,
		`<rect class="page" width="${WIDTH}" height="${bottom + 76}" rx="6"/>`,
		text("title text", 16, 30, title),
		text("quiet", WIDTH - 16, 60, heading, "end"),
		...ticks.map((tick) => drawTick(formatTick(tick), x(tick), bottom)),
		...rows.map((row, index) => drawRow(row, TOP + (index + 0.5) * ROW, x, summarize(row.values))),
		...drawLegend(bottom + 56, chart),
		"</svg>\n",
	].join("\n");
}

/** From zero in steps of 1, 2 or 5 times a power of ten, the last one at the maximum or above. */
function ticksUpTo(max: number): readonly number[] {
	const power = 10 ** Math.floor(Math.log10(max / MAX_TICKS));
	const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => max / one <= MAX_TICKS) ?? max;
	return Array.from({ length: Math.ceil(max / step) + 1 }, (_, index) => index * step);
}

function drawTick(label: string, x: number, bottom: number): string {
	const line = `<line class="grid" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>`;
	return line + text("quiet", x, bottom + 18, label, "middle");
}

function drawRow({ name, values, limit, isOther }: ChartRow, y: number, x: Scale, summary: string): string {
	const dots = values.map((value, index) => {
		const offset = OFFSETS[index % OFFSETS.length] as number;
		return `<circle class="dot" cx="${x(value)}" cy="${y + offset}" r="4"/>`;
	});
	const median = x(values[values.length >> 1] ?? 0);
	return [
		`<g${isOther ? ' class="other"' : ""}>`,
		text("text", LABELS - 16, y + 4, name, "end"),
		`<rect class="bar" x="${LABELS}" y="${y - 10}" width="${round(median - LABELS)}" height="20"/>`,
		...(limit === undefined ? [] : [verticalLine("limit", x(limit), y, 15)]),
		...dots,
		verticalLine("median", median, y, 13),
		text("text", WIDTH - 16, y + 4, summary, "end"),
		"</g>",
	].join("\n");
}

function drawLegend(y: number, { dot, limit }: Chart): readonly string[] {
	const medianAt = LABELS + 62 + dot.length * 8;
	return [
		`<circle class="dot" cx="${LABELS + 4}" cy="${y - 4}" r="4"/>`,
		text("quiet", LABELS + 14, y, `one ${dot}`),
		verticalLine("median", medianAt, y - 5, 8),
		text("quiet", medianAt + 10, y, "median"),
		...(limit === undefined ? [] : [verticalLine("limit", medianAt + 80, y - 5, 8)]),
		...(limit === undefined ? [] : [text("quiet", medianAt + 90, y, limit)]),
	];
}

function verticalLine(className: string, x: number, y: number, half: number): string {
	return `<line class="${className}" x1="${x}" y1="${y - half}" x2="${x}" y2="${y + half}"/>`;
}

function text(className: string, x: number, y: number, content: string, anchor = "start"): string {
	return `<text class="${className}" x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function escapeXml(content: string): string {
	return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
