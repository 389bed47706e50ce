/**
 * What a subject of `npm run bench` reports: figures of all rounds, in tables, and the ratios that have a goal.
 * @module
 */

/** One contender. */
export interface Row {
	readonly name: string;
	/** One figure for each round, in the table's unit. */
	readonly figures: readonly number[];
	readonly isOurs?: boolean;
	/** Further columns, by their headings. */
	readonly cells?: Readonly<Record<string, string>>;
}

export interface Table {
	/** The name of the chart's file; unique in the page. */
	readonly id: string;
	readonly title: string;
	/** If it ends with `/s`, more is better. */
	readonly unit: string;
	/** The row that the others are compared with. */
	readonly base: string;
	readonly rows: readonly Row[];
}

/** A ratio of two figures, and what it should be. */
export interface Goal {
	readonly ratio: string;
	readonly value: number;
	readonly bound: number;
	/** Whether the bound is the most it should be, rather than the least. */
	readonly isLimit?: boolean;
}

export interface Report {
	readonly title: string;
	/** What was measured and how, in Markdown. */
	readonly text: string;
	readonly tables: readonly Table[];
	readonly goals?: readonly Goal[];
}

export interface Settings {
	/** Only checks that everything runs. */
	readonly isQuick: boolean;
}

/** Measures one subject, in a process of its own. */
export type Subject = (settings: Settings) => Promise<Report>;

export function median(figures: readonly number[]): number {
	return quantile(figures, 0.5);
}

/** Between the two nearest figures, in proportion. */
export function quantile(figures: readonly number[], fraction: number): number {
	const sorted = [...figures].sort((a, b) => a - b);
	const at = (sorted.length - 1) * fraction;
	const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
	return low + (high - low) * (at % 1);
}

/** The ratio of two rows: the median of the ratios of each round, so that what slows a whole round down cancels out. */
export function ratio(rows: readonly Row[], name: string, base: string): number {
	const [figures, baseFigures] = [figuresOf(rows, name), figuresOf(rows, base)];
	if (figures.length !== baseFigures.length) return median(figures) / median(baseFigures);
	return median(figures.map((figure, round) => figure / (baseFigures[round] as number)));
}

function figuresOf(rows: readonly Row[], name: string): readonly number[] {
	const row = rows.find((one) => one.name === name);
	if (row === undefined) throw new Error(`no row is named ${name}`);
	return row.figures;
}
