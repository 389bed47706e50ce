/** T52: with `staleIfErrorSeconds`, known organizations are served while their node or their document's host is down. */
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { FakeNode } from "../support/fake-node.ts";
import { recordOperations } from "../support/recording-observer.ts";
import { useUnreliableNetwork } from "../support/unreliable-node.ts";

const unreliable = useUnreliableNetwork();
const { honest, resolverAt } = unreliable;
const clock = { seconds: 0 };

let airline: TestOrganization;
let hotel: TestOrganization;
let resolver: OrgIdResolver;
let token: string;
beforeEach(async () => {
	const { network, node } = unreliable;
	node.answer = honest;
	[airline, hotel] = network.organizations;
	await airline.activate();
	await airline.rotateKey();
	resolver = resolverAt(clock, { staleIfErrorSeconds: 600 });
	token = await airline.minter({ audience: hotel.did }).mint();
	expect(await verdict()).toBe("accepted");
});
afterEach(() => resolver.close());

/** The code of a refusal, or whether the organization's record was stale. */
async function verdict(presented = token): Promise<string> {
	const verifier = createVerifier({
		profiles: [orgid({ audience: hotel.did, resolver })],
		now: unreliable.network.now,
	});
	return verifier.verify(presented).then(
		({ stale }) => (stale === true ? "accepted, stale" : "accepted"),
		(error: { code: string }) => error.code,
	);
}

const DOWN: readonly (readonly [string, FakeNode["answer"]])[] = [
	["hangs up", () => ({ hangUp: true })],
	["responds with 503", () => ({ status: 503, body: "" })],
	["limits the rate", () => ({ error: { code: -32_005, message: "limit exceeded" } })],
	["responds with garbage", () => ({ status: 200, body: "<html>" })],
	["returns errors", () => ({ error: { code: -32_603, message: "internal error" } })],
];

describe("T52: while the node is down", () => {
	it.each(DOWN)("(it %s) a known organization is served until the time is over", async (_, answer) => {
		unreliable.node.answer = answer;
		clock.seconds += 59;
		expect(await verdict()).toBe("accepted");
		clock.seconds += 1;
		expect(await verdict()).toBe("accepted, stale");
		clock.seconds += 599;
		expect(await verdict()).toBe("accepted, stale");
		clock.seconds += 1;
		expect(await verdict()).toMatch(/^registry\/(unreachable|bad-response)$/);
	});

	it("a node that works again is asked", async () => {
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds += 661;
		expect(await verdict()).toBe("registry/unreachable");
		unreliable.node.answer = honest;
		await expect.poll(() => verdict(), { timeout: 60_000 }).toBe("accepted");
	});

	it("nothing waits for it again, and it is asked again every few seconds", async () => {
		const { node } = unreliable;
		const hanging = Promise.withResolvers<void>();
		node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect(await verdict()).toBe("accepted, stale");
		node.answer = async (method, params) => {
			await hanging.promise;
			return honest(method, params);
		};
		node.calls.length = 0;
		expect(await verdict()).toBe("accepted, stale");
		expect(node.calls).toEqual([]);
		clock.seconds += 5;
		for (let i = 0; i < 20; i++) expect(await verdict()).toBe("accepted, stale");
		hanging.resolve();
		await expect.poll(() => verdict(), { timeout: 60_000 }).toBe("accepted");
	});

	it("an organization that changed shortly before its log was followed is served after one look-up", async () => {
		const { network, node } = unreliable;
		const { chainId, registry } = network;
		const watching = createOrgIdResolver({
			networks: [{ chainId, rpcUrl: node.url, registry: registry.address }],
			cache: { staleIfErrorSeconds: 600 },
			watch: { pollingSeconds: 3_600 },
			now: () => clock.seconds,
		});
		onTestFinished(() => watching.close());
		resolver.close();
		resolver = watching;
		expect(await verdict()).toBe("accepted");
		await expect.poll(() => watching.status()[0]?.isUpToDate).toBe(true);
		// The first poll has it read again, which this waits for.
		expect(await verdict()).toBe("accepted");
		node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		await expect.poll(() => verdict(), { timeout: 10_000 }).toBe("accepted, stale");
	});

	it("an organization that isn't known is an outage", async () => {
		unreliable.node.answer = () => ({ hangUp: true });
		const other = await hotel.minter({ audience: hotel.did }).mint();
		expect(await verdict(other)).toBe("registry/unreachable");
	});

	it("a key that isn't known is an outage", async () => {
		await airline.rotateKey();
		const next = await airline.minter({ audience: hotel.did }).mint();
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect(await verdict(next)).toBe("registry/unreachable");
	});

	it("an organization that was invalidated isn't served", async () => {
		unreliable.node.answer = () => ({ hangUp: true });
		resolver.invalidate(airline.did);
		expect(await verdict()).toBe("registry/unreachable");
	});

	it("a key that was seen revoked isn't served", async () => {
		const old = token;
		await airline.rotateKey();
		clock.seconds += 60;
		expect(await verdict(old)).toBe("did/key-revoked");
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect(await verdict(old)).toBe("did/key-revoked");
	});

	it("an organization that was seen deactivated isn't served", async () => {
		await airline.deactivate();
		clock.seconds += 60;
		expect(await verdict()).toBe("did/deactivated");
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect(await verdict()).toBe("did/deactivated");
	});

	it("a clock that was set back makes it an outage", async () => {
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds -= 1;
		expect(await verdict()).toBe("registry/unreachable");
	});

	it("without the option, it is an outage as soon as the TTL is over", async () => {
		const strict = resolverAt(clock);
		expect((await strict.resolve(airline.did)).didResolutionMetadata.error).toBeUndefined();
		unreliable.node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect((await strict.resolve(airline.did)).didResolutionMetadata["code"]).toBe("registry/unreachable");
		strict.close();
	});

	it("the result and the observer say so", async () => {
		const { network, node } = unreliable;
		const recording = recordOperations();
		const { observer } = recording;
		const { chainId, registry } = network;
		const networks = [{ chainId, rpcUrl: node.url, registry: registry.address }];
		const cache = { staleIfErrorSeconds: 600 };
		const observed = createOrgIdResolver({ networks, cache, observer, now: () => clock.seconds });
		await observed.resolve(airline.did);
		node.answer = () => ({ hangUp: true });
		clock.seconds += 60;
		expect((await observed.resolve(airline.did)).didResolutionMetadata).toMatchObject({ stale: true });
		expect(recording.of("resolve").map((one) => one.cache)).toEqual(["miss", "stale"]);
		observed.close();
	});
});
