/**
 * What language models read (https://llmstxt.org): `llms.txt` lists the pages, `llms-full.txt` contains them, and each
 * page is also there as Markdown.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SiteConfig } from "vitepress";
import { entryPoints, HOME, readPage, SECTIONS, targetOf, titleOf, toSitePath } from "./pages.ts";

/** Pictures are what their alternative texts say. */
const PICTURE = /!\[([^\]]*)\]\([^)]*\)|<picture>[^`]*? alt="([^"]*)">\s*<\/picture>/g;
const LINK = /\]\(([^)\s]+)\)/g;
const FRONTMATTER = /^---\n[\s\S]*?\n---\n/;
const COMMENT = /<!--[\s\S]*?-->\n*/g;

/** Writes the files into the finished build. */
export function writeLlmsFiles({ outDir, pages, rewrites, site }: SiteConfig): void {
	const write = (path: string, text: string): void => {
		mkdirSync(dirname(join(outDir, path)), { recursive: true });
		writeFileSync(join(outDir, path), text);
	};
	for (const page of pages) {
		const source = rewrites.inv[page] ?? page;
		write(toSitePath(source), toMarkdown(source));
	}
	const introduction = `# ${site.title}\n\n> ${site.description}\n`;
	write("llms.txt", [introduction, ...SECTIONS.map(listSection), listReference()].join("\n"));
	const sources = [HOME, ...SECTIONS.flatMap((section) => section.sources)];
	write("llms-full.txt", sources.map(toMarkdown).join("\n"));
}

/** A page with links that lead to the site's Markdown files. */
function toMarkdown(source: string): string {
	const text = readPage(source)
		.replace(FRONTMATTER, "")
		.replace(COMMENT, "")
		.replace(PICTURE, (_, alt?: string, altOfBoth?: string) => `(Picture: ${alt ?? altOfBoth})`);
	return text.replace(LINK, (link, href: string) => {
		const target = targetOf(source, href);
		if (target === undefined) return link;
		return "page" in target ? `](/${target.page}${target.fragment})` : `](/files/${target.file}.txt)`;
	});
}

function listSection({ title, sources }: (typeof SECTIONS)[number]): string {
	const lines = sources.map((source) => `- [${titleOf(source)}](/${toSitePath(source)})`);
	return `## ${title}\n\n${lines.join("\n")}\n`;
}

function listReference(): string {
	const lines = entryPoints().map(({ specifier, link }) => `- [${specifier}](${link}index.md)`);
	return `## API\n\n${lines.join("\n")}\n`;
}
