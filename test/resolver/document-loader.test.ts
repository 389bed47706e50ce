/** Which documents are fetched when, and how long they are used: with hosts that fail as real ones do rarely. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { hashDocument } from "../../src/document/document-hash.ts";
import { DocumentError } from "../../src/errors/errors.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import {
	createDocumentLoader,
	type DocumentLoader,
	type DocumentLoaderOptions,
	type LoadedDelegate,
	type LoadedDocument,
} from "../../src/resolver/document-loader.ts";
import { stopClock } from "../support/node-cluster.ts";
import { bytesOf, did, foreignDid, NOW, owner, recordOf, signedBytes } from "../support/org-documents.ts";
import { recordOperations } from "../support/recording-observer.ts";

const A = "https://a.example/";
const B = "https://b.example/";
const PLAIN = bytesOf({ id: did, publicKey: [] });
const SIGNED = await signedBytes();
const OUTAGE = new DocumentError("document/unreachable", "down");
const GONE = new DocumentError("document/status", "gone");

let clock: number;
let files: Map<string, Uint8Array | Error | Promise<Uint8Array>>;
let fetched: [string, number | undefined][];
let isCurrent: (record: OrgRecord) => boolean;
let loader: DocumentLoader;
beforeEach(() => {
	clock = NOW;
	files = new Map<string, Uint8Array>([[A, SIGNED]]);
	fetched = [];
	isCurrent = () => true;
	loader = create();
});

function create(options: Partial<DocumentLoaderOptions> = {}): DocumentLoader {
	return createDocumentLoader({
		async fetchDocument(uri, limitMs) {
			fetched.push([uri, limitMs]);
			const file = await files.get(uri);
			if (file === undefined) throw GONE;
			if (file instanceof Error) throw file;
			return file as Uint8Array<ArrayBuffer>;
		},
		timeoutMs: 8_000,
		isCurrent: (record) => isCurrent(record),
		loadDelegate: () => Promise.reject(new DocumentError("document/delegation", "no delegates")),
		acceptPrettyPrintedHash: false,
		...{ negativeTtlSeconds: 5, maxStaleSeconds: 0, maxEntries: 10 },
		now: () => clock,
		...options,
	});
}

/** A record whose document is signed. */
const signed = (uris: readonly string[] = [A], members: Partial<OrgRecord> = {}): OrgRecord =>
	recordOf("orgid-v3", { document: { uris }, ...members });
/** A record with a hash. */
const hashed = (uris: readonly string[] = [A], bytes = PLAIN): OrgRecord =>
	recordOf("orgpass", { document: { uris, hash: hashDocument(bytes) } });
const codeOf = async (loading: Promise<LoadedDocument>): Promise<string | undefined> => (await loading).failure?.code;

describe("an organization without a document", () => {
	it("needs no request", async () => {
		const record = recordOf("orgpass");
		expect(loader.peek(record)).toEqual({});
		expect(loader.isLocal(record)).toBe(true);
		expect(await loader.load(record)).toEqual({});
		expect(fetched).toEqual([]);
	});
});

describe("a document with a hash", () => {
	beforeEach(() => void files.set(A, PLAIN));

	it("is fetched once, for all records", async () => {
		const [first, second] = [hashed(), hashed([B])];
		expect(loader.peek(first)).toBeUndefined();
		expect(loader.isLocal(first)).toBe(false);
		const loaded = await loader.load(first);
		expect(loaded).toMatchObject({ uri: A, size: PLAIN.length, document: { orgJson: { id: did } } });
		expect(loader.peek(first)).toBe(loaded);
		expect(await loader.load(first)).toBe(loaded);
		expect(loader.peek(second)).toBeUndefined();
		expect(loader.isLocal(second)).toBe(true);
		const again = await loader.load(second);
		expect(again).toEqual({ document: loaded.document, size: PLAIN.length });
		expect(await loader.loadPast(hashed())).toEqual(again);
		expect(fetched).toHaveLength(1);
		expect(loader.byHash(did, hashDocument(PLAIN))).toEqual(again);
		loader.clear();
		expect([loader.peek(second), loader.byHash(did, hashDocument(PLAIN))]).toEqual([undefined, undefined]);
	});

	it("may be older than the one before", async () => {
		const [later, earlier] = ["2023", "2022"].map((year) => bytesOf({ id: did, updated: `${year}-01-01T00:00:00Z` }));
		for (const bytes of [later, earlier] as Uint8Array[]) {
			files.set(A, bytes);
			expect(await codeOf(loader.load(hashed([A], bytes)))).toBeUndefined();
		}
	});

	it.each([
		[["data:,x"], true],
		[["DATA:,x", "data:,y"], true],
		[["data:,x", A], false],
		[["x-data:,x"], false],
	])("at %j can be loaded without a request: %o", (uris, isLocal) => {
		expect(loader.isLocal(hashed(uris))).toBe(isLocal);
		expect(loader.isLocal(signed(uris))).toBe(false);
	});
});

