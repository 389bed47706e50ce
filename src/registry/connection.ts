/**
 * A JSON-RPC node for one chain and one contract: both are checked once per connection and again after every failure.
 * Requests have a time limit and three attempts, two if they time out.
 * @module
 */
import type { Eip1193Provider } from "ethers";
import pRetry from "p-retry";
import { createTurns, type Turns } from "#turns";
import { isOrgpassError, type OrgpassError, RegistryError } from "../errors/errors.js";
import { limitTime } from "../network/limit-time.js";
import type { Observer } from "../observe/observer.js";
import { hostDetails, toCallError, wrongChain } from "./call-error.js";
import {
	type ChainProvider,
	callContract,
	type EthersProvider,
	readChainId,
	readCode,
	toWalletSender,
} from "./chain-reads.js";
import { hasCode } from "./coded-error.js";
import { isRefusedStatus } from "./nodes/batch-sender.js";
import type { Address } from "./org-record.js";
import { createRpcProvider, type RpcProvider, TIMEOUT_MS } from "./rpc-provider.js";
import { isTooLarge } from "./rpc-transport.js";

/** How to reach a chain. */
export interface ConnectionOptions {
	/** EIP-155 chain id; the node must serve this chain. */
	readonly chainId: number;
	readonly address: Address;
	/**
	 * URL of a JSON-RPC node (http or https), or of several: each is asked if those before it fail, unless there is an
	 * `agreement`.
	 */
	readonly rpcUrl?: string | readonly string[] | undefined;
	/** How many of the nodes of `rpcUrl` must give the same response, at least 2; all of them are asked. */
	readonly agreement?: number;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: EthersProvider | Eip1193Provider | undefined;
	/** Observes the requests to the nodes of `rpcUrl`; those of a `provider` aren't reported. */
	readonly observer?: Observer | undefined;
}

/** A call of the contract; the block is one of {@link BlockTag}. */
export interface ContractRead {
	readonly data: string;
	readonly blockTag: string | number;
	readonly isDivisible: boolean;
}

/** A contract's code, as a node returned it once. */
export interface ContractCode {
	readonly code: string;
}

export interface Connection {
	readonly chainId: number;
	readonly address: Address;
	/** For contracts and accounts; not checked until {@link Connection.ready} has resolved. */
	readonly provider: ChainProvider;
	/** Hands out results one per turn of the event loop: a batch has hundreds at once. */
	readonly turns: Turns;
	/** Checks the chain id and the contract's code once; returns the code, as another object for each check. */
	ready(): Promise<ContractCode>;
	/** Whether a call of the contract has had a valid result. Before that, a call that fails makes `ready` check again. */
	isProven(): boolean;
	/** Checks both again, once and within five seconds, and then the code with `assertKnown`. */
	assertReady(assertKnown: (code: string) => Promise<void>): Promise<void>;
	/** Runs a read with {@link attempt}. */
	read<T>(work: () => Promise<T>): Promise<T>;
	/** Calls the contract and decodes the result. A divisible call isn't retried if refused: smaller ones follow. */
	call<T>(call: ContractRead, decode: (result: unknown) => T): Promise<T>;
	/** Destroys the provider, if it was created here. */
	close(): void;
}

const RETRIES = { retries: 2, minTimeout: 100, maxTimeout: 400 };

