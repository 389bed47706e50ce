import { describe, expect, it } from "vitest";
import { useUnreliableNetwork } from "../support/unreliable-node.js";

const unreliable = useUnreliableNetwork();
const { honest, resolverAt } = unreliable;

describe("unknown organizations in large numbers", () => {
	it("T61: at most 1,000 are looked up concurrently; more fail as outages", async () => {
		const { network, node } = unreliable;
		const resolver = resolverAt({ seconds: 0 });
		await resolver.resolve(network.organizations[0].did);
		node.calls.length = 0;
		let release = (): void => {};
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		node.answer = async (method, params) => {
			await gate;
			return honest(method, params);
		};
		const results = Array.from({ length: 1_010 }, (_, index) =>
			resolver.resolve(`did:orgid:31337:0x${index.toString(16).padStart(64, "0")}`),
		);
		const refused = await Promise.race(results.slice(1_000));
		expect(refused.didResolutionMetadata["code"]).toBe("registry/unreachable");
		release();
		const codes = (await Promise.all(results)).map((result) => result.didResolutionMetadata["code"]);
		expect(codes.filter((code) => code === "did/not-found")).toHaveLength(1_000);
		expect(codes.filter((code) => code === "registry/unreachable")).toHaveLength(10);
		node.answer = honest;
		resolver.close();
	});
});
