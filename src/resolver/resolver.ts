/**
 * Resolves `did:orgid` DIDs from registries on chain and the documents they point to (DID Resolution 4): a did-resolver
 * plugin that never throws, caches, and never reports an outage as `notFound`.
 * @module
 */
import type { DIDResolutionOptions, DIDResolutionResult, DIDResolver, Resolvable } from "did-resolver";
import * as v from "valibot";
import { formatDidUrl, isFragment, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { type CopyWatch, registerKnownResolution } from "../did/known-resolution.js";
import { createDocumentFetcher, documentTimeoutMs } from "../document/fetch/fetch-document.js";
import { DidError, formatValue } from "../errors/errors.js";
import { type Facts, observe } from "../observe/observe.js";
import type { Observer } from "../observe/observer.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { optionsSchema } from "../options/schemas.js";
import { blockNumber } from "../options/value-schemas.js";
import { openRegistry } from "../registry/open-registry.js";
import type { RegistryReader } from "../registry/registry.js";
import { atBlockTag } from "./at-block-tag.js";
import { copyOnRead } from "./cache-copy.js";
import { createKnownResults } from "./known-results.js";
import { createHealthCheck, type NetworkHealth } from "./network-health.js";
import { createOrganizationStore, type OrganizationStore } from "./organization-store.js";
import { createRecordCache } from "./record-cache.js";
import type { CacheLimits, RecordWatch } from "./record-entries.js";
import { toFailure, toSuccess } from "./resolution-result.js";
import {
	type OrgIdNetwork,
	type OrgIdResolverOptions,
	type ResolverCacheOptions,
	resolverOptions,
} from "./resolver-options.js";
import { createSharedRecords, type RecordSource } from "./sharing/shared-records.js";
import type { SharedCacheStatus } from "./sharing/store-guard.js";
import { parseVersionQuery, readVersion } from "./version.js";
import type { WatchStatus } from "./watcher/network-watcher.js";
import { createWatcher } from "./watcher/watcher.js";

const DEFAULT_POLLING_SECONDS = 4;

/** Options of `invalidate`. */
export interface InvalidateOptions {
	/**
	 * The block of a change that you know of, such as the block number of a transaction's receipt: until the node has
	 * reached it, the organization's tokens are refused with `registry/outdated`.
	 */
	readonly minBlock?: number | undefined;
}

/** A did-resolver `Resolvable` for `did:orgid`. */
export interface OrgIdResolver extends Resolvable {
	/** For did-resolver: `new Resolver({ ...resolver.plugin })`. Don't enable its `cache`, which is unbounded. */
	readonly plugin: { readonly orgid: DIDResolver };
	/**
	 * Removes an organization from the cache, so that the next token reads it again. Takes a bare DID or a DID URL. Keys
	 * that were seen revoked stay revoked, and states of earlier blocks than the latest one seen are refused. With
	 * `sharedCache`, the other instances do the same, and those that start later read it themselves.
	 */
	invalidate(did: string, options?: InvalidateOptions): void;
	/**
	 * Removes all organizations from the cache; what was seen of them stays known. With `sharedCache`, the other instances
	 * do the same, but those that start later use what is in the store until its TTL ends.
	 */
	invalidateAll(): void;
	/**
	 * Asks the nodes of all networks whether organizations can be looked up, and returns the results in the order of the
	 * networks. It takes at most five seconds, and never rejects because of an outage. Nothing is cached, but calls during
	 * a check share its results.
	 */
	check(): Promise<readonly NetworkHealth[]>;
	/** How far the networks' logs are known, in the order of the networks; with the option `watch`. */
	status(): readonly WatchStatus[];
	/** Whether the store of the option `sharedCache` works; undefined without that option. */
	sharedCacheStatus(): SharedCacheStatus | undefined;
	/** Clears the cache and closes the connections that the resolver opened. */
	close(): void;
}

/**
 * Creates a resolver of `did:orgid` DIDs. `resolve` never throws: the resolution metadata has did-resolver's `error`
 * and orgpass's `code`. An unknown organization is `notFound` with `did/not-found`; an outage is `internalError` with
 * `registry/unreachable`.
 *
 * Options of `resolve`: `fragment` names the requested key, so that a newly added key is found and a revoked one is
 * reported as revoked. `versionId` (a block number) and `versionTime` (RFC 3339) request an earlier state, which
 * requires an archive node. With did-resolver, both may also be in the DID URL's query.
 *
 * @example
 * ```ts
 * import { createOrgIdResolver } from "orgpass/resolver";
 *
 * const resolver = createOrgIdResolver({
 *   networks: [{ chainId: 31337, rpcUrl: "http://127.0.0.1:8545", registry: `0x${"11".repeat(20)}` }],
 * });
 * const { didResolutionMetadata } = await resolver.resolve(`did:orgid:1:0x${"0a".repeat(32)}`);
 * didResolutionMetadata["code"]; // => "did/chain-unknown"
 * resolver.close();
 * ```
 * @param options the chains and their registries, the cache, and how documents are fetched
 * @returns the resolver
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createOrgIdResolver(options: OrgIdResolverOptions): OrgIdResolver {
	assertOptions(resolverOptions, options, "createOrgIdResolver");
	const { defaultChainId, observer, now = () => Date.now() / 1_000 } = options;
	const { registries, opened } = connect(options.networks, observer);
	const limits = limitsOf(options.cache);
	const { ttlSeconds, negativeTtlSeconds, staleIfErrorSeconds, maxEntries } = limits;
	const cacheClock = options.now ?? createCacheClock();
	const { sharedCache } = options;
	const clocks = { now: cacheClock, wallNow: now };
	const shared = sharedCache && createSharedRecords({ ...sharedCache, ...limits, ...clocks, sourceOf });
	const watch: RecordWatch = {
		covers: (record, readAt) => watcher.covers(record, readAt),
		confirmedAt: (chainId) => watcher.confirmedAt(chainId),
	};
	const cache = createRecordCache(registryOf, limits, cacheClock, { watch, shared, wallNow: now });
	const pollingSeconds = pollingSecondsOf(options.watch);
	const watcher = createWatcher({ registries, cache, pollingSeconds, observer, now: cacheClock });
	const { acceptPrettyPrintedHash = false, ...fetching } = options.documents || {};
	const storeOptions = {
		hasDocuments: options.documents !== false,
		fetchDocument: createDocumentFetcher(fetching),
		timeoutMs: documentTimeoutMs(fetching),
		acceptPrettyPrintedHash,
		negativeTtlSeconds,
		maxStaleSeconds: staleIfErrorSeconds === 0 ? 0 : ttlSeconds + staleIfErrorSeconds,
		maxEntries,
		now,
	};
	const organizations = createOrganizationStore({ ...storeOptions, cache, observer });

	const orgid: DIDResolver = (did, parsed, _resolver, requested) => {
		const { query, fragment = "" } = parsed ?? {};
		return resolve(did, isFragment(fragment) ? { fragment, ...requested } : requested, query);
	};

	return offerKnownResults({
		resolve: (didUrl: string, requested?: DIDResolutionOptions) => resolve(didUrl, requested, undefined),
		plugin: Object.freeze({ orgid }),
		check: createHealthCheck([...registries.values()]),
		status: watcher.status,
		sharedCacheStatus: () => shared?.status(),
		invalidate,
		invalidateAll: () => cache.invalidateAll(),
		close() {
			watcher.close();
			shared?.close();
			cache.clear();
			organizations.clear();
			for (const registry of opened) registry.close();
		},
	});

	function invalidate(did: string, requested: InvalidateOptions = {}): void {
		assertOptions(invalidateOptions, requested, "invalidate");
		cache.invalidate(toCanonicalDidUrl(parseDidUrl(did), defaultChainId).did, requested.minBlock);
	}

	function offerKnownResults(resolver: OrgIdResolver): OrgIdResolver {
		const derive = createKnownResults(organizations, now, observer);
		registerKnownResolution(resolver, { maxEntries, derive, copy });
		return Object.freeze(resolver);
	}

	function sourceOf(chainId: number): RecordSource {
		const blockTag = options.networks.find((network) => network.chainId === chainId)?.blockTag ?? "latest";
		return { registry: registryOf(chainId).address, blockTag };
	}

	function registryOf(chainId: number): RegistryReader {
		const registry = registries.get(chainId);
		watcher.start(chainId);
		if (registry !== undefined) return registry;
		const message = `expected one of the chains ${[...registries.keys()]}, got ${chainId}`;
		throw new DidError("did/chain-unknown", message, { details: { chainId } });
	}

	/** Uses what is cached, but adds nothing to it. */
	function copy({ observer, onRecord }: CopyWatch): Resolvable {
		const records = createRecordCache(registryOf, limits, cacheClock, { watch, wallNow: now });
		const store = { ...storeOptions, cache: copyOnRead(cache, records, onRecord), original: organizations, observer };
		const source = { organizations: createOrganizationStore(store), observer };
		return { resolve: (didUrl, requested) => resolve(didUrl, requested, undefined, source) };
	}

	async function resolve(
		didUrl: string,
		requested: DIDResolutionOptions = {},
		query: string | undefined,
		source: Source = { organizations, observer },
	): Promise<DIDResolutionResult> {
		const { observer } = source;
		try {
			if (observer === undefined) return await find(source, didUrl, requested, query);
			return await observe(observer, { operation: "resolve" }, (facts) =>
				find(source, didUrl, requested, query, facts),
			);
		} catch (error) {
			return toFailure(error);
		}
	}

	async function find(
		{ organizations }: Source,
		didUrl: string,
		requested: DIDResolutionOptions,
		query: string | undefined,
		facts?: Facts<"resolve">,
	): Promise<DIDResolutionResult> {
		if (typeof didUrl === "string" && !didUrl.startsWith("did:orgid:")) {
			throw new DidError("did/method-unsupported", `expected did:orgid:…, got ${formatValue(didUrl)}`);
		}
		const { fragment = requested["fragment"], ...parts } = parseDidUrl(didUrl);
		if (fragment !== undefined && !(typeof fragment === "string" && isFragment(fragment))) {
			const message = `expected the option fragment to be a key's name, got ${formatValue(fragment)}`;
			throw new DidError("did/syntax", message);
		}
		const did = toCanonicalDidUrl(parts, defaultChainId);
		if (facts !== undefined) facts.did = did.did;
		const registry = registryOf(did.chainId);
		const version = await readVersion(registry, did, { ...requested, ...parseVersionQuery(query) });
		const found =
			version === undefined
				? await organizations.load(did, fragment, facts)
				: version.record && (await organizations.loadAt(version.record, fragment, registry));
		if (found === undefined) throw new DidError("did/not-found", `there is no organization ${did.did}`);
		return toSuccess(found, formatDidUrl(parts), now());
	}
}

