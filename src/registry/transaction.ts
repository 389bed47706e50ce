/**
 * Sends a transaction to the registry and waits until it stands in a block.
 * @module
 */
import {
	type CallExceptionError,
	type Contract,
	type ContractTransactionResponse,
	type Interface,
	isError,
	type LogDescription,
	type Result,
	type TransactionReceipt,
} from "ethers";
import pRetry from "p-retry";
import pTimeout from "p-timeout";
import { type ConfigError, RegistryError } from "../errors/errors.js";
import { escapeText } from "../errors/format-value.js";
import { invalidOption } from "../options/invalid-option.js";
import type { WriteReceipt } from "./registry.js";

/** A receipt with the contract's events. */
export interface TransactionOutcome extends WriteReceipt {
	/** The contract's own events, decoded, in order. */
	readonly events: readonly LogDescription[];
}

const SUBMIT_TIMEOUT_MS = 30_000;
const CONFIRM_TIMEOUT_MS = 120_000;
const NONCE_RETRIES = { retries: 5, minTimeout: 50, maxTimeout: 500, randomize: true };

/** Nodes that ethers doesn't know the words of. */
const NO_FUNDS = /enough funds|insufficient funds|insufficient balance/i;

/** Custom errors of orgpass and ORGiD 3, and the words of ORGiD 1 and OpenZeppelin's ERC-721. */
const UNAUTHORIZED = new Set([
	"CallerNotOwner",
	"CallerNotDirector",
	"CallerNotOwnerOrDirector",
	"CalledNotByOrgIdOwner",
]);
const UNAUTHORIZED_REASON = /action not authorized|not (?:token )?owner (?:nor|or) approved/;

/** Sends a transaction; what would revert is never sent. */
export async function sendTransaction(
	contract: Contract,
	name: string,
	args: readonly unknown[],
): Promise<TransactionOutcome> {
	const transaction = await submit(contract, name, args);
	const receipt = await confirm(contract.interface, name, transaction);
	const events = receipt.logs
		.map((log) => contract.interface.parseLog(log))
		.filter((event) => event !== null);
	return {
		transactionHash: receipt.hash as `0x${string}`,
		gasUsed: receipt.gasUsed,
		blockNumber: receipt.blockNumber,
		events,
	};
}

async function submit(
	contract: Contract,
	name: string,
	args: readonly unknown[],
): Promise<ContractTransactionResponse> {
	try {
		const send = (): Promise<ContractTransactionResponse> => contract.getFunction(name).send(...args);
		const sending = pRetry(send, { ...NONCE_RETRIES, shouldRetry: ({ error }) => isNonceTaken(error) });
		return await pTimeout(sending, { milliseconds: SUBMIT_TIMEOUT_MS });
	} catch (cause) {
		throw toWriteError(contract.interface, name, cause);
	}
}

/** Another transaction of the account got in first; ours never did, so it may be sent again. */
function isNonceTaken(error: unknown): boolean {
	return isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED");
}

/** Waits until a transaction stands in a block, two minutes at most. */
export async function confirm(
	contract: Interface,
	name: string,
	transaction: ContractTransactionResponse,
): Promise<TransactionReceipt> {
	try {
		const receipt = await transaction.wait(1, CONFIRM_TIMEOUT_MS);
		if (receipt !== null) return receipt;
	} catch (cause) {
		if (isError(cause, "CALL_EXCEPTION")) throw toWriteError(contract, name, cause);
	}
	const { hash } = transaction;
	throw new RegistryError("registry/unreachable", `${name} was sent, but not seen in a block: ${hash}`, {
		details: { transactionHash: hash },
	});
}

/** Turns what went wrong with a transaction into an error of ours. */
export function toWriteError(contract: Interface, name: string, cause: unknown): RegistryError | ConfigError {
	if (isError(cause, "CALL_EXCEPTION")) return revertError(contract, name, cause);
	if (isError(cause, "INSUFFICIENT_FUNDS") || NO_FUNDS.test(String((cause as Error).message))) {
		return new RegistryError("registry/reverted", `the account can't pay for ${name}`, { cause });
	}
	if (isError(cause, "INVALID_ARGUMENT")) {
		return invalidOption(cause.argument, "a value that the contract takes", { subject: name, cause });
	}
	return new RegistryError("registry/unreachable", "the RPC node did not take the transaction", { cause });
}

function revertError(contract: Interface, name: string, cause: CallExceptionError): RegistryError {
	const { error, args } = readRevert(contract, cause);
	const isUnauthorized = UNAUTHORIZED.has(error) || UNAUTHORIZED_REASON.test(error);
	const code = isUnauthorized ? "registry/unauthorized" : "registry/reverted";
	const shown = Object.keys(args).length === 0 ? "" : ` ${escapeText(JSON.stringify(args))}`;
	return new RegistryError(code, `the registry refused ${name}: ${error}${shown}`, {
		details: { error, args },
		cause,
	});
}

/** The contract's error by name; a node that makes one up gets no further than here. */
function readRevert(contract: Interface, { data }: CallExceptionError): { error: string; args: object } {
	try {
		const revert = data ? contract.parseError(data) : null;
		if (revert?.name === "Error") return { error: escapeText(String(revert.args[0])), args: {} };
		if (revert !== null) return { error: revert.name, args: named(revert.args) };
	} catch {
		// Not decodable: as good as no reason.
	}
	return { error: "no reason given", args: {} };
}

function named(args: Result): Record<string, unknown> {
	const entries = Object.entries(args.toObject());
	return Object.fromEntries(
		entries.map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value]),
	);
}
