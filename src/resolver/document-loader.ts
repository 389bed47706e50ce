/**
 * Organizations' documents: fetched from one of their addresses, verified, and cached as long as their record.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { BoundedCache } from "../caching/bounded-cache.js";
import type { CanonicalDidUrl } from "../did/did-url.js";
import type { VerifiedDocument } from "../document/document-checks.js";
import type { DocumentFetcher } from "../document/fetch/fetch-document.js";
import { verifyDocument, verifyServedDocument } from "../document/inspect-document.js";
import { DocumentError, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import { addSharedWork, createSharedWork, isUnsettled } from "../network/shared-work.js";
import { observe } from "../observe/observe.js";
import type { Observer } from "../observe/observer.js";
import { isSameState, type OrgRecord } from "../registry/org-record.js";
import { createDocumentHistory, type DocumentHistory } from "./document-history.js";

/** Any organization may name a slow host, so further loads fail with `document/unreachable`. */
const MAX_CONCURRENT_LOADS = 1_000;

/** Size of the cached documents in bytes as served; a parsed document takes up to twenty times as much memory. */
const MAX_KEPT_BYTES = 2 ** 25;

/** The longest chain of documents that are each signed by the key of another organization. */
export const MAX_DELEGATIONS = 3;

/** A loaded document, or why it couldn't be loaded; neither if the organization has none. */
export interface LoadedDocument {
	readonly document?: VerifiedDocument;
	/** In bytes. */
	readonly size?: number;
	/** Where it was found; absent if it was already known by its hash. */
	readonly uri?: string;
	/** The organizations whose keys signed it, in order, as they were read; empty if its owner signed. */
	readonly via?: readonly OrgRecord[];
	/** When one of these keys or its credential expires. */
	readonly delegationEndsAt?: number;
	/** Why it couldn't be fetched or verified. */
	readonly failure?: OrgpassError;
	/** Whether the last document that could be loaded marks the organization as deactivated. */
	readonly wasDeactivated?: boolean;
	/** Whether it, or a delegate's, was loaded for an earlier record and is used because its host is down. */
	readonly isStale?: boolean;
}

/** A key of another organization, that organization, and those whose keys signed its document. */
export interface LoadedDelegate {
	readonly method: VerificationMethod;
	readonly via: readonly OrgRecord[];
	/** Whether one of their documents is used because its host is down. */
	readonly isStale: boolean;
	/** When the key or a credential expires. */
	readonly endsAt: number;
}

export interface DocumentLoaderOptions {
	readonly fetchDocument: DocumentFetcher;
	/** Time limit for all addresses of a document together. */
	readonly timeoutMs: number;
	/** Size of the cached documents in bytes; 32 MiB by default. */
	readonly maxKeptBytes?: number | undefined;
	/** Whether a record is neither expired nor invalidated. */
	readonly isCurrent: (record: OrgRecord) => boolean;
	/** Loads a key of another organization that signed this one's document; `path` is the chain that led to it. */
	readonly loadDelegate: (name: CanonicalDidUrl, path: readonly string[]) => Promise<LoadedDelegate>;
	readonly acceptPrettyPrintedHash: boolean;
	/** How long a failure is cached. */
	readonly negativeTtlSeconds: number;
	/** How old a document without a hash may be to be used while its host is down; 0 means never. */
	readonly maxStaleSeconds: number;
	readonly maxEntries: number;
	readonly observer?: Observer | undefined;
	/** A loader whose documents are used, too; it learns nothing. */
	readonly original?: DocumentLoader | undefined;
	readonly now: () => number;
}

export interface DocumentLoader {
	/** Loads a record's document once for all callers; a failure is retried after `negativeTtlSeconds`. */
	load(record: OrgRecord): Promise<LoadedDocument>;
	/** What is cached; undefined if the document must be loaded. */
	peek(record: OrgRecord): LoadedDocument | undefined;
	/** Whether the document can be loaded without a request: there is none, its hash is known, or it is in the registry. */
	isLocal(record: OrgRecord): boolean;
	/** Loads the document of a delegate's organization; `path` is the chain of delegations that led to it. */
	loadFor(record: OrgRecord, path: Path): Promise<LoadedDocument>;
	/** Loads the document of an earlier record, which may be older than the newest one seen. */
	loadPast(record: OrgRecord): Promise<LoadedDocument>;
	readonly history: DocumentHistory;
	/** What was loaded last for an organization. */
	last(did: string): Entry | undefined;
	/** A document that was verified by this hash. */
	byHash(did: string, hash: string): LoadedDocument | undefined;
	clear(): void;
}

type Path = readonly string[];

