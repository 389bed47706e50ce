/**
 * Builds the docs site from a copy of the repository, with empty pages in the place of TypeDoc's.
 * @module
 */
import { spawnSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { entryPoints, SECTIONS, titleOf, toSitePath } from "../../docs/.vitepress/pages.ts";
import { checkSite } from "../../scripts/check-site.ts";
import { listDocs, listFiles, root } from "../../scripts/sources.ts";

const NOT_COPIED = new Set(["node_modules", "cache", "dist", "reference"]);
const CSP = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; `;

let copy: string;
let site: string;
beforeAll(() => {
	copy = mkdtempSync(join(tmpdir(), "orgpass-docs-"));
	site = join(copy, "docs/.vitepress/dist");
	const pages = readdirSync(root).filter((name) => name.endsWith(".md"));
	for (const path of [...pages, "package.json", "contracts", "docs", "examples"]) {
		cpSync(join(root, path), join(copy, path), {
			recursive: true,
			filter: (source) => !NOT_COPIED.has(basename(source)),
		});
	}
	for (const { specifier, link } of [{ specifier: "API", link: "/reference/" }, ...entryPoints()]) {
		mkdirSync(join(copy, "docs", link), { recursive: true });
		writeFileSync(join(copy, "docs", link, "index.md"), `# ${specifier}\n`);
	}
	symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
	const { status, output } = build();
	expect(status, output).toBe(0);
});
afterAll(() => rmSync(copy, { recursive: true }));

function build(): { status: number | null; output: string } {
	const program = join(root, "node_modules/vitepress/bin/vitepress.js");
	const { status, stdout, stderr } = spawnSync(process.execPath, [program, "build", "docs"], {
		cwd: copy,
		encoding: "utf8",
	});
	return { status, output: `${stdout}${stderr}` };
}

it("has a page for each page of the repository, and no link that leads nowhere", () => {
	const sources = SECTIONS.flatMap((section) => section.sources);
	for (const source of [...listDocs(), ...sources]) {
		expect(existsSync(join(site, toSitePath(source).replace(/\.md$/, ".html"))), source).toBe(true);
	}
	expect(checkSite(relative(root, site))).toEqual([]);
});

it("forbids browsers to load anything from other hosts", () => {
	const pages = listFiles(relative(root, site), ".html").filter((path) => !path.endsWith("/404.html"));
	expect(pages.length).toBeGreaterThan(listDocs().length);
	for (const page of pages) expect(readFileSync(join(root, page), "utf8"), page).toContain(CSP);
});

it("lists every page in llms.txt, as Markdown, and has the text of all of them in llms-full.txt", () => {
	const list = readFileSync(join(site, "llms.txt"), "utf8");
	const full = readFileSync(join(site, "llms-full.txt"), "utf8");
	for (const [, path = ""] of list.matchAll(/\]\(([^)]+)\)/g)) expect(existsSync(join(site, path)), path).toBe(true);
	for (const source of SECTIONS.flatMap((section) => section.sources)) {
		expect(list).toContain(`- [${titleOf(source)}](/${toSitePath(source)})`);
		expect(full).toContain(readFileSync(join(site, toSitePath(source)), "utf8"));
	}
	for (const { specifier, link } of entryPoints()) expect(list).toContain(`- [${specifier}](${link}index.md)`);
});

it("links the Markdown pages with each other", () => {
	expect(readFileSync(join(site, "threats.md"), "utf8")).toContain("](/security.md)");
	expect(readFileSync(join(site, "index.md"), "utf8")).not.toContain("startTestNetwork");
	for (const [link, path = ""] of readFileSync(join(site, "llms-full.txt"), "utf8").matchAll(/\]\((\/[^)#]*)/g)) {
		expect(existsSync(join(site, path)), link).toBe(true);
	}
});

it("says in words what pictures show, where there are none", () => {
	const full = readFileSync(join(site, "llms-full.txt"), "utf8");
	expect(full).not.toMatch(/!\[|<picture/);
	expect(full).toContain("(Picture: From the transaction to the refusal: ");
	expect(full).toContain("(Picture: The inspector shows ");
});

it.each(["index", "start", "inspector"])("has both versions of the picture of %s, one for each theme", (page) => {
	const html = readFileSync(join(site, `${page}.html`), "utf8");
	expect(html).not.toContain("<picture");
	for (const [theme, name] of Object.entries({ light: "inspector", dark: "inspector-dark" })) {
		const [tag = ""] = new RegExp(`<img[^>]* class="${theme}-only"[^>]*>`).exec(html) ?? [];
		const [, path = ""] = / src="([^"]+)"/.exec(tag) ?? [];
		expect(path).toMatch(new RegExp(`/${name}\\.[\\w-]+\\.png$`));
		expect(existsSync(join(site, path))).toBe(true);
	}
});

it("searches without a server", () => {
	const index = listFiles(relative(root, site), ".js").find((path) => path.includes("localSearchIndex"));
	expect(readFileSync(join(root, index ?? ""), "utf8")).toContain("errors.html#");
});

it.each([
	["a link that leads nowhere", "docs/http.md", "\n[gone](gone.md)\n", "docs/http.md: gone.md leads nowhere"],
	["a page that isn't in the sidebar", "docs/unlisted.md", "# Unlisted\n", "docs/unlisted.md isn't listed"],
])("fails for %s", (_, path, text, message) => {
	const file = join(copy, path);
	const before = existsSync(file) ? readFileSync(file, "utf8") : "";
	writeFileSync(file, before + text);
	const { status, output } = build();
	if (before === "") rmSync(file);
	else writeFileSync(file, before);
	expect(output).toContain(message);
	expect(status).toBe(1);
});
