import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { ROOT, sources } from "../support/bundle-sources.ts";

const folder = await mkdtemp(join(tmpdir(), "orgpass-chunks-"));
afterAll(() => rm(folder, { recursive: true }));

it("a page that can't load what fetches documents reports an outage", async () => {
	await build({
		entryPoints: { page: `${ROOT}src/document/fetch/fetch-document.ts` },
		bundle: true,
		splitting: true,
		format: "esm",
		platform: "browser",
		outExtension: { ".js": ".mjs" },
		absWorkingDir: ROOT,
		plugins: [sources],
		outdir: folder,
	});
	const chunks = (await readdir(folder)).filter((name) => name.startsWith("on-demand"));
	expect(chunks).not.toHaveLength(0);
	for (const name of chunks) await rm(join(folder, name));
	const page = (await import(pathToFileURL(join(folder, "page.mjs")).href)) as PageModule;
	const fetchDocument = page.createDocumentFetcher({ allowData: true });
	await expect(fetchDocument("data:application/json,{}")).rejects.toMatchObject({ code: "document/unreachable" });
});

type PageModule = typeof import("../../src/document/fetch/fetch-document.ts");
