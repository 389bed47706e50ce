/** Strangers register the largest organizations that the contract allows, and ask for all of them at once. */
import { Interface } from "ethers";
import { afterEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { countTurns } from "../support/count-turns.ts";
import { type FakeNode, greet, startFakeNode } from "../support/fake-node.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const WORD = `0x${"0a".repeat(32)}`;
const PLACEHOLDER = `0x${"0b".repeat(32)}`;
const contract = new Interface(orgIdRegistryAbi);
const orgIdOf = (index: number): OrgId => `0x${(index + 1).toString(16).padStart(64, "0")}`;

/** As many and as long members as the contract allows. */
function largest(): object {
	const uri = "https://host.example/".padEnd(2_048, "x");
	const key = { x: WORD, y: WORD, validFrom: 0, validUntil: 0, addedAt: 1 };
	return {
		...{
			exists: true,
			orgId: PLACEHOLDER,
			orgJsonHash: WORD,
			orgJsonUri: uri,
			orgJsonUriBackup1: uri,
			orgJsonUriBackup2: uri,
		},
		...{ parentOrgId: WORD, owner: ADDRESS, director: ADDRESS, isActive: true, isDirectorshipAccepted: true },
		unrevokedKeys: Array.from({ length: 32 }, (_, index) => ({ ...key, fragment: `${index}`.padStart(64, "k") })),
	};
}

let open: (FakeNode | Registry)[] = [];
afterEach(async () => {
	for (const one of open) await one.close();
	open = [];
});

describe("T80: forty of the largest organizations read at once", () => {
	it("are read in chunks of twenty, and each is passed on in a turn of the event loop of its own", async () => {
		const chunks: number[] = [];
		const twenty = contract.encodeFunctionResult("resolveMany", [Array.from({ length: 20 }, largest), 5, 6]);
		const node = await startFakeNode((method, [call]) => {
			const greeting = greet(method);
			if (greeting !== undefined) return greeting;
			const [orgIds] = contract.decodeFunctionData("resolveMany", (call as { data: string }).data);
			chunks.push(orgIds.length);
			let at = 0;
			return { result: twenty.replaceAll(PLACEHOLDER.slice(2), () => orgIds[at++].slice(2)) };
		});
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: ADDRESS });
		open.push(registry, node);
		const turns = countTurns();
		const passedOn = await Promise.all(
			Array.from({ length: 40 }, async (_, index) => {
				const record = await registry.read(orgIdOf(index));
				expect(record?.keys).toHaveLength(32);
				return turns.now();
			}),
		);
		turns.stop();
		expect(chunks).toEqual([20, 20]);
		expect(new Set(passedOn).size).toBe(40);
	});
});
