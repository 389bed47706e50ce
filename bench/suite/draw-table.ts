/**
 * The chart of a table.
 * @module
 */
import { drawChart } from "../chart.ts";
import { formatFigure } from "./format.ts";
import { median, type Table } from "./report.ts";

/** Draws a table's rows, a dot for each round. */
export function drawTable({ title, unit, rows }: Table): string {
	return drawChart({
		title,
		rows: rows.map(({ name, figures, isOurs = false }) => ({ name, values: figures, isOther: !isOurs })),
		heading: `median, ${unit}`,
		summarize: (values) => formatFigure(median(values)),
		formatTick: formatFigure,
		dot: "round",
	});
}
