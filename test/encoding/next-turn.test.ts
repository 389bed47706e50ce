import { afterEach, expect, it, vi } from "vitest";
import { nextTurn } from "../../src/encoding/next-turn.ts";

afterEach(() => vi.unstubAllGlobals());

it.each<[string, unknown]>([
	["has setImmediate", setImmediate],
	["has none, as in browsers", undefined],
	[
		"has one that throws, as in Next.js's Edge Runtime",
		() => {
			throw new Error("not supported");
		},
	],
])("everything that is pending runs first where the runtime %s", async (_what, given) => {
	vi.stubGlobal("setImmediate", given);
	const order: string[] = [];
	const turn = nextTurn().then(() => order.push("next turn"));
	for (let at = 0; at < 10; at++) await Promise.resolve();
	order.push("pending");
	await turn;
	expect(order).toEqual(["pending", "next turn"]);
});
