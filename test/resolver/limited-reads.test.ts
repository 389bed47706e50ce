import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createLimitedReads, type LimitedReads, type ReadGroup } from "../../src/resolver/limited-reads.ts";
import { expectRefusal } from "../support/refusal.ts";

const UNKNOWN: ReadGroup = "reads of unknown organizations";
const UNLISTED: ReadGroup = "lookups of unlisted keys";
let reads: LimitedReads<number>;
beforeEach(() => {
	reads = createLimitedReads();
});
const one = async (): Promise<number> => 1;

it.each([undefined, UNKNOWN, UNLISTED])("a read is shared by those who ask at the same time (%s)", async (group) => {
	let begun = 0;
	const read = async (): Promise<number> => {
		begun += 1;
		return begun;
	};
	const reading = [group, undefined, UNKNOWN].map((name) => reads.run("a", name, read));
	expect([reads.has("a"), reads.has("b")]).toEqual([true, false]);
	expect(await Promise.all(reading)).toEqual([1, 1, 1]);
	expect(reads.has("a")).toBe(false);
	expect(await reads.run("a", group, read)).toBe(2);
});

it.each([
	["deleted", () => reads.delete("a")],
	["cleared", () => reads.clear()],
])("a read that was %s isn't joined, and its result isn't current", async (_what, forget) => {
	for (const group of [undefined, UNKNOWN]) {
		let wasCurrent: boolean | undefined;
		const first = reads.run("a", group, async (isCurrent) => {
			expect(isCurrent()).toBe(true);
			await new Promise((resolve) => setImmediate(resolve));
			wasCurrent = isCurrent();
			return 1;
		});
		await Promise.resolve().then(() => Promise.resolve());
		reads.delete("b");
		expect(reads.has("a")).toBe(true);
		forget();
		expect(reads.has("a")).toBe(false);
		expect(await reads.run("a", group, async () => 2)).toBe(2);
		expect(await first).toBe(1);
		expect(wasCurrent).toBe(false);
	}
});

describe.each([
	[UNKNOWN, UNLISTED],
	[UNLISTED, UNKNOWN],
])("%s", (group, other) => {
	it("are a thousand at once; those of other groups and of the same organization go on", async () => {
		const held = Promise.withResolvers<number>();
		onTestFinished(() => held.resolve(0));
		for (let index = 0; index < 999; index++) void reads.run(`${index}`, group, () => held.promise);
		expect(await reads.run("last", group, one)).toBe(1);
		void reads.run("999", group, () => held.promise);
		const error = await expectRefusal(() => reads.run("more", group, one), "registry/unreachable");
		expect(error.message).toContain(group);
		expect(await reads.run("more", other, one)).toBe(1);
		expect(await reads.run("more", undefined, one)).toBe(1);
		const known = reads.run("known", undefined, async () => 7);
		expect(await reads.run("known", group, one)).toBe(7);
		expect(await known).toBe(7);
		reads.clear();
		expect(await reads.run("more", group, one)).toBe(1);
	});
});
