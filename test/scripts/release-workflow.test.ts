/** What .github/workflows/release.yml may do. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { readManifest, root } from "../../scripts/sources.ts";

interface Job {
	readonly permissions: Readonly<Record<string, string>>;
	readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly env?: Record<string, string> }[];
}

const text = readFileSync(`${root}/.github/workflows/release.yml`, "utf8");
const workflow: { on: unknown; permissions: unknown; jobs: { pack: Job; publish: Job } } = parse(text);
const { pack, publish } = workflow.jobs;

it("starts only when a version's tag is pushed", () => {
	expect(workflow.on).toEqual({ push: { tags: ["v[0-9]+.[0-9]+.[0-9]+*"] } });
});

it("every action is pinned to a commit", () => {
	const actions = [...pack.steps, ...publish.steps].flatMap(({ uses }) => uses ?? []);
	expect(actions.length).toBeGreaterThan(3);
	expect(actions.filter((uses) => !/^actions\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
});

it("only the job that publishes gets an identity, and it runs nothing but npm publish", () => {
	expect(workflow.permissions).toEqual({});
	expect(pack.permissions).toEqual({ contents: "read" });
	expect(publish.permissions).toEqual({ "id-token": "write" });
	const commands = publish.steps.flatMap(({ run }) => run ?? []);
	expect(commands).toEqual([
		expect.stringMatching(/^npm publish \.\/orgpass-\*\.tgz .*--provenance .*--ignore-scripts/),
	]);
});

it("checks everything before packing", () => {
	const commands = pack.steps.flatMap(({ run }) => run ?? []);
	const at = (command: string): number => commands.findIndex((run) => run.includes(command));
	expect(at(".ci/run")).toBeGreaterThan(-1);
	expect(at("scripts/check-release.ts")).toBeGreaterThan(at(".ci/run"));
	expect(at("npm pack")).toBeGreaterThan(at("scripts/check-release.ts"));
});

it("no token is stored: npm trusts the workflow itself", () => {
	expect(text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
});

it("a package published by hand is public, needs a provenance and doesn't become the latest version", () => {
	expect(readManifest().publishConfig).toEqual({ access: "public", provenance: true, tag: "next" });
});
