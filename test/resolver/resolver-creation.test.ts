/** What a resolver makes of its options: with organizations in memory. */
import { Resolver } from "did-resolver";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import {
	CHAIN_ID,
	createMemoryOrganizations,
	didOf,
	keyOf,
	type MemoryOrganizations,
	orgIdOf,
} from "../support/memory-organizations.ts";
import { expectRefusal } from "../support/refusal.ts";

const DID = didOf(1);
const SHORT = `did:orgid:${orgIdOf(1)}`;
let clock: number;
let memory: MemoryOrganizations;
beforeEach(() => {
	clock = 1_800_000_000;
	memory = createMemoryOrganizations(() => clock);
	memory.states.set(orgIdOf(1), { keys: [keyOf("k")] });
});

const reads = (): number => memory.calls.filter((call) => call.startsWith("read ")).length;
const GOOD = { chainId: CHAIN_ID, rpcUrl: "http://127.0.0.1:1", registry: `0x${"5e".repeat(20)}` };

describe("options that are refused", () => {
	const registry = createRegistry({ chainId: CHAIN_ID, rpcUrl: GOOD.rpcUrl, address: GOOD.registry });

	it.each<[object, string]>([
		[{ networks: [] }, "networks"],
		[{ networks: {} }, "networks"],
		[{ networks: [GOOD, GOOD] }, "networks"],
		[{ networks: [{ ...GOOD, chainId: "1" }] }, "networks.0.chainId"],
		[{ networks: [{ ...GOOD, rpcUrl: 5 }] }, "networks.0.rpcUrl"],
		[{ networks: [{ ...GOOD, rpcUrl: [5] }] }, "networks.0.rpcUrl"],
		[{ networks: [GOOD, { ...GOOD, chainId: 6, rpcUrl: undefined }] }, "networks.1"],
		[{ networks: [{ ...GOOD, rpcUrl: "127.0.0.1:8545" }] }, "networks.0.rpcUrl"],
		[{ networks: [{ ...GOOD, registry: `${GOOD.registry}0` }] }, "networks.0.registry"],
		[{ networks: [{ ...GOOD, agreement: 0 }] }, "networks.0.agreement"],
		[{ networks: [{ ...GOOD, blockTag: "earliest" }] }, "networks.0.blockTag"],
		[{ networks: [{ ...GOOD, provider: 5 }] }, "networks.0.provider"],
		[{ networks: [{ ...GOOD, registry: 5 }] }, "networks.0.registry"],
		[{ networks: [{ ...GOOD, kind: 5 }] }, "networks.0.kind"],
		[{ networks: [{ ...GOOD, adapter: 5 }] }, "networks.0.adapter"],
		[{ networks: [{ ...GOOD, webSocketUrl: 5 }] }, "networks.0.webSocketUrl"],
		[{ networks: [{ chainId: 1, registry }] }, "networks"],
		[{ networks: [{ ...GOOD, registry }] }, "networks"],
		[{ defaultChainId: "1" }, "defaultChainId"],
		...["ttlSeconds", "negativeTtlSeconds", "staleIfErrorSeconds", "refreshCooldownSeconds", "maxEntries"].map(
			(name): [object, string] => [{ cache: { [name]: -1 } }, `cache.${name}`],
		),
		[{ documents: true }, "documents"],
		[{ documents: { acceptPrettyPrintedHash: 1 } }, "documents.acceptPrettyPrintedHash"],
		[{ documents: { timeoutSeconds: 0 } }, "documents.timeoutSeconds"],
		[{ watch: { pollingSeconds: 0 } }, "watch.pollingSeconds"],
		[{ watch: 4 }, "watch"],
		[{ sharedCache: {} }, "sharedCache.store"],
		[{ sharedCache: { store: { take() {} }, secret: "x".repeat(31) } }, "sharedCache.secret"],
		[{ sharedCache: { store: { take() {} }, secret: true } }, "sharedCache.secret"],
		[{ observer: {} }, "observer"],
		[{ now: 5 }, "now"],
	])("%j: the error names the option %s", async (options, option) => {
		const error = await expectRefusal(
			() => createOrgIdResolver({ networks: [GOOD], ...options } as OrgIdResolverOptions),
			"config/invalid-option",
		);
		expect(error.details).toEqual({ option });
	});

	it.each<object>([
		{ ttl: 5 },
		{ networks: [{ ...GOOD, rpc: "x" }] },
		{ cache: { ttl: 5 } },
		{ watch: { seconds: 5 } },
		{ documents: { maxSize: 5 } },
	])("%j has an unknown name", async (options) => {
		const create = () => createOrgIdResolver({ networks: [GOOD], ...options } as OrgIdResolverOptions);
		const { message } = await expectRefusal(create, "config/unknown-option");
		expect(message).toMatch(/^createOrgIdResolver has no option/);
	});

	it("say what a registry object can't be combined with", async () => {
		const create = () => createOrgIdResolver({ networks: [{ ...GOOD, registry }] });
		expect((await expectRefusal(create, "config/invalid-option")).message).toContain("rpcUrl");
		const resolver = createOrgIdResolver({ networks: [{ chainId: CHAIN_ID, registry, blockTag: "safe" }] });
		resolver.close();
		const other = createOrgIdResolver({ networks: [{ chainId: CHAIN_ID, registry, provider: undefined }] });
		expect(other.status()).toHaveLength(1);
		other.close();
	});
});

