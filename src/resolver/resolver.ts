/**
 * Resolves `did:orgid` DIDs from registries on chain and the documents they point to (DID Resolution 4): a
 * did-resolver plugin that never throws, remembers answers for a while, and never takes an outage for an absence.
 * @module
 */
import type { DIDResolutionOptions, DIDResolutionResult, DIDResolver, Resolvable } from "did-resolver";
import * as z from "zod/mini";
import { formatDidUrl, isFragment, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import {
	createDocumentFetcher,
	type DocumentFetchOptions,
	documentFetchOptions,
	documentTimeoutMs,
} from "../document/fetch/fetch-document.js";
import { DidError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, chainIdNumber, positiveInteger, secondsOrZero } from "../options/schemas.js";
import type { RegistryAdapter } from "../registry/adapters/adapter.js";
import type { RegistryKind } from "../registry/adapters/registry-kind.js";
import { createRegistry, type RegistryOptions } from "../registry/create-registry.js";
import type { Registry } from "../registry/registry.js";
import { createOrganizationStore } from "./organization-store.js";
import { createRecordCache } from "./record-cache.js";
import { toFailure, toSuccess } from "./resolution-result.js";
import { parseVersionQuery, readVersion } from "./version.js";

/** One chain's registry; `registry` may also be one that {@link createRegistry} made. */
export interface OrgIdNetwork {
	/** EIP-155 chain id, part of the DIDs; the node is held to it. */
	readonly chainId: number;
	/** URL of a JSON-RPC node (http or https). */
	readonly rpcUrl?: string | undefined;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: NonNullable<RegistryOptions["provider"]> | undefined;
	/** Address of the registry contract, or a registry. */
	readonly registry: string | Registry;
	/** The contract's generation; detected by default. */
	readonly kind?: RegistryKind | undefined;
	/** How to speak to a contract of a generation that orgpass doesn't know, instead of `kind`. */
	readonly adapter?: RegistryAdapter | undefined;
}

/** How organizations' documents (ORG.JSON) are fetched and judged. */
export interface DocumentOptions extends DocumentFetchOptions {
	/**
	 * Also accept the hash that resolvers of 2020-21 computed, over the re-indented document instead of its bytes;
	 * false by default.
	 */
	readonly acceptPrettyPrintedHash?: boolean | undefined;
}

/** Options of {@link createOrgIdResolver}. */
export interface OrgIdResolverOptions {
	/** The chains to resolve on; a DID on any other is refused before anything goes out. */
	readonly networks: readonly OrgIdNetwork[];
	/** The chain of DIDs that name none; without it they are refused. */
	readonly defaultChainId?: number | undefined;
	/** How long answers are kept, in seconds, and how many. */
	readonly cache?:
		| {
				/** How long an organization's state is used before it is read again; 60 by default. */
				readonly ttlSeconds?: number | undefined;
				/** The same for "there is no such organization"; 5 by default. */
				readonly negativeTtlSeconds?: number | undefined;
				/** How often at most an unknown fragment makes an organization be read early; 10 by default. */
				readonly refreshCooldownSeconds?: number | undefined;
				/** How many organizations are remembered; 10,000 by default. */
				readonly maxEntries?: number | undefined;
		  }
		| undefined;
	/** Whether and how documents are fetched; by https from public addresses by default, not at all with false. */
	readonly documents?: DocumentOptions | false | undefined;
	/**
	 * The clock: seconds since the epoch; the system's by default. What is remembered ages by one that survives the
	 * system clock being set back.
	 */
	readonly now?: (() => number) | undefined;
}

/** A did-resolver `Resolvable` for `did:orgid`, and its parts. */
export interface OrgIdResolver extends Resolvable {
	/** For did-resolver: `new Resolver({ ...resolver.plugin })`. Leave its `cache` off, it has no bound. */
	readonly plugin: { readonly orgid: DIDResolver };
	/** Forgets an organization, so that the next token reads it again. Takes a bare DID or a DID URL. */
	invalidate(did: string): void;
	/** Forgets everything and lets go of the connections made here. */
	close(): void;
}

const network = z.strictObject({
	chainId: chainIdNumber,
	rpcUrl: z.optional(z.string("a URL")),
	provider: z.optional(z.looseObject({}, "an ethers or EIP-1193 provider")),
	registry: z.union([z.string(), z.looseObject({})], "a contract address or a registry"),
	kind: z.optional(z.string("a kind of registry")),
	adapter: z.optional(z.looseObject({}, "a registry adapter")),
});

const documentOptions = z.extend(documentFetchOptions, {
	acceptPrettyPrintedHash: z.optional(z.boolean("true or false")),
});

const optionsSchema = z.strictObject(
	{
		networks: z
			.array(network, "a non-empty array of networks")
			.check(z.minLength(1, "a non-empty array of networks")),
		defaultChainId: z.optional(chainIdNumber),
		cache: z.optional(
			z.strictObject({
				ttlSeconds: z.optional(secondsOrZero),
				negativeTtlSeconds: z.optional(secondsOrZero),
				refreshCooldownSeconds: z.optional(secondsOrZero),
				maxEntries: z.optional(positiveInteger),
			}),
		),
		documents: z.optional(z.union([documentOptions, z.literal(false)])),
		now: z.optional(anyFunction),
	},
	"an object",
);

/**
 * Makes a resolver of `did:orgid` DIDs. `resolve` never throws: an absent organization is `notFound`, an
 * outage `internalError` with the code `registry/unreachable`, each with a `code` of orgpass beside
 * did-resolver's `error` in the resolution metadata. The option `fragment` of `resolve` says which key is
 * wanted, so that one added a moment ago is found, and one that was revoked is named as such; `versionId` (a
 * block number) and `versionTime` (RFC 3339) ask for an earlier state, which takes an archive node; behind did-resolver
 * also as the DID URL's query.
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
 * @param options the chains, and how long answers are kept
 * @returns the resolver
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createOrgIdResolver(options: OrgIdResolverOptions): OrgIdResolver {
	checkOptions(optionsSchema, options, "createOrgIdResolver");
	const { defaultChainId, now = systemClock } = options;
	const { ttlSeconds = 60, negativeTtlSeconds = 5 } = options.cache ?? {};
	const { refreshCooldownSeconds = 10, maxEntries = 10_000 } = options.cache ?? {};
	const registries = new Map<number, Registry>();
	const connected: Registry[] = [];
	for (const { chainId, registry, ...connection } of options.networks) {
		if (registries.has(chainId)) throw invalidOption("networks", `one per chain: ${chainId} is there twice`);
		if (typeof registry !== "string" && registry.chainId !== chainId) {
			throw invalidOption(
				"networks",
				`registries of their chain: expected ${chainId}, got ${registry.chainId}`,
			);
		}
		if (typeof registry !== "string" && Object.values(connection).some((value) => value !== undefined)) {
			throw invalidOption(
				"networks",
				"without rpcUrl, provider, kind or adapter beside a registry, which has its own",
			);
		}
		const made =
			typeof registry === "string" ? createRegistry({ chainId, address: registry, ...connection }) : registry;
		if (made !== registry) connected.push(made);
		registries.set(chainId, made);
	}
	const limits = { ttlSeconds, negativeTtlSeconds, refreshCooldownSeconds, maxEntries };
	const cache = createRecordCache(registryOf, limits, options.now ?? createCacheClock());
	const { acceptPrettyPrintedHash = false, ...fetching } = options.documents || {};
	const organizations = createOrganizationStore({
		cache,
		hasDocuments: options.documents !== false,
		fetchDocument: createDocumentFetcher(fetching),
		timeoutMs: documentTimeoutMs(fetching),
		acceptPrettyPrintedHash,
		negativeTtlSeconds,
		maxEntries,
		now,
	});

	const orgid: DIDResolver = (did, parsed, _resolver, asked) => {
		const { query, fragment = "" } = parsed ?? {};
		return answer(did, isFragment(fragment) ? { fragment, ...asked } : asked, query);
	};

	return Object.freeze({
		resolve: (didUrl: string, asked?: DIDResolutionOptions) => answer(didUrl, asked, undefined),
		plugin: Object.freeze({ orgid }),
		invalidate: (did: string) => cache.invalidate(toCanonicalDidUrl(parseDidUrl(did), defaultChainId).did),
		close() {
			cache.clear();
			organizations.clear();
			for (const registry of connected) registry.close();
		},
	}) satisfies OrgIdResolver;

	function registryOf(chainId: number): Registry {
		const registry = registries.get(chainId);
		if (registry !== undefined) return registry;
		throw new DidError(
			"did/chain-unknown",
			`expected one of the chains ${[...registries.keys()]}, got ${chainId}`,
			{
				details: { chainId },
			},
		);
	}

	async function answer(
		didUrl: string,
		asked: DIDResolutionOptions = {},
		query: string | undefined,
	): Promise<DIDResolutionResult> {
		try {
			if (typeof didUrl === "string" && !didUrl.startsWith("did:orgid:")) {
				throw new DidError("did/method-unsupported", `expected did:orgid:…, got ${formatValue(didUrl)}`);
			}
			const { fragment = asked["fragment"], ...parts } = parseDidUrl(didUrl);
			if (fragment !== undefined && !(typeof fragment === "string" && isFragment(fragment))) {
				throw new DidError(
					"did/syntax",
					`expected the option fragment to name a key, got ${formatValue(fragment)}`,
				);
			}
			const did = toCanonicalDidUrl(parts, defaultChainId);
			const registry = registryOf(did.chainId);
			const version = await readVersion(registry, did, { ...asked, ...parseVersionQuery(query) });
			const found =
				version === undefined
					? await organizations.load(did, fragment)
					: version.record && (await organizations.loadAt(version.record, fragment));
			if (found === undefined) throw new DidError("did/not-found", `there is no organization ${did.did}`);
			return toSuccess(found, formatDidUrl(parts), now());
		} catch (error) {
			return toFailure(error);
		}
	}
}

function systemClock(): number {
	return Date.now() / 1_000;
}

/**
 * Counts from the start of the process, not from the epoch. Goes on while the machine sleeps, where
 * `performance.now` may not; goes back only where a system clock that was set forward is set right, which the
 * cache takes for too old.
 */
function createCacheClock(): () => number {
	const behind = Date.now() - performance.now();
	return () => Math.max(performance.now(), Date.now() - behind) / 1_000;
}
