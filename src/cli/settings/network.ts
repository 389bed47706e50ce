/**
 * Which chain and registry a command works on: flags, then `ORGPASS_*`, then `orgpass.json` in the working
 * directory or above, then a running `orgpass chain`.
 * @module
 */
import { isAddress } from "ethers";
import { ConfigError, isOrgpassError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { RegistryAdapter } from "../../registry/adapters/adapter.js";
import { ADAPTERS } from "../../registry/adapters/adapters.js";
import { REGISTRY_KINDS, type RegistryKind } from "../../registry/adapters/registry-kind.js";
import { attempt, readChainId } from "../../registry/connection.js";
import { createRegistry } from "../../registry/create-registry.js";
import { KNOWN_NETWORKS, type KnownNetwork } from "../../registry/known-networks.js";
import type { Registry } from "../../registry/registry.js";
import { createProvider } from "../../registry/rpc-provider.js";
import type { CliContext } from "../context.js";
import { findRunningChain, type RunningChain } from "./chain-file.js";
import { readSettingsFile } from "./settings-file.js";

/** The flags every command takes. */
export interface NetworkFlags {
	readonly network?: string;
	readonly rpcUrl?: string;
	readonly registry?: string;
	readonly kind?: string;
}

/** A chain to talk to. */
export interface ChainSettings {
	readonly rpcUrl: string;
	readonly chainId: number;
	/** True where it is the local chain of `orgpass chain`. */
	readonly isLocal: boolean;
}

/** One place where settings come from. */
interface Source extends NetworkFlags {
	readonly chainId?: number;
}

/** What all places together say, before anything is asked of a node. */
interface Settings {
	readonly rpcUrl?: string;
	readonly registry?: string;
	readonly kind?: RegistryKind;
	readonly chainId?: number;
	readonly local?: RunningChain;
	/** The node is a known network's, which nobody chose. */
	readonly isPublicNode: boolean;
}

/** The names of the known networks. */
export const NETWORK_NAMES: readonly string[] = Object.keys(KNOWN_NETWORKS);

/** Who was told of the public node; a command may look for its chain more than once. */
const told = new WeakSet<CliContext>();

/** Finds the chain to talk to. */
export function findChain(context: CliContext, flags: NetworkFlags): Promise<ChainSettings> {
	return connect(context, readSettings(context, flags));
}

/** Finds the registry to work on. */
export async function findRegistry(
	context: CliContext,
	flags: NetworkFlags,
): Promise<{ readonly registry: Registry; readonly chain: ChainSettings }> {
	const settings = readSettings(context, flags);
	const { local, kind } = settings;
	requireAddress(settings.registry);
	if (settings.registry === undefined && local === undefined) throw missingRegistry();
	const chain = await connect(context, settings);
	// The local registry's address means nothing on another chain, or worse, somebody else's contract.
	const isOnIt = chain.isLocal || local?.chainId === chain.chainId;
	const address = settings.registry ?? (isOnIt ? local?.registry : undefined);
	if (address === undefined) throw missingRegistry();
	const registry = createRegistry({
		...{ chainId: chain.chainId, rpcUrl: chain.rpcUrl, address },
		...(kind === undefined ? {} : { kind }),
	});
	return { registry, chain };
}

/**
 * Finds the adapter of the registry that a DID belongs to: the one that the settings name, else that of their contract,
 * else that of the known network on the DID's chain.
 */
export async function findAdapter(
	context: CliContext,
	flags: NetworkFlags,
	chainId?: number,
): Promise<RegistryAdapter | undefined> {
	const { kind } = readSettings(context, flags);
	if (kind !== undefined) return ADAPTERS[kind];
	const known = Object.values(KNOWN_NETWORKS).find((network) => network.chainId === chainId);
	return (await detectAdapter(context, flags, chainId)) ?? (known && ADAPTERS[known.kind]);
}

async function detectAdapter(
	context: CliContext,
	flags: NetworkFlags,
	chainId: number | undefined,
): Promise<RegistryAdapter | undefined> {
	try {
		const { registry, chain } = await findRegistry(context, flags);
		try {
			return chain.chainId === (chainId ?? chain.chainId) ? await registry.readAdapter() : undefined;
		} finally {
			registry.close();
		}
	} catch (error) {
		const isUnknown = isOrgpassError(error) && /^registry\/|^config\/missing$/.test(error.code);
		if (isUnknown) return undefined;
		throw error;
	}
}

/** Asks a node which chain it serves. */
export async function askChainId(rpcUrl: string): Promise<number> {
	const provider = createProvider(rpcUrl, 1);
	try {
		return await attempt(() => readChainId(provider));
	} finally {
		provider.destroy();
	}
}

/**
 * The network that ranks highest settles the chain. What ranks below and says that it is about another chain
 * is left out; a node that says nothing is taken, and held to the chain. A known network's public node comes
 * last: nobody chose it.
 */
function readSettings(context: CliContext, flags: NetworkFlags): Settings {
	const file = readSettingsFile(context);
	const sources: readonly Source[] = [flags, readEnvironment(context), file];
	for (const { network, kind } of sources) {
		requireOneOf(NETWORK_NAMES, network, "network");
		requireOneOf(REGISTRY_KINDS, kind, "kind");
	}
	refuseContradiction(file);
	const at = sources.findIndex(({ network }) => network !== undefined);
	const network = sources[at] && networkOf(sources[at]);
	const running = findRunningChain(context);
	const local = network === undefined || network.chainId === running?.chainId ? running : undefined;
	const isOfChain = (source: Source): boolean => {
		const chainId = networkOf(source)?.chainId ?? source.chainId;
		return network === undefined || chainId === undefined || chainId === network.chainId;
	};
	const chosen =
		sources.filter(isOfChain).find(({ rpcUrl }) => rpcUrl !== undefined)?.rpcUrl ?? local?.rpcUrl;
	const rpcUrl = chosen ?? network?.rpcUrl;
	const chainId = network?.chainId ?? file.chainId;
	return {
		...readRegistry(sources),
		...(rpcUrl === undefined ? {} : { rpcUrl }),
		...(chainId === undefined ? {} : { chainId }),
		...(local === undefined ? {} : { local }),
		isPublicNode: chosen === undefined && rpcUrl !== undefined,
	};
}

function readEnvironment({ env }: CliContext): Source {
	return {
		...setting("network", env["ORGPASS_NETWORK"]),
		...setting("rpcUrl", env["ORGPASS_RPC_URL"]),
		...setting("registry", env["ORGPASS_REGISTRY"]),
		...setting("kind", env["ORGPASS_KIND"]),
	};
}

/** An empty variable is none. */
function setting(name: keyof NetworkFlags, value: string | undefined): NetworkFlags {
	return value ? { [name]: value } : {};
}

/** A contract's kind counts where it ranks with the contract or above: below, another contract is meant. */
function readRegistry(sources: readonly Source[]): { registry?: string; kind?: RegistryKind } {
	for (const [index, source] of sources.entries()) {
		const network = networkOf(source);
		const registry = source.registry ?? network?.registry;
		const isNetworks = source.registry === undefined;
		const named = sources.slice(0, index + 1).find(({ kind }) => kind !== undefined)?.kind;
		const kind = (named as RegistryKind | undefined) ?? (isNetworks ? network?.kind : undefined);
		if (registry !== undefined) return { registry, ...(kind === undefined ? {} : { kind }) };
	}
	const named = sources.find(({ kind }) => kind !== undefined)?.kind as RegistryKind | undefined;
	return named === undefined ? {} : { kind: named };
}

function networkOf({ network }: Source): KnownNetwork | undefined {
	return network === undefined ? undefined : KNOWN_NETWORKS[network as keyof typeof KNOWN_NETWORKS];
}

async function connect(
	context: CliContext,
	{ rpcUrl, chainId, local, isPublicNode }: Settings,
): Promise<ChainSettings> {
	if (rpcUrl === undefined) throw missing("an RPC node", "--rpc-url", "ORGPASS_RPC_URL");
	if (!/^https?:\/\//.test(rpcUrl) || !URL.canParse(rpcUrl)) {
		throw invalidOption("rpcUrl", "an http:// or https:// URL", { label: "the RPC URL" });
	}
	if (isPublicNode && !told.has(context)) {
		told.add(context);
		context.stderr(`using the public node ${rpcUrl}; give --rpc-url for one you trust\n`);
	}
	const isLocal = rpcUrl === local?.rpcUrl;
	const known = chainId ?? (isLocal ? local?.chainId : undefined);
	return { rpcUrl, chainId: known ?? (await askChainId(rpcUrl)), isLocal };
}

function requireOneOf(names: readonly string[], value: string | undefined, option: string): void {
	if (value === undefined || names.includes(value)) return;
	throw invalidOption(option, `one of ${names.join(", ")}`, { got: value });
}

function requireAddress(registry: string | undefined): void {
	if (registry === undefined || (registry.startsWith("0x") && isAddress(registry))) return;
	throw invalidOption(
		"registry",
		"a contract address, 0x and 40 hex digits, with its checksum where in mixed case",
		{ label: "--registry", got: registry },
	);
}

function refuseContradiction(file: Source): void {
	const network = networkOf(file);
	if (network === undefined || (file.chainId ?? network.chainId) === network.chainId) return;
	throw new ConfigError(
		"config/invalid-file",
		`orgpass.json: ${file.network} is chain ${network.chainId}, not ${file.chainId}`,
	);
}

function missing(what: string, flag: string, variable: string): ConfigError {
	return new ConfigError(
		"config/missing",
		`expected ${what}: give ${flag} or --network, set ${variable}, write orgpass.json, or start \`orgpass chain\``,
	);
}

function missingRegistry(): ConfigError {
	return missing("a registry", "--registry", "ORGPASS_REGISTRY");
}
