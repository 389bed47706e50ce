import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { deployKind, KINDS } from "../support/registry-kinds.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { thorough } from "../support/thorough.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
/** How many calls it takes to read one organization. */
const CALLS: Readonly<Record<RegistryKind, number>> = { orgpass: 1, "orgid-v1": 1, "orgid-v3": 3 };
const COUNT = thorough(100, 25);

let network: TestNetwork;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
});
afterAll(() => network.close());

describe("the cost of cold reads", () => {
	it.each(KINDS.map((kind) => [kind, CALLS[kind]] as const))(
		`%s: one organization %i eth_call, ${COUNT} at once as many each, in five requests`,
		async (kind, one) => {
			const counter = await startRpcCounter(network.rpcUrl);
			const account = unlock(network.accounts[0]);
			const address = await deployKind(kind, account);
			const registry = createRegistry({ chainId: 31337, rpcUrl: counter.url, address });
			const owner = registry.connect(account);
			const document = kind === "orgid-v3" ? { uris: ["https://x/"] } : { uris: ["https://x/"], hash: HASH };
			const ids: `0x${string}`[] = [];
			for (let i = 0; i < COUNT; i++) ids.push((await owner.createOrganization({ document })).orgId);
			const cold = createRegistry({ chainId: 31337, rpcUrl: counter.url, address });

			counter.reset();
			const records = await Promise.all(ids.map((id) => cold.read(id)));
			expect(records.map((record) => record?.orgId)).toEqual(ids);
			expect(counter.requests()).toBeLessThanOrEqual(5);
			// Code of ORGiD 1.x may be that of our contract, cut off: it is asked.
			const detection = kind === "orgid-v1" ? 1 : 0;
			expect(counter.count("eth_call")).toBeLessThanOrEqual(one * COUNT + detection);

			counter.reset();
			await cold.read(ids[0] as `0x${string}`);
			expect(counter.count("eth_call")).toBe(one);
			expect(counter.requests()).toBeLessThanOrEqual(2);
			cold.close();
			registry.close();
			await counter.close();
		},
	);
});
