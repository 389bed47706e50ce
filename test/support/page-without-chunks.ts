/**
 * A bundle for browsers, of which only the first file can be loaded.
 * @module
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect } from "vitest";
import { ROOT, sources } from "./bundle-sources.ts";

/** Bundles a source, removes what is loaded on demand, and imports the rest. */
export async function importWithoutChunks<Page>(source: string): Promise<Page> {
	const folder = await mkdtemp(join(tmpdir(), "orgpass-chunks-"));
	try {
		await build({
			entryPoints: { page: `${ROOT}${source}` },
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
		return await import(pathToFileURL(join(folder, "page.mjs")).href);
	} finally {
		await rm(folder, { recursive: true });
	}
}
