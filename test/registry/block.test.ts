import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { runs } from "../support/property.ts";

/** A registry on a chain whose blocks have these times, and how many it has been asked for. */
function chainOf(times: readonly number[]) {
	const asked: unknown[] = [];
	const answers: Readonly<Record<string, (tag: string) => unknown>> = {
		eth_chainId: () => "0x1",
		eth_getCode: () => "0x00",
		eth_getBlockByNumber: (tag) => {
			asked.push(tag);
			const number = tag === "latest" ? times.length - 1 : Number(tag);
			const time = times[number];
			return time === undefined ? null : { number: `0x${number.toString(16)}`, timestamp: `0x${time.toString(16)}` };
		},
	};
	const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
		answers[method]?.(([params].flat() as string[])[0] ?? "");
	const registry = createRegistry({ chainId: 1, provider: { request }, address: `0x${"11".repeat(20)}` });
	return { registry, asked };
}

describe("the last block at or before a time", () => {
	it("is found as by looking at each", async () => {
		const gaps = fc.array(fc.nat(3), { minLength: 1, maxLength: 40 });
		const property = fc.asyncProperty(gaps, fc.nat(), fc.integer({ min: -1, max: 1 }), async (all, index, more) => {
			const times = all.map((_, last) => all.slice(0, last + 1).reduce((sum, gap) => sum + gap, 0));
			const time = (times[index % times.length] as number) + more;
			const { registry, asked } = chainOf(times);
			const found = times.findLastIndex((one) => one <= time);
			expect(await registry.findBlock(time)).toBe(found === -1 ? undefined : found);
			expect(asked.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(times.length + 1)));
		});
		await fc.assert(property, runs(50));
	});

	it("T54: is found on a chain whose last block has any number that a node may report", async () => {
		const latest = 2 ** 52 - 1;
		let asked = 0;
		const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
			if (method !== "eth_getBlockByNumber") return method === "eth_chainId" ? "0x1" : "0x00";
			asked += 1;
			if (asked > 100) throw new Error("the search is endless");
			const [tag] = params as [string];
			const number = tag === "latest" ? latest : Number(tag);
			return { number: `0x${number.toString(16)}`, timestamp: number > latest - 7 ? "0x2" : "0x1" };
		};
		const registry = createRegistry({ chainId: 1, provider: { request }, address: `0x${"11".repeat(20)}` });
		expect(await registry.findBlock(1)).toBe(latest - 7);
	});

	it.each([Number.NaN, Infinity, "1" as never])("can't be that of %s", async (time) => {
		const { registry, asked } = chainOf([1]);
		await expect(registry.findBlock(time)).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "time" },
			message: expect.stringContaining("got "),
		});
		expect(asked).toEqual([]);
	});

	it("is unknown if the node doesn't have a block", async () => {
		await expect(chainOf([]).registry.findBlock(1)).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});
