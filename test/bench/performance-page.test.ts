import { describe, expect, it } from "vitest";
import { formatFigure } from "../../bench/suite/format.ts";
import { writePage } from "../../bench/suite/page.ts";
import { type Report, ratio } from "../../bench/suite/report.ts";

const ROWS = [
	{ name: "orgpass", isOurs: true, figures: [900, 1_000, 1_500] },
	{ name: "peer", figures: [450, 500, 500], cells: { note: "slower" } },
];
const REPORT: Report = {
	title: "Verifying",
	text: "How it was measured.",
	tables: [{ id: "verify", title: "Tokens", unit: "tokens/s", base: "peer", rows: ROWS }],
	goals: [
		{ ratio: "orgpass ÷ peer", value: 2, bound: 1.5 },
		{ ratio: "bytes", value: 4_000, bound: 3_072, isLimit: true },
	],
};

describe("docs/performance.md", () => {
	const page = writePage([REPORT], { seconds: 90, isQuick: false });

	it("has medians, the middle half, the time of each and ratios", () => {
		expect(page).toContain("| **orgpass** | 1,000 | 950 – 1,250 | 1,000 | 2 |  |");
		expect(page).toContain("| peer | 500 | 475 – 500 | 2,000 | 1 | slower |");
	});

	it("says which goals are met", () => {
		expect(page).toContain("| orgpass ÷ peer | 2 | at least 1.5 | met |");
		expect(page).toContain("| bytes | 4,000 | at most 3,072 | **missed** |");
	});

	it("shows the table's chart, with its medians for those who can't see it", () => {
		expect(page).toContain("![Tokens: orgpass 1,000, peer 500](performance/verify.svg)");
	});

	it("names the machine, the versions and the date", () => {
		expect(page).toMatch(/Measured on \d{4}-\d\d-\d\d in 2 minutes on \d+ cores of/);
		expect(page).toContain(`Node.js ${process.versions.node}`);
	});

	it("says that the figures of a quick run mean nothing", () => {
		expect(page).not.toContain("mean nothing");
		expect(writePage([REPORT], { seconds: 90, isQuick: true })).toContain("mean nothing");
	});
});

describe("ratio", () => {
	it("is the median of the rounds' ratios", () => {
		expect(ratio(ROWS, "orgpass", "peer")).toBe(2);
	});

	it("throws for an unknown row", () => {
		expect(() => ratio(ROWS, "orgpass", "nobody")).toThrow("no row is named nobody");
	});
});

describe("formatFigure", () => {
	it.each([
		[12_345.6, "12,346"],
		[123.4, "123"],
		[1.234, "1.23"],
		[0.012_34, "0.0123"],
		[5, "5"],
		[0, "0"],
	])("formats %d as %s", (figure, text) => {
		expect(formatFigure(figure)).toBe(text);
	});
});
