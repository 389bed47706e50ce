import { describe, expect, it } from "vitest";
import { applyUpdate, MAX_EVENTS } from "../../inspector/kept-events.ts";
import { toKeyPeriods } from "../../inspector/timeline/key-periods.ts";
import type { LogEntry } from "../../src/registry/log/registry-event.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const NOW = 1_800_000_000;

function revocation(block: number, orgId = ORG_ID): LogEntry {
	const position = { blockNumber: block, blockHash: `0x${block}`, transactionHash: "0x2", logIndex: 0 } as const;
	const args = { fragment: `key-${block}`, revokedAt: NOW };
	return { ...position, event: { name: "KeyRevoked", orgId, args, ...position } };
}

function revocations(from: number, count: number): readonly LogEntry[] {
	return Array.from({ length: count }, (_, at) => revocation(from + at));
}

describe("the events that a page keeps", () => {
	it("T104: are the last ones of an organization that causes any number of them, in one update or many", () => {
		const names = (added: readonly (readonly LogEntry[])[]): readonly unknown[] => {
			const none: ReturnType<typeof applyUpdate> = [];
			const kept = added.reduce(
				(events, entries) => applyUpdate(events, { added: entries, removed: [] }, ORG_ID),
				none,
			);
			return toKeyPeriods([], kept, NOW).map(({ fragment }) => fragment);
		};
		const last = revocations(5_000 - MAX_EVENTS, MAX_EVENTS).map(({ event }) => event?.args["fragment"]);
		expect(names([revocations(0, 5_000)])).toEqual(last);
		expect(names([revocations(0, 4_999), revocations(4_999, 1)])).toEqual(last);
	});

	it("are without those of other organizations, and of blocks that were replaced", () => {
		const stranger = revocation(7, `0x${"0b".repeat(32)}`);
		const { event: _, ...unreadable } = revocation(8);
		const kept = applyUpdate([], { added: [revocation(6), stranger, unreadable, revocation(9)], removed: [] }, ORG_ID);
		expect(kept.map(({ blockNumber }) => blockNumber)).toEqual([6, 9]);
		const after = applyUpdate(kept, { added: [revocation(10)], removed: [revocation(9)] }, ORG_ID);
		expect(after.map(({ blockNumber }) => blockNumber)).toEqual([6, 10]);
	});
});
