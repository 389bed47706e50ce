import { beforeEach, describe, expect, it } from "vitest";
import { keyOf } from "../../../src/registry/log/contract-log.ts";
import type { LogEntry, RegistryEvent } from "../../../src/registry/log/registry-event.ts";
import { createSeenLogs, type SeenLogs } from "../../../src/registry/log/seen-logs.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const OTHER_ID = `0x${"0b".repeat(32)}` as const;

function entryAt(blockNumber: number, orgId?: typeof ORG_ID | typeof OTHER_ID): LogEntry {
	const position = { blockNumber, blockHash: `0x${blockNumber}`, logIndex: 0 } as const;
	return orgId === undefined ? position : { ...position, event: { ...position, orgId } as unknown as RegistryEvent };
}

const ENTRIES = [10, 11, 12, 13].map((block) => entryAt(block, ORG_ID));

let seen: SeenLogs;
beforeEach(() => {
	seen = createSeenLogs();
	seen.add(ENTRIES);
});

const known = (): number[] => ENTRIES.filter((entry) => seen.has(entry)).map(({ blockNumber }) => blockNumber);

describe("logs", () => {
	it("are known once they were added", () => {
		expect(known()).toEqual([10, 11, 12, 13]);
		expect(seen.has(entryAt(14))).toBe(false);
		expect(seen.has({ blockHash: "0x10", logIndex: 1 })).toBe(false);
	});

	it("of a range are removed unless the node still has them", () => {
		const kept = new Set([keyOf(entryAt(11))]);
		expect(seen.retain(10, 12, kept)).toEqual([ENTRIES[0], ENTRIES[2]]);
		expect(known()).toEqual([11, 13]);
		expect(seen.retain(10, 12, kept)).toEqual([]);
	});

	it("outside of a range are kept", () => {
		expect(seen.retain(11, 12, new Set())).toEqual([ENTRIES[1], ENTRIES[2]]);
		expect(known()).toEqual([10, 13]);
	});

	it("are forgotten up to a block", () => {
		seen.forget(11);
		expect(known()).toEqual([12, 13]);
	});

	it("are forgotten all together", () => {
		seen.clear();
		expect(known()).toEqual([]);
		expect(seen.mayHaveChanged(ORG_ID)).toBe(false);
		expect(seen.retain(0, 20, new Set())).toEqual([]);
	});
});

describe("an organization", () => {
	it("may have changed if a log names it", () => {
		expect(seen.mayHaveChanged(ORG_ID)).toBe(true);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
		seen.add([entryAt(14, OTHER_ID)]);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(true);
	});

	it("may have changed if a log names none", () => {
		seen.add([entryAt(14)]);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(true);
		seen.forget(14);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
	});

	it("T55: may have changed after its logs were removed, until no node is still on their branch", () => {
		seen.retain(12, 15, new Set());
		seen.retain(10, 11, new Set());
		seen.forget(14);
		expect(known()).toEqual([]);
		expect(seen.mayHaveChanged(ORG_ID)).toBe(true);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
		seen.forget(15);
		expect(seen.mayHaveChanged(ORG_ID)).toBe(false);
		seen.clear();
		seen.add([entryAt(3, OTHER_ID)]);
		seen.retain(3, 3, new Set());
		seen.forget(3);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
	});

	it("T55: may have changed, like any, while the removed logs are of too many to remember", () => {
		const idOf = (index: number) => `0x${index.toString(16).padStart(64, "0")}` as typeof ORG_ID;
		const fill = (count: number): void => {
			for (let index = 0; index < count; index++) seen.add([{ ...entryAt(12, idOf(index)), logIndex: index }]);
			seen.retain(10, 13, new Set());
		};
		fill(9_999);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
		fill(10_001);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(true);
		seen.forget(13);
		expect(seen.mayHaveChanged(OTHER_ID)).toBe(false);
	});

	it.each<[string, () => unknown]>([
		["forgotten", () => seen.forget(13)],
		["cleared", () => seen.clear()],
	])("hasn't changed any more once its logs are %s", (_, lose) => {
		expect(seen.mayHaveChanged(ORG_ID)).toBe(true);
		lose();
		expect(seen.mayHaveChanged(ORG_ID)).toBe(false);
	});
});
