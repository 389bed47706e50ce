/**
 * The chain and the registry that a command works on.
 * @module
 */
import { ConfigError, isOrgpassError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { RegistryAdapter } from "../../registry/adapters/adapter.js";
import { ADAPTERS } from "../../registry/adapters/adapters.js";
import { readChainId } from "../../registry/chain-reads.js";
import { attempt } from "../../registry/connection.js";
import { createRegistry } from "../../registry/create-registry.js";
import { KNOWN_NETWORKS } from "../../registry/known-networks.js";
import type { Registry } from "../../registry/registry.js";
import { createRpcProvider } from "../../registry/rpc-provider.js";
import type { CliContext } from "../context.js";
import { printNote } from "../note.js";
import { observeWaits } from "../observe-waits.js";
import { readSettings, type Settings } from "./read-settings.js";
import type { NetworkFlags } from "./settings-file.js";

export interface ChainSettings {
	readonly rpcUrl: string;
	readonly chainId: number;
	/** True for the local chain of `orgpass chain`. */
	readonly isLocal: boolean;
}

/** Runs that already printed the notice about the public node: a command may look up its chain more than once. */
const informed = new WeakSet<CliContext>();

export async function findChain(context: CliContext, flags: NetworkFlags): Promise<ChainSettings> {
	return connect(context, await readSettings(context, flags));
}

export async function findRegistry(
	context: CliContext,
	flags: NetworkFlags,
): Promise<{ readonly registry: Registry; readonly chain: ChainSettings }> {
	const settings = await readSettings(context, flags);
	const { local, kind } = settings;
	if (settings.registry === undefined && local === undefined) throw missingRegistry();
	const chain = await connect(context, settings);
	// On another chain, the local registry's address may be someone else's contract.
	const isLocalChain = chain.isLocal || local?.chainId === chain.chainId;
	const address = settings.registry ?? (isLocalChain ? local?.registry : undefined);
	if (address === undefined) throw missingRegistry();
	const { chainId, rpcUrl } = chain;
	const registry = createRegistry({ chainId, rpcUrl, address, kind, observer: observeWaits(context) });
	return { registry, chain };
}

/** Finds the adapter of a DID's registry from the settings, the contract, or the known network of its chain. */
export async function findAdapter(
	context: CliContext,
	flags: NetworkFlags,
	chainId?: number,
): Promise<RegistryAdapter | undefined> {
	const { kind } = await readSettings(context, flags);
	if (kind !== undefined) return ADAPTERS[kind];
	const known = Object.values(KNOWN_NETWORKS).find((network) => network.chainId === chainId);
	return (await detectAdapter(context, flags, chainId)) ?? (known && ADAPTERS[known.kind]);
}

/** Asks a node which chain it serves. */
export async function fetchChainId(context: CliContext, rpcUrl: string): Promise<number> {
	const provider = createRpcProvider(rpcUrl, 1, { observer: observeWaits(context) });
	try {
		return await attempt(provider, () => readChainId(provider));
	} finally {
		provider.destroy();
	}
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

async function connect(
	context: CliContext,
	{ rpcUrl, chainId, local, isPublicNode }: Settings,
): Promise<ChainSettings> {
	if (rpcUrl === undefined) throw missing("an RPC node", "--rpc-url", "ORGPASS_RPC_URL");
	if (!/^https?:\/\//.test(rpcUrl) || !URL.canParse(rpcUrl)) {
		throw invalidOption("--rpc-url", "an http:// or https:// URL");
	}
	if (isPublicNode && !informed.has(context)) {
		informed.add(context);
		printNote(context, `using the public node ${rpcUrl}; use --rpc-url to choose one you trust`);
	}
	const isLocal = rpcUrl === local?.rpcUrl;
	const known = chainId ?? (isLocal ? local?.chainId : undefined);
	return { rpcUrl, chainId: known ?? (await fetchChainId(context, rpcUrl)), isLocal };
}

function missing(what: string, flag: string, variable: string): ConfigError {
	return new ConfigError(
		"config/missing",
		`expected ${what}: use ${flag} or --network, set ${variable}, write orgpass.json, or start \`orgpass chain\` in this directory`,
	);
}

function missingRegistry(): ConfigError {
	return missing("a registry", "--registry", "ORGPASS_REGISTRY");
}