/** Connects to a node; nothing is sent before the first read. */
export function connect(options: ConnectionOptions): Connection {
	const { chainId, address } = options;
	const provider = toProvider(options);
	const turns = createTurns();
	let checked: Promise<ContractCode> | undefined;
	let isProven = false;
	return { chainId, address, provider, turns, ready, isProven: () => isProven, assertReady, read, call, close };

	function ready(): Promise<ContractCode> {
		checked ??= check().catch((error) => {
			checked = undefined;
			throw error;
		});
		return checked;
	}

	async function assertReady(assertKnown: (code: string) => Promise<void>): Promise<void> {
		try {
			await inTime(readNode().then(assertContract).then(assertKnown));
		} catch (error) {
			checked = undefined;
			throw toRegistryError(provider, error);
		}
	}

	async function check(): Promise<ContractCode> {
		return { code: assertContract(await attempt(provider, readNode)) };
	}

	function readNode(): Promise<[number, string]> {
		return Promise.all([readChainId(provider), readCode(provider, address)]);
	}

	function assertContract([actual, code]: readonly [number, string]): string {
		assertNodeChain(provider, actual, chainId);
		if (code !== "0x") return code;
		const message = `expected a contract at ${address} on chain ${chainId}`;
		throw new RegistryError("registry/no-contract", message, { details: { address, chainId } });
	}

	function read<T>(work: () => Promise<T>): Promise<T> {
		return whenReady(() => attempt(provider, work).finally(turns.take));
	}

	function call<T>({ isDivisible, ...transaction }: ContractRead, decode: (result: unknown) => T): Promise<T> {
		const work = async (): Promise<T> => {
			const result = await inTime(callContract(provider, { to: address, ...transaction }));
			await turns.take();
			const decoded = decode(result);
			isProven = true;
			return decoded;
		};
		return whenReady(() => turns.idle().then(() => retry(provider, work, isDivisible)));
	}

	async function whenReady<T>(work: () => Promise<T>): Promise<T> {
		await ready();
		try {
			return await work();
		} catch (error) {
			if (isOrgpassError(error) && (isOutage(error) || mayBeOtherContract(error))) checked = undefined;
			throw error;
		}
	}

	/** Code that a node returned may be wrong. */
	function mayBeOtherContract({ code }: OrgpassError): boolean {
		return !isProven && code === "registry/bad-response";
	}

	function close(): void {
		if (isOwn(provider)) provider.destroy();
	}
}

/** Asserts that a node serves the expected chain. */
export function assertNodeChain(provider: object, actual: number, expected: number): void {
	if (actual !== expected) throw wrongChain(hostDetails(provider), actual, expected);
}

/** Runs a request up to three times, at most five seconds each, and turns its failure into a `registry/*` error. */
export function attempt<T>(provider: object, work: () => Promise<T>): Promise<T> {
	return retry(provider, () => inTime(work()));
}

function inTime<T>(working: Promise<T>): Promise<T> {
	return limitTime(working, TIMEOUT_MS, () => new DOMException(`no response within ${TIMEOUT_MS} ms`, "TimeoutError"));
}

async function retry<T>(provider: object, work: () => Promise<T>, isDivisible = false): Promise<T> {
	try {
		return await pRetry(work, {
			...RETRIES,
			shouldRetry: ({ error, attemptNumber }) => {
				if (isOrgpassError(error)) return mayPass(error, RETRIES.minTimeout * 2 ** (attemptNumber - 1));
				if (isTooLarge(error)) return false;
				if (isDivisible && hasCode(error, "CALL_EXCEPTION")) return false;
				// A third attempt would exceed the time limit of the verification, and that error names no node. A refused
				// request is hardly ever accepted later, and it may have been sent as a batch and as a single call.
				return attemptNumber === 1 || (error.name !== "TimeoutError" && !isRefusedStatus(error));
			},
		});
	} catch (cause) {
		throw toRegistryError(provider, cause);
	}
}

/** Whether the node may be another one afterwards; one that limits requests for a while isn't. */
function isOutage({ code, details }: OrgpassError): boolean {
	return code === "registry/unreachable" && details["retryAfterSeconds"] === undefined;
}

/** Nodes may disagree while one of them receives a block, and a busy one may accept requests after the next pause. */
function mayPass({ code, details }: OrgpassError, pauseMs: number): boolean {
	return code === "registry/disagreement" || Number(details["retryAfterSeconds"]) * 1_000 <= pauseMs;
}

function toRegistryError(provider: object, cause: unknown): OrgpassError {
	return isOrgpassError(cause) ? cause : toCallError(provider, cause);
}

/** Converts a URL or a provider. */
export function toProvider(options: Omit<ConnectionOptions, "address">): ChainProvider {
	const { rpcUrl, provider, chainId } = options;
	if (provider === undefined) return createRpcProvider(rpcUrl as string | readonly string[], chainId, options);
	return "request" in provider ? toWalletSender(provider) : provider;
}

/** Whether it was created here. */
function isOwn(provider: ChainProvider): provider is RpcProvider {
	return "exchange" in provider;
}
