/**
 * A registry contract of any generation behind the {@link Registry} interface.
 * @module
 */
import DataLoader from "dataloader";
import { type Contract, hexlify, isAddress, randomBytes, type Signer } from "ethers";
import * as z from "zod/mini";
import { formatDidUrl, isFragment, isOrgId, type OrgId } from "../did/did-url.js";
import { RegistryError } from "../errors/errors.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { chainIdNumber } from "../options/schemas.js";
import { detectKind } from "./adapters/detect-kind.js";
import type { Call, Kind, KindContext } from "./adapters/kind.js";
import { createOrgIdV1Kind } from "./adapters/orgid-v1.js";
import { createOrgIdV3Kind } from "./adapters/orgid-v3.js";
import { createOrgpassKind } from "./adapters/orgpass.js";
import { findBlock } from "./block.js";
import { attempt, type ConnectionOptions, connect, readChainId } from "./connection.js";
import { readEvents, watchEvents } from "./events.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord, RegistryKind } from "./org-record.js";
import type {
	BlockTag,
	CreateReceipt,
	EventRange,
	NewKey,
	NewOrganization,
	ReadOptions,
	Registry,
	RegistryEvent,
	WatchOptions,
	WriteReceipt,
} from "./registry.js";
import { sendTransaction } from "./transaction.js";
import { newKey, newOrganization, optionalDocument } from "./write-options.js";

/** Options of {@link createRegistry}: a node by `rpcUrl` or `provider`, the contract, the chain. */
export type RegistryOptions = Omit<ConnectionOptions, "address"> & {
	/** The contract, 20 bytes as `0x…`. */
	readonly address: string;
	/** Its generation; found out from the contract where absent. */
	readonly kind?: RegistryKind | undefined;
};

const ADDRESS = "a contract address, 0x and 40 hex digits, with its checksum where in mixed case";
const KIND = '"orgpass", "orgid-v1" or "orgid-v3"';
const BLOCK = '"latest", "safe", "finalized" or a block number';

const optionsSchema = z
	.strictObject(
		{
			chainId: chainIdNumber,
			address: z.string(ADDRESS).check(z.refine((text) => text.startsWith("0x") && isAddress(text), ADDRESS)),
			rpcUrl: z.optional(z.url({ protocol: /^https?$/, error: "an http or https URL" })),
			provider: z.optional(z.looseObject({}, "an ethers or EIP-1193 provider")),
			kind: z.optional(z.enum(["orgpass", "orgid-v1", "orgid-v3"], KIND)),
		},
		"an object",
	)
	.check(
		z.refine(({ rpcUrl, provider }) => (rpcUrl === undefined) !== (provider === undefined), {
			error: "given either rpcUrl or provider",
		}),
	);

const readOptionsSchema = z.strictObject(
	{
		blockTag: z.optional(
			z.union([z.enum(["latest", "safe", "finalized"]), z.int().check(z.nonnegative())], BLOCK),
		),
	},
	"an object",
);

const KINDS: Readonly<Record<RegistryKind, (context: KindContext) => Kind>> = {
	orgpass: createOrgpassKind,
	"orgid-v1": createOrgIdV1Kind,
	"orgid-v3": createOrgIdV3Kind,
};

/** A registry's connection and generation, shared by all accounts that write to it. */
interface Shared extends KindContext {
	readonly kind: () => Promise<Kind>;
	readonly loaders: Map<BlockTag, DataLoader<OrgId, OrgRecord | undefined>>;
}

/**
 * Connects to a registry contract: orgpass's own, or Winding Tree's ORGiD 1.x or 3.x. Nothing goes out before
 * the first read or write; then the node's chain id, the contract's code and its generation are checked.
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
 * @param options where it is
 * @returns the registry
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createRegistry(options: RegistryOptions): Registry {
	checkOptions(optionsSchema, options, "createRegistry");
	const { chainId } = options;
	const address = options.address as Address;
	const connection = connect({ ...options, address });
	const context = { connection, chainId, address };
	const { kind: givenKind } = options;
	let found: Promise<Kind> | undefined;
	return registryOver({ ...context, kind, loaders: new Map() }, undefined);

	/** Found out once for all who ask meanwhile; a failure is told to them alone. */
	async function kind(): Promise<Kind> {
		const code = await connection.ready();
		found ??= findKind(code).catch((error) => {
			found = undefined;
			throw error;
		});
		return found;
	}

	async function findKind(code: string): Promise<Kind> {
		return KINDS[givenKind ?? (await detectKind(code, context))](context);
	}
}

