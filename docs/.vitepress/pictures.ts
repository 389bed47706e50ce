/**
 * Pictures with a dark version: GitHub and editors choose by the system's theme, the site by the switch in its
 * navigation bar.
 * @module
 */
import type { MarkdownOptions } from "vitepress";

type MarkdownIt = Parameters<NonNullable<MarkdownOptions["config"]>>[0];

const PICTURE =
	/<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*(<img src=")([^"]+)("[^>]*>)\s*<\/picture>/g;

/** Puts both versions of every picture into the page, of which the theme's styles show one. */
export function showBothVersions(md: MarkdownIt): void {
	md.core.ruler.push("themed-pictures", ({ tokens }) => {
		for (const token of tokens.filter(({ type }) => type === "html_block")) {
			token.content = token.content.replace(PICTURE, (_, dark: string, start: string, light: string, end: string) =>
				[light, dark]
					.map((path, at) => `${start}./${path}" class="${at === 0 ? "light-only" : "dark-only"}${end}`)
					.join("\n"),
			);
		}
	});
}
