/**
 * A registry contract of any generation behind the {@link Registry} interface.
 * @module
 */
import * as z from "zod/mini";
import { isFragment, type OrgId } from "../did/did-url.js";
import { PrivateKey } from "../keys/private-key.js";
import { createSharedWork } from "../network/shared-work.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, blockNumber, nonEmptyString, optionsSchema, positiveInteger } from "../options/schemas.js";
import type { RegistryAdapter } from "./adapters/adapter.js";
import { REGISTRY_KINDS, type RegistryKind } from "./adapters/adapter.js";
import { ADAPTERS } from "./adapters/adapters.js";
import { detectAdapter } from "./adapters/detect-adapter.js";
import { findBlock } from "./block.js";
import { type BoundAdapter, bindAdapter } from "./bound-adapter.js";
import { createChanges } from "./changes.js";
import { type Connection, type ConnectionOptions, type ContractCode, connect } from "./connection.js";
import { contractAddress, nodeShape, validNodes, webSocketUrl } from "./connection-schemas.js";
import { createLogFollower, type FollowOptions } from "./log/log-follower.js";
import { readEvents, watchEvents } from "./log/read-events.js";
import { readKey, readRecord } from "./min-block.js";
import type { Address, OnChainKey, OrgRecord } from "./org-record.js";
import type { EventRange, ReadOptions, Registry, StateReadOptions, WatchOptions } from "./registry.js";
import type { TransactionAccount } from "./transaction-account.js";
import { toWallet } from "./wallet.js";
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

const adapterSchema = z.looseObject(
	{
		name: nonEmptyString,
		documentEvidence: z.enum(["hash", "proof"], '"hash" or "proof"'),
		maxBatch: positiveInteger,
		creationEvent: nonEmptyString,
		read: anyFunction,
		list: anyFunction,
		writes: z.looseObject({ createOrganization: anyFunction }, "an object of functions"),
	},
	"a registry adapter",
);

const schema = z
	.strictObject(
		{
			...nodeShape,
			webSocketUrl,
			address: contractAddress,
			kind: z.optional(z.enum(REGISTRY_KINDS, KIND)),
			adapter: z.optional(adapterSchema),
		},
		"an object",
	)
	.check(
		validNodes,
		z.refine(({ kind, adapter }) => kind === undefined || adapter === undefined, {
			error: "given kind or adapter, not both",
		}),
	);

const readOptions = {
	blockTag: z.optional(z.union([z.enum(["latest", "safe", "finalized"]), blockNumber], BLOCK)),
};

const readOptionsSchema = optionsSchema<ReadOptions>(readOptions);
const stateReadOptionsSchema = optionsSchema<StateReadOptions>({ ...readOptions, minBlock: z.optional(blockNumber) });

/**
 * Connects to a registry contract: orgpass's own, Winding Tree's ORGiD 1.x or 3.x, or any other that you have an
 * adapter for. Nothing is sent before the first read or write; then the node's chain id, the contract's code and its
 * generation are checked.
 *
 * @example
 * ```ts
 * import { createRegistry } from "orgpass/registry";
 *
 * const registry = createRegistry({
 *   chainId: 31337,
 *   rpcUrl: "http://127.0.0.1:1",
 *   address: `0x${"11".repeat(20)}`,
 * });
 * const orgId = `0x${"0a".repeat(32)}` as const;
 * await registry.read(orgId).catch((error) => error.code); // => "registry/unreachable"
 * registry.close();
 * ```
 * @param options the node, the contract and its chain
 * @returns the registry
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createRegistry(options: RegistryOptions): Registry {
	assertOptions(schema, options, "createRegistry");
	const { kind, adapter = kind && ADAPTERS[kind] } = options;
	const connection = connect({ ...options, address: options.address as Address });
	const binding = createSharedWork<BoundAdapter>();
	let bound: { readonly contract: ContractCode; readonly adapter: BoundAdapter } | undefined;
	return registryOver(connection, { open, assertReady, webSocketUrl: options.webSocketUrl }, undefined);

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
interface Opening {
	readonly open: () => Promise<BoundAdapter>;
	readonly assertReady: () => Promise<void>;
	readonly webSocketUrl: string | undefined;
}

function registryOver(connection: Connection, opening: Opening, account: TransactionAccount | undefined): Registry {
	const { chainId, address } = connection;
	const { open, assertReady, webSocketUrl } = opening;
	const source = { chainId, address, open, webSocketUrl };
	return Object.freeze({
		chainId,
		address,
		readAdapter: async () => (await open()).adapter,
		assertReady,
		connect: (other: PrivateKey | TransactionAccount) =>
			registryOver(connection, opening, toTransactionAccount(other, connection)),
		close: () => connection.close(),
		read,
		readKey: readKeyOf,
		list: async (options: ReadOptions = {}) => {
			assertOptions(readOptionsSchema, options, READ);
			const { blockTag = "latest" } = options;
			const { adapter, reader } = await open();
			return adapter.list(reader, blockTag);
		},
		readEvents: async (range: EventRange) => readEvents(await open(), range),
		watchEvents: (options: WatchOptions = {}) => watchEvents(source, options),
		followLog: (options: FollowOptions = {}) => createLogFollower(source, options),
		findBlock: (time: number) => findBlock(connection, time),
		...createChanges({ chainId, account, open }),
	}) satisfies Registry;

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

function toTransactionAccount(account: PrivateKey | TransactionAccount, { provider }: Connection): TransactionAccount {
	if (account instanceof PrivateKey) return toWallet(account, provider);
	if (typeof account?.sendTransaction === "function") return account;
	throw invalidOption("account", "a PrivateKey or an account with sendTransaction (an ethers Signer)");
}
