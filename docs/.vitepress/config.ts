/**
 * The docs site (https://vitepress.dev). `npm run docs` builds it.
 * @module
 */
import { type DefaultTheme, defineConfig } from "vitepress";
import { toAnchor } from "./anchor.ts";
import { linkedFiles, rewriteLinks } from "./links.ts";
import { writeLlmsFiles } from "./llms.ts";
import { entryPoints, isPage, SECTIONS, titleOf, toSitePath } from "./pages.ts";
import { showBothVersions } from "./pictures.ts";

/** The browser, too, loads nothing from elsewhere. VitePress needs its inline scripts and styles. */
const CONTENT_SECURITY_POLICY =
	"default-src 'self'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'";

const sidebar = SECTIONS.map(({ title, sources }) => ({
	text: title,
	items: [...(title === "Reference" ? [apiItem()] : []), ...sources.filter((source) => !isExample(source)).map(toItem)],
}));

export default defineConfig({
	title: "orgpass",
	description: "Organizations sign in to each other's APIs with keys they anchor on Ethereum.",
	lang: "en",
	srcDir: "..",
	srcExclude: ["!(docs|examples)/**/*.md"],
	rewrites: (source) => {
		if (!isPage(source)) throw new Error(`${source} isn't listed in docs/.vitepress/pages.ts`);
		return toSitePath(source);
	},
	head: [["meta", { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY }]],
	markdown: {
		config(md) {
			rewriteLinks(md);
			showBothVersions(md);
		},
		anchor: { slugify: toAnchor },
		theme: { light: "github-light-high-contrast", dark: "github-dark" },
	},
	// The index for the search is large; it is loaded when it is used.
	vite: { plugins: [linkedFiles()], build: { chunkSizeWarningLimit: 3000 } },
	themeConfig: {
		nav: sidebar.map(({ text, items: [first] }) => ({ text, link: first?.link ?? "/" })),
		sidebar,
		outline: [2, 3],
		search: { provider: "local" },
	},
	buildEnd: writeLlmsFiles,
});

function toItem(source: string): DefaultTheme.SidebarItem {
	const item = { text: titleOf(source), link: `/${toSitePath(source)}` };
	if (source !== "examples/README.md") return item;
	const examples = SECTIONS.flatMap(({ sources }) => sources.filter(isExample));
	return { ...item, collapsed: true, items: examples.map(toItem) };
}

function isExample(source: string): boolean {
	return /^examples\/.+\//.test(source);
}

function apiItem(): DefaultTheme.SidebarItem {
	const items = entryPoints().map(({ specifier, link }) => ({ text: specifier, link }));
	return { text: "API", link: "/reference/", collapsed: true, items };
}
