/**
 * `orgpass registry deploy`.
 * @module
 */
import type { Command } from "commander";
import { deployRegistry } from "../../registry/deploy-registry.js";
import { addCommand, type CommandHost } from "../command.js";
import { OWNER_FLAGS, type OwnerFlags, withAccount } from "../organization.js";
import { findChain } from "../settings/network.js";

/** Adds `registry deploy`. */
export function addRegistryCommands(program: Command, host: CommandHost): void {
	const registry = program.command("registry").description("the registry contract itself");
	addCommand<OwnerFlags>(registry, host, {
		usage: "deploy",
		description: "put a new registry on the chain; it has no owner and can't be changed",
		flags: OWNER_FLAGS,
		async run({ context, options }) {
			const chain = await findChain(context, options);
			const { address, ...receipt } = await withAccount(context, options, chain, deployRegistry);
			const data = { registry: address, chainId: chain.chainId, ...receipt };
			return {
				data,
				text: `deployed ${address} on chain ${chain.chainId}\ntransaction ${receipt.transactionHash}`,
			};
		},
	});
}
