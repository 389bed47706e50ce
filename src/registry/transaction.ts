/**
 * Sends transactions to the registry and waits until they are in a block. Only this needs ethers: it is loaded with the
 * first transaction.
 * @module
 */
import {
	type CallExceptionError,
	dataLength,
	dataSlice,
	Interface,
	isError,
	type LogDescription,
	type Result,
	type TransactionReplacedError,
} from "ethers";
import pRetry from "p-retry";
import pTimeout from "p-timeout";
import { escapeText, isOrgpassError, type OrgpassError, RegistryError } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";
import type { ContractErrors, RegistryAdapter, RegistryKind } from "./adapters/adapter.js";
import { KNOWN_ERRORS } from "./adapters/known-errors.js";
import { describeCallFailure, withoutUrl } from "./call-error.js";
import type { CodedError } from "./coded-error.js";
import type { Address } from "./org-record.js";
import type { WriteReceipt } from "./registry-changes.js";
import type {
	MinedTransaction,
	SentTransaction,
	TransactionAccount,
	TransactionData,
	TransactionLog,
} from "./transaction-account.js";

/** A receipt with the contract's own events, decoded, in order. */
export interface TransactionOutcome extends WriteReceipt {
	readonly events: readonly LogDescription[];
}

/** The contract that a transaction calls: its functions and errors, and what its errors mean. */
interface CalledContract {
	readonly abi: Interface;
	readonly errors?: ContractErrors | undefined;
}

const SUBMIT_TIMEOUT_MS = 30_000;
const CONFIRM_TIMEOUT_MS = 120_000;
const NONCE_RETRIES = { retries: 5, minTimeout: 50, maxTimeout: 500, randomize: true };

/** Error messages of nodes that ethers doesn't recognize. */
const NO_FUNDS = /enough funds|insufficient funds|insufficient balance/i;

/** Messages of ORGiD 1 and of OpenZeppelin's ERC-721. */
const UNAUTHORIZED_REASON = /action not authorized|not (?:token )?owner (?:nor|or) approved/;

/** Kept because parsing an ABI takes milliseconds. */
const interfaces = new WeakMap<RegistryAdapter, Interface>();

/** Calls a contract function in a transaction. One that would revert is never sent. */
export async function sendTransaction(
	account: TransactionAccount,
	target: { readonly to: Address; readonly chainId: `0x${string}` },
	adapter: RegistryAdapter,
	name: string,
	args: readonly unknown[],
): Promise<TransactionOutcome> {
	const abi = interfaceOf(adapter);
	const encode = (): TransactionData => ({ ...target, data: abi.encodeFunctionData(name, args) });
	const contract = { abi, errors: errorsOf(adapter) };
	const { hash, gasUsed, blockNumber, logs } = await sendAndConfirm(account, contract, name, encode);
	const own = logs.filter(({ address }) => address.toLowerCase() === target.to.toLowerCase());
	const events = own.map((log) => decodeLog(abi, log)).filter((event) => event !== null);
	return { transactionHash: hash as `0x${string}`, gasUsed, blockNumber, events };
}

/** A log that can't be decoded shows nothing. */
function decodeLog(abi: Interface, log: TransactionLog): LogDescription | null {
	try {
		return abi.parseLog(log);
	} catch {
		return null;
	}
}

/** Sends a transaction and waits until it is in a block: at most 30 seconds and two minutes, respectively. */
export async function sendAndConfirm(
	account: TransactionAccount,
	contract: CalledContract,
	name: string,
	encode: () => TransactionData,
): Promise<MinedTransaction> {
	const send = async () => account.sendTransaction(encode());
	const transaction = await submit(send, account.sendTimeoutMs).catch((cause) => {
		throw toWriteError(contract, name, cause);
	});
	try {
		const receipt = await transaction.wait(1, CONFIRM_TIMEOUT_MS);
		if (receipt !== null) return receipt;
	} catch (cause) {
		if (isError(cause, "CALL_EXCEPTION")) throw toWriteError(contract, name, cause);
		if (isError(cause, "TRANSACTION_REPLACED")) return toReplacement(name, transaction.hash, cause);
	}
	const details = { transactionHash: transaction.hash };
	const message = `${name} was sent, but isn't in a block yet: ${transaction.hash}`;
	throw new RegistryError("registry/unreachable", message, { details });
}

