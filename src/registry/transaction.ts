/**
 * Sends a transaction to the registry and waits until it stands in a block.
 * @module
 */
import { type Contract, type Interface, isError, type LogDescription, type Result } from "ethers";
import { RegistryError } from "../errors.js";
import type { WriteReceipt } from "./registry.js";

/** A receipt with the contract's events. */
export interface TransactionOutcome extends WriteReceipt {
	/** The contract's own events, decoded, in order. */
	readonly events: readonly LogDescription[];
}

const TIMEOUT_MS = 120_000;

const UNAUTHORIZED = new Set(["CallerNotOwner", "CallerNotDirector", "CallerNotOwnerOrDirector"]);

/**
 * Sends a transaction; what would revert is never sent.
 *
 * @param contract with the account that signs
 * @param name the function
 * @param args its arguments
 * @returns the receipt
 * @throws {RegistryError} `registry/reverted` and `registry/unauthorized` with the contract's error in
 * `details.error` and `details.args`; `registry/unreachable`
 */
export async function sendTransaction(
	contract: Contract,
	name: string,
	args: readonly unknown[],
): Promise<TransactionOutcome> {
	try {
		const transaction = await contract.getFunction(name).send(...args);
		const receipt = await transaction.wait(1, TIMEOUT_MS);
		if (receipt === null)
			throw new RegistryError("registry/unreachable", "the transaction was not mined in time");
		const events = receipt.logs
			.map((log) => contract.interface.parseLog(log))
			.filter((event) => event !== null);
		return {
			transactionHash: receipt.hash as `0x${string}`,
			gasUsed: receipt.gasUsed,
			blockNumber: receipt.blockNumber,
			events,
		};
	} catch (cause) {
		throw toRegistryError(contract.interface, name, cause);
	}
}

/**
 * Turns what went wrong with a transaction into a `registry/*` error.
 *
 * @param contract whose custom errors to read
 * @param name the function, or what was attempted
 * @param cause what was caught
 * @returns the error, to throw
 */
export function toRegistryError(contract: Interface, name: string, cause: unknown): RegistryError {
	if (cause instanceof RegistryError) return cause;
	if (isError(cause, "CALL_EXCEPTION")) {
		const revert = cause.data ? contract.parseError(cause.data) : null;
		const error = revert?.name ?? "no reason given";
		const code = UNAUTHORIZED.has(error) ? "registry/unauthorized" : "registry/reverted";
		const values = revert === null ? {} : { error, args: named(revert.args) };
		return new RegistryError(
			code,
			`the registry refused ${name}: ${error} ${JSON.stringify(values.args ?? {})}`,
			{
				details: values,
				cause,
			},
		);
	}
	if (isError(cause, "INSUFFICIENT_FUNDS")) {
		return new RegistryError("registry/reverted", `the account can't pay for ${name}`, { cause });
	}
	if (isError(cause, "INVALID_ARGUMENT")) {
		return new RegistryError("registry/reverted", `${name} can't take the argument ${cause.argument}`, {
			cause,
		});
	}
	return new RegistryError("registry/unreachable", "the RPC node did not take the transaction", { cause });
}

function named(args: Result): Record<string, unknown> {
	const entries = Object.entries(args.toObject());
	return Object.fromEntries(
		entries.map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]),
	);
}
