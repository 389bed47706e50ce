import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const src = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const SLOW = "test/**/*.slow.test.ts";
/** In the slow project, and with smaller numbers in the project `brief`. */
const THOROUGH = "test/**/*.thorough.test.ts";
/** Other languages' peers and the vendors' samples: npm run test:interop. */
const INTEROP = ["test/interop/**", "test/wild/**"];

/** Files that replace modules need a process of their own; the others share one, and what it has loaded. */
const replacesModules = (file: string): boolean =>
	/\bvi\.(?:do)?(?:mock|resetModules)\(/i.test(readFileSync(`${import.meta.dirname}/${file}`, "utf8"));
const isolatedOf = (pattern: string): string[] =>
	globSync(pattern, { cwd: import.meta.dirname }).filter(replacesModules);
const isolated = isolatedOf("test/**/*.test.ts");
const slowIsolated = [...isolatedOf(SLOW), ...isolatedOf(THOROUGH)];

/** Vitest starts large files first, and these are small: started last, each would run alone in the end. */
const LONG = ["examples/examples", "resolver/scale", "resolver/stingy-node", "cli/process", "http/types"].map(
	(name) => `/test/${name}.slow.test.ts`,
);

class LongFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const isLong = ({ moduleId }: TestSpecification): boolean => LONG.some((name) => moduleId.endsWith(name));
		const sorted = await super.sort(files);
		return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
	}
}

const exclude = [...configDefaults.exclude, ...INTEROP];

export default defineConfig({
	resolve: {
		alias: [
			{ find: "#base64url", replacement: src("encoding/base64url.node.ts") },
			{ find: "#rsa-verify", replacement: src("keys/rsa-verify.node.ts") },
			{ find: "#backends", replacement: src("keys/secp256k1/backends.node.ts") },
			{ find: "#derive-point", replacement: src("keys/secp256k1/derive-point.node.ts") },
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
		sequence: { sequencer: LongFirst },
		// Only for what never ends: a busy machine must not fail a test.
		testTimeout: 300_000,
		hookTimeout: 300_000,
		setupFiles: ["test/support/patient-timers.ts", "test/support/settled-work.ts", "test/support/property.ts"],
		projects: [
			{
				extends: true,
				test: {
					name: "default",
					include: ["test/**/*.test.ts"],
					exclude: [...exclude, SLOW, THOROUGH, ...isolated],
					isolate: false,
				},
			},
			{
				extends: true,
				test: { name: "isolated", include: isolated, exclude: [...exclude, SLOW] },
			},
			{
				extends: true,
				test: { name: "brief", include: [THOROUGH], exclude: [...exclude, ...isolated], isolate: false },
			},
			{
				extends: true,
				test: {
					name: "slow",
					include: [SLOW, THOROUGH],
					exclude: [...exclude, ...slowIsolated],
					isolate: false,
					provide: { isThorough: true },
				},
			},
			{
				extends: true,
				test: { name: "slow-isolated", include: slowIsolated, exclude, provide: { isThorough: true } },
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
