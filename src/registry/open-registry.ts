/**
 * Reads a registry contract of any generation.
 * @module
 */
import * as v from "valibot";
import { isFragment, type OrgId } from "../did/did-url.js";
import { createSharedWork } from "../network/shared-work.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, looseSchema, optionsSchema } from "../options/schemas.js";
import { blockNumber, nonEmptyString, positiveInteger } from "../options/value-schemas.js";
import type { ContractError, RegistryAdapter } from "./adapters/adapter.js";
import { REGISTRY_KINDS, type RegistryKind } from "./adapters/adapter.js";
import { ADAPTERS } from "./adapters/adapters.js";
import { detectAdapter } from "./adapters/detect-adapter.js";
import { findBlock } from "./block.js";
import { type BoundAdapter, bindAdapter } from "./bound-adapter.js";
import { type Connection, type ConnectionOptions, type ContractCode, connect } from "./connection.js";
import { contractAddress, nodeOptionsSchema, nodeShape, webSocketUrl } from "./connection-schemas.js";
import { createLogFollower, type FollowOptions } from "./log/log-follower.js";
import { readEvents, watchEvents } from "./log/read-events.js";
import { readKey, readRecord } from "./min-block.js";
import type { Address, OnChainKey, OrgRecord } from "./org-record.js";
import type { EventRange, ReadOptions, RegistryReader, StateReadOptions, WatchOptions } from "./registry.js";
import { assertOrgId } from "./write-options.js";

/** Options of {@link createRegistry}: a node by `rpcUrl` or `provider`, the contract, the chain. */
export type RegistryOptions = Omit<ConnectionOptions, "address"> & {
	/** The contract, 20 bytes as `0x…`. */
	readonly address: string;
	/** Its generation; detected by default. */
	readonly kind?: RegistryKind | undefined;
	/** The adapter for a contract of a generation that orgpass doesn't know, instead of `kind`. */
	readonly adapter?: RegistryAdapter | undefined;
	/**
	 * Where a node of the chain announces new blocks and logs (`ws:` or `wss:`), so that those who follow the log poll at once.
	 * Needs the global `WebSocket`. Can't contain a user name or password.
	 */
	readonly webSocketUrl?: string | undefined;
};

const KIND = `one of ${REGISTRY_KINDS.join(", ")}`;
const BLOCK = '"latest", "safe", "finalized" or a block number';
/** The subject of errors about options of reads. */
const READ = "a read of the registry";

const ERRORS = "an object of messages by error";

const adapterSchema = looseSchema(
	{
		name: nonEmptyString,
		documentEvidence: v.picklist(["hash", "proof"], '"hash" or "proof"'),
		maxBatch: positiveInteger,
		creationEvent: nonEmptyString,
		read: anyFunction,
		list: anyFunction,
		errors: v.optional(v.custom(areContractErrors, ERRORS)),
		writes: looseSchema({ createOrganization: anyFunction }, "an object of functions"),
	},
	"a registry adapter",
);

const schema = v.pipe(
	nodeOptionsSchema<RegistryOptions>({
		...nodeShape,
		webSocketUrl,
		address: contractAddress,
		kind: v.optional(v.picklist(REGISTRY_KINDS, KIND)),
		adapter: v.optional(adapterSchema),
	}),
	v.check(({ kind, adapter }) => kind === undefined || adapter === undefined, "given kind or adapter, not both"),
);

const readOptions = {
	blockTag: v.optional(v.union([v.picklist(["latest", "safe", "finalized"]), blockNumber], BLOCK)),
};

const readOptionsSchema = optionsSchema<ReadOptions>(readOptions);
const stateReadOptionsSchema = optionsSchema<StateReadOptions>({ ...readOptions, minBlock: v.optional(blockNumber) });

/** A registry to read, and what is needed to write to it. */
export interface OpenedRegistry {
	readonly reader: RegistryReader;
	readonly connection: Connection;
	/** Connects on the first call. */
	readonly open: () => Promise<BoundAdapter>;
}