describe("the addresses of a document", () => {
	it("are tried in turn, and share the time", async () => {
		const { pass } = stopClock();
		onTestFinished(() => void vi.restoreAllMocks());
		files.set(A, GONE);
		files.set(B, SIGNED);
		expect(await loader.load(signed([A, B]))).toMatchObject({ uri: B });
		expect(fetched).toEqual([
			[A, 4_000],
			[B, 8_000],
		]);
		fetched = [];
		const slow = create({
			async fetchDocument(uri, limitMs) {
				fetched.push([uri, limitMs]);
				pass(3_000);
				throw OUTAGE;
			},
		});
		await slow.load(signed([A, B, A, B]));
		expect(fetched.map(([, limitMs]) => limitMs)).toEqual([2_000, 5_000 / 3, 1_000, 1]);
	});

	it.each([
		[[A], [GONE], "document/status"],
		[[A, B], [GONE, OUTAGE], "document/unreachable"],
		[[A, B], [new DocumentError("document/too-large", "x"), GONE], "document/too-large"],
		[[], [], "document/uri-refused"],
	])("that all fail are an outage if one is: %j", async (uris, errors, code) => {
		uris.forEach((uri, at) => void files.set(uri, errors[at] as Error));
		expect(await codeOf(loader.load(signed(uris)))).toBe(code);
	});

	it("that serve no JSON are an outage, unless it is the address itself", async () => {
		files.set(A, bytesOf("<html>"));
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
		files.set("data:,<html>", bytesOf("<html>"));
		expect(await codeOf(loader.load(signed(["data:,<html>"])))).toBe("document/malformed");
	});

	it("are observed", async () => {
		const { observer, of } = recordOperations();
		loader = create({ observer });
		files.set("data:,x", SIGNED);
		for (const uri of [A, "data:,x", "x"]) await loader.load(signed([uri]));
		const seen = { operation: "document", did };
		expect(of("document")).toMatchObject([
			{ ...seen, host: "a.example", outcome: "ok", receivedBytes: SIGNED.length },
			{ ...seen, outcome: "ok", receivedBytes: SIGNED.length },
			{ ...seen, outcome: "denied", code: "document/status" },
		]);
		expect(of("document").map((one) => "host" in one)).toEqual([true, false, false]);
	});
});

describe("a document without a hash", () => {
	it("is fetched for each record, once for all callers", async () => {
		const record = signed();
		const [first, second] = await Promise.all([loader.load(record), loader.load(record)]);
		expect(second).toBe(first);
		expect(first).toMatchObject({ document: { credential: { signer: "owner" } }, uri: A });
		expect(fetched).toHaveLength(1);
		await loader.load(signed());
		expect(fetched).toHaveLength(2);
		clock += 10 ** 6;
		expect(await loader.load(signed())).toMatchObject({ uri: A });
	});

	it("may not be older than the newest one seen, but an earlier record's may", async () => {
		await loader.load(signed());
		files.set(A, await signedBytes({}, { now: NOW - 60 }));
		expect(await codeOf(loader.load(signed()))).toBe("document/rolled-back");
		expect(await codeOf(loader.loadPast(signed()))).toBeUndefined();
	});

	it("that deactivates the organization still does so during an outage, until another one doesn't", async () => {
		files.set(A, await signedBytes({ deactivated: true }));
		expect(await loader.load(signed())).not.toHaveProperty("wasDeactivated");
		files.set(A, OUTAGE);
		expect(await loader.load(signed())).toMatchObject({ failure: OUTAGE, wasDeactivated: true });
		expect(await loader.loadPast(signed())).toStrictEqual({ failure: OUTAGE });
		files.set(A, SIGNED);
		await loader.loadPast(signed());
		files.set(A, OUTAGE);
		expect(await loader.load(signed())).toMatchObject({ wasDeactivated: true });
		files.set(A, SIGNED);
		await loader.load(signed());
		files.set(A, OUTAGE);
		expect(await loader.load(signed())).toStrictEqual({ failure: OUTAGE });
	});
});

