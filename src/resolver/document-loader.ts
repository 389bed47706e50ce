/**
 * The document of an organization: fetched from one of its addresses, believed only after every check, and
 * remembered as long as the record that points to it.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { LRUCache } from "lru-cache";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { type VerifiedDocument, verifyDocument } from "../document/check-document.js";
import type { DocumentFetcher } from "../document/fetch/fetch-document.js";
import { documentVersion } from "../document/org-json.js";
import { OUTAGE_CODES } from "../errors/codes.js";
import { DocumentError, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import type { OrgRecord } from "../registry/org-record.js";

/** Strangers' organizations may name slow hosts; beyond these, documents count as `document/unreachable`. */
const MAX_CONCURRENT_LOADS = 1_000;

/** Bytes of documents, as served, that are kept at once: parsed, one takes up to twenty times as much. */
const MAX_KEPT_BYTES = 2 ** 25;

/** An organization whose document another one's key signed, which a third one's key signed: no further. */
export const MAX_DELEGATIONS = 3;

/** What came of an organization's document; neither where it has none. */
export interface LoadedDocument {
	readonly document?: VerifiedDocument;
	/** Its length in bytes. */
	readonly size?: number;
	/** Where it was found; absent where it was known by its hash. */
	readonly uri?: string;
	/** Whose keys it was believed by, one organization after the other; none where its owner signed. */
	readonly via?: readonly string[];
	/** Why it can't be had, or can't be believed. */
	readonly failure?: OrgpassError;
	/** The last document that could be had said that the organization is deactivated. */
	readonly wasDeactivated?: boolean;
}

/** A key of another organization, and by whose keys that one's document was believed. */
export interface LoadedDelegate {
	readonly method: VerificationMethod;
	readonly via: readonly string[];
}

/** Finds a key of another organization, which signed this one's document; `path` are those on the way. */
export type DelegateLoader = (name: CanonicalDidUrl, path: readonly string[]) => Promise<LoadedDelegate>;

/** How documents are loaded. */
export interface DocumentLoaderOptions {
	readonly fetchDocument: DocumentFetcher;
	/** How long all addresses of one document together may take. */
	readonly timeoutMs: number;
	/** Bytes of documents that are kept at once; 32 MiB unless told. */
	readonly maxKeptBytes?: number | undefined;
	readonly loadDelegate: DelegateLoader;
	readonly acceptPrettyPrintedHash: boolean;
	/** How long a failure is remembered. */
	readonly negativeTtlSeconds: number;
	readonly maxEntries: number;
	/** Seconds since the epoch. */
	readonly now: () => number;
}

/** Loads documents. */
export interface DocumentLoader {
	/** The document of a record, loaded once for all who ask; a failure is tried again after a while. */
	load(record: OrgRecord): Promise<LoadedDocument>;
	/** What is known already, without waiting; undefined where it takes a load. */
	peek(record: OrgRecord): LoadedDocument | undefined;
	/** The same for a key on the way from another organization's document; waits for nobody. */
	loadFor(record: OrgRecord, path: readonly string[]): Promise<LoadedDocument>;
	/** The document of a record of another time, which may well be older than what was seen since. */
	loadPast(record: OrgRecord): Promise<LoadedDocument>;
	/** Forgets everything. */
	clear(): void;
}

const NONE: LoadedDocument = Object.freeze({});

interface Entry {
	readonly record: OrgRecord;
	readonly loading: Promise<LoadedDocument>;
	readonly settled?: LoadedDocument;
	readonly settledAt?: number;
}

/**
 * Makes a loader. A document with a hash on chain is known by it, and never fetched twice; one without is
 * fetched with every new record, and an older one than was seen before is refused.
 */
