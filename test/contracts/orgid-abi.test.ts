import { createRequire } from "node:module";
import { EventFragment, FunctionFragment, Interface, type InterfaceAbi } from "ethers";
import { expect, it } from "vitest";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.js";

/** ORGiD 1.1.5 as npm has it: a client written for it must work with our registry. */
const original = new Interface(
	(createRequire(import.meta.url)("orgid-v1/build/contracts/OrgId.json") as { abi: InterfaceAbi }).abi,
);
const ours = new Interface(orgIdRegistryAbi);

/** What ours leaves out: the initializers of the original's proxy. */
const LEFT_OUT = ["initialize", "initializeUpgrade110"];

const functions = original.fragments
	.filter((fragment) => FunctionFragment.isFragment(fragment))
	.filter(({ name }) => !LEFT_OUT.includes(name));
const events = original.fragments.filter((fragment) => EventFragment.isFragment(fragment));

it("reads the original's functions and events", () => {
	expect([functions.length, events.length]).toEqual([12, 7]);
});

it.each(functions.map((theirs) => [theirs.format("minimal"), theirs] as const))(
	"declares %s with the same selector and return types",
	(_line, theirs) => {
		const own = ours.getFunction(theirs.selector) ?? expect.fail("ours has no such function");
		expect(own.inputs.map(({ type }) => type)).toEqual(theirs.inputs.map(({ type }) => type));
		expect(own.outputs.map(({ type }) => type)).toEqual(theirs.outputs.map(({ type }) => type));
		expect(own.constant).toBe(theirs.constant);
	},
);

it.each(events.map((theirs) => [theirs.format("minimal"), theirs] as const))(
	"declares %s with the same topic and indexed parameters",
	(_line, theirs) => {
		const own = ours.getEvent(theirs.topicHash) ?? expect.fail("ours has no such event");
		const layout = ({ inputs }: EventFragment): unknown => inputs.map(({ type, indexed }) => [type, indexed]);
		expect(own.name).toBe(theirs.name);
		expect(layout(own)).toEqual(layout(theirs));
	},
);
