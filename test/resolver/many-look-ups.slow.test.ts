import { describe, expect, it } from "vitest";
import { until } from "../support/patient-timers.js";
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

	it("T61: organizations that are known are read all the same, however many unknown ones are waiting", async () => {
		const { network, node } = unreliable;
		const [airline] = network.organizations;
		const clock = { seconds: 0 };
		const resolver = resolverAt(clock);
		await resolver.resolve(airline.did);
		node.calls.length = 0;
		const gate = Promise.withResolvers<void>();
		node.answer = async (method, params) => {
			const isStranger = method === "eth_call" && !JSON.stringify(params).includes(airline.orgId.slice(2));
			if (isStranger) await gate.promise;
			return honest(method, params);
		};
		const strangers = Array.from({ length: 1_500 }, (_, index) =>
			resolver.resolve(`did:orgid:31337:0x${index.toString(16).padStart(64, "0")}`, { fragment: "x" }),
		);
		await Promise.race(strangers);
		await until(() => node.calls.includes("eth_call"));
		clock.seconds += 61;
		expect((await resolver.resolve(airline.did, { fragment: "webserver" })).didDocument?.id).toBe(airline.did);
		resolver.invalidate(airline.did);
		expect((await resolver.resolve(airline.did)).didDocument?.id).toBe(airline.did);
		gate.resolve();
		const codes = (await Promise.all(strangers)).map((result) => result.didResolutionMetadata["code"]);
		expect(codes.filter((code) => code === "did/not-found")).toHaveLength(1_000);
		node.answer = honest;
		resolver.close();
	});

	it("T61: lookups of unlisted keys are bounded, too, and don't get in their way", async () => {
		const { network, node } = unreliable;
		const [airline, hotel] = network.organizations;
		const resolver = resolverAt({ seconds: 0 });
		for (const { did } of network.organizations) await resolver.resolve(did);
		node.calls.length = 0;
		const gate = Promise.withResolvers<void>();
		node.answer = async (method, params) => {
			if (JSON.stringify(params).includes(airline.orgId.slice(2))) await gate.promise;
			return honest(method, params);
		};
		const strangers = Array.from({ length: 500 }, (_, index) =>
			resolver.resolve(airline.did, { fragment: `x${index}` }),
		);
		await until(() => node.calls.includes("eth_call"));
		resolver.invalidate(hotel.did);
		expect((await resolver.resolve(hotel.did)).didDocument?.id).toBe(hotel.did);
		node.calls.length = 0;
		gate.resolve();
		await Promise.all(strangers);
		expect(node.calls.filter((method) => method === "eth_call").length).toBeLessThanOrEqual(25);
		node.answer = honest;
		resolver.close();
	});
});