export function createDocumentLoader(options: DocumentLoaderOptions): DocumentLoader {
	const { fetchDocument, timeoutMs, loadDelegate, acceptPrettyPrintedHash } = options;
	const { negativeTtlSeconds, maxEntries, maxKeptBytes = MAX_KEPT_BYTES, now } = options;
	const bounds = { max: maxEntries, maxSize: maxKeptBytes };
	const entries = new LRUCache<string, Entry>({
		...bounds,
		sizeCalculation: ({ settled }) => sizeOf(settled),
	});
	const byHash = new LRUCache<string, LoadedDocument>({ ...bounds, sizeCalculation: sizeOf });
	const versions = new LRUCache<string, number>({ max: maxEntries });
	const deactivated = new LRUCache<string, true>({ max: maxEntries });
	let underWay = 0;

	return { load, peek, loadFor, loadPast: (record) => loadAny(record, [], true), clear };

	function clear(): void {
		for (const cache of [entries, byHash, versions, deactivated]) cache.clear();
	}

	function peek(record: OrgRecord): LoadedDocument | undefined {
		if (record.document === undefined) return NONE;
		const known = entryOf(record);
		return known === undefined || isStale(known) ? undefined : known.settled;
	}

	function load(record: OrgRecord): Promise<LoadedDocument> {
		const known = entryOf(record);
		if (known !== undefined && !isStale(known)) return known.loading;
		const entry: Entry = { record, loading: loadFor(record, []) };
		entries.set(record.did, entry);
		const settle = (settled: LoadedDocument): void => {
			if (entryOf(record) === entry) entries.set(record.did, { ...entry, settled, settledAt: now() });
		};
		// Whoever asked is told of a defect; nobody else is, and it isn't remembered.
		entry.loading.then(settle, () => entryOf(record) === entry && entries.delete(record.did));
		return entry.loading;
	}

	function entryOf(record: OrgRecord): Entry | undefined {
		const entry = entries.get(record.did);
		return entry?.record === record ? entry : undefined;
	}

	function isStale({ settled, settledAt = 0 }: Entry): boolean {
		return settled?.failure !== undefined && Math.abs(now() - settledAt) >= negativeTtlSeconds;
	}

	/**
	 * Two organizations that delegate to each other would wait for each other for ever. What is known already
	 * serves only where it would also have been found on this path.
	 */
	async function loadFor(record: OrgRecord, path: readonly string[]): Promise<LoadedDocument> {
		const settled = entryOf(record)?.settled;
		if (path.length > 0 && settled?.document !== undefined && fits(settled, path)) return settled;
		return loadAny(record, path, false);
	}

	async function loadAny(
		record: OrgRecord,
		path: readonly string[],
		isPast: boolean,
	): Promise<LoadedDocument> {
		const { document } = record;
		if (document === undefined) return NONE;
		const known = document.hash === undefined ? undefined : byHash.get(`${record.did} ${document.hash}`);
		if (known !== undefined) return known;
		if (underWay >= MAX_CONCURRENT_LOADS) {
			const message = `${MAX_CONCURRENT_LOADS} documents are being fetched already`;
			return { failure: new DocumentError("document/unreachable", message) };
		}
		underWay += 1;
		try {
			const loaded = await tryAll(record, [...path, record.did], isPast);
			return isPast ? loaded : withState(record.did, loaded);
		} finally {
			underWay -= 1;
		}
	}

	/** A host that is down must not bring back an organization whose document ended it. */
	function withState(did: string, loaded: LoadedDocument): LoadedDocument {
		const { document } = loaded;
		if (document === undefined) return deactivated.has(did) ? { ...loaded, wasDeactivated: true } : loaded;
		if (document.orgJson.deactivated) deactivated.set(did, true);
		else deactivated.delete(did);
		return loaded;
	}

	/** One after the other, each with its share of the time left; of several failures the one worth another try is told. */
	async function tryAll(
		record: OrgRecord,
		path: readonly string[],
		isPast: boolean,
	): Promise<LoadedDocument> {
		const failures: OrgpassError[] = [];
		const uris = record.document?.uris ?? [];
		const end = performance.now() + timeoutMs;
		for (const [index, uri] of uris.entries()) {
			const share = (end - performance.now()) / (uris.length - index);
			try {
				const loaded = await fetchAndRead(record, uri, path, Math.max(share, 1));
				const { document, size } = loaded;
				if (record.document?.hash !== undefined)
					byHash.set(`${record.did} ${record.document.hash}`, { document, size });
				else if (!isPast) assertNotOlder(record.did, documentVersion(document.orgJson));
				return { ...loaded, uri };
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				failures.push(error);
			}
		}
		const outage = failures.find(({ code }) => OUTAGE_CODES.has(code));
		const none = new DocumentError("document/uri-refused", "the registry gives no address of the document");
		return { failure: outage ?? failures[0] ?? none };
	}

	async function fetchAndRead(
		record: OrgRecord,
		uri: string,
		path: readonly string[],
		milliseconds: number,
	): Promise<Required<Pick<LoadedDocument, "document" | "size" | "via">>> {
		const via: string[] = [];
		const bytes = await fetchDocument(uri, milliseconds);
		const document = await verifyDocument(bytes, {
			record,
			now: now(),
			acceptPrettyPrintedHash,
			async loadDelegate(name) {
				const delegate = await loadDelegate(name, path);
				via.push(name.did, ...delegate.via);
				return delegate.method;
			},
		});
		return { document, size: bytes.length, via };
	}

	/**
	 * Without a hash on chain, whoever holds the host could serve an old document that is still signed. A date to come
	 * isn't remembered: all later documents would be older, also those of a new owner.
	 */
	function assertNotOlder(did: string, version: number): void {
		const newest = versions.get(did) ?? 0;
		if (version < newest) {
			throw new DocumentError(
				"document/rolled-back",
				`expected a document of ${newest} or later, got one of ${version} (seconds since the epoch)`,
				{ details: { expected: newest, actual: version } },
			);
		}
		if (version <= now()) versions.set(did, version);
	}
}

function sizeOf({ size = 1 }: LoadedDocument = {}): number {
	return size;
}

function fits({ via = [] }: LoadedDocument, path: readonly string[]): boolean {
	return path.length + via.length <= MAX_DELEGATIONS && !via.some((did) => path.includes(did));
}
