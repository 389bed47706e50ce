import { expect, it } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { greet, startFakeNode } from "../support/fake-node.ts";

it("T52: a node that hangs is given up after three times five seconds", { timeout: 20_000 }, async () => {
	const node = await startFakeNode((method) => greet(method) ?? { hang: true });
	const address = `0x${"11".repeat(20)}`;
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address });
	const started = performance.now();
	const orgId = `0x${"0a".repeat(32)}` as const;
	await expect(registry.read(orgId)).rejects.toMatchObject({ code: "registry/unreachable" });
	expect(performance.now() - started).toBeLessThan(17_000);
	expect(node.calls.filter((call) => call === "eth_call")).toHaveLength(3);
	registry.close();
	await node.close();
});