function registryOver(shared: Shared, account: Signer | undefined): Registry {
	const { connection, chainId, address, kind } = shared;

	return Object.freeze({
		chainId,
		address,
		readKind: async () => (await kind()).name,
		connect: (other: Signer) => registryOver(shared, other),
		close: () => connection.close(),
		read,
		readKey,
		list: async (options: ReadOptions = {}) => {
			const blockTag = blockTagOf(options);
			return (await kind()).list(blockTag);
		},
		readEvents: async (range: EventRange) => readEvents(connection, await kind(), range),
		watchEvents: (options: WatchOptions = {}) => watch(options),
		findBlock: (time: number) => findBlock(connection, time),
		createOrganization,
		setDocument,
		addKey,
		revokeKey: (orgId: OrgId, fragment: string) =>
			write(orgId, ({ writes }) => writes.revokeKey(orgId, fragment)),
		revokeAllKeys: (orgId: OrgId) => write(orgId, ({ writes }) => writes.revokeAllKeys(orgId)),
		setActive,
		transferOwnership: (orgId: OrgId, newOwner: Address) =>
			write(orgId, ({ writes }) => writes.transferOwnership(orgId, newOwner)),
		transferDirectorship: (orgId: OrgId, director: Address) =>
			write(orgId, ({ writes }) => writes.transferDirectorship(orgId, director)),
		acceptDirectorship: (orgId: OrgId) => write(orgId, ({ writes }) => writes.acceptDirectorship(orgId)),
		addDelegates: (orgId: OrgId, delegates: readonly string[]) =>
			write(orgId, ({ writes }) => writes.addDelegates(orgId, requireDelegates(delegates))),
		removeDelegates: (orgId: OrgId, delegates: readonly string[]) =>
			write(orgId, ({ writes }) => writes.removeDelegates(orgId, requireDelegates(delegates))),
	}) satisfies Registry;

	async function read(orgId: OrgId, options: ReadOptions = {}): Promise<OrgRecord | undefined> {
		requireOrgId(orgId);
		const blockTag = blockTagOf(options);
		const { maxBatch } = await kind();
		return loaderOf(shared, blockTag, maxBatch).load(orgId);
	}

	async function readKey(
		orgId: OrgId,
		fragment: string,
		options: ReadOptions = {},
	): Promise<OnChainKey | undefined> {
		requireOrgId(orgId);
		const blockTag = blockTagOf(options);
		if (!isFragment(fragment)) throw invalidOption("fragment", "the name of a key", { got: fragment });
		return (await kind()).readKey(orgId, fragment, blockTag);
	}

	async function* watch(options: WatchOptions): AsyncGenerator<RegistryEvent> {
		yield* watchEvents(connection, await kind(), options);
	}

	async function createOrganization(organization: NewOrganization = {}): Promise<CreateReceipt> {
		checkOptions(newOrganization, organization, "createOrganization");
		requireAccount();
		const salt = organization.salt ?? hexlify(randomBytes(32));
		const { creationEvent, writes } = await kind();
		const { events, ...receipt } = await send(writes.create(salt, organization.document));
		const created = events.find(({ name }) => name === creationEvent);
		const orgId: unknown = created?.args["orgId"];
		if (!isOrgId(orgId)) throw unseen(receipt);
		return { did: formatDidUrl({ chainId, orgId }), orgId, ...receipt };
	}

	async function setDocument(orgId: OrgId, document: DocumentReference | undefined): Promise<WriteReceipt> {
		checkOptions(optionalDocument, document, "setDocument");
		return write(orgId, ({ writes }) => writes.setDocument(orgId, document));
	}

	async function addKey(orgId: OrgId, key: NewKey): Promise<WriteReceipt> {
		checkOptions(newKey, key, "addKey");
		return write(orgId, ({ writes }) => writes.addKey(orgId, key));
	}

	async function setActive(orgId: OrgId, active: boolean): Promise<WriteReceipt | undefined> {
		requireOrgId(orgId);
		requireAccount();
		const call = await (await kind()).writes.setActive(orgId, active);
		if (call === undefined) return undefined;
		const { events, ...receipt } = await send(call);
		const changed = events.find(({ name }) => name === "OrganizationActiveStateChanged");
		if (changed === undefined || changed.args["newState"] === active) return receipt;
		throw new RegistryError("registry/reverted", "somebody switched the organization at the same time", {
			details: { transactionHash: receipt.transactionHash },
		});
	}

	async function write(orgId: OrgId, compose: (kind: Kind) => Call | Promise<Call>): Promise<WriteReceipt> {
		requireOrgId(orgId);
		requireAccount();
		const { events: _, ...receipt } = await send(await compose(await kind()));
		return receipt;
	}

	async function send([name, args]: Call): ReturnType<typeof sendTransaction> {
		const signer = requireAccount();
		const { contract } = await kind();
		await requireChain(signer, chainId);
		return sendTransaction(contract.connect(signer) as Contract, name, args);
	}

	function requireAccount(): Signer {
		if (account !== undefined) return account;
		throw invalidOption("account", "connected to the registry to write", { label: "an account" });
	}
}

