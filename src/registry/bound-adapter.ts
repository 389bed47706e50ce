/**
 * An adapter bound to one contract: reads organizations and converts them to records.
 * @module
 */
import DataLoader from "dataloader";
import { formatDidUrl, type OrgId } from "../did/did-url.js";
import { nextTurn } from "../encoding/next-turn.js";
import { type ContractAbi, toContractAbi } from "./abi/contract-abi.js";
import type { ContractReader, ReadResult, RegistryAdapter } from "./adapters/adapter.js";
import { type BlockTag, readBlockNumber } from "./block.js";
import type { Connection } from "./connection.js";
import type { OrganizationState, OrgRecord } from "./org-record.js";

/** An adapter with the contract and the connection that it uses. */
export interface BoundAdapter {
	readonly adapter: RegistryAdapter;
	readonly connection: Connection;
	readonly abi: ContractAbi;
	readonly reader: ContractReader;
	/** A reader that makes identical calls of this turn of the event loop only once; they are sent in one batch. */
	readerOfTurn(): ContractReader;
	/** Reads an organization, batched with all other simultaneous reads. */
	read(orgId: OrgId, blockTag: BlockTag): Promise<OrgRecord | undefined>;
}

type StateLoader = DataLoader<OrgId, OrganizationState | undefined>;

/** A batch is sent in the next turn, unless its request ended before: then later reads must not wait for it. */
const MAX_LOADER_AGE_MS = 1_000;

/** Kept because parsing an ABI takes milliseconds. */
const abis = new WeakMap<RegistryAdapter, ContractAbi>();

export function bindAdapter(adapter: RegistryAdapter, connection: Connection): BoundAdapter {
	const { chainId, address } = connection;
	const abi = abiOf(adapter);
	const reader: ContractReader = {
		call: async <T>(name: string, args: readonly unknown[], blockTag: BlockTag, isDivisible = false) => {
			const called = abi.functionOf(name);
			if (called === undefined) throw new TypeError(`the ABI of ${adapter.name} has no function ${name}`);
			const data = called.encodeCall(args);
			return connection.call({ data, blockTag, isDivisible }, (result) => called.decodeResults(result) as T);
		},
		readBlockNumber: (blockTag) => readBlockNumber(connection, blockTag),
	};
	const loaders = new Map<BlockTag, { readonly loader: StateLoader; readonly openedAt: number }>();
	let turn: { readonly reader: ContractReader; readonly openedAt: number } | undefined;
	return { adapter, connection, abi, reader, readerOfTurn, read };

	function readerOfTurn(): ContractReader {
		const openedAt = performance.now();
		if (turn !== undefined && openedAt - turn.openedAt < MAX_LOADER_AGE_MS) return turn.reader;
		const opened = { reader: shareCalls(reader), openedAt };
		turn = opened;
		void nextTurn().then(() => {
			if (turn === opened) turn = undefined;
		});
		return opened.reader;
	}

	async function read(orgId: OrgId, blockTag: BlockTag): Promise<OrgRecord | undefined> {
		const reading = loaderOf(blockTag).load(orgId);
		const state = await reading.finally(connection.turns.take);
		return state && toRecord(orgId, state);
	}

	function loaderOf(blockTag: BlockTag): StateLoader {
		const known = loaders.get(blockTag);
		const openedAt = performance.now();
		if (known !== undefined && openedAt - known.openedAt < MAX_LOADER_AGE_MS) return known.loader;
		const load = async (requested: readonly OrgId[]): Promise<readonly ReadResult[]> => {
			const orgIds = [...new Set(requested)];
			const results = await readMany(orgIds, blockTag);
			const states = new Map(orgIds.map((orgId, index) => [orgId, results[index]]));
			return requested.map((orgId) => states.get(orgId));
		};
		// dataloader's types don't allow `undefined` as a result.
		const loader = new DataLoader(load as (orgIds: readonly OrgId[]) => Promise<(OrganizationState | Error)[]>, {
			cache: false,
			maxBatchSize: adapter.maxBatch,
			// By default, dataloader calls `process.nextTick`, which throws in Next.js's Edge Runtime.
			batchScheduleFn: (dispatch) => void nextTurn().then(dispatch),
		}) as StateLoader;
		if (typeof blockTag === "string") loaders.set(blockTag, { loader, openedAt });
		return loader;
	}

	async function readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const batchReader = shareCalls(reader);
		if (adapter.readMany !== undefined) return adapter.readMany(batchReader, orgIds, blockTag);
		const reads = orgIds.map((orgId) => adapter.read(batchReader, orgId, blockTag));
		const settled = await Promise.allSettled(reads);
		return settled.map((result) => (result.status === "fulfilled" ? result.value : (result.reason as Error)));
	}

	function toRecord(orgId: OrgId, state: OrganizationState): OrgRecord {
		const did = formatDidUrl({ chainId, orgId });
		return freezeDeeply<OrgRecord>({
			did,
			kind: adapter.name,
			documentEvidence: adapter.documentEvidence,
			chainId,
			registry: address,
			// A part of the DID, so that its characters are kept only once.
			orgId: did.slice(-orgId.length) as OrgId,
			...state,
		});
	}
}

/** Makes identical calls only once. */
function shareCalls(reader: ContractReader): ContractReader {
	const calls = new Map<string, Promise<unknown>>();
	return {
		call: (name, args, blockTag, isDivisible) =>
			once(`${name} ${args} ${blockTag}`, () => reader.call(name, args, blockTag, isDivisible)),
		readBlockNumber: (blockTag) => once(`${blockTag}`, () => reader.readBlockNumber(blockTag)),
	};

	function once<T>(key: string, work: () => Promise<T>): Promise<T> {
		const call = calls.get(key) ?? work();
		calls.set(key, call);
		return call as Promise<T>;
	}
}

export function freezeDeeply<T>(value: T): T {
	if (typeof value !== "object" || value === null) return value;
	for (const member of Object.values(value)) freezeDeeply(member);
	return Object.freeze(value);
}

/** An adapter's ABI. */
export function abiOf(adapter: RegistryAdapter): ContractAbi {
	const parsed = abis.get(adapter) ?? toContractAbi(adapter.abi);
	abis.set(adapter, parsed);
	return parsed;
}
