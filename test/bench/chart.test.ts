import { describe, expect, it } from "vitest";
import { type Chart, drawChart } from "../../bench/chart.ts";
import { formatFigure } from "../../bench/suite/format.ts";
import { expectWellFormed } from "../support/well-formed.ts";

const CHART: Chart = {
	title: "Rates of A & <B>",
	rows: [
		{ name: "A & <B>", values: [300, 100, 200] },
		{ name: "C", values: [50], isOther: true, limit: 400 },
	],
	heading: "median, maximum",
	summarize: (values) => [values[values.length >> 1], values.at(-1)].join(", "),
	formatTick: formatFigure,
	dot: "round",
	limit: "limit",
};

describe("a chart", () => {
	it("is well-formed, whatever the names", () => {
		expectWellFormed(drawChart(CHART));
	});

	it("has a dot for each value, a bar for each row, and the numbers of each", () => {
		const svg = drawChart(CHART);
		const [plot = ""] = svg.split(">one round<");
		expect(plot.match(/<circle class="dot"/g)).toHaveLength(4 + 1);
		expect(svg.match(/<rect class="bar"/g)).toHaveLength(2);
		expect(svg).toContain(">200, 300<");
		expect(svg).toContain(">50, 50<");
	});

	it("has an axis from zero to the largest value or limit, in round steps", () => {
		const ticks = [...drawChart(CHART).matchAll(/text-anchor="middle">(.+?)</g)].map(([, label]) => label);
		expect(ticks).toEqual(["0", "100", "200", "300", "400"]);
	});

	it("has colors for light and dark pages", () => {
		expect(drawChart(CHART)).toContain("@media (prefers-color-scheme: dark)");
	});
});
