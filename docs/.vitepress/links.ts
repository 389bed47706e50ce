/**
 * Links of the pages work on GitHub, in the package and in an editor; this makes them work on the site. The other files
 * of the repository that pages link to become plain text under `/files`.
 * @module
 */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { DefaultTheme, MarkdownOptions, UserConfig } from "vitepress";
import { root, targetOf } from "./pages.ts";

type MarkdownIt = Parameters<NonNullable<MarkdownOptions["config"]>>[0];
type Plugin = NonNullable<NonNullable<UserConfig<DefaultTheme.Config>["vite"]>["plugins"]>[number];

const FOLDER = "/files/";
const files = new Set<string>();

/** Rewrites the relative links of every page. */
export function rewriteLinks(md: MarkdownIt): void {
	md.core.ruler.push("repository-links", ({ tokens, env }) => {
		// VitePress also renders titles, without telling where they are from.
		const path = env.realPath ?? env.path;
		if (path === undefined) return;
		const source = relative(root, path).replaceAll("\\", "/");
		for (const token of tokens.flatMap(({ children }) => children ?? [])) {
			const href = token.type === "link_open" ? token.attrGet("href") : null;
			if (href !== null) token.attrSet("href", toSiteLink(source, href));
		}
	});
}

/** A link of a page as the site needs it. */
function toSiteLink(source: string, href: string): string {
	const target = targetOf(source, href);
	if (target === undefined) return href;
	if ("page" in target) return `/${target.page}${target.fragment}`;
	files.add(target.file);
	return `${FOLDER}${target.file}.txt`;
}

/** Serves the files that pages link to, and adds them to the build. */
export function linkedFiles(): Plugin {
	return {
		name: "linked-files",
		configureServer({ middlewares }) {
			middlewares.use(FOLDER, (request, response, next) => {
				const file = request.url?.slice(1).replace(/\.txt$/, "") ?? "";
				if (!files.has(file)) return next();
				response.setHeader("content-type", "text/plain; charset=utf-8").end(readFileSync(join(root, file)));
			});
		},
		generateBundle() {
			for (const file of files) {
				this.emitFile({
					type: "asset",
					fileName: `${FOLDER.slice(1)}${file}.txt`,
					source: readFileSync(join(root, file)),
				});
			}
		},
	};
}
