import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const src = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
	resolve: {
		alias: [
			{ find: "#backends", replacement: src("keys/secp256k1/backends.node.ts") },
			{ find: "#document-transport", replacement: src("document/fetch/document-transport.node.ts") },
			{ find: "#encrypted-pem", replacement: src("keys/formats/encrypted-pem.node.ts") },
			{ find: "#key-folder", replacement: src("tokens/issuer-keys/key-folder.node.ts") },
			{ find: /^orgpass$/, replacement: src("index.ts") },
			{ find: /^orgpass\/http\/(.+)$/, replacement: src("http-$1.ts") },
			{ find: /^orgpass\/(.+)$/, replacement: src("$1.ts") },
		],
	},
	test: {
		include: ["test/**/*.test.ts"],
		// Other languages' peers: npm run test:interop.
		exclude: [...configDefaults.exclude, "test/interop/**"],
		maxWorkers: 2,
		testTimeout: 30_000,
		hookTimeout: 30_000,
		coverage: {
			provider: "v8",
			include: ["src/**/*.ts"],
			reporter: ["text-summary", "json-summary", "json"],
			thresholds: {
				statements: 95,
				"src/keys/**": { branches: 98 },
				"src/jws/**": { branches: 98 },
				"src/auth/**": { branches: 98 },
			},
		},
	},
});
