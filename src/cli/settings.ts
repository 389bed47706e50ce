/**
 * Which chain and registry a command works on: flags, then `ORGPASS_*`, then `orgpass.json` in the working
 * directory or above, then a running `orgpass chain`.
 * @module
 */
import { dirname, resolve } from "node:path";
import * as z from "zod/mini";
import { describe } from "../encoding/display.js";
import { parseJson } from "../encoding/json.js";
import { ConfigError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { chainIdNumber, nonEmptyString } from "../options/schemas.js";
import { attempt, readChainId } from "../registry/connection.js";
import { createRegistry } from "../registry/create-registry.js";
import type { Registry } from "../registry/registry.js";
import { createProvider } from "../registry/rpc-provider.js";
import { findRunningChain } from "./chain-file.js";
import { readTextFile } from "./files.js";
import { findUpwards } from "./find-upwards.js";
import type { CliIo } from "./io.js";

/** The flags every command takes. */
export interface NetworkFlags {
	readonly rpcUrl?: string;
	readonly registry?: string;
}

/** A chain to talk to. */
export interface ChainSettings {
	readonly rpcUrl: string;
	readonly chainId: number;
	/** True where it is the local chain of `orgpass chain`. */
	readonly isLocal: boolean;
}

interface FileSettings {
	readonly rpcUrl?: string;
	readonly registry?: string;
	readonly chainId?: number;
}

const fileSchema = z.strictObject(
	{
		rpcUrl: z.optional(nonEmptyString),
		registry: z.optional(nonEmptyString),
		chainId: z.optional(chainIdNumber),
	},
	"a JSON object",
);

/**
 * Finds the chain to talk to.
 *
 * @param io environment and working directory
 * @param flags what the command line says
 * @returns the chain; a chain id that isn't configured is asked of the node
 * @throws {ConfigError} `config/missing`, `config/invalid-file`
 * @throws {RegistryError} `registry/unreachable`
 */
export async function findChain(io: CliIo, flags: NetworkFlags): Promise<ChainSettings> {
	const file = readSettingsFile(io);
	const local = findRunningChain(io);
	const rpcUrl = flags.rpcUrl ?? (io.env["ORGPASS_RPC_URL"] || undefined) ?? file.rpcUrl ?? local?.rpcUrl;
	if (rpcUrl === undefined) throw missing("an RPC node", "--rpc-url", "ORGPASS_RPC_URL");
	if (!/^https?:\/\//.test(rpcUrl) || !URL.canParse(rpcUrl)) {
		throw new ConfigError("config/invalid-option", "the RPC URL must be one of http:// or https://", {
			details: { option: "rpcUrl" },
		});
	}
	const isLocal = rpcUrl === local?.rpcUrl;
	const known = file.chainId ?? (isLocal ? local?.chainId : undefined);
	return { rpcUrl, chainId: known ?? (await askChainId(rpcUrl)), isLocal };
}

/**
 * Finds the registry to work on.
 *
 * @param io environment and working directory
 * @param flags what the command line says
 * @returns the registry and its chain; `close` the registry after use
 * @throws {ConfigError} `config/missing`, `config/invalid-file`, `config/invalid-option`
 * @throws {RegistryError} `registry/unreachable`
 */
export async function findRegistry(
	io: CliIo,
	flags: NetworkFlags,
): Promise<{ readonly registry: Registry; readonly chain: ChainSettings }> {
	const local = findRunningChain(io);
	const named = flags.registry ?? (io.env["ORGPASS_REGISTRY"] || undefined) ?? readSettingsFile(io).registry;
	if (named === undefined && local === undefined) throw missingRegistry();
	const chain = await findChain(io, flags);
	// The local registry's address means nothing on another chain, or worse, somebody else's contract.
	const isOnIt = chain.isLocal || local?.chainId === chain.chainId;
	const address = named ?? (isOnIt ? local?.registry : undefined);
	if (address === undefined) throw missingRegistry();
	const registry = createRegistry({ chainId: chain.chainId, rpcUrl: chain.rpcUrl, address });
	return { registry, chain };
}

function readSettingsFile(io: CliIo): FileSettings {
	const path = findUpwards(io.cwd, "orgpass.json");
	if (path === undefined) return {};
	const { text, isOwn } = readTextFile(io, path, "orgpass.json");
	if (!isOwn && dirname(path) !== resolve(io.cwd)) {
		throw new ConfigError(
			"config/invalid-file",
			`${describe(path)} belongs to another user: it is not trusted`,
		);
	}
	try {
		const settings = parseJson(text) as FileSettings;
		checkOptions(fileSchema, settings, "orgpass.json");
		return settings;
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unreadable";
		throw new ConfigError("config/invalid-file", `${describe(path)}: ${reason}`, { cause });
	}
}

/**
 * Asks a node which chain it serves.
 *
 * @param rpcUrl its URL
 * @returns the EIP-155 chain id
 * @throws {RegistryError} `registry/unreachable`, `registry/bad-response`
 */
export async function askChainId(rpcUrl: string): Promise<number> {
	const provider = createProvider(rpcUrl, 1);
	try {
		return await attempt(() => readChainId(provider));
	} finally {
		provider.destroy();
	}
}

function missing(what: string, flag: string, variable: string): ConfigError {
	return new ConfigError(
		"config/missing",
		`expected ${what}: give ${flag}, set ${variable}, write orgpass.json, or start \`orgpass chain\``,
	);
}

function missingRegistry(): ConfigError {
	return missing("a registry", "--registry", "ORGPASS_REGISTRY");
}
