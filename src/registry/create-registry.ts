/**
 * Our own registry contract (`contracts/OrgIdRegistry.sol`) behind the {@link Registry} interface.
 * @module
 */
import { Contract, hexlify, isAddress, randomBytes, type Signer, ZeroHash } from "ethers";
import * as z from "zod/mini";
import { formatDidUrl, isOrgId, type OrgId } from "../did/did-url.js";
import { describe } from "../encoding/display.js";
import { ConfigError } from "../errors.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import { checkOptions } from "../options/check-options.js";
import { chainIdNumber } from "../options/schemas.js";
import {
	attempt,
	badResponse,
	type Connection,
	type ConnectionOptions,
	connect,
	readChainId,
} from "./connection.js";
import { decodeKey, decodeOrganization, type GetKeyAnswer, type ResolveAnswer } from "./decode.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord } from "./org-record.js";
import { orgIdRegistryAbi } from "./orgid-registry.contract.js";
import type {
	CreateReceipt,
	NewKey,
	NewOrganization,
	ReadOptions,
	Registry,
	WriteReceipt,
} from "./registry.js";
import { sendTransaction } from "./transaction.js";

/** Options of {@link createRegistry}: a node by `rpcUrl` or `provider`, the contract, the chain. */
export type RegistryOptions = Omit<ConnectionOptions, "address"> & {
	/** The contract, 20 bytes as `0x…`. */
	readonly address: string;
};

const PAGE = 500;
const ADDRESS = "a contract address, 0x and 40 hex digits, with its checksum where in mixed case";

const optionsSchema = z
	.strictObject(
		{
			chainId: chainIdNumber,
			address: z.string(ADDRESS).check(z.refine((text) => text.startsWith("0x") && isAddress(text), ADDRESS)),
			rpcUrl: z.optional(z.url({ protocol: /^https?$/, error: "an http or https URL" })),
			provider: z.optional(z.looseObject({}, "an ethers or EIP-1193 provider")),
		},
		"an object",
	)
	.check(
		z.refine(({ rpcUrl, provider }) => (rpcUrl === undefined) !== (provider === undefined), {
			error: "given either rpcUrl or provider",
		}),
	);

