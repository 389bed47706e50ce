/**
 * `orgpass registry deploy`.
 * @module
 */
import type { Command } from "commander";
import { deployRegistry } from "../../registry/deploy-registry.js";
import { addCommand, type CommandHost, type CommandSummary } from "../command.js";
import { OWNER_OPTIONS, type OwnerFlags, withAccount } from "../organization.js";
import { findChain } from "../settings/network.js";

export function addRegistryCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const registry = program.command(name).description(description);
	addCommand<OwnerFlags>(registry, host, {
		usage: "deploy",
		description: "deploy a new registry; it has no owner and can't be changed",
		options: OWNER_OPTIONS,
		examples: ["orgpass registry deploy --rpc-url https://… --owner-key owner.pem"],
		async run({ context, options }) {
			const chain = await findChain(context, options);
			const { address, ...receipt } = await withAccount(context, options, chain, deployRegistry);
			const data = { registry: address, chainId: chain.chainId, ...receipt };
			const text = `deployed ${address} on chain ${chain.chainId}\ntransaction ${receipt.transactionHash}`;
			return { data, text };
		},
	});
}
