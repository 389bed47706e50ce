/**
 * Organizations: the record on chain together with the document, and the requested key looked up in both.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import pTimeout from "p-timeout";
import { BoundedCache } from "../caching/bounded-cache.js";
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";
import { periodOfMethod } from "../did/method-period.js";
import { selectVerificationMethod } from "../did/verification-method.js";
import { withWithheldMethods } from "../did/withheld-methods.js";
import { assertCredentialInForce } from "../document/credential/credential-validity.js";
import { offeredIds } from "../document/org-json.js";
import { formatTime } from "../encoding/format-time.js";
import { DidError, DocumentError, isOrgpassError, RegistryError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import type { Facts } from "../observe/observe.js";
import type { OrgRecord } from "../registry/org-record.js";
import { assertKeyInForce } from "../registry/org-record.js";
import type { RegistryReader } from "../registry/registry.js";
import { toDidDocument } from "./did-document.js";
import type { DocumentLoader, DocumentLoaderOptions, LoadedDelegate, LoadedDocument } from "./document-loader.js";
import { createDocumentLoader, MAX_DELEGATIONS } from "./document-loader.js";
import { isOnChain, isPublished, type KnownOrganization, needsNoDocument } from "./known-organization.js";
import { ACCOUNT_NAMES } from "./method-candidates.js";
import type { CachedRecord, RecordCache } from "./record-cache.js";

/** How far the clocks of a document's signer and this machine may differ. */
const TOLERANCE_SECONDS = 30;

/** Failures to load a delegate, as opposed to faults of the delegate. */
const PROPAGATED_CODES: ReadonlySet<string> = new Set([...OUTAGE_CODES, "document/delegation"]);

/** How often an organization is looked up at most if it changes meanwhile. */
const MAX_ATTEMPTS = 5;

/** How long to wait for the document if an account in the registry was requested. */
const DOCUMENT_WAIT_MS = 2_000;

const NO_DOCUMENT: LoadedDocument = Object.freeze({});

/** An organization with a usable key. */
export interface PeekedOrganization extends Pick<KnownOrganization, "record" | "revokedKeys"> {
	readonly loaded: LoadedDocument;
}

export interface OrganizationStoreOptions
	extends Omit<DocumentLoaderOptions, "loadDelegate" | "isCurrent" | "original"> {
	readonly cache: RecordCache;
	readonly hasDocuments: boolean;
	/** A store whose documents are used, too; it learns nothing. */
	readonly original?: OrganizationStore | undefined;
}

export interface OrganizationStore {
	/** Undefined if there is no such organization. Throws the document's failure if the result depends on it. */
	load(
		did: CanonicalDidUrl,
		fragment: string | undefined,
		facts?: Facts<"resolve">,
	): Promise<KnownOrganization | undefined>;
	/**
	 * What `load` would return without waiting, if it is current and the key may be used; `last` itself if nothing has
	 * changed since.
	 */
	peek(keyId: CanonicalDidUrl, last: PeekedOrganization | undefined): PeekedOrganization | undefined;
	/** Completes a record of an earlier block or time. */
	loadAt(record: OrgRecord, fragment: string | undefined, registry: RegistryReader): Promise<KnownOrganization>;
	readonly loader: DocumentLoader;
	clear(): void;
}