/**
 * Connects to an orgpass registry contract. Nothing goes out before the first read or write; then the node's
 * chain id and the contract's code are checked.
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
	const address = options.address as Address;
	return registryOver(connect({ ...options, address }), options.chainId, address, undefined);
}

function registryOver(
	connection: Connection,
	chainId: number,
	address: Address,
	account: Signer | undefined,
): Registry {
	const contract = new Contract(address, orgIdRegistryAbi, account ?? connection.provider);

	return Object.freeze({
		chainId,
		address,
		connect: (other: Signer) => registryOver(connection, chainId, address, other),
		close: () => connection.close(),
		read,
		readKey,
		list,
		createOrganization,
		setDocument: (orgId: OrgId, document: DocumentReference | undefined) =>
			write("setOrgJson", [orgId, ...documentArguments(document)]),
		addKey,
		revokeKey: (orgId: OrgId, fragment: string) => write("revokeKey", [orgId, fragment]),
		revokeAllKeys: (orgId: OrgId) => write("revokeAllKeys", [orgId]),
		setActive: (orgId: OrgId, active: boolean) => write("setActive", [orgId, active]),
		transferOwnership: (orgId: OrgId, newOwner: Address) =>
			write("transferOrganizationOwnership", [orgId, newOwner]),
		transferDirectorship: (orgId: OrgId, director: Address) =>
			write("transferDirectorship", [orgId, director]),
		acceptDirectorship: (orgId: OrgId) => write("acceptDirectorship", [orgId]),
	}) satisfies Registry;

	function call<T>(name: string, args: readonly unknown[], { blockTag = "latest" }: ReadOptions): Promise<T> {
		return connection.read(
			() => contract.getFunction(name).staticCallResult(...args, { blockTag }) as Promise<T>,
		);
	}

	async function read(orgId: OrgId, options: ReadOptions = {}): Promise<OrgRecord | undefined> {
		requireOrgId(orgId);
		const answer = await call<ResolveAnswer>("resolve", [orgId], options);
		return decodeOrganization(answer, { chainId, registry: address, orgId });
	}

	async function readKey(
		orgId: OrgId,
		fragment: string,
		options: ReadOptions = {},
	): Promise<OnChainKey | undefined> {
		requireOrgId(orgId);
		return decodeKey(await call<GetKeyAnswer>("getKey", [orgId, fragment], options), fragment);
	}

	async function list(options: ReadOptions = {}): Promise<readonly OrgId[]> {
		const ids: OrgId[] = [];
		let cursor = 0n;
		let total = 1n;
		while (cursor < total) {
			const page = await call<[OrgId[], bigint, bigint]>("listOrganizations", [true, cursor, PAGE], options);
			const [found, next] = page;
			ids.push(...found);
			[, , total] = page;
			if (next <= cursor && cursor < total) throw badResponse();
			cursor = next;
		}
		return ids;
	}

	async function createOrganization(organization: NewOrganization = {}): Promise<CreateReceipt> {
		const salt = organization.salt ?? hexlify(randomBytes(32));
		const { events, ...receipt } = await send("createOrganization", [
			salt,
			...documentArguments(organization.document),
		]);
		const created = events.find(({ name }) => name === "OrganizationCreated");
		const orgId = created?.args["orgId"] as OrgId;
		return { did: formatDidUrl({ chainId, orgId }), orgId, ...receipt };
	}

	function addKey(
		orgId: OrgId,
		{ fragment, publicKey, validFrom = 0, validUntil = 0 }: NewKey,
	): Promise<WriteReceipt> {
		const point = exportPublicKey(publicKey, "hex").slice(4);
		const [x, y] = [`0x${point.slice(0, 64)}`, `0x${point.slice(64)}`];
		return write("addKey", [orgId, fragment, x, y, validFrom, validUntil]);
	}

	async function write(name: string, args: readonly unknown[]): Promise<WriteReceipt> {
		const { events: _, ...receipt } = await send(name, args);
		return receipt;
	}

	async function send(name: string, args: readonly unknown[]): ReturnType<typeof sendTransaction> {
		if (account === undefined) {
			throw new ConfigError("config/invalid-option", "connect an account to the registry to write", {
				details: { option: "account" },
			});
		}
		await connection.ready();
		await requireChain(account, chainId);
		return sendTransaction(contract, name, args);
	}
}

function requireOrgId(orgId: unknown): void {
	if (isOrgId(orgId)) return;
	const message = `expected an id of 0x and 64 lower-case hex digits, got ${describe(orgId)}`;
	throw new ConfigError("config/invalid-option", message, { details: { option: "orgId" } });
}

/** A signed transaction goes out through the account's own node, which may be on another chain. */
async function requireChain({ provider }: Signer, chainId: number): Promise<void> {
	const actual = provider === null ? undefined : await attempt(() => readChainId(provider));
	if (actual === chainId) return;
	throw new ConfigError(
		"config/invalid-option",
		`expected an account on chain ${chainId}, got ${actual ?? "none"}`,
		{
			details: { option: "account", expected: chainId, actual },
		},
	);
}

/** Hash, URI and two backups as the contract takes them; all empty for no document. */
function documentArguments(
	document: DocumentReference | undefined,
): readonly [string, string, string, string] {
	if (document === undefined) return [ZeroHash, "", "", ""];
	const [uri = "", backup1 = "", backup2 = "", ...more] = document.uris;
	if (uri === "" || more.length > 0) {
		throw new ConfigError(
			"config/invalid-option",
			`a document has one to three URIs, got ${document.uris.length}`,
			{
				details: { option: "document.uris" },
			},
		);
	}
	if (document.hash === undefined) {
		throw new ConfigError("config/invalid-option", "expected the document's hash", {
			details: { option: "document.hash" },
		});
	}
	return [document.hash, uri, backup1, backup2];
}
