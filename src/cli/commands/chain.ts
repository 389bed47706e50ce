/**
 * `orgpass chain`: a local chain with a registry, which the other commands find automatically.
 * @module
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { deployRegistry } from "../../registry/deploy-registry.js";
import { type LocalChain, startLocalChain } from "../../testing/local-chain.js";
import { addCommand, type CommandHost, type CommandSummary } from "../command.js";
import { withAccount } from "../organization.js";
import { PORT_OPTION } from "../port-option.js";
import { waitFor } from "../progress.js";
import { assertNoneRunning, publishChain } from "../settings/chain-file.js";
import { plantNonce } from "../settings/chain-proof.js";

/** A client that keeps its connection open must not keep the chain running. */
const CLOSE_MS = 200;

export function addChainCommand(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	addCommand<{ port?: number }>(program, host, {
		usage: name,
		description,
		options: [PORT_OPTION],
		examples: ["orgpass chain", "orgpass chain --port 8545"],
		async run({ context, options, announce }) {
			await assertNoneRunning(context);
			const chain = await waitFor(context, "Hardhat to start", () => startLocalChain({ port: options.port ?? 0 }));
			try {
				const { rpcUrl, chainId, accounts } = chain;
				const { address: registry } = await withAccount(context, {}, { ...chain, isLocal: true }, deployRegistry);
				const nonce = await plantNonce(rpcUrl);
				const withdraw = await publishChain(context, { pid: process.pid, rpcUrl, chainId, registry, nonce });
				try {
					const ready = { rpcUrl, chainId, registry, accounts };
					announce({ data: ready, text: formatChain(ready) });
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

function formatChain(ready: Pick<LocalChain, "rpcUrl" | "chainId" | "accounts"> & { registry: string }): string {
	const accounts = ready.accounts.map(({ address, privateKey }) => `  ${address}  ${privateKey}`);
	return [
		`chain ${ready.chainId} at ${ready.rpcUrl}`,
		`registry ${ready.registry}`,
		"accounts with 10,000 ether each; their keys are public knowledge, never use them elsewhere:",
		...accounts,
		"Ctrl-C stops it.",
	].join("\n");
}
