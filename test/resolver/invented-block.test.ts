import { expect, it } from "vitest";
import { RegistryError } from "../../src/errors/errors.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { RegistryReader } from "../../src/registry/registry.ts";
import { disproves, readRecent } from "../../src/resolver/invented-block.ts";
import { orgIdOf } from "../support/memory-organizations.ts";

const NOW = 1_800_000_000;
const outdated = (expected: unknown, actual: unknown, code = "registry/outdated"): RegistryError =>
	new RegistryError(code as "registry/outdated", "failure", { details: { expected, actual } });

/** What is read after an error, if the state has this time. */
function read(error: unknown, record: Partial<OrgRecord> | undefined): Promise<OrgRecord> {
	const registry = { read: async (...args: unknown[]) => (args.length === 1 ? record : undefined) };
	return readRecent(error, registry as unknown as RegistryReader, orgIdOf(1), NOW);
}

it.each([NOW - 60, NOW, NOW + 60])("a state far behind is read again if it is recent: %d", async (blockTimestamp) => {
	expect(await read(outdated(30_000, 9_999), { blockTimestamp })).toEqual({ blockTimestamp });
});

it.each([
	["isn't far behind", outdated(30_000, 10_000), NOW],
	["says something else", outdated(30_000, 9_999, "registry/unreachable"), NOW],
	[
		"isn't ours",
		Object.assign(new Error("x"), { code: "registry/outdated", details: { expected: 30_000, actual: 1 } }),
		NOW,
	],
	["is of a chain that is behind", outdated(30_000, 9_999), NOW - 61],
	["is of a chain that is ahead", outdated(30_000, 9_999), NOW + 61],
	["is of a state without a time", outdated(30_000, 9_999), undefined],
])("the error is thrown if it %s", async (_what, error, blockTimestamp) => {
	await expect(read(error, { blockTimestamp } as Partial<OrgRecord>)).rejects.toBe(error);
	await expect(read(error, undefined)).rejects.toBe(error);
});

it("a state disproves a block that is more than 20,000 further", () => {
	const state = { blockNumber: 100 } as OrgRecord;
	expect([disproves(state, 20_100), disproves(state, 20_101), disproves(state, 5)]).toEqual([false, true, false]);
});
