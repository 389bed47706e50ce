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
import { type ConfigError, escapeText, RegistryError } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";
import type { RegistryAdapter } from "./adapters/adapter.js";
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

const SUBMIT_TIMEOUT_MS = 30_000;
const CONFIRM_TIMEOUT_MS = 120_000;
const NONCE_RETRIES = { retries: 5, minTimeout: 50, maxTimeout: 500, randomize: true };

/** Error messages of nodes that ethers doesn't recognize. */
const NO_FUNDS = /enough funds|insufficient funds|insufficient balance/i;

/** Custom errors of orgpass and ORGiD 3; messages of ORGiD 1 and OpenZeppelin's ERC-721. */
const UNAUTHORIZED = new Set([
	"CallerNotOwner",
	"CallerNotDirector",
	"CallerNotOwnerOrDirector",
	"CalledNotByOrgIdOwner",
]);
const UNAUTHORIZED_REASON = /action not authorized|not (?:token )?owner (?:nor|or) approved/;

/** The custom errors of orgpass and ORGiD 3 in words. */
const WORDS: Readonly<Record<string, string>> = {
	OrganizationNotFound: "there is no such organization",
	OrganizationAlreadyExists: "this account already has an organization with this salt",
	CallerNotOwner: "only the organization's owner may do this",
	CallerNotDirector: "only the proposed director may do this",
	CallerNotOwnerOrDirector: "only the organization's owner or director may do this",
	InvalidOwner: "this account can't be the new owner",
	OrgJsonIncomplete: "a document needs both a hash and an address, and backups need the first address",
	UriTooLong: "the document's address is too long",
	InvalidFragment: "the key's name must be 1 to 64 of 0-9 A-Z a-z _ -",
	ReservedFragment: "the key's name is reserved",
	FragmentAlreadyUsed: "the key's name was used before, and names can't be reused",
	PointNotOnCurve: "the public key isn't a point of secp256k1",
	InvalidValidity: "the key's validity must end after it starts, and in the future",
	TooManyKeys: "the organization has as many keys as it may have: revoke one",
	KeyNotFound: "the organization has no key of this name",
	KeyAlreadyRevoked: "the key is already revoked",
	OrgIdNotFound: "there is no such organization",
	TokenNotFound: "there is no such organization",
	OrgIdAlreadyExists: "this account already has an organization with this salt",
	OrgJsonUriEmpty: "a document needs an address",
	CalledNotByOrgIdOwner: "only the organization's owner may do this",
	InvalidDelegatesInput: "at least one delegate is needed",
};

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
	const { hash, gasUsed, blockNumber, logs } = await sendAndConfirm(account, abi, name, () => ({
		...target,
		data: abi.encodeFunctionData(name, args),
	}));
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
	contract: Interface,
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

function toWriteError(contract: Interface, name: string, cause: unknown): RegistryError | ConfigError {
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

function revertError(contract: Interface, name: string, cause: CallExceptionError): RegistryError {
	const { error, args } = readRevert(contract, cause);
	const isUnauthorized = UNAUTHORIZED.has(error) || UNAUTHORIZED_REASON.test(error);
	const code = isUnauthorized ? "registry/unauthorized" : "registry/reverted";
	const shown = Object.keys(args).length === 0 ? "" : ` ${escapeText(JSON.stringify(args))}`;
	const details = { error, args };
	const words = WORDS[error];
	const reason = words === undefined ? `${error}${shown}` : `${words} (${error}${shown})`;
	return new RegistryError(code, `the registry refused ${name}: ${reason}`, { details, cause });
}

/** The error's name in the ABI, its selector, or its reason, escaped because the node isn't trusted. */
function readRevert(contract: Interface, { data }: CallExceptionError): { error: string; args: object } {
	try {
		const revert = data ? contract.parseError(data) : null;
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