/** If another transaction of the account used the nonce, this one was never accepted, so it is sent again. */
function submit(
	send: () => Promise<SentTransaction>,
	milliseconds: number = SUBMIT_TIMEOUT_MS,
): Promise<SentTransaction> {
	const sending = pRetry(send, {
		...NONCE_RETRIES,
		shouldRetry: ({ error }) => isError(error, "NONCE_EXPIRED") || isError(error, "REPLACEMENT_UNDERPRICED"),
	});
	return pTimeout(sending, { milliseconds });
}

/** A user may send the transaction again with a higher fee, or replace it by another one. */
function toReplacement(
	name: string,
	transactionHash: string,
	{ reason, receipt }: Partial<TransactionReplacedError>,
): MinedTransaction {
	if (reason === "repriced" && receipt?.status === 1) return receipt;
	const details = { transactionHash };
	const message = `another transaction of the account took the place of ${name}: ${transactionHash}`;
	throw new RegistryError("registry/reverted", message, { details });
}

function interfaceOf(adapter: RegistryAdapter): Interface {
	const parsed = interfaces.get(adapter) ?? new Interface(adapter.abi);
	interfaces.set(adapter, parsed);
	return parsed;
}

function errorsOf({ errors, name }: RegistryAdapter): ContractErrors | undefined {
	return errors ?? (Object.hasOwn(KNOWN_ERRORS, name) ? KNOWN_ERRORS[name as RegistryKind] : undefined);
}

function toWriteError(contract: CalledContract, name: string, cause: unknown): OrgpassError {
	if (isOrgpassError(cause)) return cause;
	if (isError(cause, "ACTION_REJECTED")) {
		return new RegistryError("registry/rejected", `the account's user rejected ${name}`, { cause });
	}
	if (isError(cause, "CALL_EXCEPTION")) return revertError(contract, name, cause);
	if (isError(cause, "INSUFFICIENT_FUNDS") || lacksFunds(cause)) {
		return new RegistryError("registry/reverted", `the account can't pay for ${name}`, { cause });
	}
	if (isError(cause, "INVALID_ARGUMENT")) {
		return invalidOption(cause.argument, "a value that the contract accepts", { subject: name, cause });
	}
	const failure = withoutUrl(cause);
	const { reason, details } = describeCallFailure(failure);
	const message = `the transaction was not accepted: the RPC node ${reason}`;
	return new RegistryError("registry/unreachable", message, { details, cause: failure });
}

/** A wallet wraps its node's error. */
function lacksFunds(cause: unknown): boolean {
	const { message, info } = Object(cause) as Partial<CodedError>;
	const { message: own, data } = Object(info?.error) as { readonly message?: unknown; readonly data?: unknown };
	return [message, own, Object(data).message].some((text) => NO_FUNDS.test(String(text)));
}

function revertError({ abi, errors = {} }: CalledContract, name: string, cause: CallExceptionError): RegistryError {
	const { error, args } = readRevert(abi, cause);
	const known = Object.hasOwn(errors, error) ? errors[error] : undefined;
	const isUnauthorized = known?.isUnauthorized === true || UNAUTHORIZED_REASON.test(error);
	const code = isUnauthorized ? "registry/unauthorized" : "registry/reverted";
	const shown = Object.keys(args).length === 0 ? "" : ` ${escapeText(JSON.stringify(args))}`;
	const details = { error, args };
	const reason = known === undefined ? `${error}${shown}` : `${known.message} (${error}${shown})`;
	return new RegistryError(code, `the registry refused ${name}: ${reason}`, { details, cause });
}

/** The error's name in the ABI, its selector, or its reason, escaped because the node isn't trusted. */
function readRevert(abi: Interface, { data }: CallExceptionError): { error: string; args: object } {
	try {
		const revert = data ? abi.parseError(data) : null;
		if (revert?.name === "Error") return { error: escapeText(String(revert.args[0])), args: {} };
		if (revert !== null) return { error: revert.name, args: toNamed(revert.args) };
		if (data && dataLength(data) >= 4) return { error: `unknown error ${dataSlice(data, 0, 4)}`, args: {} };
	} catch {
		// Data that can't be decoded contains no reason.
	}
	return { error: "no reason given", args: {} };
}

function toNamed(args: Result): Record<string, unknown> {
	const toNumber = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);
	return Object.fromEntries(Object.entries(args.toObject()).map(([key, value]) => [key, toNumber(value)]));
}