/** Creates the part of a registry that reads; it works without ethers. */
export function openRegistry(options: RegistryOptions): OpenedRegistry {
	assertOptions(schema, options, "createRegistry");
	const { kind, adapter = kind && ADAPTERS[kind], webSocketUrl } = options;
	const connection = connect({ ...options, address: options.address as Address });
	const binding = createSharedWork<BoundAdapter>();
	let bound: { readonly contract: ContractCode; readonly adapter: BoundAdapter } | undefined;
	return { reader: createReader(connection, { open, assertReady, webSocketUrl }), connection, open };

	function assertReady(): Promise<void> {
		return connection.assertReady(async (code) => {
			if (adapter === undefined) await detectAdapter(code, connection);
		});
	}

	/**
	 * The generation is detected once for all concurrent callers. After a failure, and as long as no call had a valid
	 * result, it is detected again: a node may have returned the code of another contract.
	 */
	async function open(): Promise<BoundAdapter> {
		const contract = await connection.ready();
		if (bound === undefined || (bound.contract !== contract && !connection.isProven())) {
			bound = { contract, adapter: await binding.run("adapter", () => bind(contract)) };
		}
		return bound.adapter;
	}

	async function bind({ code }: ContractCode): Promise<BoundAdapter> {
		return bindAdapter(adapter ?? (await detectAdapter(code, connection)), connection);
	}
}

/** How a registry starts to use its contract. */
interface Opening extends Pick<OpenedRegistry, "open"> {
	readonly assertReady: () => Promise<void>;
	readonly webSocketUrl: string | undefined;
}

function createReader(connection: Connection, { open, assertReady, webSocketUrl }: Opening): RegistryReader {
	const { chainId, address } = connection;
	const source = { chainId, address, open, webSocketUrl };
	return {
		chainId,
		address,
		readAdapter: async () => (await open()).adapter,
		assertReady,
		close: () => connection.close(),
		read,
		readKey: readKeyOf,
		list: async (options: ReadOptions = {}) => {
			assertOptions(readOptionsSchema, options, READ);
			const { blockTag = "latest" } = options;
			const { adapter, reader } = await open();
			return adapter.list(reader, blockTag);
		},
		readEvents: (range: EventRange) => readEvents(open, range),
		watchEvents: (options: WatchOptions = {}) => watchEvents(source, options),
		followLog: (options: FollowOptions = {}) => createLogFollower(source, options),
		findBlock: (time: number) => findBlock(connection, time),
	};

	async function read(orgId: OrgId, options: StateReadOptions = {}): Promise<OrgRecord | undefined> {
		assertOrgId(orgId);
		assertOptions(stateReadOptionsSchema, options, READ);
		const { blockTag = "latest", minBlock } = options;
		const bound = await open();
		return minBlock === undefined ? bound.read(orgId, blockTag) : readRecord(bound, orgId, blockTag, minBlock);
	}

	async function readKeyOf(
		orgId: OrgId,
		fragment: string,
		options: StateReadOptions = {},
	): Promise<OnChainKey | undefined> {
		assertOrgId(orgId);
		assertOptions(stateReadOptionsSchema, options, READ);
		const { blockTag = "latest", minBlock } = options;
		if (!isFragment(fragment)) throw invalidOption("fragment", "the name of a key", { got: fragment });
		const bound = await open();
		if (bound.adapter.readKey === undefined) return undefined;
		if (minBlock !== undefined) return Object.freeze(await readKey(bound, orgId, fragment, blockTag, minBlock));
		return Object.freeze(await bound.adapter.readKey(bound.reader, orgId, fragment, blockTag));
	}
}

/** `v.record` would make a browser's bundle larger. */
function areContractErrors(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	return Object.values(value).every((error: Partial<ContractError> | null | undefined) => {
		const { message, isUnauthorized } = error ?? {};
		const isRole = isUnauthorized === undefined || typeof isUnauthorized === "boolean";
		return typeof message === "string" && message !== "" && isRole;
	});
}
