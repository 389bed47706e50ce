/**
 * The settings for chain and registry: flags, then `ORGPASS_*`, then `orgpass.json` in the working directory or
 * above, then a running `orgpass chain`.
 * @module
 */
import { ConfigError } from "../../errors/errors.js";
import { isHexAddress } from "../../keys/address.js";
import { invalidOption } from "../../options/invalid-option.js";
import { REGISTRY_KINDS, type RegistryKind } from "../../registry/adapters/adapter.js";
import { KNOWN_NETWORKS, type KnownNetwork, NETWORK_NAMES } from "../../registry/known-networks.js";
import type { CliContext } from "../context.js";
import { findRunningChain, type RunningChain } from "./chain-file.js";
import { type FileSettings, type NetworkFlags, readFileSettings } from "./settings-file.js";
import { reportDecisions } from "./settings-report.js";

/** The settings of all sources together. */
export interface Settings {
	readonly rpcUrl: string | undefined;
	readonly registry: string | undefined;
	readonly kind: RegistryKind | undefined;
	readonly chainId: number | undefined;
	readonly local: RunningChain | undefined;
	/** Whether the node is a known network's public one, which the user didn't choose. */
	readonly isPublicNode: boolean;
}

/** Reads the settings. The highest-ranking network determines the chain; sources for other chains are ignored. */
export async function readSettings(context: CliContext, flags: NetworkFlags): Promise<Settings> {
	const { path, settings: file } = readFileSettings(context);
	const sources: readonly FileSettings[] = [flags, readEnvironment(context), file];
	for (const { network, kind, registry } of sources) {
		assertOneOf(NETWORK_NAMES, network, "network");
		assertOneOf(REGISTRY_KINDS, kind, "kind");
		assertAddress(registry);
	}
	assertConsistent(file);
	const namer = sources.find((source) => networkOf(source) !== undefined);
	const network = namer && networkOf(namer);
	const isUsable = (source: FileSettings): boolean => {
		// A file doesn't set the node of a network that the user named.
		if (source === file && namer !== undefined && namer !== file) return false;
		const chainId = networkOf(source)?.chainId;
		return network === undefined || chainId === undefined || chainId === network.chainId;
	};
	const node = sources.find((source) => source.rpcUrl !== undefined && isUsable(source));
	const { contract, kind } = findContract(sources);
	reportDecisions(context, path, {
		network: namer === file ? file.network : undefined,
		rpcUrl: node === file ? file.rpcUrl : undefined,
		registry: contract === file ? file.registry : undefined,
		kind: kind === file ? file.kind : undefined,
		chainId: network === undefined ? file.chainId : undefined,
	});
	const local = network === undefined ? await findRunningChain(context) : undefined;
	const chosen = node?.rpcUrl ?? local?.rpcUrl;
	const named = contract?.registry === undefined ? contract && networkOf(contract) : undefined;
	return {
		registry: contract?.registry ?? named?.registry,
		kind: (kind?.kind as RegistryKind | undefined) ?? named?.kind,
		rpcUrl: chosen ?? network?.rpcUrl,
		chainId: network?.chainId ?? file.chainId,
		local,
		isPublicNode: chosen === undefined && network?.rpcUrl !== undefined,
	};
}

/** Empty variables count as unset. */
function readEnvironment({ env }: CliContext): FileSettings {
	const variables = {
		network: env["ORGPASS_NETWORK"],
		rpcUrl: env["ORGPASS_RPC_URL"],
		registry: env["ORGPASS_REGISTRY"],
		kind: env["ORGPASS_KIND"],
	};
	return Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
}

/** Finds the sources of the contract and its kind. A lower-ranking kind is ignored: it belongs to another contract. */
function findContract(sources: readonly FileSettings[]): {
	readonly contract: FileSettings | undefined;
	readonly kind: FileSettings | undefined;
} {
	const at = sources.findIndex((source) => source.registry !== undefined || networkOf(source) !== undefined);
	const ranking = at < 0 ? sources : sources.slice(0, at + 1);
	return { contract: sources[at], kind: ranking.find(({ kind }) => kind !== undefined) };
}

function networkOf({ network }: FileSettings): KnownNetwork | undefined {
	return network === undefined ? undefined : KNOWN_NETWORKS[network as keyof typeof KNOWN_NETWORKS];
}

function assertOneOf(names: readonly string[], value: string | undefined, option: string): void {
	if (value === undefined || names.includes(value)) return;
	throw invalidOption(option, `one of ${names.join(", ")}`);
}

/** Like other errors, doesn't repeat the value: it may be a key. */
function assertAddress(registry: string | undefined): void {
	if (registry === undefined || isHexAddress(registry)) return;
	throw invalidOption("--registry", "a contract address: 0x and 40 hex digits, with a valid checksum if in mixed case");
}

function assertConsistent(file: FileSettings): void {
	const network = networkOf(file);
	if (network === undefined || (file.chainId ?? network.chainId) === network.chainId) return;
	throw new ConfigError(
		"config/invalid-file",
		`orgpass.json: ${file.network} is chain ${network.chainId}, not ${file.chainId}`,
	);
}
