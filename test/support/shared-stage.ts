/**
 * Instances of a service with one Redis server, each with its own connection to a node, and a count of what is looked
 * up there. The registry has any number of organizations, without a chain.
 * @module
 */

import { onTestFinished, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { RegistryAdapter } from "../../src/registry/adapters/adapter.ts";
import type { OnChainKey, OrganizationState } from "../../src/registry/org-record.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdNetwork, OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import type { RecordStore } from "../../src/resolver/sharing/record-store.ts";
import { createRedisRecordStore } from "../../src/resolver/sharing/redis-store.ts";
import { greet, startFakeNode } from "./fake-node.ts";
import { idle } from "./patient-timers.ts";
import { type RedisServer, startRedis, type TestClient } from "./redis-server.ts";
import { keepPausesFrom } from "./skipped-pauses.ts";

export const SECRET = "a secret of these tests, which is long enough";
export const REGISTRY = `0x${"5e".repeat(20)}` as const;

/** One instance. */
export interface Instance {
	readonly resolver: OrgIdResolver;
	readonly client: TestClient;
	/** The code of a resolution; without one, `ok`, or `revoked` or `missing` if that is what the key is. */
	code(did: string, fragment?: string): Promise<string>;
}

export interface SharedStage {
	readonly redis: RedisServer;
	/** The clock of all instances, in seconds since the epoch. */
	readonly clock: { seconds: number };
	/** What instances have looked up in the registry. */
	readonly lookups: OrgId[];
	/** The block of new states, and how many turns a node takes to answer. */
	readonly chain: { block: number; turns: number; isDown: boolean };
	/** Keys by organization; those without an entry have one key, `webserver`. Undefined: there is no such organization. */
	readonly keys: Map<OrgId, readonly OnChainKey[] | undefined>;
	readonly webserver: OnChainKey;
	/** The networks of an instance. */
	networks(block?: () => number): readonly OrgIdNetwork[];
	instance(options?: InstanceOptions): Promise<Instance>;
	close(): Promise<void>;
}

export interface InstanceOptions extends Partial<OrgIdResolverOptions> {
	readonly secret?: string | false;
	/** The node's latest block; that of the chain by default. */
	readonly block?: () => number;
}

/** The guard of the store counts how often so much time passes without a reply; other limits are longer. */
const SHORTEST_LIMIT_MS = 50;

/** With it, no lock and no record ends in Redis while a test runs. */
export const SLOWNESS = 1_000;

export const orgIdOf = (index: number): OrgId => `0x${index.toString(16).padStart(64, "0")}`;
export const didOf = (index: number): string => `did:orgid:31337:${orgIdOf(index)}`;
export const keyOf = (did: string): string => `orgpass:records:{${did}@${REGISTRY}@latest}`;

/** A store for which time passes so many times slower. */
function slowDown(store: RecordStore, slowness: number): RecordStore {
	return {
		get isReady() {
			return store.isReady as boolean;
		},
		async take(key, lockMs, refused) {
			const taken = await store.take(key, lockMs * slowness, refused);
			return typeof taken === "string" ? taken : { ...taken, leftMs: taken.leftMs / slowness };
		},
		put: (key, text, keptMs) => store.put(key, text, keptMs * slowness),
		remove: store.remove,
		publish: store.publish,
		subscribe: store.subscribe,
	};
}

/**
 * Until the end of the test, nothing takes too long: Redis may take any time to reply, nodes to answer, and instances to
 * read for the others. Call it before the first request.
 */
export function waitForever(): void {
	vi.useFakeTimers({ toFake: ["performance"] });
	keepPausesFrom(SHORTEST_LIMIT_MS);
	onTestFinished(() => {
		vi.restoreAllMocks();
		vi.useRealTimers();
	});
}

/** With a slowness, time passes so many times slower in Redis. */
export async function startSharedStage(slowness = 1): Promise<SharedStage> {
	const [redis, { publicKey }] = await Promise.all([startRedis(), generateKeyPair()]);
	const node = await startFakeNode((method) => greet(method) ?? { result: `0x${stage.chain.block.toString(16)}` });
	const publicKeyHex = exportPublicKey(publicKey, "hex") as `0x${string}`;
	const times = { validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0 };
	const webserver: OnChainKey = { fragment: "webserver", publicKeyHex, ...times };
	const stage = {
		redis,
		clock: { seconds: 1_800_000_000 },
		lookups: [] as OrgId[],
		chain: { block: 100, turns: 0, isDown: false },
		keys: new Map<OrgId, readonly OnChainKey[] | undefined>(),
		webserver,
	};
	const open: OrgIdResolver[] = [];
	return { ...stage, networks, instance, close };

	function networks(block?: () => number): readonly OrgIdNetwork[] {
		return [{ chainId: 31337, rpcUrl: node.url, registry: REGISTRY, adapter: adapterAt(block) }];
	}

	async function instance({ secret = SECRET, block, ...options }: InstanceOptions = {}): Promise<Instance> {
		const client = await redis.connect();
		const resolver = createOrgIdResolver({
			networks: networks(block),
			sharedCache: { store: slowDown(createRedisRecordStore({ client }), slowness), secret },
			documents: false,
			now: () => stage.clock.seconds,
			...options,
		});
		open.push(resolver);
		const code = async (did: string, fragment?: string): Promise<string> => {
			const requested = fragment === undefined ? {} : { fragment };
			const { didDocument, didDocumentMetadata, ...rest } = await resolver.resolve(did, requested);
			const failure = rest.didResolutionMetadata["code"];
			if (failure !== undefined || fragment === undefined) return String(failure ?? "ok");
			const isNamed = ({ id }: { readonly id: string }): boolean => id === `${did}#${fragment}`;
			if (didDocumentMetadata["revokedKey"] !== undefined) return "revoked";
			return didDocument?.verificationMethod?.some(isNamed) ? "ok" : "missing";
		};
		return { resolver, client, code };
	}

	function adapterAt(block: (() => number) | undefined): RegistryAdapter {
		return {
			name: "counted",
			documentEvidence: "hash",
			abi: [],
			maxBatch: 250,
			creationEvent: "Created",
			async read(_reader, orgId) {
				stage.lookups.push(orgId);
				if (stage.chain.turns > 0) await idle(stage.chain.turns);
				if (stage.chain.isDown) throw new Error("down");
				return stateOf(orgId, block?.() ?? stage.chain.block);
			},
			readKey: async (_reader, orgId, fragment) => keysOf(orgId)?.find((key) => key.fragment === fragment),
			list: async () => [],
			writes: { createOrganization: () => ["create", []] },
		};
	}

	function keysOf(orgId: OrgId): readonly OnChainKey[] | undefined {
		return stage.keys.has(orgId) ? stage.keys.get(orgId) : [webserver];
	}

	function stateOf(orgId: OrgId, blockNumber: number): OrganizationState | undefined {
		const keys = keysOf(orgId)?.filter(({ revokedAt }) => revokedAt === 0);
		return keys && { owner: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A", active: true, keys, blockNumber };
	}

	async function close(): Promise<void> {
		for (const resolver of open) resolver.close();
		await Promise.all([redis.stop(), node.close()]);
	}
}
