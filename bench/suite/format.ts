/** @module */

/** Formats a figure with three significant digits, and whole numbers in full: `12,345`, `123`, `1.23`. */
export function formatFigure(figure: number): string {
	const isLarge = Number.isInteger(figure) || Math.abs(figure) >= 100;
	return figure.toLocaleString("en", isLarge ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}