describe("an organization", () => {
	it("is kept for 60 seconds, and an absence for five, by default", async () => {
		const resolver = memory.resolver();
		const read = async (did: string): Promise<number> => {
			await resolver.resolve(did);
			return reads();
		};
		expect(await read(DID)).toBe(1);
		clock += 59;
		expect(await read(DID)).toBe(1);
		clock += 1;
		expect(await read(DID)).toBe(2);
		expect(await read(didOf(2))).toBe(3);
		clock += 4;
		expect(await read(didOf(2))).toBe(3);
		clock += 1;
		expect(await read(didOf(2))).toBe(4);
		memory.isDown = true;
		clock += 60;
		expect((await resolver.resolve(DID)).didResolutionMetadata["code"]).toBe("registry/unreachable");
	});

	it("is kept by the system's clocks if there is no other, even if the machine sleeps or its clock is set back", async () => {
		vi.useFakeTimers({ toFake: ["Date", "performance"], now: 1_800_000_000_000 });
		onTestFinished(() => void vi.useRealTimers());
		memory.states.set(orgIdOf(1), { keys: [keyOf("k", { validUntil: 1_800_000_130 })] });
		const resolver = memory.resolver({ now: undefined });
		const steps: [() => unknown, number][] = [
			[() => undefined, 1],
			[() => vi.advanceTimersByTime(59_000), 1],
			[() => vi.advanceTimersByTime(1_000), 2],
			[() => vi.setSystemTime(1_800_000_119_000), 2],
			[() => vi.setSystemTime(1_800_000_120_000), 3],
		];
		for (const [pass, expected] of steps) {
			pass();
			expect((await resolver.resolve(DID)).didDocument?.authentication).toHaveLength(1);
			expect(reads()).toBe(expected);
		}
		vi.setSystemTime(1_800_000_130_000);
		expect((await resolver.resolve(DID)).didDocument?.authentication).toEqual([]);
		const other = memory.resolver({ now: undefined });
		await other.resolve(DID);
		vi.setSystemTime(1_700_000_000_000);
		vi.advanceTimersByTime(59_000);
		await other.resolve(DID);
		expect(reads()).toBe(4);
		vi.advanceTimersByTime(1_000);
		await other.resolve(DID);
		expect(reads()).toBe(5);
	});

	it("may be named without the chain if there is a default", async () => {
		const resolver = memory.resolver({ defaultChainId: CHAIN_ID });
		expect((await resolver.resolve(SHORT)).didDocument?.id).toBe(SHORT);
		resolver.invalidate(SHORT);
		await resolver.resolve(DID);
		expect(reads()).toBe(2);
		const strict = memory.resolver();
		expect((await strict.resolve(SHORT)).didResolutionMetadata["code"]).toBe("did/chain-missing");
		await expectRefusal(() => strict.invalidate(SHORT), "did/chain-missing");
	});

	it("of another chain is refused with the chains that are known", async () => {
		const { didResolutionMetadata } = await memory.resolver().resolve(`did:orgid:5:${orgIdOf(1)}`);
		const { cause } = didResolutionMetadata as unknown as { cause: { details: object } };
		expect(didResolutionMetadata).toMatchObject({
			code: "did/chain-unknown",
			message: expect.stringContaining("31337"),
		});
		expect(cause.details).toEqual({ chainId: 5 });
		expect(reads()).toBe(0);
	});

	it("has a key that the DID URL or the option names; the DID URL counts", async () => {
		const resolver = memory.resolver();
		memory.unlisted.set(`${orgIdOf(1)} gone`, keyOf("gone", { revokedAt: 5 }));
		const revoked = async (did: string, options: object): Promise<unknown> =>
			(await resolver.resolve(did, options)).didDocumentMetadata["revokedKey"];
		expect(await revoked(`${DID}#gone`, {})).toMatchObject({ fragment: "gone" });
		expect(await revoked(DID, { fragment: "gone" })).toMatchObject({ fragment: "gone" });
		expect(await revoked(`${DID}#k`, { fragment: "gone" })).toBeUndefined();
		expect((await resolver.resolve(DID, { fragment: "a b" })).didResolutionMetadata).toMatchObject({
			...{ code: "did/syntax", message: expect.stringContaining('"a b"') },
		});
	});

	it("is invalidated as of a block, and all of them are", async () => {
		const resolver = memory.resolver();
		await resolver.resolve(DID);
		resolver.invalidate(`${DID}#k`, { minBlock: 101 });
		expect((await resolver.resolve(DID)).didResolutionMetadata["code"]).toBe("registry/outdated");
		memory.block = 101;
		expect((await resolver.resolve(DID)).didDocument).not.toBeNull();
		const before = reads();
		resolver.invalidateAll();
		await resolver.resolve(DID);
		expect(reads()).toBe(before + 1);
		for (const minBlock of [-1, 1.5, "5"]) {
			const { message } = await expectRefusal(
				() => resolver.invalidate(DID, { minBlock } as object),
				"config/invalid-option",
			);
			expect(message).toMatch(/^invalidate: /);
		}
		await expectRefusal(() => resolver.invalidate(DID, { block: 5 } as object), "config/unknown-option");
	});
});

