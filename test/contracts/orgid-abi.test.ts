import { createRequire } from "node:module";
import { Interface, type InterfaceAbi } from "ethers";
import { expect, it } from "vitest";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.js";

/** ORGiD 1.1.5 as npm has it: a client written for it must work with our registry. */
const original = new Interface(
	(createRequire(import.meta.url)("orgid-v1/build/contracts/OrgId.json") as { abi: InterfaceAbi }).abi,
);
const ours = new Interface(orgIdRegistryAbi);

/** What ours leaves out: the initializers of the original's proxy. */
const LEFT_OUT = ["initialize", "initializeUpgrade110"];

const functions = original.fragments.filter((fragment) => fragment.type === "function");
const events = original.fragments.filter((fragment) => fragment.type === "event");

const names = (fragments: readonly { format: (format: "minimal") => string }[]): string[] =>
	fragments.map((fragment) => fragment.format("minimal"));

it.each(names(functions).filter((line) => !LEFT_OUT.some((name) => line.startsWith(`function ${name}(`))))(
	"declares %s with the same selector and return types",
	(line) => {
		const theirs = original.getFunction(line.replace(/^function (\w+\([^)]*\)).*$/, "$1"));
		const own = ours.getFunction(theirs?.selector ?? "");
		expect(own?.inputs.map(({ type }) => type)).toEqual(theirs?.inputs.map(({ type }) => type));
		expect(own?.outputs.map(({ type }) => type)).toEqual(theirs?.outputs.map(({ type }) => type));
		expect(own?.constant).toBe(theirs?.constant);
	},
);

it.each(names(events))("declares %s with the same topic and indexed parameters", (line) => {
	const theirs = original.getEvent(line.replace(/^event (\w+)\(.*$/, "$1"));
	const own = ours.getEvent(theirs?.topicHash ?? "");
	const layout = (event: typeof theirs): unknown => event?.inputs.map(({ type, indexed }) => [type, indexed]);
	expect(own?.name).toBe(theirs?.name);
	expect(layout(own)).toEqual(layout(theirs));
});