/** All that is asked for in one moment goes out together. */
function loaderOf(
	{ loaders, kind }: Shared,
	blockTag: BlockTag,
	maxBatchSize: number,
): DataLoader<OrgId, OrgRecord | undefined> {
	const known = loaders.get(blockTag);
	if (known !== undefined) return known;
	const load = async (asked: readonly OrgId[]): Promise<readonly (OrgRecord | undefined | Error)[]> => {
		const orgIds = [...new Set(asked)];
		const results = await (await kind()).readMany(orgIds, blockTag);
		const byId = new Map(orgIds.map((orgId, index) => [orgId, results[index]]));
		return asked.map((orgId) => byId.get(orgId));
	};
	// `undefined` is an answer here, and dataloader's types know only values and errors.
	const loader = new DataLoader(load as (orgIds: readonly OrgId[]) => Promise<(OrgRecord | Error)[]>, {
		cache: false,
		maxBatchSize,
	}) as DataLoader<OrgId, OrgRecord | undefined>;
	if (typeof blockTag === "string") loaders.set(blockTag, loader);
	return loader;
}

function blockTagOf(options: ReadOptions): BlockTag {
	checkOptions(readOptionsSchema, options, "a read of the registry");
	return options.blockTag ?? "latest";
}

function requireOrgId(orgId: unknown): void {
	if (!isOrgId(orgId))
		throw invalidOption("orgId", "an id of 0x and 64 lower-case hex digits", { got: orgId });
}

function requireDelegates(delegates: readonly string[]): readonly string[] {
	const isList = Array.isArray(delegates) && delegates.length > 0;
	if (isList && delegates.every((delegate) => typeof delegate === "string" && delegate !== ""))
		return delegates;
	throw invalidOption("delegates", "a non-empty array of DID URLs", { got: delegates });
}

function unseen({ transactionHash }: WriteReceipt): RegistryError {
	const message = `the node shows no organization made by ${transactionHash}`;
	return new RegistryError("registry/bad-response", message, { details: { transactionHash } });
}

/** A signed transaction goes out through the account's own node, which may be on another chain. */
async function requireChain({ provider }: Signer, chainId: number): Promise<void> {
	const actual = provider === null ? undefined : await attempt(() => readChainId(provider));
	if (actual === chainId) return;
	throw invalidOption("account", `on chain ${chainId}, got ${actual ?? "none"}`, {
		details: { expected: chainId, actual },
	});
}
