/**
 * What the commands about one organization share: parsing its DID, and the account that may change it.
 * @module
 */
import type { Option } from "commander";
import { type BaseWallet, getAddress, isAddress, ZeroAddress } from "ethers";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { ConfigError, DidError } from "../errors/errors.js";
import { importPrivateKey } from "../keys/import-private-key.js";
import type { PrivateKey } from "../keys/private-key.js";
import { invalidOption } from "../options/invalid-option.js";
import { createProvider } from "../registry/ethers-provider.js";
import { deriveAccounts } from "../registry/local-accounts.js";
import type { Address, OrgRecord } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";
import type { WriteReceipt } from "../registry/registry-changes.js";
import { toWallet } from "../registry/wallet.js";
import type { CommonFlags } from "./command.js";
import type { CliContext } from "./context.js";
import { loadPrivateKey } from "./key-source.js";
import { option } from "./options.js";
import type { Outcome } from "./outcome.js";
import { waitFor } from "./progress.js";
import { type ChainSettings, findRegistry } from "./settings/network.js";
import { parseTypedDid } from "./typed-did.js";

/** The options of commands that send a transaction. */
export interface OwnerFlags extends CommonFlags {
	readonly ownerKey?: string;
	readonly password?: string;
}

/** The options of {@link OwnerFlags}. */
export const OWNER_OPTIONS: readonly Option[] = [
	option("--owner-key <key>", "account that signs; default on a local chain: its first account"),
	option("--password <source>", "password of that key: a file, - or env:NAME"),
];

/** Parses 32 bytes in hexadecimal. */
export function parseHash(text: string, option: string): `0x${string}` {
	if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as `0x${string}`;
	throw invalidOption(option, "32 bytes as 0x…", { got: text });
}

/** Parses an account's address. */
export function parseAddress(text: string, option: string): Address {
	if (isAddress(text) && getAddress(text) !== ZeroAddress) return getAddress(text) as Address;
	throw invalidOption(option, "an address", { got: text });
}

/** Reads an organization, which must exist. */
export async function readOrganization(registry: Registry, { orgId, did }: CanonicalDidUrl): Promise<OrgRecord> {
	const record = await registry.read(orgId);
	if (record !== undefined) return record;
	throw new DidError("did/not-found", `there is no organization ${did}`);
}

/** Connects to the registry for the duration of `work`. */
export async function withRegistry<T>(
	context: CliContext,
	flags: CommonFlags,
	work: (registry: Registry, chain: ChainSettings) => Promise<T>,
): Promise<T> {
	const { registry, chain } = await findRegistry(context, flags);
	try {
		return await work(registry, chain);
	} finally {
		registry.close();
	}
}

/** Connects to the registry with the account of `--owner-key`. */
export function withOwner<T>(
	context: CliContext,
	flags: OwnerFlags,
	work: (registry: Registry, chain: ChainSettings, account: BaseWallet) => Promise<T>,
): Promise<T> {
	return withRegistry(context, flags, (registry, chain) =>
		withAccount(context, flags, chain, (account) => work(registry.connect(account), chain, account)),
	);
}

/** Connects to the registry with the account of `--owner-key`, to change the organization named. */
export function withOwnerOf<T>(
	context: CliContext,
	flags: OwnerFlags,
	typedDid: string,
	work: (registry: Registry, did: CanonicalDidUrl, account: BaseWallet) => Promise<T>,
): Promise<T> {
	return withOwner(context, flags, (registry, { chainId }, account) =>
		work(registry, parseTypedDid(typedDid, chainId), account),
	);
}

/** Connects the account of `--owner-key` to the chain for the duration of `work`. */
export async function withAccount<T>(
	context: CliContext,
	{ ownerKey, password }: OwnerFlags,
	chain: ChainSettings,
	work: (account: BaseWallet) => Promise<T>,
): Promise<T> {
	const key = await loadOwnerKey(context, ownerKey, password, chain);
	const provider = createProvider(chain.rpcUrl, chain.chainId);
	provider.pollingInterval = chain.isLocal ? 20 : 1_000;
	try {
		return await waitFor(context, "the transaction to be in a block", () => work(toWallet(key, provider)));
	} finally {
		provider.destroy();
	}
}

/** The outcome of a transaction that changed one organization. */
export function changeOutcome(did: string, receipt: WriteReceipt, text: string, more: object = {}): Outcome {
	return { data: { did, ...more, ...receipt }, text: `${text}\ntransaction ${receipt.transactionHash}` };
}

async function loadOwnerKey(
	context: CliContext,
	source: string | undefined,
	password: string | undefined,
	chain: ChainSettings,
): Promise<PrivateKey> {
	if (source !== undefined) return loadPrivateKey(context, { source, option: "--owner-key", password });
	const [first] = deriveAccounts(1);
	if (chain.isLocal && first !== undefined) return importPrivateKey(first.privateKey);
	throw new ConfigError("config/missing", "expected the owner's key: use --owner-key");
}
