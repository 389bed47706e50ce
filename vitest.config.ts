import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const src = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Only in the project `slow`; `*.thorough.test.ts` are in both, with smaller numbers by default. */
const SLOW = "test/**/*.slow.test.ts";
const THOROUGH = "test/**/*.thorough.test.ts";
/** Other languages' peers and the vendors' samples: npm run test:interop. */
const INTEROP = ["test/interop/**", "test/wild/**"];

/** Files that replace modules need a process of their own; the others share one, and what it has loaded. */
const isolated = globSync("test/**/*.test.ts", { cwd: import.meta.dirname }).filter((file) =>
	/\bvi\.(?:do)?(?:mock|resetModules)\(/i.test(readFileSync(`${import.meta.dirname}/${file}`, "utf8")),
);

const exclude = [...configDefaults.exclude, ...INTEROP];

export default defineConfig({
	resolve: {
		alias: [
			{ find: "#backends", replacement: src("keys/secp256k1/backends.node.ts") },
			{ find: "#document-transport", replacement: src("document/fetch/document-transport.node.ts") },
			{ find: "#encrypted-pem", replacement: src("keys/formats/encrypted-pem.node.ts") },
			{ find: "#keccak256", replacement: src("document/keccak256.node.ts") },
			{ find: "#open-database", replacement: src("auth/replay/open-database.node.ts") },
			{ find: "#send-request", replacement: src("network/send-request.node.ts") },
			{ find: "#turns", replacement: src("registry/turns.node.ts") },
			{ find: "#key-folder", replacement: src("tokens/issuer-keys/key-folder.node.ts") },
			{ find: /^orgpass$/, replacement: src("index.ts") },
			{ find: /^orgpass\/(http|observe)\/(.+)$/, replacement: src("$1-$2.ts") },
			{ find: /^orgpass\/(.+)$/, replacement: src("$1.ts") },
		],
	},
	test: {
		maxWorkers: 3,
		// Only for what never ends: a busy machine must not fail a test.
		testTimeout: 300_000,
		hookTimeout: 300_000,
		setupFiles: ["test/support/patient-timers.ts"],
		projects: [
			{
				extends: true,
				test: {
					name: "default",
					include: ["test/**/*.test.ts"],
					exclude: [...exclude, SLOW, ...isolated],
					isolate: false,
				},
			},
			{
				extends: true,
				test: { name: "isolated", include: isolated, exclude: [...exclude, SLOW] },
			},
			{
				extends: true,
				test: { name: "slow", include: [SLOW, THOROUGH], exclude, provide: { isThorough: true } },
			},
		],
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
