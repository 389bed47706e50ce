/**
 * Everything known of an organization: its record and its document, found together, and the key that is wanted
 * looked for where it may be.
 * @module
 */
import pTimeout from "p-timeout";
import { type CanonicalDidUrl, formatDidUrl } from "../did/did-url.js";
import { selectVerificationMethod } from "../did/verification-method.js";
import { assertInValidity } from "../document/credential/credential-validity.js";
import { OUTAGE_CODES } from "../errors/codes.js";
import { DidError, DocumentError, isOrgpassError } from "../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import { toDidDocument } from "./did-document.js";
import {
	createDocumentLoader,
	type DocumentLoaderOptions,
	type LoadedDelegate,
	type LoadedDocument,
	MAX_DELEGATIONS,
} from "./document-loader.js";
import type { RecordCache } from "./record-cache.js";

/** How far the clocks of a document's signer and of this machine may be apart. */
const TOLERANCE_SECONDS = 30;

/** What went wrong on the way to a delegate, not with the delegate. */
const PROPAGATED_CODES: ReadonlySet<string> = new Set([...OUTAGE_CODES, "document/delegation"]);

/** How long a key or account in the registry waits for a document that isn't needed for it. */
const DOCUMENT_WAIT_MS = 2_000;

/** Names of the accounts that the registry knows: they need no document, and are never looked up. */
const ACCOUNTS: ReadonlySet<string> = new Set(["owner", "director"]);

/** An organization, as far as it is known. */
export interface KnownOrganization extends LoadedDocument {
	readonly record: OrgRecord;
	/** The key that is wanted, where it was revoked on chain. */
	readonly revokedKey?: OnChainKey;
	/** All names that are known to have been revoked on chain. */
	readonly revokedKeys?: ReadonlyMap<string, OnChainKey> | undefined;
}

/** How organizations are found. */
export interface OrganizationStoreOptions extends Omit<DocumentLoaderOptions, "loadDelegate"> {
	readonly cache: RecordCache;
	/** False where documents are not looked at. */
	readonly hasDocuments: boolean;
}

/** Finds organizations. */
export interface OrganizationStore {
	/**
	 * The organization, with the key of that name if there is one; undefined where there is no organization.
	 * Throws why the document can't be used where the answer depends on it.
	 */
	load(did: CanonicalDidUrl, fragment: string | undefined): Promise<KnownOrganization | undefined>;
	/** The same for a record of another time. */
	loadAt(record: OrgRecord, fragment: string | undefined): Promise<KnownOrganization>;
	/** Forgets every document. */
	clear(): void;
}

