/** Timers of the tests that the machine's speed doesn't move. */
import { createServer } from "node:http";
import { expect, it, onTestFinished, vi } from "vitest";
import { listen } from "./listen.ts";
import { isWaiting, until } from "./patient-timers.ts";

it("Node's fetch closes a connection that isn't used in its own time, because the server doesn't wait longer", async () => {
	const url = await listen(createServer((_request, response) => response.end("body")));
	const setTimer = vi.spyOn(globalThis, "setTimeout");
	onTestFinished(() => setTimer.mockRestore());
	const limits = (): number[] => setTimer.mock.calls.map(([, ms = 0]) => ms).filter((ms) => ms >= 1_000);
	expect(await (await fetch(url)).text()).toBe("body");
	await until(() => limits().length > 0);
	expect(limits().filter(isWaiting)).toEqual([]);
});
