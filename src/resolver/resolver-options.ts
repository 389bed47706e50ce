/** @module */
import * as v from "valibot";
import { type DocumentFetchOptions, documentFetchShape } from "../document/fetch/fetch-document.js";
import type { Observer } from "../observe/observer.js";
import { anyFunction, anyObject, optionsSchema, restriction } from "../options/schemas.js";
import { chainIdNumber, positiveInteger, positiveSeconds, secondsOrZero } from "../options/value-schemas.js";
import type { RegistryAdapter, RegistryKind } from "../registry/adapters/adapter.js";
import { contractAddress, nodeOptionsSchema, nodeShape, webSocketUrl } from "../registry/connection-schemas.js";
import type { RegistryOptions } from "../registry/open-registry.js";
import type { Registry } from "../registry/registry.js";
import { type SharedCacheOptions, sharedCacheOptions } from "./sharing/record-store.js";

/** A chain and its registry. */
export interface OrgIdNetwork {
	/** EIP-155 chain id, part of the DIDs; a node of another chain is refused. */
	readonly chainId: number;
	/**
	 * URL of a JSON-RPC node (http or https), or of several: each is asked if those before it fail, unless there is an
	 * `agreement`.
	 */
	readonly rpcUrl?: string | readonly string[] | undefined;
	/** How many of the nodes of `rpcUrl` must give the same response, at least 2; all of them are asked. */
	readonly agreement?: number;
	/** An ethers 6 or EIP-1193 provider; used instead of `rpcUrl`. */
	readonly provider?: NonNullable<RegistryOptions["provider"]> | undefined;
	/** The block at which organizations and keys are read: `latest` by default. */
	readonly blockTag?: "latest" | "safe" | "finalized";
	/** The address of the registry contract, or a registry that `createRegistry` returned. */
	readonly registry: string | Registry;
	/** The contract's generation; detected by default. */
	readonly kind?: RegistryKind | undefined;
	/** The adapter for a contract of a generation that orgpass doesn't know, instead of `kind`. */
	readonly adapter?: RegistryAdapter | undefined;
	/** Where a node announces new blocks and logs (`ws:` or `wss:`), for `watch`. */
	readonly webSocketUrl?: string | undefined;
}

/** How the registries' logs are followed. */
export interface ResolverWatchOptions {
	/** How often each log is read, in seconds; 4 by default. */
	readonly pollingSeconds?: number | undefined;
}

/** How organizations' documents (ORG.JSON) are fetched and verified. */
export interface DocumentOptions extends DocumentFetchOptions {
	/** Also accept the hash that resolvers of 2020-21 computed, over the re-indented document; false by default. */
	readonly acceptPrettyPrintedHash?: boolean | undefined;
}

/** How long and how many organizations are cached. */
export interface ResolverCacheOptions {
	/** How long an organization is used before it is read again, in seconds; 60 by default. */
	readonly ttlSeconds?: number | undefined;
	/** The same for organizations that don't exist, and for documents that can't be loaded; 5 by default. */
	readonly negativeTtlSeconds?: number | undefined;
	/**
	 * How long after its TTL a known organization is still used if its node fails, in seconds; 0 by default. Its result
	 * is marked as `stale`. Keys that were seen revoked and organizations that were invalidated aren't used.
	 */
	readonly staleIfErrorSeconds?: number | undefined;
	/**
	 * Seconds between lookups of keys that an organization's record doesn't list, after a burst of ten; 0.1 by default.
	 * A token waits up to a second for the next lookup, which all waiting tokens share; if that isn't enough, it is
	 * refused as an outage. If the document has no hash on chain, the interval is at least ten seconds.
	 */
	readonly refreshCooldownSeconds?: number | undefined;
	/** Maximum number of organizations; 10,000 by default. */
	readonly maxEntries?: number | undefined;
}

/** Options of `createOrgIdResolver`. */
export interface OrgIdResolverOptions {
	/** The chains to resolve on. A DID on any other chain is refused without a request. */
	readonly networks: readonly OrgIdNetwork[];
	/** The chain of DIDs that don't name one; without it they are refused. */
	readonly defaultChainId?: number | undefined;
	readonly cache?: ResolverCacheOptions | undefined;
	/** How documents are fetched: over https from public addresses by default. `false`: never. */
	readonly documents?: DocumentOptions | false | undefined;
	/**
	 * Follows the log of each network's registry, from the first look-up on that network until `close`: what changes is
	 * dropped from the cache, and what doesn't is used for up to an hour without being read again. If the log can't be
	 * read, organizations are used for their TTL as usual. Needs a process that keeps running.
	 */
	readonly watch?: boolean | ResolverWatchOptions | undefined;
	/**
	 * Shares what was read, and what was seen to change, with the resolvers of other instances (docs/caching.md). They must
	 * have the same networks; those with another registry or `blockTag` share nothing.
	 */
	readonly sharedCache?: SharedCacheOptions | undefined;
	/** Observes resolutions, the documents that are fetched, and the requests to the nodes of `rpcUrl`. */
	readonly observer?: Observer | undefined;
	/** Seconds since the epoch; the system clock by default, but cache entries expire even if it is set back. */
	readonly now?: (() => number) | undefined;
}

const NETWORKS = "a non-empty array of networks";

const REGISTRY = "a contract address or a registry";

const { observer: _, ...connection } = nodeShape;
const members = {
	...connection,
	blockTag: restriction(v.picklist(["latest", "safe", "finalized"], '"latest", "safe" or "finalized"')),
	kind: v.optional(v.string("a kind of registry")),
	adapter: v.optional(anyObject("a registry adapter")),
	webSocketUrl,
};
const withAddress = nodeOptionsSchema<OrgIdNetwork>({ ...members, registry: contractAddress });
const withRegistry = optionsSchema<OrgIdNetwork>({ ...members, registry: anyObject(REGISTRY) });
const network = v.lazy((value) => (typeof Object(value).registry === "string" ? withAddress : withRegistry));

const cache = optionsSchema<ResolverCacheOptions>({
	ttlSeconds: v.optional(secondsOrZero),
	negativeTtlSeconds: v.optional(secondsOrZero),
	staleIfErrorSeconds: v.optional(secondsOrZero),
	refreshCooldownSeconds: v.optional(secondsOrZero),
	maxEntries: v.optional(positiveInteger),
});

const watch = optionsSchema<ResolverWatchOptions>(
	{ pollingSeconds: v.optional(positiveSeconds) },
	"a boolean or an object",
);

const documents = optionsSchema<DocumentOptions>(
	{ ...documentFetchShape, acceptPrettyPrintedHash: v.optional(v.boolean("true or false")) },
	"an object or false",
);

/** The shape of {@link OrgIdResolverOptions}. */
export const resolverOptions: v.GenericSchema = optionsSchema<OrgIdResolverOptions>({
	networks: v.pipe(v.array(network, NETWORKS), v.nonEmpty(NETWORKS)),
	defaultChainId: v.optional(chainIdNumber),
	cache: v.optional(cache),
	documents: v.optional(v.lazy((value) => (value === false ? v.literal(false) : documents))),
	watch: v.optional(v.lazy((value) => (typeof value === "boolean" ? v.boolean() : watch))),
	sharedCache: v.optional(sharedCacheOptions),
	observer: v.optional(anyFunction),
	now: v.optional(anyFunction),
});
