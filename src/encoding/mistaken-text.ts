/**
 * What advice about mistaken keys and tokens has in common.
 * @module
 */

/** Straight and typographic quotation marks. */
export const QUOTES = "\"'`\u201c\u201d\u2018\u2019";

/** Missing values and objects, converted to text. */
export const MISSING_VALUES: ReadonlySet<string> = new Set([
	"undefined",
	"null",
	"NaN",
	"[object Object]",
	"[object Promise]",
]);

const PATH_STARTS = ["/", "./", "../", "~/", ".\\", "..\\", "file:"];

/** Whether text begins as an absolute or relative path does, including those of Windows. */
export function isPath(text: string): boolean {
	return PATH_STARTS.some((start) => text.startsWith(start)) || text.slice(1, 3) === ":\\";
}