/** Creates a store on a record cache. */
export function createOrganizationStore(options: OrganizationStoreOptions): OrganizationStore {
	const { cache, hasDocuments, now } = options;
	const slow = new BoundedCache<true>(options.maxEntries);
	const original = options.original?.loader;
	const loader = createDocumentLoader({ ...options, original, isCurrent: cache.isCurrent, loadDelegate });

	return { load, peek, loadAt, loader, clear };

	function clear(): void {
		for (const cache of [loader, slow]) cache.clear();
	}

	/** Loads again if a later state was seen meanwhile, for example by a watcher. */
	async function load(
		did: CanonicalDidUrl,
		fragment?: string,
		facts?: Facts<"resolve">,
	): Promise<KnownOrganization | undefined> {
		for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
			const cached = await getRecord(did, fragment);
			if (facts !== undefined) facts.cache = cached.cache;
			const found = await find(did, fragment, cached);
			if (facts !== undefined && found?.isStale === true) facts.cache = "stale";
			if (found === undefined || !cache.isOutdated(found.record)) return found;
		}
		throw new RegistryError("registry/outdated", `${did.did} changed while it was looked up`);
	}

	function peek(
		{ did, fragment = "" }: CanonicalDidUrl,
		last: PeekedOrganization | undefined,
	): PeekedOrganization | undefined {
		const record = cache.peek(did);
		const loaded = record && (hasDocuments ? loader.peek(record) : NO_DOCUMENT);
		if (record === undefined || loaded === undefined) return undefined;
		if (loaded.isStale === true || loaded.via?.some(cache.isStale) === true) return undefined;
		const revokedKeys = cache.revokedKeys(did);
		if (last?.loaded === loaded && last.record === record && last.revokedKeys === revokedKeys) return last;
		const peeked = { record, loaded, revokedKeys };
		return isUsableNow(toKnownOrganization(peeked), fragment) ? peeked : undefined;
	}

	function isUsableNow(found: KnownOrganization, fragment: string): boolean {
		const { record, revokedKeys } = found;
		if (revokedKeys?.has(fragment) === true) return false;
		if (ACCOUNT_NAMES.has(fragment)) return true;
		return isPublished(found, fragment) ? cache.isUnrevoked(fragment, record) : isOnChain(record, fragment);
	}

	/** A key that was seen revoked is refused even if nothing else can be found out. */
	async function getRecord(did: CanonicalDidUrl, fragment: string | undefined): Promise<CachedRecord> {
		try {
			return await cache.get(did);
		} catch (cause) {
			const revokedKey = fragment === undefined ? undefined : cache.revokedKey(did, fragment);
			if (revokedKey === undefined) throw cause;
			const { revokedAt } = revokedKey;
			const keyId = formatDidUrl({ ...did, fragment: revokedKey.fragment });
			const message = `the key ${keyId} was revoked at ${formatTime(revokedAt)}`;
			throw new DidError("did/key-revoked", message, { cause, details: { keyId, revokedAt } });
		}
	}

	async function find(
		did: CanonicalDidUrl,
		fragment: string | undefined,
		cached: CachedRecord,
	): Promise<KnownOrganization | undefined> {
		const { record } = cached;
		if (record === undefined) return undefined;
		const mayBePublished = hasDocuments && record.document !== undefined && fragment !== undefined;
		if (mayBePublished && !needsNoDocument(record, fragment)) cache.prefetchRevocation(did, fragment, record);
		let found = await complete(record, fragment, cached);
		if (fragment === undefined) return assertDocument(await checkRevocations(did, found), fragment);
		if (ACCOUNT_NAMES.has(fragment)) return assertDocument(found, fragment);
		const isRevoked = cache.revokedKey(did, fragment) !== undefined;
		if (!isRevoked && !isOnChain(record, fragment) && !isPublished(found, fragment)) {
			await cache.findMissingKey(did, fragment, cached);
			const current = await cache.get(did);
			if (current.record !== undefined) found = await complete(current.record, fragment, current);
		}
		if (isPublished(found, fragment)) await cache.checkRevocation(did, fragment, found.record);
		const revokedKey = cache.revokedKey(did, fragment);
		if (revokedKey !== undefined) return { ...found, revokedKey, revokedKeys: cache.revokedKeys(did.did) };
		return assertDocument(found, fragment);
	}

	async function complete(
		record: OrgRecord,
		fragment: string | undefined,
		{ cache: use }: CachedRecord,
	): Promise<KnownOrganization> {
		const known = hasDocuments ? loader.peek(record) : {};
		const loaded = known ?? (await loadDocument(record, fragment));
		const isStale = use === "stale" || loaded.isStale === true || loaded.via?.some(cache.isStale) === true;
		return { ...loaded, record, revokedKeys: cache.revokedKeys(record.did), isStale };
	}

	/**
	 * A key on chain doesn't wait for a host: what the document says counts once it has been loaded. An account waits,
	 * because in some registries only the document can deactivate an organization, but not again for a host that timed
	 * out and hasn't answered since.
	 */
	async function loadDocument(record: OrgRecord, fragment: string | undefined): Promise<LoadedDocument> {
		const mustWait = loader.isLocal(record) || fragment === undefined || !needsNoDocument(record, fragment);
		const loading = loader.load(record);
		loading.then(
			({ document }) => document && slow.delete(record.did),
			() => undefined,
		);
		if (mustWait) return loading;
		const giveUp = (): LoadedDocument => ({
			failure: stillLoading(),
			wasDeactivated: loader.history.wasDeactivated(record.did),
		});
		if (!ACCOUNT_NAMES.has(fragment) || slow.has(record.did)) return giveUp();
		const fallback = (): LoadedDocument => {
			slow.set(record.did, true);
			return giveUp();
		};
		return pTimeout(loading, { milliseconds: DOCUMENT_WAIT_MS, fallback });
	}

	/** Checks all offered keys: a caller that names no key may use any of them. */
	async function checkRevocations(did: CanonicalDidUrl, found: KnownOrganization): Promise<KnownOrganization> {
		await Promise.all(offeredNames(found).map((name) => cache.checkRevocation(did, name, found.record)));
		return { ...found, revokedKeys: cache.revokedKeys(did.did) };
	}

	async function loadAt(
		record: OrgRecord,
		fragment: string | undefined,
		registry: RegistryReader,
	): Promise<KnownOrganization> {
		const found = hasDocuments ? { ...(await loader.loadPast(record)), record } : { record };
		const names = fragment === undefined ? offeredNames(found) : isPublished(found, fragment) ? [fragment] : [];
		const options = { blockTag: record.blockNumber };
		const keys = await Promise.all(names.map((name) => registry.readKey(record.orgId, name, options)));
		const revoked = keys.filter((key) => key !== undefined).filter(({ revokedAt }) => revokedAt !== 0);
		const revokedKeys = new Map(revoked.map((key) => [key.fragment, key]));
		const revokedKey = revokedKeys.get(fragment ?? "");
		return assertDocument({ ...found, revokedKeys, ...(revokedKey && { revokedKey }) }, fragment);
	}

	/** The names of the document's keys that other verifiers may see. */
	function offeredNames({ record, document }: KnownOrganization): readonly string[] {
		if (document === undefined) return [];
		return offeredIds(document.orgJson, now()).map((id) => id.slice(record.did.length + 1));
	}

	/** Keys and accounts in the registry are usable without the document; everything else depends on it. */
	function assertDocument(found: KnownOrganization, fragment: string | undefined): KnownOrganization {
		const { record, failure } = found;
		if (failure === undefined) return found;
		if (fragment === undefined ? record.keys.length > 0 : needsNoDocument(record, fragment)) return found;
		throw failure;
	}

	/** A delegate's fault is reported as a fault of the document it signed. */
	async function loadDelegate(name: CanonicalDidUrl, path: readonly string[]): Promise<LoadedDelegate> {
		try {
			return await findDelegate(name, path);
		} catch (cause) {
			if (!isOrgpassError(cause) || PROPAGATED_CODES.has(cause.code)) throw cause;
			const message = `the delegate ${formatDidUrl(name)} can't sign: ${cause.message}`;
			const details = { reason: cause.code };
			throw new DocumentError("document/proof-unauthorized", message, { cause, details });
		}
	}

	/** Finds a key that signed another organization's document. Its own organization must be active. */
	async function findDelegate(name: CanonicalDidUrl, path: readonly string[]): Promise<LoadedDelegate> {
		if (path.includes(name.did)) {
			throw new DocumentError("document/delegation", `the delegations of ${path[0]} form a cycle`);
		}
		if (path.length > MAX_DELEGATIONS) {
			const message = `expected a chain of at most ${MAX_DELEGATIONS} delegations from ${path[0]}`;
			throw new DocumentError("document/delegation", message);
		}
		const { record } = await cache.get(name);
		if (record === undefined) throw new DidError("did/not-found", `there is no organization ${name.did}`);
		const {
			document,
			failure,
			wasDeactivated,
			via = [],
			delegationEndsAt = Infinity,
			isStale = false,
		} = await loader.loadFor(record, path);
		if (!record.active || document?.orgJson.deactivated === true || wasDeactivated === true) {
			throw new DidError("did/deactivated", `the organization ${name.did} is deactivated`);
		}
		const fragment = name.fragment as string;
		await assertUsable(name, fragment, record);
		if (failure !== undefined && !isOnChain(record, fragment)) throw failure;
		if (document?.credential) assertCredentialInForce(document.credential, now(), TOLERANCE_SECONDS);
		const { document: didDocument, withheld } = toDidDocument(record, document, name.did, now());
		const method = selectVerificationMethod(withWithheldMethods(didDocument, withheld), name);
		const key = record.keys.find((one) => one.fragment === fragment);
		const ends = [document?.credential?.validUntil, key?.validUntil || undefined];
		return { method, via: [record, ...via], isStale, endsAt: Math.min(delegationEndsAt, earliestEnd(method, ends)) };
	}

	async function assertUsable(name: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void> {
		const key = record.keys.find((listed) => listed.fragment === fragment);
		if (key === undefined) await cache.checkRevocation(name, fragment, record);
		if (cache.revokedKey(name, fragment) !== undefined) {
			throw new DidError("did/key-revoked", `the key ${formatDidUrl(name)} was revoked`);
		}
		if (key !== undefined) assertKeyInForce(key, formatDidUrl(name), now(), TOLERANCE_SECONDS);
	}
}

export function toKnownOrganization({ record, loaded, revokedKeys }: PeekedOrganization): KnownOrganization {
	return { ...loaded, record, revokedKeys };
}

/** When the first of several periods ends; a revocation has no tolerance. */
function earliestEnd(method: VerificationMethod, ends: readonly (number | undefined)[]): number {
	const { validUntil, revokedAt } = periodOfMethod(method);
	const others = ends.filter((end) => end !== undefined);
	return Math.min(revokedAt, ...[validUntil, ...others].map((end) => end + TOLERANCE_SECONDS));
}

function stillLoading(): DocumentError {
	return new DocumentError("document/unreachable", "the document is still being fetched");
}
