import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkSite } from "../../scripts/check-site.ts";
import { root } from "../../scripts/sources.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-site-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The problems of a site with these files, without the names of the files. */
function check(files: Readonly<Record<string, string>>): string[] {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return checkSite(relative(root, folder)).map((problem) => problem.replace(/^.*?:1: /, ""));
}

it("accepts links to pages, files, folders with an index, and ids", () => {
	const links = ["/", "/guide/", "../index.html", "page.html#did/key-revoked", "#a%20b", "/files/a.ts.txt"];
	const guide = `<h2 id="a b">A</h2>${links.map((link) => `<a class="x" href="${link}">x</a>`).join("")}`;
	const page = `<a id="did/key-revoked"></a><a href="https://elsewhere.example">x</a><a href="mailto:a@b.example">x</a>`;
	expect(
		check({ "index.html": "<p>x</p>", "guide/index.html": guide, "guide/page.html": page, "files/a.ts.txt": "" }),
	).toEqual([]);
});

it.each(["/gone.html", "gone.html", "/folder", "/folder/", "#gone", "/index.html#gone"])(
	"reports a link to %s, which isn't there",
	(link) => {
		const files = { "index.html": `<a id="here" href="${link}">x</a>`, "folder/page.html": "<p>x</p>" };
		expect(check(files)).toEqual([`${link} leads nowhere`]);
	},
);

it.each([
	`<img src="https://elsewhere.example/x.png">`,
	`<script src="//elsewhere.example/x.js"></script>`,
	`<link rel="preconnect" href="https://elsewhere.example">`,
	`<img srcset="/x.png, http://elsewhere.example/x.png 2x">`,
	`<iframe title="x > y" src="https://elsewhere.example/x"></iframe>`,
])("reports %s", (html) => {
	expect(check({ "index.html": html })).toEqual([expect.stringMatching(/^loads .*\/\/elsewhere\.example/)]);
});

it.each([`@import "https://elsewhere.example/x.css";`, `a{background:url(//elsewhere.example/x.png)}`])(
	"reports the style %s",
	(css) => {
		expect(check({ "index.html": "<p>x</p>", "assets/style.css": css })).toEqual([
			expect.stringMatching(/^loads .*\/\/elsewhere\.example/),
		]);
	},
);

it("reports a site without pages", () => {
	expect(check({})).toEqual(["there are no pages"]);
});
