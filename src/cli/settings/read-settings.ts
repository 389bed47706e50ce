/**
 * The settings for chain and registry: flags, then `ORGPASS_*`, then `orgpass.json` in the working directory or
 * above, then a running `orgpass chain`.
 * @module
 */
import { ConfigError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import { REGISTRY_KINDS, type RegistryKind } from "../../registry/adapters/adapter.js";
import { KNOWN_NETWORKS, type KnownNetwork } from "../../registry/known-networks.js";
import type { CliContext } from "../context.js";
import { findRunningChain, type RunningChain } from "./chain-file.js";
import { type FileSettings, type NetworkFlags, readFileSettings } from "./settings-file.js";

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

/** The names of the known networks. */
export const NETWORK_NAMES: readonly string[] = Object.keys(KNOWN_NETWORKS);

/** Reads the settings. The highest-ranking network determines the chain; sources for other chains are ignored. */
export function readSettings(context: CliContext, flags: NetworkFlags): Settings {
	const file = readFileSettings(context);
	const sources: readonly FileSettings[] = [flags, readEnvironment(context), file];
	for (const { network, kind } of sources) {
		assertOneOf(NETWORK_NAMES, network, "network");
		assertOneOf(REGISTRY_KINDS, kind, "kind");
	}
	assertConsistent(file);
	const network = sources.map(networkOf).find((known) => known !== undefined);
	const running = findRunningChain(context);
	const local = network === undefined || network.chainId === running?.chainId ? running : undefined;
	const isOfChain = (source: FileSettings): boolean => {
		const chainId = networkOf(source)?.chainId ?? source.chainId;
		return network === undefined || chainId === undefined || chainId === network.chainId;
	};
	const node = sources.find((source) => source.rpcUrl !== undefined && isOfChain(source));
	const chosen = node?.rpcUrl ?? local?.rpcUrl;
	return {
		...readRegistry(sources),
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

/** A kind applies only if it ranks at or above the contract: a lower one belongs to another contract. */
function readRegistry(sources: readonly FileSettings[]): Pick<Settings, "registry" | "kind"> {
	const at = sources.findIndex((source) => source.registry !== undefined || networkOf(source) !== undefined);
	const source = sources[at];
	const network = source?.registry === undefined ? source && networkOf(source) : undefined;
	const ranking = at < 0 ? sources : sources.slice(0, at + 1);
	const named = ranking.find(({ kind }) => kind !== undefined)?.kind as RegistryKind | undefined;
	return { registry: source?.registry ?? network?.registry, kind: named ?? network?.kind };
}

function networkOf({ network }: FileSettings): KnownNetwork | undefined {
	return network === undefined ? undefined : KNOWN_NETWORKS[network as keyof typeof KNOWN_NETWORKS];
}

function assertOneOf(names: readonly string[], value: string | undefined, option: string): void {
	if (value === undefined || names.includes(value)) return;
	throw invalidOption(option, `one of ${names.join(", ")}`, { got: value });
}

function assertConsistent(file: FileSettings): void {
	const network = networkOf(file);
	if (network === undefined || (file.chainId ?? network.chainId) === network.chainId) return;
	throw new ConfigError(
		"config/invalid-file",
		`orgpass.json: ${file.network} is chain ${network.chainId}, not ${file.chainId}`,
	);
}
