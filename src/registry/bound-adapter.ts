/**
 * An adapter bound to one contract: reads organizations and converts them to records.
 * @module
 */
import DataLoader from "dataloader";
import { Contract } from "ethers";
import { formatDidUrl, type OrgId } from "../did/did-url.js";
import type { ContractReader, ReadResult, RegistryAdapter } from "./adapters/adapter.js";
import { type BlockTag, readBlockNumber } from "./block.js";
import type { Connection } from "./connection.js";
import type { OrgRecord } from "./org-record.js";

/** An adapter with the contract and the connection that it uses. */
export interface BoundAdapter {
	readonly adapter: RegistryAdapter;
	readonly connection: Connection;
	readonly contract: Contract;
	readonly reader: ContractReader;
	/** Reads an organization, batched with all other simultaneous reads. */
	read(orgId: OrgId, blockTag: BlockTag): Promise<OrgRecord | undefined>;
}

type RecordLoader = DataLoader<OrgId, OrgRecord | undefined>;

export function bindAdapter(adapter: RegistryAdapter, connection: Connection): BoundAdapter {
	const { chainId, address } = connection;
	const contract = new Contract(address, adapter.abi, connection.provider);
	const reader: ContractReader = {
		call: <T>(name: string, args: readonly unknown[], blockTag: BlockTag, isDivisible = false) => {
			const view = contract.getFunction(name);
			return connection.read(() => view.staticCallResult(...args, { blockTag }) as Promise<T>, isDivisible);
		},
		readBlockNumber: (blockTag) => readBlockNumber(connection, blockTag),
	};
	const loaders = new Map<BlockTag, RecordLoader>();
	return { adapter, connection, contract, reader, read: (orgId, blockTag) => loaderOf(blockTag).load(orgId) };

	function loaderOf(blockTag: BlockTag): RecordLoader {
		const known = loaders.get(blockTag);
		if (known !== undefined) return known;
		const load = async (requested: readonly OrgId[]): Promise<readonly (OrgRecord | undefined | Error)[]> => {
			const orgIds = [...new Set(requested)];
			const results = await readMany(orgIds, blockTag);
			const records = new Map(orgIds.map((orgId, index) => [orgId, toRecord(orgId, results[index])]));
			return requested.map((orgId) => records.get(orgId));
		};
		// dataloader's types don't allow `undefined` as a result.
		const loader = new DataLoader(load as (orgIds: readonly OrgId[]) => Promise<(OrgRecord | Error)[]>, {
			cache: false,
			maxBatchSize: adapter.maxBatch,
		}) as RecordLoader;
		if (typeof blockTag === "string") loaders.set(blockTag, loader);
		return loader;
	}

	async function readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const blockNumbers = new Map<BlockTag, Promise<number>>();
		const batchReader: ContractReader = {
			...reader,
			readBlockNumber: (tag) => {
				const blockNumber = blockNumbers.get(tag) ?? reader.readBlockNumber(tag);
				blockNumbers.set(tag, blockNumber);
				return blockNumber;
			},
		};
		if (adapter.readMany !== undefined) return adapter.readMany(batchReader, orgIds, blockTag);
		const reads = orgIds.map((orgId) => adapter.read(batchReader, orgId, blockTag));
		const settled = await Promise.allSettled(reads);
		return settled.map((result) => (result.status === "fulfilled" ? result.value : (result.reason as Error)));
	}

	function toRecord(orgId: OrgId, state: ReadResult): OrgRecord | undefined | Error {
		if (state === undefined || state instanceof Error) return state;
		return freezeDeeply<OrgRecord>({
			did: formatDidUrl({ chainId, orgId }),
			kind: adapter.name,
			documentEvidence: adapter.documentEvidence,
			chainId,
			registry: address,
			orgId,
			...state,
		});
	}
}

function freezeDeeply<T>(value: T): T {
	if (typeof value !== "object" || value === null) return value;
	for (const member of Object.values(value)) freezeDeeply(member);
	return Object.freeze(value);
}
