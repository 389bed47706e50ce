/**
 * A JSON-RPC node held to one chain and one contract: checked once per connection and again after every
 * failure, with a time limit, three attempts, and errors of our own. The node's and ethers' messages never
 * surface: they quote URLs, and what a node says is not evidence.
 * @module
 */
import {
	BrowserProvider,
	type Eip1193Provider,
	isError,
	JsonRpcApiProvider,
	Network,
	type Provider,
} from "ethers";
import pRetry from "p-retry";
import pTimeout from "p-timeout";
import { isOrgpassError, RegistryError } from "../errors/errors.js";
import type { Address } from "./org-record.js";
import { createProvider, TIMEOUT_MS } from "./rpc-provider.js";

/** How to reach a chain. */
export interface ConnectionOptions {
	/** EIP-155 chain id; the node is held to it. */
	readonly chainId: number;
	/** The contract. */
	readonly address: Address;
	/** URL of a JSON-RPC node (http or https). */
	readonly rpcUrl?: string | undefined;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: Provider | Eip1193Provider | undefined;
}

/** A checked connection. */
export interface Connection {
	/** For contracts and accounts; unchecked until {@link Connection.ready} resolved. */
	readonly provider: Provider;
	/** Checks chain id and contract code, once; gives the code. */
	ready(): Promise<string>;
	/**
	 * Runs a read: checked, tried three times, its failure made a `registry/*` error. One that the node refuses is
	 * tried again, too, unless it will be asked in smaller parts.
	 */
	read<T>(work: () => Promise<T>, isDivisible?: boolean): Promise<T>;
	/** Lets go of the provider, where it was made here. */
	close(): void;
}

/** JSON-RPC codes of nodes that want to be asked more slowly: EIP-1474's, and HTTP's where it is reused. */
const LIMIT_EXCEEDED = -32_005;
const TOO_MANY_REQUESTS = 429;

const RETRIES = { retries: 2, minTimeout: 100, maxTimeout: 400 };

/** Connects to a node; nothing goes out before the first read. */
export function connect(options: ConnectionOptions): Connection {
	const { chainId, address } = options;
	const provider = toProvider(options);
	let checked: Promise<string> | undefined;
	return { provider, ready, read, close };

	function ready(): Promise<string> {
		checked ??= check().catch((error) => {
			checked = undefined;
			throw error;
		});
		return checked;
	}

	async function check(): Promise<string> {
		const [actual, code] = await attempt(() =>
			Promise.all([readChainId(provider), provider.getCode(address)]),
		);
		if (actual !== chainId) {
			throw new RegistryError(
				"registry/wrong-chain",
				`expected a node of chain ${chainId}, got one of ${actual}`,
				{
					details: { expected: chainId, actual },
				},
			);
		}
		if (code === "0x") {
			throw new RegistryError(
				"registry/no-contract",
				`expected a contract at ${address} on chain ${chainId}`,
				{
					details: { address, chainId },
				},
			);
		}
		return code;
	}

	async function read<T>(work: () => Promise<T>, isDivisible = false): Promise<T> {
		await ready();
		try {
			return await attempt(work, isDivisible);
		} catch (error) {
			if (isOrgpassError(error) && error.code === "registry/unreachable") checked = undefined;
			throw error;
		}
	}

	function close(): void {
		if (provider !== options.provider) provider.destroy();
	}
}

/** Asks a node which chain it serves. */
export async function readChainId(provider: Provider): Promise<number> {
	if (!(provider instanceof JsonRpcApiProvider)) return Number((await provider.getNetwork()).chainId);
	const answer: unknown = await provider.send("eth_chainId", []);
	const chainId = typeof answer === "string" ? Number(answer) : Number.NaN;
	if (!Number.isSafeInteger(chainId) || chainId < 1) throw badResponse();
	return chainId;
}

/**
 * Runs a request up to three times, five seconds at most each, and turns its failure into a `registry/*` error.
 */
export async function attempt<T>(work: () => Promise<T>, isDivisible = false): Promise<T> {
	try {
		const inTime = (): Promise<T> => pTimeout(work(), { milliseconds: TIMEOUT_MS });
		return await pRetry(inTime, {
			...RETRIES,
			shouldRetry: ({ error }) =>
				!isOrgpassError(error) && !(isDivisible && isError(error, "CALL_EXCEPTION")),
		});
	} catch (cause) {
		if (isOrgpassError(cause)) throw cause;
		if (!isOutage(cause)) throw badResponse(cause);
		throw new RegistryError("registry/unreachable", "the RPC node did not answer", { cause });
	}
}

/** Makes an ethers provider of whatever leads to a node. */
export function toProvider({ rpcUrl, provider, chainId }: Omit<ConnectionOptions, "address">): Provider {
	if (provider === undefined) return createProvider(rpcUrl as string, chainId);
	if (!("request" in provider)) return provider;
	const network = Network.from(chainId);
	return new BrowserProvider(provider, network, { staticNetwork: network, cacheTimeout: -1 });
}

/** The error for an answer that isn't one. */
export function badResponse(cause?: unknown): RegistryError {
	return new RegistryError("registry/bad-response", "the RPC node gave no readable answer", { cause });
}

/** Tells whether a node answered a call, but not with a result: it may take a smaller one. */
export function isRefusedCall({ cause }: RegistryError): boolean {
	if (isError(cause, "BAD_DATA")) return true;
	if (!isError(cause, "CALL_EXCEPTION")) return false;
	const { error } = (cause.info ?? {}) as { readonly error?: { readonly code?: unknown } };
	return error?.code !== LIMIT_EXCEEDED && error?.code !== TOO_MANY_REQUESTS;
}

/** Everything but an answer that can't be read: nothing was learnt about the question. */
function isOutage(error: unknown): boolean {
	return !(
		isError(error, "BAD_DATA") ||
		isError(error, "CALL_EXCEPTION") ||
		isError(error, "INVALID_ARGUMENT")
	);
}
