/**
 * `orgpass chain`: a local chain with a registry, which the other commands find by themselves.
 * @module
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { Wallet } from "ethers";
import { invalidOption } from "../../options/invalid-option.js";
import { deployRegistry } from "../../registry/deploy-registry.js";
import type { Address } from "../../registry/org-record.js";
import { createProvider } from "../../registry/rpc-provider.js";
import { type LocalChain, startLocalChain } from "../../testing/local-chain.js";
import { addCommand, type CommandHost } from "../command.js";
import { publishChain, refuseSecond } from "../settings/chain-file.js";

/** A client that keeps its connection must not keep the chain. */
const CLOSE_MS = 200;

/** Adds `chain`. */
export function addChainCommand(program: Command, host: CommandHost): void {
	addCommand<{ port?: string }>(program, host, {
		usage: "chain",
		description: "run a local chain with a registry until Ctrl-C",
		flags: [["--port <port>", "port to listen on; any free one by default"]],
		async run({ context, options, announce }) {
			refuseSecond(context);
			const chain = await startLocalChain({ port: parsePort(options.port ?? "0") });
			try {
				const registry = await deployFirst(chain);
				const { rpcUrl, chainId, accounts } = chain;
				const withdraw = publishChain(context, { pid: process.pid, rpcUrl, chainId, registry });
				try {
					const ready = { rpcUrl, chainId, registry, accounts };
					announce({ data: ready, text: describeChain(ready) });
					if (!context.signal.aborted) await once(context.signal, "abort");
				} finally {
					withdraw();
				}
			} finally {
				await Promise.race([chain.close(), sleep(CLOSE_MS)]);
			}
			return undefined;
		},
	});
}

async function deployFirst({ rpcUrl, chainId, accounts }: LocalChain): Promise<Address> {
	const provider = createProvider(rpcUrl, chainId);
	provider.pollingInterval = 20;
	try {
		const [first] = accounts;
		const { address } = await deployRegistry(new Wallet(first?.privateKey as string, provider));
		return address;
	} finally {
		provider.destroy();
	}
}

function describeChain(
	ready: Pick<LocalChain, "rpcUrl" | "chainId" | "accounts"> & { registry: string },
): string {
	const accounts = ready.accounts.map(({ address, privateKey }) => `  ${address}  ${privateKey}`);
	return [
		`chain ${ready.chainId} at ${ready.rpcUrl}`,
		`registry ${ready.registry}`,
		"accounts, 10,000 ether each; their keys are public knowledge, never use them elsewhere:",
		...accounts,
		"Ctrl-C stops it.",
	].join("\n");
}

function parsePort(text: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (port <= 65_535) return port;
	throw invalidOption("port", "a number from 0 to 65535", { label: "--port", got: text });
}