const NONE: LoadedDocument = Object.freeze({});

interface Entry {
	readonly record: OrgRecord;
	readonly loading: Promise<LoadedDocument>;
	readonly settled?: LoadedDocument;
	readonly settledAt?: number;
	/** When the document was fetched, if it isn't a failure. */
	readonly fetchedAt?: number;
}

/** A document with a hash is fetched once; one without, for each new record, and it must not be older than before. */
export function createDocumentLoader(options: DocumentLoaderOptions): DocumentLoader {
	const { fetchDocument, timeoutMs, isCurrent, loadDelegate, acceptPrettyPrintedHash } = options;
	const { negativeTtlSeconds, maxStaleSeconds, maxEntries, maxKeptBytes = MAX_KEPT_BYTES, observer, now } = options;
	const sizeOfEntry = ({ settled }: Entry): number => sizeOf(settled);
	const entries = new BoundedCache<Entry>(maxEntries, { maxSize: maxKeptBytes, sizeCalculation: sizeOfEntry });
	const hashed = new BoundedCache<LoadedDocument>(maxEntries, { maxSize: maxKeptBytes, sizeCalculation: sizeOf });
	const last = (did: string): Entry | undefined => entries.get(did) ?? options.original?.last(did);
	const byHash = (did: string, hash: string): LoadedDocument | undefined =>
		hashed.get(`${did} ${hash}`) ?? options.original?.byHash(did, hash);
	const history = createDocumentHistory(maxEntries, now, options.original?.history);
	/** The documents of delegates have the same limit each. */
	const longestMs = timeoutMs * (MAX_DELEGATIONS + 1);
	const running = createSharedWork<LoadedDocument>(longestMs);
	let started = 0;

	return {
		load,
		peek,
		isLocal,
		loadFor,
		loadPast: (record) => loadAny(record, [], true),
		history,
		last,
		byHash,
		clear,
	};

	function clear(): void {
		for (const cache of [entries, hashed, history]) cache.clear();
	}

	function peek(record: OrgRecord): LoadedDocument | undefined {
		if (record.document === undefined) return NONE;
		const known = entryOf(record);
		return known === undefined || isStale(known) ? options.original?.peek(record) : known.settled;
	}

	function isLocal({ did, document }: OrgRecord): boolean {
		if (document?.hash === undefined) return document === undefined;
		return byHash(did, document.hash) !== undefined || document.uris.every(isDataUri);
	}

	function load(record: OrgRecord): Promise<LoadedDocument> {
		const known = entryOf(record);
		if (known !== undefined && !isStale(known)) return known.loading;
		const previous = known ?? last(record.did);
		const loading = loadFor(record, []).then((loaded) => reuse(loaded, record, previous) ?? loaded);
		// Nothing waits for the host again while the earlier document is in use.
		const isInUse = known?.settled?.isStale === true && isTrusted(known.settled);
		const entry: Entry = isInUse ? { ...known, settledAt: now() } : { record, loading };
		entries.set(record.did, entry);
		const settle = (settled: LoadedDocument): void => {
			if (entryOf(record) !== entry) return;
			const fetchedAt = settled.isStale === true ? previous?.fetchedAt : now();
			entries.set(record.did, { record, loading, settled, settledAt: now(), ...(fetchedAt && { fetchedAt }) });
		};
		// An unexpected error is thrown to the caller and not cached: what has ended without a result is stale.
		loading.then(settle, () => undefined);
		addSharedWork(loading, longestMs);
		return entry.loading;
	}

	/** The earlier document, if the host of the new one is down and nothing else has changed. */
	function reuse({ failure }: LoadedDocument, record: OrgRecord, previous?: Entry): LoadedDocument | undefined {
		if (failure === undefined || !OUTAGE_CODES.has(failure.code)) return undefined;
		const { settled, fetchedAt = -Infinity } = previous ?? {};
		if (previous === undefined || settled?.document === undefined || !isTrusted(settled)) return undefined;
		const isRecent = Math.abs(now() - fetchedAt) < maxStaleSeconds;
		return isRecent && isSameState(previous.record, record) ? { ...settled, isStale: true } : undefined;
	}

	function entryOf(record: OrgRecord): Entry | undefined {
		const entry = entries.get(record.did);
		return entry?.record === record ? entry : undefined;
	}

	function isStale({ loading, settled, settledAt = 0 }: Entry): boolean {
		if (settled === undefined) return !isUnsettled(loading);
		const isFailure = settled.failure !== undefined || settled.isStale === true;
		return (isFailure && Math.abs(now() - settledAt) >= negativeTtlSeconds) || !isTrusted(settled);
	}

	/** A document signed by delegates is dropped as soon as anything known about them is. */
	function isTrusted({ via = [], delegationEndsAt = Infinity }: LoadedDocument): boolean {
		return now() < delegationEndsAt && via.every(isCurrent);
	}

	/** Never waits for a load in progress: two organizations that delegate to each other would wait forever. */
	async function loadFor(record: OrgRecord, path: Path): Promise<LoadedDocument> {
		const known = entryOf(record);
		const settled = known === undefined || isStale(known) ? undefined : known.settled;
		if (path.length > 0 && settled?.document !== undefined && isWithinLimits(settled, path)) return settled;
		return loadAny(record, path, false);
	}

	async function loadAny(record: OrgRecord, path: Path, isPast: boolean): Promise<LoadedDocument> {
		const { document } = record;
		if (document === undefined) return NONE;
		const known = document.hash === undefined ? undefined : byHash(record.did, document.hash);
		if (known !== undefined) return known;
		if (running.count() >= MAX_CONCURRENT_LOADS) {
			const message = `${MAX_CONCURRENT_LOADS} documents are already being fetched`;
			return { failure: new DocumentError("document/unreachable", message) };
		}
		// Only counted here: loads of delegates' documents are never shared.
		started += 1;
		return running.run(String(started), () => loadNow(record, path, isPast));
	}

	async function loadNow(record: OrgRecord, path: Path, isPast: boolean): Promise<LoadedDocument> {
		const loaded = await tryAll(record, [...path, record.did], isPast);
		if (isPast) return loaded;
		if (loaded.document !== undefined) history.record(loaded.document.orgJson);
		// An outage must not reactivate an organization that its document deactivated.
		else if (history.wasDeactivated(record.did)) return { ...loaded, wasDeactivated: true };
		return loaded;
	}

	/** Tries the addresses in turn, each with a share of the time left. An outage is reported before other failures. */
	async function tryAll(record: OrgRecord, path: Path, isPast: boolean): Promise<LoadedDocument> {
		const failures: OrgpassError[] = [];
		const uris = record.document?.uris ?? [];
		const end = performance.now() + timeoutMs;
		for (const [index, uri] of uris.entries()) {
			const share = (end - performance.now()) / (uris.length - index);
			try {
				const loaded = await fetchObserved(record, uri, path, Math.max(share, 1));
				const { document, size } = loaded;
				const hash = record.document?.hash;
				if (hash !== undefined) hashed.set(`${record.did} ${hash}`, { document, size });
				else if (!isPast) history.assertNotOlder(document.orgJson);
				return { ...loaded, uri };
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				failures.push(error);
			}
		}
		const outage = failures.find(({ code }) => OUTAGE_CODES.has(code));
		const none = new DocumentError("document/uri-refused", "the registry has no address of the document");
		return { failure: outage ?? failures[0] ?? none };
	}

	function fetchObserved(...address: Parameters<typeof fetchAndRead>): ReturnType<typeof fetchAndRead> {
		if (observer === undefined) return fetchAndRead(...address);
		const [{ did }, uri] = address;
		const host = URL.canParse(uri) ? new URL(uri).host : "";
		return observe(observer, { operation: "document", did, ...(host !== "" && { host }) }, async (facts) => {
			const loaded = await fetchAndRead(...address);
			facts.receivedBytes = loaded.size;
			return loaded;
		});
	}

	async function fetchAndRead(
		record: OrgRecord,
		uri: string,
		path: Path,
		milliseconds: number,
	): Promise<LoadedDocument & Required<Pick<LoadedDocument, "document" | "size">>> {
		let delegation: Pick<LoadedDocument, "via" | "delegationEndsAt" | "isStale"> = {};
		const bytes = await fetchDocument(uri, milliseconds);
		const verify = isDataUri(uri) ? verifyDocument : verifyServedDocument;
		const document = await verify(bytes, {
			record,
			now: now(),
			acceptPrettyPrintedHash,
			async loadDelegate(name) {
				const delegate = await loadDelegate(name, path);
				const { via, endsAt, isStale } = delegate;
				delegation = { via, delegationEndsAt: endsAt, ...(isStale && { isStale }) };
				return delegate.method;
			},
		});
		return { document, size: bytes.length, ...delegation };
	}
}

function isDataUri(uri: string): boolean {
	return /^data:/i.test(uri);
}

function sizeOf({ size = 1 }: LoadedDocument = {}): number {
	return size;
}

function isWithinLimits({ via = [] }: LoadedDocument, path: Path): boolean {
	return path.length + via.length <= MAX_DELEGATIONS && !via.some(({ did }) => path.includes(did));
}