describe("a document that can't be loaded", () => {
	it.each([1, -1])("is tried again after negativeTtlSeconds, whichever way the clock goes (%d)", async (direction) => {
		const record = signed();
		files.set(A, GONE);
		const failed = await loader.load(record);
		clock += 4.9 * direction;
		expect(loader.peek(record)).toBe(failed);
		expect(await loader.load(record)).toBe(failed);
		expect(fetched).toHaveLength(1);
		clock += 0.1 * direction;
		expect(loader.peek(record)).toBeUndefined();
		files.set(A, SIGNED);
		expect(await loader.load(record)).toMatchObject({ uri: A });
	});

	it("because of a bug isn't remembered", async () => {
		const record = signed();
		files.set(A, new RangeError("a bug"));
		await expect(loader.load(record)).rejects.toThrow("a bug");
		files.set(A, SIGNED);
		expect(await loader.load(record)).toMatchObject({ uri: A });
	});

	it("because a thousand others are being fetched is an outage", async () => {
		const { promise, resolve } = Promise.withResolvers<Uint8Array>();
		files.set(B, promise);
		const dids = Array.from({ length: 1_000 }, (_, at) => `${did}${at}`);
		const loading = dids.map((name) => loader.load(signed([B], { did: name })));
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
		expect(fetched).toHaveLength(1_000);
		resolve(SIGNED);
		await Promise.allSettled(loading);
		expect(await codeOf(loader.loadPast(signed()))).toBeUndefined();
	});
});

describe("while the host is down", () => {
	beforeEach(async () => {
		loader = create({ maxStaleSeconds: 100 });
		await loader.load(signed());
		fetched = [];
		files.set(A, OUTAGE);
	});

	it("the earlier document of the same state is used for maxStaleSeconds since it was fetched", async () => {
		clock += 99;
		const stale = await loader.load(signed());
		expect(stale).toMatchObject({ isStale: true, uri: A, document: { orgJson: { id: did } } });
		expect(stale).not.toHaveProperty("failure");
		clock += 1;
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
	});

	it("it isn't used if the clock was set back, or by default", async () => {
		clock -= 100;
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
		loader = create();
		files.set(A, SIGNED);
		await loader.load(signed());
		files.set(A, OUTAGE);
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
	});

	it.each<[string, Partial<OrgRecord>, Error]>([
		["the record changed", { delegates: [`${foreignDid}#k`] }, OUTAGE],
		["the host says that it is gone", {}, GONE],
	])("it isn't used if %s", async (_what, members, error) => {
		files.set(A, error);
		expect(await codeOf(loader.load(signed([A], members)))).toBe((error as DocumentError).code);
	});

	it("nothing waits for the host again, and it is asked every negativeTtlSeconds", async () => {
		const record = signed();
		const stale = await loader.load(record);
		clock += 4;
		expect(loader.peek(record)).toBe(stale);
		clock += 1;
		expect(loader.peek(record)).toBeUndefined();
		const { promise, resolve } = Promise.withResolvers<Uint8Array>();
		files.set(A, promise);
		expect(await loader.load(record)).toBe(stale);
		expect(loader.peek(record)).toBe(stale);
		expect(fetched).toHaveLength(2);
		resolve(SIGNED);
		await vi.waitFor(() => expect(loader.peek(record)?.isStale).toBeUndefined());
		expect(loader.peek(record)).toMatchObject({ uri: A });
	});

	it("a document that is used in vain again counts from when it was fetched", async () => {
		clock += 60;
		await loader.load(signed());
		clock += 39;
		expect(await loader.load(signed())).toMatchObject({ isStale: true });
		clock += 1;
		expect(await codeOf(loader.load(signed()))).toBe("document/unreachable");
	});
});

