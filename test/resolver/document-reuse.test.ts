/** Which documents are used without being fetched again: during outages, for delegations, by copies. */
import { beforeEach, describe, expect, it } from "vitest";
import type { DocumentError } from "../../src/errors/errors.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { DocumentLoader, LoadedDelegate } from "../../src/resolver/document-loader.ts";
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
import { bytesOf, did, foreignDid, NOW, owner, recordOf, signedBytes } from "../support/org-documents.ts";
import { until } from "../support/patient-timers.ts";

const SIGNED = await signedBytes();

let stage: LoaderStage;
let loader: DocumentLoader;
beforeEach(() => {
	stage = createLoaderStage();
	stage.files.set(A, SIGNED);
	loader = stage.create();
});

describe("while the host is down", () => {
	beforeEach(async () => {
		loader = stage.create({ maxStaleSeconds: 100 });
		await loader.load(signedRecord());
		stage.fetched = [];
		stage.files.set(A, OUTAGE);
	});

	it("the earlier document of the same state is used for maxStaleSeconds since it was fetched", async () => {
		stage.clock += 99;
		const stale = await loader.load(signedRecord());
		expect(stale).toMatchObject({ isStale: true, uri: A, document: { orgJson: { id: did } } });
		expect(stale).not.toHaveProperty("failure");
		stage.clock += 1;
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
	});

	it("it isn't used if the clock was set back, or by default", async () => {
		stage.clock -= 100;
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
		loader = stage.create();
		stage.files.set(A, SIGNED);
		await loader.load(signedRecord());
		stage.files.set(A, OUTAGE);
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
	});

	it.each<[string, Partial<OrgRecord>, Error]>([
		["the record changed", { delegates: [`${foreignDid}#k`] }, OUTAGE],
		["the host says that it is gone", {}, GONE],
	])("it isn't used if %s", async (_what, members, error) => {
		stage.files.set(A, error);
		expect(await failureCode(loader.load(signedRecord([A], members)))).toBe((error as DocumentError).code);
	});

	it("nothing waits for the host again, and it is asked every negativeTtlSeconds", async () => {
		const record = signedRecord();
		const stale = await loader.load(record);
		stage.clock += 4;
		expect(loader.peek(record)).toBe(stale);
		stage.clock += 1;
		expect(loader.peek(record)).toBeUndefined();
		const { promise, resolve } = Promise.withResolvers<Uint8Array>();
		stage.files.set(A, promise);
		expect(await loader.load(record)).toBe(stale);
		expect(loader.peek(record)).toBe(stale);
		expect(stage.fetched).toHaveLength(2);
		resolve(SIGNED);
		await until(() => loader.peek(record)?.isStale !== true);
		expect(loader.peek(record)).toMatchObject({ uri: A });
	});

	it("a document that is used in vain again counts from when it was fetched", async () => {
		stage.clock += 60;
		await loader.load(signedRecord());
		stage.clock += 39;
		expect(await loader.load(signedRecord())).toMatchObject({ isStale: true });
		stage.clock += 1;
		expect(await failureCode(loader.load(signedRecord()))).toBe("document/unreachable");
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
		stage.files.set(A, await signedBytes({ capabilityDelegation: [keyName] }, { verificationMethod: keyName }));
		loader = stage.create({
			async loadDelegate(name, path) {
				asked.push([name.did, name.fragment, path]);
				return delegate;
			},
		});
	});
	const delegated = (): OrgRecord => signedRecord([A], { delegates: [keyName] });

	it("is used as long as the delegate's record and key are", async () => {
		const record = delegated();
		const loaded = await loader.load(record);
		expect(loaded).toMatchObject({ via, delegationEndsAt: NOW + 50, document: { credential: { signer: keyName } } });
		expect(loaded).not.toHaveProperty("isStale");
		expect(asked).toEqual([[foreignDid, "k", [did]]]);
		stage.isCurrent = (known) => known !== via[0];
		expect(loader.peek(record)).toBeUndefined();
		stage.isCurrent = () => true;
		stage.clock = NOW + 49.9;
		expect(loader.peek(record)).toBe(loaded);
		expect(await loader.load(record)).toBe(loaded);
		stage.clock = NOW + 50;
		expect(loader.peek(record)).toBeUndefined();
		await loader.load(record);
		expect(stage.fetched).toHaveLength(2);
	});

	it("is stale if the delegate's is", async () => {
		delegate = { ...delegate, isStale: true };
		expect(await loader.load(delegated())).toMatchObject({ isStale: true });
	});

	it("isn't used during an outage if the delegate's record isn't current", async () => {
		const stale = { maxStaleSeconds: 100, loadDelegate: async () => delegate };
		loader = stage.create(stale);
		await loader.load(delegated());
		stage.files.set(A, OUTAGE);
		stage.isCurrent = () => false;
		expect(await failureCode(loader.load(delegated()))).toBe("document/unreachable");
		stage.isCurrent = () => true;
		expect(await loader.load(delegated())).toMatchObject({ failure: OUTAGE });
	});

	it("is used for other organizations' delegations if the chain is short enough and no circle", async () => {
		const record = delegated();
		const loaded = await loader.load(record);
		stage.fetched = [];
		for (const [path, isUsed] of [
			[["x"], true],
			[["x", "y"], true],
			[["x", "y", "z"], false],
			[["x", foreignDid], false],
			[[], false],
		] as const) {
			stage.fetched = [];
			const found = await loader.loadFor(record, path);
			expect([found === loaded, stage.fetched.length], String(path)).toEqual([isUsed, isUsed ? 0 : 1]);
		}
		expect(asked.at(-2)).toEqual([foreignDid, "k", ["x", foreignDid, did]]);
		stage.isCurrent = () => false;
		expect(await loader.loadFor(record, ["x"])).not.toBe(loaded);
	});
});