/** Where organizations are found, and who observes it. */
interface Source {
	readonly organizations: OrganizationStore;
	readonly observer: Observer | undefined;
}

const invalidateOptions = optionsSchema<InvalidateOptions>({ minBlock: v.optional(blockNumber) });

/** Creates the registries given by address; `opened` lists the ones to close. */
function connect(
	networks: readonly OrgIdNetwork[],
	observer: Observer | undefined,
): {
	registries: Map<number, RegistryReader>;
	opened: RegistryReader[];
} {
	const registries = new Map<number, RegistryReader>();
	const opened: RegistryReader[] = [];
	for (const { chainId, registry, blockTag = "latest", ...connection } of networks) {
		if (registries.has(chainId)) throw invalidOption("networks", `one per chain: ${chainId} is listed twice`);
		if (typeof registry === "string") {
			const { reader } = openRegistry({ chainId, address: registry, observer, ...connection });
			registries.set(chainId, atBlockTag(reader, blockTag));
			opened.push(reader);
			continue;
		}
		if (registry.chainId !== chainId) {
			const expected = `on the chains of their registries: expected ${registry.chainId}, got ${chainId}`;
			throw invalidOption("networks", expected);
		}
		if (Object.values(connection).some((value) => value !== undefined)) {
			const expected =
				"without rpcUrl, agreement, provider, kind, adapter or webSocketUrl if they have a registry object";
			throw invalidOption("networks", expected);
		}
		registries.set(chainId, atBlockTag(registry, blockTag));
	}
	return { registries, opened };
}

function limitsOf({
	ttlSeconds = 60,
	negativeTtlSeconds = 5,
	staleIfErrorSeconds = 0,
	refreshCooldownSeconds = 0.1,
	maxEntries = 10_000,
}: ResolverCacheOptions = {}): CacheLimits {
	return { ttlSeconds, negativeTtlSeconds, staleIfErrorSeconds, refreshCooldownSeconds, maxEntries };
}

function pollingSecondsOf(watch: OrgIdResolverOptions["watch"] = false): number | undefined {
	if (typeof watch !== "boolean") return watch.pollingSeconds ?? DEFAULT_POLLING_SECONDS;
	return watch ? DEFAULT_POLLING_SECONDS : undefined;
}

/** Keeps running while the machine sleeps, unlike `performance.now`. Goes back only if the system clock was ahead. */
function createCacheClock(): () => number {
	const offset = Date.now() - performance.now();
	return () => Math.max(performance.now(), Date.now() - offset) / 1_000;
}