describe("a document that a delegate signed", () => {
	const keyName = `${foreignDid}#k`;
	const via = [recordOf("orgpass", { did: foreignDid })];
	let delegate: LoadedDelegate;
	let asked: unknown[][];
	beforeEach(async () => {
		asked = [];
		const blockchainAccountId = `eip155:100:${owner.address}`;
		const method = {
			id: keyName,
			type: "EcdsaSecp256k1RecoveryMethod2020",
			controller: foreignDid,
			blockchainAccountId,
		};
		delegate = { method, via, isStale: false, endsAt: NOW + 50 };
		files.set(A, await signedBytes({ capabilityDelegation: [keyName] }, { verificationMethod: keyName }));
		loader = create({
			async loadDelegate(name, path) {
				asked.push([name.did, name.fragment, path]);
				return delegate;
			},
		});
	});
	const delegated = (): OrgRecord => signed([A], { delegates: [keyName] });

	it("is used as long as the delegate's record and key are", async () => {
		const record = delegated();
		const loaded = await loader.load(record);
		expect(loaded).toMatchObject({ via, delegationEndsAt: NOW + 50, document: { credential: { signer: keyName } } });
		expect(loaded).not.toHaveProperty("isStale");
		expect(asked).toEqual([[foreignDid, "k", [did]]]);
		isCurrent = (known) => known !== via[0];
		expect(loader.peek(record)).toBeUndefined();
		isCurrent = () => true;
		clock = NOW + 49.9;
		expect(loader.peek(record)).toBe(loaded);
		expect(await loader.load(record)).toBe(loaded);
		clock = NOW + 50;
		expect(loader.peek(record)).toBeUndefined();
		await loader.load(record);
		expect(fetched).toHaveLength(2);
	});

	it("is stale if the delegate's is", async () => {
		delegate = { ...delegate, isStale: true };
		expect(await loader.load(delegated())).toMatchObject({ isStale: true });
	});

	it("isn't used during an outage if the delegate's record isn't current", async () => {
		const stale = { maxStaleSeconds: 100, loadDelegate: async () => delegate };
		loader = create(stale);
		await loader.load(delegated());
		files.set(A, OUTAGE);
		isCurrent = () => false;
		expect(await codeOf(loader.load(delegated()))).toBe("document/unreachable");
		isCurrent = () => true;
		expect(await loader.load(delegated())).toMatchObject({ failure: OUTAGE });
	});

	it("is used for other organizations' delegations if the chain is short enough and no circle", async () => {
		const record = delegated();
		const loaded = await loader.load(record);
		fetched = [];
		for (const [path, isUsed] of [
			[["x"], true],
			[["x", "y"], true],
			[["x", "y", "z"], false],
			[["x", foreignDid], false],
			[[], false],
		] as const) {
			fetched = [];
			const found = await loader.loadFor(record, path);
			expect([found === loaded, fetched.length], String(path)).toEqual([isUsed, isUsed ? 0 : 1]);
		}
		expect(asked.at(-2)).toEqual([foreignDid, "k", ["x", foreignDid, did]]);
		isCurrent = () => false;
		expect(await loader.loadFor(record, ["x"])).not.toBe(loaded);
	});
});

describe("a loader with an original", () => {
	it("uses its documents and its history, but the original learns nothing", async () => {
		const original = create({ maxStaleSeconds: 100 });
		const copy = create({ original, maxStaleSeconds: 100 });
		const record = signed();
		const loaded = await original.load(record);
		expect(copy.peek(record)).toBe(loaded);
		files.set(B, PLAIN);
		await original.load(hashed([B]));
		fetched = [];
		expect(await copy.load(hashed())).toMatchObject({ size: PLAIN.length });
		expect(fetched).toEqual([]);
		files.set(A, await signedBytes({}, { now: NOW - 60 }));
		expect(await codeOf(copy.load(signed()))).toBe("document/rolled-back");
		await original.load(record);
		const other = create({ maxStaleSeconds: 100, original });
		files.set(A, SIGNED);
		const fresh = signed();
		await other.load(fresh);
		expect(original.peek(fresh)).toBeUndefined();
	});

	it("uses its last document while the host is down", async () => {
		const original = create({ maxStaleSeconds: 100 });
		await original.load(signed());
		files.set(A, OUTAGE);
		const copy = create({ original, maxStaleSeconds: 100 });
		expect(await copy.load(signed())).toMatchObject({ isStale: true });
	});
});

describe("what is kept", () => {
	const entryOf = async (name: string): Promise<OrgRecord> => {
		const bytes = bytesOf({ id: did, note: name });
		files.set(name, bytes);
		const record = hashed([name], bytes);
		const own = { ...record, did: `${did}` };
		await loader.load(own);
		return own;
	};

	it("has a size in bytes", async () => {
		const size = bytesOf({ id: did, note: "1" }).length;
		loader = create({ maxKeptBytes: 2 * size });
		const records = [await entryOf("1"), await entryOf("2"), await entryOf("3")];
		const known = records.map(({ document }) => loader.byHash(did, document?.hash as string) !== undefined);
		expect(known).toEqual([false, true, true]);
	});

	it("has a number", async () => {
		loader = create({ maxEntries: 2 });
		const records = [await entryOf("1"), await entryOf("2"), await entryOf("3")];
		const known = records.map(({ document }) => loader.byHash(did, document?.hash as string) !== undefined);
		expect(known).toEqual([false, true, true]);
	});
});
