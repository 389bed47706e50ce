/** Which documents are fetched, and when again. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { hashDocument } from "../../src/document/document-hash.ts";
import { DocumentError } from "../../src/errors/errors.ts";
import type { DocumentLoader } from "../../src/resolver/document-loader.ts";
import {
	A,
	B,
	createLoaderStage,
	failureCode,
	GONE,
	hashedRecord,
	type LoaderStage,
	OUTAGE,
	PLAIN,
	signedRecord,
} from "../support/loader-stage.ts";
import { stopClock } from "../support/node-cluster.ts";
import { bytesOf, did, NOW, recordOf, signedBytes } from "../support/org-documents.ts";
import { recordOperations } from "../support/recording-observer.ts";

const SIGNED = await signedBytes();

let stage: LoaderStage;
let loader: DocumentLoader;
beforeEach(() => {
	stage = createLoaderStage();
	stage.files.set(A, SIGNED);
	loader = stage.create();
});

describe("an organization without a document", () => {
	it("needs no request", async () => {
		const record = recordOf("orgpass");
		expect(loader.peek(record)).toEqual({});
		expect(loader.isLocal(record)).toBe(true);
		expect(await loader.load(record)).toEqual({});
		expect(stage.fetched).toEqual([]);
	});
});

describe("a document with a hash", () => {
	beforeEach(() => void stage.files.set(A, PLAIN));

	it("is fetched once, for all records", async () => {
		const [first, second] = [hashedRecord(), hashedRecord([B])];
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
		expect(await loader.loadPast(hashedRecord())).toEqual(again);
		expect(stage.fetched).toHaveLength(1);
		expect(loader.byHash(did, hashDocument(PLAIN))).toEqual(again);
		loader.clear();
		expect([loader.peek(second), loader.byHash(did, hashDocument(PLAIN))]).toEqual([undefined, undefined]);
	});

	it("may be older than the one before", async () => {
		const [later, earlier] = ["2023", "2022"].map((year) => bytesOf({ id: did, updated: `${year}-01-01T00:00:00Z` }));
		for (const bytes of [later, earlier] as Uint8Array[]) {
			stage.files.set(A, bytes);
			expect(await failureCode(loader.load(hashedRecord([A], bytes)))).toBeUndefined();
		}
	});

	it.each([
		[["data:,x"], true],
		[["DATA:,x", "data:,y"], true],
		[["data:,x", A], false],
		[["x-data:,x"], false],
	])("at %j can be loaded without a request: %o", (uris, isLocal) => {
		expect(loader.isLocal(hashedRecord(uris))).toBe(isLocal);
		expect(loader.isLocal(signedRecord(uris))).toBe(false);
	});
});

describe("the addresses of a document", () => {
	it("are tried in turn, and share the time", async () => {
		const { pass } = stopClock();
		onTestFinished(() => void vi.restoreAllMocks());
		stage.files.set(A, GONE);
		stage.files.set(B, SIGNED);
		expect(await loader.load(signedRecord([A, B]))).toMatchObject({ uri: B });
		const limits = (): unknown[] => stage.fetched.map(([uri, limitMs = 0]) => [uri, Math.round(limitMs)]);
		expect(limits()).toEqual([
			[A, 4_000],
			[B, 8_000],
		]);
		stage.fetched = [];
		const slow = stage.create({
			async fetchDocument(uri, limitMs) {
				stage.fetched.push([uri, limitMs]);
				pass(3_000);
				throw OUTAGE;
			},
		});
		await slow.load(signedRecord([A, B, A, B]));
		expect(limits()).toEqual([
			[A, 2_000],
			[B, 1_667],
			[A, 1_000],
			[B, 1],
		]);
	});

	it.each([
		[[A], [GONE], "document/status"],
		[[A, B], [GONE, OUTAGE], "document/unreachable"],
		[[A, B], [new DocumentError("document/too-large", "x"), GONE], "document/too-large"],
		[[], [], "document/uri-refused"],
	])("that all fail are an outage if one is: %j", async (uris, errors, code) => {
		uris.forEach((uri, at) => void stage.files.set(uri, errors[at] as Error));
		expect(await failureCode(loader.load(signedRecord(uris)))).toBe(code);
	});

	it("that serve no JSON are an outage, unless it is the address itself", async () => {
		stage.files.set(A, bytesOf("<html>"));
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
		stage.files.set("data:,<html>", bytesOf("<html>"));
		expect(await failureCode(loader.load(signedRecord(["data:,<html>"])))).toBe("document/malformed");
	});

	it("are observed", async () => {
		const { observer, of } = recordOperations();
		loader = stage.create({ observer });
		stage.files.set("data:,x", SIGNED);
		for (const uri of [A, "data:,x", "x"]) await loader.load(signedRecord([uri]));
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
		const record = signedRecord();
		const [first, second] = await Promise.all([loader.load(record), loader.load(record)]);
		expect(second).toBe(first);
		expect(first).toMatchObject({ document: { credential: { signer: "owner" } }, uri: A });
		expect(stage.fetched).toHaveLength(1);
		await loader.load(signedRecord());
		expect(stage.fetched).toHaveLength(2);
		stage.clock += 10 ** 6;
		expect(await loader.load(signedRecord())).toMatchObject({ uri: A });
	});

	it("may not be older than the newest one seen, but an earlier record's may", async () => {
		await loader.load(signedRecord());
		stage.files.set(A, await signedBytes({}, { now: NOW - 60 }));
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/rolled-back");
		expect(await failureCode(loader.loadPast(signedRecord()))).toBeUndefined();
	});

	it("that deactivates the organization still does so during an outage, until another one doesn't", async () => {
		stage.files.set(A, await signedBytes({ deactivated: true }));
		expect(await loader.load(signedRecord())).not.toHaveProperty("wasDeactivated");
		stage.files.set(A, OUTAGE);
		expect(await loader.load(signedRecord())).toMatchObject({ failure: OUTAGE, wasDeactivated: true });
		expect(await loader.loadPast(signedRecord())).toStrictEqual({ failure: OUTAGE });
		stage.files.set(A, SIGNED);
		await loader.loadPast(signedRecord());
		stage.files.set(A, OUTAGE);
		expect(await loader.load(signedRecord())).toMatchObject({ wasDeactivated: true });
		stage.files.set(A, SIGNED);
		await loader.load(signedRecord());
		stage.files.set(A, OUTAGE);
		expect(await loader.load(signedRecord())).toStrictEqual({ failure: OUTAGE });
	});
});

describe("a document that can't be loaded", () => {
	it.each([1, -1])(
		"is tried again after negativeTtlSeconds, whichever way the stage.clock goes (%d)",
		async (direction) => {
			const record = signedRecord();
			stage.files.set(A, GONE);
			const failed = await loader.load(record);
			stage.clock += 4.9 * direction;
			expect(loader.peek(record)).toBe(failed);
			expect(await loader.load(record)).toBe(failed);
			expect(stage.fetched).toHaveLength(1);
			stage.clock += 0.1 * direction;
			expect(loader.peek(record)).toBeUndefined();
			stage.files.set(A, SIGNED);
			expect(await loader.load(record)).toMatchObject({ uri: A });
		},
	);

	it("because of a bug isn't remembered", async () => {
		const record = signedRecord();
		stage.files.set(A, new RangeError("a bug"));
		await expect(loader.load(record)).rejects.toThrow("a bug");
		stage.files.set(A, SIGNED);
		expect(await loader.load(record)).toMatchObject({ uri: A });
	});

	it("because a thousand others are being fetched is an outage", async () => {
		const { promise, resolve } = Promise.withResolvers<Uint8Array>();
		stage.files.set(B, promise);
		const dids = Array.from({ length: 1_000 }, (_, at) => `${did}${at}`);
		const loading = dids.map((name) => loader.load(signedRecord([B], { did: name })));
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
		expect(stage.fetched).toHaveLength(1_000);
		resolve(SIGNED);
		await Promise.allSettled(loading);
		expect(await failureCode(loader.loadPast(signedRecord()))).toBeUndefined();
	});
});