/** Makes a finder of organizations. */
export function createOrganizationStore(options: OrganizationStoreOptions): OrganizationStore {
	const { cache, hasDocuments, now } = options;
	const loader = createDocumentLoader({ ...options, loadDelegate });

	return { load, loadAt, clear: () => loader.clear() };

	async function load(
		did: CanonicalDidUrl,
		fragment: string | undefined,
	): Promise<KnownOrganization | undefined> {
		const known = await cache.get(did);
		if (known.record === undefined) return undefined;
		const { record } = known;
		if (fragment !== undefined && mayBePublished(record, fragment))
			cache.prefetchRevocation(did, fragment, record);
		const isSelfStanding = fragment !== undefined && needsNoDocument(record, fragment);
		let found = await complete(record, isSelfStanding ? DOCUMENT_WAIT_MS : Number.POSITIVE_INFINITY);
		if (fragment === undefined || ACCOUNTS.has(fragment)) return assertDocument(found, fragment);
		const isRevoked = cache.revokedKey(did, fragment) !== undefined;
		if (!isRevoked && !isOnChain(record, fragment) && !isPublished(found, fragment)) {
			await cache.findMissingKey(did, fragment, known);
			const { record: current } = await cache.get(did);
			if (current !== undefined) found = await complete(current);
		}
		if (isPublished(found, fragment)) await cache.checkRevocation(did, fragment, found.record);
		const revokedKey = cache.revokedKey(did, fragment);
		if (revokedKey !== undefined) return { ...found, revokedKey, revokedKeys: cache.revokedKeys(did.did) };
		return assertDocument(found, fragment);
	}

	async function complete(
		record: OrgRecord,
		milliseconds = Number.POSITIVE_INFINITY,
	): Promise<KnownOrganization> {
		const loaded = hasDocuments
			? (loader.peek(record) ?? (await pTimeout(loader.load(record), { milliseconds, fallback: late })))
			: {};
		return { ...loaded, record, revokedKeys: cache.revokedKeys(record.did) };
	}

	async function loadAt(record: OrgRecord, fragment: string | undefined): Promise<KnownOrganization> {
		const found = hasDocuments ? { ...(await loader.loadPast(record)), record } : { record };
		return assertDocument(found, fragment);
	}

	function mayBePublished(record: OrgRecord, fragment: string): boolean {
		return hasDocuments && record.document !== undefined && !needsNoDocument(record, fragment);
	}

	/** Keys and accounts in the registry stand by themselves; whatever else is wanted stands and falls with the document. */
	function assertDocument(found: KnownOrganization, fragment: string | undefined): KnownOrganization {
		const { record, failure } = found;
		if (failure === undefined) return found;
		const isKnownWithout =
			fragment === undefined ? record.keys.length > 0 : needsNoDocument(record, fragment);
		if (isKnownWithout) return found;
		throw failure;
	}

	/** What is wrong with a delegate is wrong with the document it signed; the organization itself is there. */
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

	/** A key that signed another organization's document; its own organization must be in order as well. */
	async function findDelegate(name: CanonicalDidUrl, path: readonly string[]): Promise<LoadedDelegate> {
		if (path.includes(name.did)) {
			throw new DocumentError("document/delegation", `the delegations of ${path[0]} are a circle`);
		}
		if (path.length > MAX_DELEGATIONS) {
			const message = `expected at most ${MAX_DELEGATIONS} delegations, one to the next, from ${path[0]}`;
			throw new DocumentError("document/delegation", message);
		}
		const { record } = await cache.get(name);
		if (record === undefined) throw new DidError("did/not-found", `there is no organization ${name.did}`);
		const { document, failure, wasDeactivated, via = [] } = await loader.loadFor(record, path);
		if (!record.active || document?.orgJson.deactivated === true || wasDeactivated === true) {
			throw new DidError("did/deactivated", `the organization ${name.did} is deactivated`);
		}
		const fragment = name.fragment as string;
		await assertKeyInForce(name, fragment, record);
		if (failure !== undefined && !isOnChain(record, fragment)) throw failure;
		if (document?.credential !== undefined) assertInValidity(document.credential, now(), TOLERANCE_SECONDS);
		const { document: didDocument } = toDidDocument(record, document, name.did, now());
		return { method: selectVerificationMethod(didDocument, name), via };
	}

	async function assertKeyInForce(name: CanonicalDidUrl, fragment: string, record: OrgRecord): Promise<void> {
		const key = record.keys.find((one) => one.fragment === fragment);
		if (key === undefined) await cache.checkRevocation(name, fragment, record);
		if (cache.revokedKey(name, fragment) !== undefined) {
			throw new DidError("did/key-revoked", `the key ${formatDidUrl(name)} was revoked`);
		}
		if (key === undefined) return;
		const { validFrom, validUntil } = key;
		if (now() < validFrom - TOLERANCE_SECONDS) {
			throw new DidError("did/key-not-yet-valid", `the key ${formatDidUrl(name)} is valid from ${validFrom}`);
		}
		if (validUntil !== 0 && now() >= validUntil + TOLERANCE_SECONDS) {
			throw new DidError("did/key-expired", `the key ${formatDidUrl(name)} was valid until ${validUntil}`);
		}
	}
}

/** Whether a name needs no document. */
function needsNoDocument(record: OrgRecord, fragment: string): boolean {
	return ACCOUNTS.has(fragment) || isOnChain(record, fragment);
}

function late(): LoadedDocument {
	return { failure: new DocumentError("document/unreachable", "the document is still being fetched") };
}

function isOnChain(record: OrgRecord, fragment: string): boolean {
	return record.keys.some((key) => key.fragment === fragment);
}

function isPublished({ record, document }: KnownOrganization, fragment: string): boolean {
	const id = `${record.did}#${fragment}`;
	return document?.orgJson.methods.some((method) => method.id === id) === true;
}
