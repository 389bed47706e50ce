import { expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { greet, startFakeNode } from "../support/fake-node.ts";

it("T52: a call that hangs is given up after five seconds and made again, up to three times", async () => {
	const node = await startFakeNode(
		(method) => greet(method) ?? (isHanging() ? { hang: true } : { status: 500, body: "" }),
	);
	const calls = (): number => node.calls.filter((call) => call === "eth_call").length;
	const isHanging = (): boolean => calls() === 1;
	const address = `0x${"11".repeat(20)}`;
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address });
	const started = performance.now();
	const orgId = `0x${"0a".repeat(32)}` as const;
	await expect(registry.read(orgId)).rejects.toMatchObject({ code: "registry/unreachable" });
	expect(performance.now() - started).toBeGreaterThan(4_900);
	expect(performance.now() - started).toBeLessThan(7_000);
	expect(calls()).toBe(3);
	registry.close();
	await node.close();
});
