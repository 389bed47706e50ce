import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.js";
import { orgid } from "../../src/tokens/orgid/orgid.js";
import type { Answer } from "../support/fake-node.js";
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
