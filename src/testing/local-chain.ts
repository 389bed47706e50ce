/**
 * A real Ethereum chain in this process: Hardhat's, with a JSON-RPC server on a local port.
 * @module
 */
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { ConfigError, formatValue } from "../errors/errors.js";
import { portError } from "../network/port-error.js";
import { assertOptions } from "../options/assert-options.js";
import { optionsSchema, wholeNumber } from "../options/schemas.js";
import { positiveInteger } from "../options/value-schemas.js";
import { LOCAL_CHAIN_ID } from "../registry/known-networks.js";
import { deriveAccounts, type LocalAccount } from "../registry/local-accounts.js";
import { assertNodeVersion } from "./node-version.js";

/** A running local chain. */
export interface LocalChain {
	/** Where its JSON-RPC server listens, `http://127.0.0.1:<port>`. */
	readonly rpcUrl: string;
	/** Always 31337. */
	readonly chainId: number;
	/** Its accounts, each with 10,000 ether. */
	readonly accounts: readonly LocalAccount[];
	/** Stops the chain and discards its state. */
	close(): Promise<void>;
}

/** Options of {@link startLocalChain}. */
export interface LocalChainOptions {
	/** The port to listen on; a free one by default. */
	readonly port?: number | undefined;
	/** The number of funded accounts; 20 by default. */
	readonly accountCount?: number | undefined;
}

const PORT = "a port, a whole number from 0 to 65535";

const schema = optionsSchema<LocalChainOptions>({
	port: v.optional(v.pipe(wholeNumber(PORT), v.minValue(0, PORT), v.maxValue(65_535, PORT))),
	accountCount: v.optional(positiveInteger),
});

const require = createRequire(import.meta.url);
const HOST = "127.0.0.1";
const BALANCE_WEI = 10_000n * 10n ** 18n;

/**
 * Starts a local chain. Requires the package `hardhat` (3.18 or later), a peer dependency.
 *
 * @example
 * ```ts
 * import { startLocalChain } from "orgpass/testing";
 *
 * const chain = await startLocalChain();
 * chain.chainId; // => 31337
 * await chain.close();
 * ```
 * @param options the port and the number of accounts
 * @returns the chain, once it responds
 * @throws {ConfigError} `config/hardhat-missing`, `config/port`, `config/unknown-option`, `config/invalid-option`,
 * `config/missing` if Node.js is too old
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
	assertOptions(schema, options, "startLocalChain");
	const { port = 0, accountCount = 20 } = options;
	const accounts = Object.freeze(deriveAccounts(accountCount));
	assertNodeVersion();
	await assertPortIsFree(port);
	const hardhat = await loadHardhat();
	const local = {
		type: "edr-simulated",
		chainType: "l1",
		chainId: LOCAL_CHAIN_ID,
		allowBlocksWithSameTimestamp: true,
		accounts: accounts.map(({ privateKey }) => ({ privateKey, balance: BALANCE_WEI })),
	} as const;
	const root = await createProjectRoot();
	const listen = async () => {
		const hre = await hardhat.createHardhatRuntimeEnvironment({ networks: { local } }, {}, root);
		const server = await hre.network.createServer("local", HOST, port);
		return { server, bound: (await server.listen()).port };
	};
	const { server, bound } = await listen()
		.catch(throwStartError)
		.finally(() => rm(root, { recursive: true, force: true }));
	let closing: Promise<void> | undefined;
	return Object.freeze({
		rpcUrl: `http://${HOST}:${bound}`,
		chainId: LOCAL_CHAIN_ID,
		accounts,
		close: () => {
			closing ??= server.close();
			return closing;
		},
	});
}

/** Hardhat's server ends the process if the port is taken, so the port is tried first. */
async function assertPortIsFree(port: number): Promise<void> {
	const probe = createServer().listen(port, HOST);
	try {
		await once(probe, "listening");
	} catch (cause) {
		throw portError(port, cause);
	}
	probe.close();
	await once(probe, "close");
}

/** An empty project: Hardhat reads its root only at startup. In Jest, a missing folder makes it fail. */
async function createProjectRoot(): Promise<string> {
	const root = await mkdtemp(join(tmpdir(), "orgpass-chain-"));
	await mkdir(join(root, "artifacts", "build-info"), { recursive: true });
	await writeFile(join(root, "package.json"), '{ "type": "module" }\n');
	return root;
}

/** npm skips Hardhat's native package, an optional dependency, if it runs on a Node.js that is too old for it. */
function throwStartError(cause: unknown): never {
	if (!(cause instanceof Error && cause.message.includes("native binding"))) throw cause;
	const message = "Hardhat's native package is missing, because npm ran on an older Node.js";
	const hint = "Delete node_modules and package-lock.json, and run `npm install` again.";
	throw new ConfigError("config/hardhat-missing", message, { details: { hint }, cause });
}

async function loadHardhat(): Promise<typeof import("hardhat/hre")> {
	try {
		return await import("hardhat/hre");
	} catch (cause) {
		const found = undefinedOnError((): string => require("hardhat/package.json").version);
		const got = found === undefined ? "" : `, got ${formatValue(found)}`;
		const message = `the local chain needs the package hardhat (3.18 or later)${got}`;
		throw new ConfigError("config/hardhat-missing", message, { cause });
	}
}
