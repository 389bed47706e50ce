import { expect, it, vi } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { greet, startFakeNode } from "../support/fake-node.ts";
import { pass, until } from "../support/patient-timers.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const ORG_ID = `0x${"0a".repeat(32)}` as const;

it("T52: retries a call that hangs for five seconds, up to three attempts", async () => {
	const node = await startFakeNode(
		(method) => greet(method) ?? (calls() === 1 ? { hang: true } : { status: 500, body: "" }),
	);
	const calls = (): number => node.calls.filter((call) => call === "eth_call").length;
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: ADDRESS });
	const reading = expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/unreachable" });
	await until(() => calls() === 1);
	await pass(4_999);
	expect(calls()).toBe(1);
	await pass(1);
	await reading;
	expect(calls()).toBe(3);
	registry.close();
	await node.close();
});

it("T52: gives up on an EIP-1193 provider that never responds", async () => {
	const request = vi.fn(() => new Promise(() => {}));
	const registry = createRegistry({ chainId: 31337, provider: { request }, address: ADDRESS });
	let isOver = false;
	const reading = expect(registry.read(ORG_ID))
		.rejects.toMatchObject({ code: "registry/unreachable" })
		.finally(() => {
			isOver = true;
		});
	await until(() => request.mock.calls.length > 0);
	expect(isOver).toBe(false);
	while (!isOver) await pass(5_000);
	await reading;
	registry.close();
});