describe("did-resolver's plugin", () => {
	it("passes on the key and the version of a DID URL", async () => {
		const resolver = memory.resolver();
		const universal = new Resolver({ ...resolver.plugin });
		memory.unlisted.set(`${orgIdOf(1)} gone`, keyOf("gone", { revokedAt: 5 }));
		const { didDocumentMetadata } = await universal.resolve(`${DID}#gone`);
		expect(didDocumentMetadata["revokedKey"]).toMatchObject({ fragment: "gone" });
		expect((await universal.resolve(`${DID}?versionId=7#k`)).didDocumentMetadata["revokedKey"]).toBeUndefined();
		const twice = await universal.resolve(`${DID}?versionId=7&versionId=8`);
		expect(twice.didResolutionMetadata["code"]).toBe("did/syntax");
		expect((await universal.resolve(`${DID}#not%20a%20name`)).didDocument?.id).toBe(DID);
		expect(Object.isFrozen(resolver.plugin)).toBe(true);
	});
});

describe("a resolver", () => {
	it("is frozen, and says that it shares and watches nothing", async () => {
		const resolver = memory.resolver();
		expect(Object.isFrozen(resolver)).toBe(true);
		expect(resolver.sharedCacheStatus()).toBeUndefined();
		expect(resolver.status()).toEqual([{ chainId: CHAIN_ID, isUpToDate: false }]);
		expect(await resolver.check()).toEqual([{ chainId: CHAIN_ID, isReady: true }]);
	});

	it("forgets everything when it is closed", async () => {
		const resolver = memory.resolver();
		memory.states.set(orgIdOf(1), { document: { uris: ["data:,{"] }, keys: [keyOf("k")] });
		await resolver.resolve(DID);
		resolver.close();
		await resolver.resolve(DID);
		expect(reads()).toBe(2);
	});

	it.each([
		[true, true],
		[{}, true],
		[{ pollingSeconds: 60 }, true],
		[false, false],
	])("with the option watch %j follows the log: %o", async (watch, isWatched) => {
		const resolver = memory.resolver({ watch });
		expect(resolver.status()[0]).not.toHaveProperty("via");
		await resolver.resolve(DID);
		expect("via" in (resolver.status()[0] ?? {})).toBe(isWatched);
	});
});