describe("a loader with an original", () => {
	it("uses its documents and its history, but the original learns nothing", async () => {
		const original = stage.create({ maxStaleSeconds: 100 });
		const copy = stage.create({ original, maxStaleSeconds: 100 });
		const record = signedRecord();
		const loaded = await original.load(record);
		expect(copy.peek(record)).toBe(loaded);
		stage.files.set(B, PLAIN);
		await original.load(hashedRecord([B]));
		stage.fetched = [];
		expect(await copy.load(hashedRecord())).toMatchObject({ size: PLAIN.length });
		expect(stage.fetched).toEqual([]);
		stage.files.set(A, await signedBytes({}, { now: NOW - 60 }));
		expect(await failureCode(copy.load(signedRecord()))).toBe("document/rolled-back");
		await original.load(record);
		const other = stage.create({ maxStaleSeconds: 100, original });
		stage.files.set(A, SIGNED);
		const fresh = signedRecord();
		await other.load(fresh);
		expect(original.peek(fresh)).toBeUndefined();
	});

	it("uses its last document while the host is down", async () => {
		const original = stage.create({ maxStaleSeconds: 100 });
		await original.load(signedRecord());
		stage.files.set(A, OUTAGE);
		const copy = stage.create({ original, maxStaleSeconds: 100 });
		expect(await copy.load(signedRecord())).toMatchObject({ isStale: true });
	});
});

describe("what is kept", () => {
	const entryOf = async (name: string): Promise<OrgRecord> => {
		const bytes = bytesOf({ id: did, note: name });
		stage.files.set(name, bytes);
		const record = hashedRecord([name], bytes);
		const own = { ...record, did: `${did}` };
		await loader.load(own);
		return own;
	};

	it("has a size in bytes", async () => {
		const size = bytesOf({ id: did, note: "1" }).length;
		loader = stage.create({ maxKeptBytes: 2 * size });
		const records = [await entryOf("1"), await entryOf("2"), await entryOf("3")];
		const known = records.map(({ document }) => loader.byHash(did, document?.hash as string) !== undefined);
		expect(known).toEqual([false, true, true]);
	});

	it("has a number", async () => {
		loader = stage.create({ maxEntries: 2 });
		const records = [await entryOf("1"), await entryOf("2"), await entryOf("3")];
		const known = records.map(({ document }) => loader.byHash(did, document?.hash as string) !== undefined);
		expect(known).toEqual([false, true, true]);
	});
});
