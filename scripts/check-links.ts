/**
 * Checks the links in the Markdown files of the root folder, docs and examples: the target of a relative link
 * exists in the repository, and its `#fragment` is a heading there.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, posix } from "node:path";
import { toAnchor } from "../docs/.vitepress/anchor.ts";
import { listDocs, listFiles, type Problem, root } from "./sources.ts";

const LINK = /\]\(([^)\s]+)\)/g;

/** Checks every page. */
export function checkLinks(): Problem[] {
	const top = readdirSync(root).filter((name) => name.endsWith(".md"));
	const examples = listFiles("examples", ".md").filter((path) => !path.includes("/node_modules/"));
	return [...top, ...listDocs(), ...examples].flatMap(checkPage);
}

function checkPage(page: string): Problem[] {
	return withoutCode(page)
		.split("\n")
		.flatMap((line, index) =>
			[...line.matchAll(LINK)]
				.map(([, link = ""]) => link)
				.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link))
				.map((link): Problem => `${page}:${index + 1}: ${link} leads nowhere`),
		);
}

function leadsSomewhere(page: string, link: string): boolean {
	const [path = "", fragment] = link.split("#");
	const target = path === "" ? page : posix.join(dirname(page), path);
	// Generated: the docs site's build checks these links.
	if (target.startsWith("docs/reference/")) return true;
	if (!existsSync(`${root}/${target}`)) return false;
	return fragment === undefined || (target.endsWith(".md") && anchorsOf(target).includes(fragment));
}

/** The anchors that GitHub generates for a page's headings. */
function anchorsOf(page: string): string[] {
	return [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => toAnchor(heading));
}

/** A page with its code blocks blanked, so that line numbers are kept. */
function withoutCode(page: string): string {
	const text = readFileSync(`${root}/${page}`, "utf8");
	return text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]+/g, ""));
}
