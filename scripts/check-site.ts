/**
 * Checks the built docs site: links between its pages lead somewhere, `#fragment` included, and pages load nothing from
 * other hosts.
 * @module
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { listFiles, type Problem, report, root } from "./sources.ts";

const SITE = "docs/.vitepress/dist";
const TAG = /<([a-z][\w-]*)(\s(?:[^<>"]|"[^"]*")*)>/gi;
const ATTRIBUTE = /\s([\w-]+)="([^"]*)"/g;
/** Attributes whose URL is loaded without a click. */
const LOADED = new Set(["src", "srcset", "href", "poster", "data", "action"]);
const FOREIGN = /^(?:[a-z]+:)?\/\//i;
const FOREIGN_STYLE = /(?:url\(|@import)\s*["']?(?:[a-z]+:)?\/\/[^\s"')]*/gi;

interface Page {
	readonly ids: ReadonlySet<string>;
	readonly links: readonly string[];
	readonly foreign: readonly string[];
}

/** The problems of the site in a folder, which is relative to the repository. */
export function checkSite(site: string): Problem[] {
	const pages = new Map(listFiles(site, ".html").map((path) => [path, parsePage(path)]));
	if (pages.size === 0) return [`${site}:1: there are no pages`];
	const styles = listFiles(site, ".css").flatMap((path) =>
		[...readFileSync(`${root}/${path}`, "utf8").matchAll(FOREIGN_STYLE)].map(([found]) => loads(path, found)),
	);
	const problems = [...pages].flatMap(([path, { links, foreign }]) => [
		...foreign.map((url) => loads(path, url)),
		...links.filter((link) => !leadsSomewhere(site, path, link, pages)).map((link) => leadsNowhere(path, link)),
	]);
	return [...styles, ...problems];
}

function loads(path: string, what: string): Problem {
	return `${path}:1: loads ${what}`;
}

function leadsNowhere(path: string, link: string): Problem {
	return `${path}:1: ${link} leads nowhere`;
}

function parsePage(path: string): Page {
	const page = { ids: new Set<string>(), links: [] as string[], foreign: [] as string[] };
	for (const [, tag = "", attributes = ""] of readFileSync(`${root}/${path}`, "utf8").matchAll(TAG)) {
		for (const [, name = "", escaped = ""] of attributes.matchAll(ATTRIBUTE)) {
			const value = escaped.replaceAll("&amp;", "&");
			if (name === "id") page.ids.add(value);
			else if (tag === "a" && name === "href") page.links.push(value);
			else if (LOADED.has(name)) page.foreign.push(...value.split(/[\s,]+/).filter((url) => FOREIGN.test(url)));
		}
	}
	return page;
}

function leadsSomewhere(site: string, from: string, link: string, pages: ReadonlyMap<string, Page>): boolean {
	if (FOREIGN.test(link) || /^[a-z]+:/i.test(link)) return true;
	const [path = "", fragment = ""] = link.split("#").map(decodeURIComponent);
	let target = path === "" ? from : posix.join(path.startsWith("/") ? site : posix.dirname(from), path);
	if (target.endsWith("/")) target += "index.html";
	if (!existsSync(`${root}/${target}`) || !statSync(`${root}/${target}`).isFile()) return false;
	return fragment === "" || pages.get(target)?.ids.has(fragment) === true;
}

if (import.meta.main) report("site", checkSite(SITE), `${listFiles(SITE, ".html").length} pages`);
