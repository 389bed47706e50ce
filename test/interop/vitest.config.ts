import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import main from "../../vitest.config.ts";

export default defineConfig({
	root: fileURLToPath(new URL("../..", import.meta.url)),
	resolve: main.resolve ?? {},
	test: {
		include: ["test/interop/*.test.ts", "test/wild/*.test.ts"],
		// Each test is a peer at work while ours waits, or ours while a peer waits.
		maxConcurrency: 2,
		testTimeout: 960_000,
		hookTimeout: 60_000,
	},
});
