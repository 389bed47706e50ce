/** The memory that other organizations' data can take in a resolver. */
import { expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import type { DocumentFetcher } from "../../src/document/fetch/fetch-document.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createDocumentLoader, type DocumentLoader } from "../../src/resolver/document-loader.ts";
import { createRecordCache } from "../../src/resolver/record-cache.ts";
import { toSuccess } from "../../src/resolver/resolution-result.ts";
import { bytesOf, NOW, recordOf } from "../support/org-documents.ts";

const orgIdOf = (index: number): OrgId => `0x${index.toString(16).padStart(64, "0")}`;
const didOf = (index: number): string => `did:orgid:100:${orgIdOf(index)}`;

function loaderOf(fetchDocument: DocumentFetcher, maxKeptBytes?: number): DocumentLoader {
	return createDocumentLoader({
		fetchDocument,
		timeoutMs: 5_000,
		...(maxKeptBytes === undefined ? {} : { maxKeptBytes }),
		isCurrent: () => true,
		loadDelegate: () => Promise.reject(new Error("not asked for")),
		acceptPrettyPrintedHash: false,
		negativeTtlSeconds: 5,
		maxStaleSeconds: 0,
		maxEntries: 10_000,
		now: () => NOW,
	});
}

it("T48: evicts long documents before they fill the memory, and keeps short ones", async () => {
	const fetched: string[] = [];
	const documents = new Map<string, Uint8Array>();
	const loader = loaderOf(async (uri) => {
		fetched.push(uri);
		return new Uint8Array(documents.get(uri) as Uint8Array);
	}, 33_000);
	const publish = (index: number, length: number): OrgRecord => {
		const did = didOf(index);
		const uri = `https://host.example/${index}`;
		const bytes = bytesOf({ id: did, filler: "x".repeat(length) });
		documents.set(uri, bytes);
		return recordOf("orgid-v1", {
			...{ did, orgId: orgIdOf(index), document: { uris: [uri], hash: hashDocument(bytes) } },
		});
	};
	const short = publish(0, 10);
	const long = Array.from({ length: 36 }, (_, index) => publish(index + 1, 1_000));
	for (const record of long) {
		expect(await loader.load(record)).toHaveProperty("document");
		expect(await loader.load(short)).toHaveProperty("document");
	}
	expect(fetched).toHaveLength(37);
	await loader.load(long.at(-1) as OrgRecord);
	expect(fetched).toHaveLength(37);
	await loader.load(long[0] as OrgRecord);
	expect(fetched).toHaveLength(38);
});

it("T48: evicts records with thousands of delegates before they fill the memory", async () => {
	let reads = 0;
	const delegates = Array.from({ length: 10_000 }, (_, index) => `${didOf(index)}#webserver`);
	const read = async (orgId: OrgId): Promise<OrgRecord> => {
		reads += 1;
		return recordOf("orgid-v3", { did: `did:orgid:100:${orgId}`, orgId, delegates });
	};
	const limits = {
		ttlSeconds: 60,
		negativeTtlSeconds: 5,
		staleIfErrorSeconds: 0,
		refreshCooldownSeconds: 10,
		maxEntries: 10_000,
	};
	const cache = createRecordCache(
		() => ({ read }) as unknown as Registry,
		limits,
		() => NOW,
	);
	const get = (index: number) => cache.get({ did: didOf(index), chainId: 100, orgId: orgIdOf(index) });
	for (let index = 0; index < 80; index++) await get(index);
	await get(79);
	expect(reads).toBe(80);
	await get(0);
	expect(reads).toBe(81);
});

it("T48: doesn't reuse the DID document of another version of the same record", () => {
	const record = recordOf("orgid-v3");
	const service = (id: string) => [{ id: `${record.did}#${id}`, type: "x", serviceEndpoint: "x" }];
	const known = (id: string) => {
		const subject = { id: record.did };
		const methods = { methods: [], capabilityDelegation: [], deactivated: false, subject };
		const orgJson = { generation: "1.x", id: record.did, service: service(id), ...methods } as const;
		return { record, document: { orgJson } };
	};
	for (const id of ["first", "second"]) {
		const { didDocument } = toSuccess(known(id), record.did, NOW);
		expect(didDocument?.service).toEqual(service(id));
	}
});

it("T47: an unexpected error while loading a document reaches the caller, and isn't cached", async () => {
	let calls = 0;
	const loader = loaderOf(() => {
		calls += 1;
		return Promise.reject(new TypeError("a defect"));
	});
	const record = recordOf("orgid-v3", { document: { uris: ["https://host.example/"] } });
	await expect(loader.load(record)).rejects.toThrow("a defect");
	await expect(loader.load(record)).rejects.toThrow("a defect");
	expect(calls).toBe(2);
});
