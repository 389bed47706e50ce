/** T54: what a resolver has seen of an organization, no later answer undoes. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import { createSeenFacts } from "../../src/resolver/seen-facts.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { codeOf } from "../support/document-stage.ts";
import type { FakeNode } from "../support/fake-node.ts";
import { answerAt } from "../support/lagging-node.ts";
import { useUnreliableNetwork } from "../support/unreliable-node.ts";

const unreliable = useUnreliableNetwork();
const { honest, resolverAt } = unreliable;
const clock = { seconds: 0 };

let airline: TestOrganization;
let resolver: OrgIdResolver;
let verifier: Verifier;
/** A node that never learns of anything after the token was accepted. */
let behind: FakeNode["answer"];
let token: string;
beforeEach(async () => {
	const { network, node } = unreliable;
	node.answer = honest;
	const [first, hotel] = network.organizations;
	airline = first;
	await airline.activate();
	await airline.rotateKey();
	resolver = resolverAt(clock);
	verifier = createVerifier({ profiles: [orgid({ audience: hotel.did, resolver })], now: network.now });
	token = await airline.minter({ audience: hotel.did }).mint();
	expect(await verdict()).toBe("accepted");
	const head = await network.provider.getBlockNumber();
	behind = (method, params) => answerAt(head, network.rpcUrl, method, params);
});
afterEach(() => resolver.close());

const verdict = (): Promise<string> => codeOf(verifier.verify(token));
const blockNumber = (): Promise<number> => unreliable.network.provider.getBlockNumber();

const pass = (seconds: number): void => {
	clock.seconds += seconds;
};

/** Everything that makes the resolver ask again. */
const FORGETTING: readonly (readonly [string, () => void])[] = [
	["its TTL", () => pass(61)],
	["invalidate", () => resolver.invalidate(airline.did)],
	["invalidateAll", () => resolver.invalidateAll()],
];

describe("T54: after a key was seen revoked", () => {
	it.each(FORGETTING)("a node that is behind doesn't bring it back after %s", async (_, forget) => {
		await airline.revokeKey();
		pass(61);
		expect(await verdict()).toBe("did/key-revoked");
		unreliable.node.answer = behind;
		for (let i = 0; i < 2; i++) {
			forget();
			expect(await verdict()).toBe("did/key-revoked");
		}
	});

	it("it is reported as revoked while the node is down", async () => {
		await airline.revokeKey();
		pass(61);
		expect(await verdict()).toBe("did/key-revoked");
		unreliable.node.answer = () => ({ hangUp: true });
		resolver.invalidateAll();
		await expect(verifier.verify(token)).rejects.toMatchObject({
			code: "did/key-revoked",
			details: { keyId: airline.issuer, revokedAt: expect.any(Number) },
		});
	});
});

describe("T54: after an organization was seen deactivated", () => {
	it.each(FORGETTING)("a node that is behind is an outage after %s", async (_, forget) => {
		await airline.deactivate();
		pass(61);
		expect(await verdict()).toBe("did/deactivated");
		unreliable.node.answer = behind;
		forget();
		expect(await verdict()).toBe("registry/outdated");
		unreliable.node.answer = honest;
		await airline.activate();
		forget();
		expect(await verdict()).toBe("accepted");
	});
});

describe("T54: invalidate with the block of a change", () => {
	it("accepts nothing until the node has that block", async () => {
		await airline.revokeKey();
		unreliable.node.answer = behind;
		resolver.invalidate(airline.did, { minBlock: await blockNumber() });
		expect(await verdict()).toBe("registry/outdated");
		resolver.invalidateAll();
		expect(await verdict()).toBe("registry/outdated");
		unreliable.node.answer = honest;
		expect(await verdict()).toBe("did/key-revoked");
	});

	it("without it, a node that is behind keeps its word for what nobody has seen", async () => {
		await airline.revokeKey();
		unreliable.node.answer = behind;
		resolver.invalidate(airline.did);
		expect(await verdict()).toBe("accepted");
	});

	it("during a read, discards its result for those who wait for it, too", async () => {
		const { node } = unreliable;
		const held = Promise.withResolvers<void>();
		const gate = Promise.withResolvers<void>();
		resolver.invalidate(airline.did);
		node.answer = async (method, params) => {
			const answer = await behind(method, params);
			held.resolve();
			await gate.promise;
			return answer;
		};
		const waiting = verdict();
		await held.promise;
		await airline.revokeKey();
		resolver.invalidate(airline.did, { minBlock: await blockNumber() });
		node.answer = honest;
		gate.resolve();
		expect(await waiting).toBe("did/key-revoked");
	});

	it("doesn't count for other organizations, and refuses anything but a block number", async () => {
		const [, hotel] = unreliable.network.organizations;
		resolver.invalidate(hotel.did, { minBlock: (await blockNumber()) + 1_000 });
		expect(await verdict()).toBe("accepted");
		for (const minBlock of [-1, 0.5, Number.NaN, "1" as unknown as number]) {
			expect(() => resolver.invalidate(airline.did, { minBlock })).toThrow("minBlock");
		}
	});
});

it("T55: an organization whose creation was undone by a reorganization is absent, not an outage", async () => {
	const { network } = unreliable;
	const snapshot = await network.provider.send("evm_snapshot", []);
	const owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	const added = await owner.createOrganization();
	const codeAt = async () => (await resolver.resolve(added.did)).didResolutionMetadata["code"];
	expect(await codeAt()).toBeUndefined();
	const seenAt = await blockNumber();
	await network.provider.send("evm_revert", [snapshot]);
	resolver.invalidate(added.did);
	expect(await codeAt()).toBe("registry/outdated");
	await network.provider.send("hardhat_mine", [`0x${(seenAt - (await blockNumber())).toString(16)}`]);
	resolver.invalidate(added.did);
	expect(await codeAt()).toBe("did/not-found");
});

describe("seen facts", () => {
	const did = (chainId: number, index: number) => `did:orgid:${chainId}:0x${index}`;

	it("T54: keep the latest block, until a reorganization of that chain", () => {
		const seen = createSeenFacts(10);
		seen.addBlock(did(1, 1), 7);
		seen.addBlock(did(1, 1), 5);
		seen.addBlock(did(10, 1), 7);
		seen.addBlock(did(1, 2), 3);
		expect(seen.minBlock(did(1, 1))).toBe(7);
		seen.rewind(1, { head: 4, unreplaced: 2 });
		expect([did(1, 1), did(10, 1), did(1, 2), did(1, 3)].map(seen.minBlock)).toEqual([4, 7, 3, 0]);
	});

	it("T48: are forgotten in the order of their use, also after a reorganization", () => {
		const seen = createSeenFacts(1);
		for (const index of [1, 2, 3, 4]) seen.addBlock(did(1, index), 7);
		seen.rewind(1, { head: 4, unreplaced: 2 });
		seen.addBlock(did(1, 5), 4);
		expect([1, 2, 3, 4, 5].map((index) => seen.minBlock(did(1, index)))).toEqual([0, 4, 4, 4, 4]);
	});

	it("T48: are bounded", () => {
		const seen = createSeenFacts(10);
		for (let index = 0; index < 1_000; index++) seen.addBlock(did(1, index), 1);
		const known = Array.from({ length: 1_000 }, (_, index) => seen.minBlock(did(1, index)));
		expect(known.filter((block) => block > 0)).toHaveLength(40);
	});
});
