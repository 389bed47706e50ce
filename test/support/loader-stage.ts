/**
 * A loader of documents whose hosts fail as real ones do rarely: what they serve is a map.
 * @module
 */
import { hashDocument } from "../../src/document/document-hash.ts";
import { DocumentError } from "../../src/errors/errors.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import {
	createDocumentLoader,
	type DocumentLoader,
	type DocumentLoaderOptions,
	type LoadedDocument,
} from "../../src/resolver/document-loader.ts";
import { bytesOf, did, NOW, recordOf } from "./org-documents.ts";

export const A = "https://a.example/";
export const B = "https://b.example/";
export const PLAIN: Uint8Array = bytesOf({ id: did, publicKey: [] });
export const OUTAGE: DocumentError = new DocumentError("document/unreachable", "down");
export const GONE: DocumentError = new DocumentError("document/status", "gone");

export interface LoaderStage {
	/** In seconds since the epoch. */
	clock: number;
	/** What is served at an address, or the error; nothing is `GONE`. */
	readonly files: Map<string, Uint8Array | Error | Promise<Uint8Array>>;
	/** The addresses that were asked, and for how many milliseconds at most. */
	fetched: [string, number | undefined][];
	isCurrent: (record: OrgRecord) => boolean;
	create(options?: Partial<DocumentLoaderOptions>): DocumentLoader;
}

/** Nothing is served yet. */
export function createLoaderStage(): LoaderStage {
	const stage: LoaderStage = { clock: NOW, files: new Map(), fetched: [], isCurrent: () => true, create };
	return stage;

	function create(options: Partial<DocumentLoaderOptions> = {}): DocumentLoader {
		return createDocumentLoader({
			async fetchDocument(uri, limitMs) {
				stage.fetched.push([uri, limitMs]);
				const file = await stage.files.get(uri);
				if (file === undefined) throw GONE;
				if (file instanceof Error) throw file;
				return file as Uint8Array<ArrayBuffer>;
			},
			timeoutMs: 8_000,
			isCurrent: (record) => stage.isCurrent(record),
			loadDelegate: () => Promise.reject(new DocumentError("document/delegation", "no delegates")),
			acceptPrettyPrintedHash: false,
			...{ negativeTtlSeconds: 5, maxStaleSeconds: 0, maxEntries: 10 },
			now: () => stage.clock,
			...options,
		});
	}
}

/** A record whose document has to be signed. */
export function signedRecord(uris: readonly string[] = [A], members: Partial<OrgRecord> = {}): OrgRecord {
	return recordOf("orgid-v3", { document: { uris }, ...members });
}

/** A record with the hash of its document. */
export function hashedRecord(uris: readonly string[] = [A], bytes: Uint8Array = PLAIN): OrgRecord {
	return recordOf("orgpass", { document: { uris, hash: hashDocument(bytes) } });
}

export async function failureCode(loading: Promise<LoadedDocument>): Promise<string | undefined> {
	return (await loading).failure?.code;
}
