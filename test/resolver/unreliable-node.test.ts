import { describe, expect, it, onTestFinished } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.js";
import { orgid } from "../../src/tokens/orgid/orgid.js";
import type { Answer } from "../support/fake-node.js";
import { answerAt } from "../support/lagging-node.js";
import { useUnreliableNetwork } from "../support/unreliable-node.js";

const unreliable = useUnreliableNetwork();
const { honest, resolverAt } = unreliable;

describe("a node that lags behind another", () => {
	it("T54: doesn't bring back a key that the resolver has seen revoked", async () => {
		const { network, node } = unreliable;
		const [airline, hotel] = network.organizations;
		const clock = { seconds: 0 };
		const resolver = resolverAt(clock);
		const verifier = createVerifier({
			profiles: [orgid({ audience: hotel.did, resolver })],
			now: network.now,
		});
		const token = await airline.minter({ audience: hotel.did }).mint();
		const answers: Answer[] = [];
		node.answer = async (method, params) => {
			const answer = await honest(method, params);
			if (method === "eth_call") answers.push(answer);
			return answer;
		};
		await verifier.verify(token);
		const [old] = answers;

		node.answer = honest;
		await airline.revokeKey();
		clock.seconds += 61;
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-revoked" });

		node.answer = async (method, params) => (method === "eth_call" ? (old as Answer) : honest(method, params));
		clock.seconds += 61;
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-revoked" });
		resolver.close();
		node.answer = honest;
	});
});

describe("T54: a block number that a node invented", () => {
	const WORD = 64;

	/** An organization's state, as of a block that is further ahead. */
	async function ahead(blocks: number, method: string, params: readonly unknown[]): Promise<Answer> {
		const answer = await honest(method, params);
		if (method !== "eth_call" || !("result" in answer)) return answer;
		const hex = String(answer.result).slice(2);
		const block = Number(`0x${hex.slice(WORD, 2 * WORD)}`) + blocks;
		return { result: `0x${hex.slice(0, WORD)}${block.toString(16).padStart(WORD, "0")}${hex.slice(2 * WORD)}` };
	}

	it.each([1_000_000, 2 ** 50])("%i ahead is forgotten as soon as a node has a recent block", async (blocks) => {
		const { network, node } = unreliable;
		const [airline] = network.organizations;
		const clock = { seconds: network.now() };
		const resolver = resolverAt(clock);
		node.answer = (method, params) => ahead(blocks, method, params);
		const lie = await resolver.resolve(airline.did);
		expect(Number(lie.didDocumentMetadata["versionId"])).toBeGreaterThan(blocks);
		node.answer = honest;
		resolver.invalidate(airline.did);
		await network.provider.send("evm_mine", []);
		clock.seconds = network.now();
		const { didDocumentMetadata, didResolutionMetadata } = await resolver.resolve(airline.did);
		expect(didResolutionMetadata["error"]).toBeUndefined();
		expect(Number(didDocumentMetadata["versionId"])).toBeLessThan(1_000);

		const latest = await network.provider.getBlockNumber();
		node.answer = (method, params) => answerAt(latest - 1, network.rpcUrl, method, params);
		resolver.invalidate(airline.did);
		expect((await resolver.resolve(airline.did)).didResolutionMetadata["code"]).toBe("registry/outdated");
		resolver.close();
		node.answer = honest;
	});

	it("can't be told from a real one by a node that is far behind", async () => {
		const { network, node } = unreliable;
		const [, hotel] = network.organizations;
		const before = await network.provider.getBlockNumber();
		const snapshot = await network.provider.send("evm_snapshot", []);
		onTestFinished(() => network.provider.send("evm_revert", [snapshot]));
		await network.provider.send("hardhat_mine", ["0x7530", "0xc"]);
		const { timestamp = 0 } = (await network.provider.getBlock("latest")) ?? {};
		const resolver = resolverAt({ seconds: timestamp });
		node.answer = honest;
		expect((await resolver.resolve(hotel.did)).didResolutionMetadata["error"]).toBeUndefined();
		node.answer = (method, params) => answerAt(before, network.rpcUrl, method, params);
		resolver.invalidate(hotel.did);
		expect((await resolver.resolve(hotel.did)).didResolutionMetadata["code"]).toBe("registry/outdated");
		resolver.close();
		node.answer = honest;
	});
});
