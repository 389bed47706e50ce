/**
 * A JSON-RPC node held to one chain and one contract: checked once per connection and again after every
 * failure, with a time limit, three attempts, and errors of our own. The node's and ethers' messages never
 * surface: they quote URLs, and what a node says is not evidence.
 * @module
 */
import {
	BrowserProvider,
	type Eip1193Provider,
	FetchRequest,
	type GetUrlResponse,
	isError,
	JsonRpcApiProvider,
	JsonRpcProvider,
	Network,
	type Provider,
} from "ethers";
import pRetry from "p-retry";
import pTimeout from "p-timeout";
import { isOrgpassError, RegistryError } from "../errors.js";
import type { Address } from "./org-record.js";

/** How to reach a chain. */
export interface ConnectionOptions {
	/** EIP-155 chain id; the node is held to it. */
	readonly chainId: number;
	/** The contract. */
	readonly address: Address;
	/** URL of a JSON-RPC node (http or https). */
	readonly rpcUrl?: string;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: Provider | Eip1193Provider;
}

/** A checked connection. */
export interface Connection {
	/** For contracts and accounts; unchecked until {@link Connection.ready} resolved. */
	readonly provider: Provider;
	/** Checks chain id and contract code, once. */
	ready(): Promise<void>;
	/** Runs a read: checked, tried three times, its failure made a `registry/*` error. */
	read<T>(work: () => Promise<T>): Promise<T>;
	/** Lets go of the provider, where it was made here. */
	close(): void;
}

const TIMEOUT_MS = 5_000;
const RETRIES = { retries: 2, minTimeout: 100, maxTimeout: 400 };

/**
 * Connects to a node; nothing goes out before the first read.
 *
 * @param options how to reach the chain
 * @returns the connection
 */
export function connect(options: ConnectionOptions): Connection {
	const { chainId, address } = options;
	const provider = toProvider(options);
	let checked: Promise<void> | undefined;
	return { provider, ready, read, close };

	function ready(): Promise<void> {
		checked ??= check().catch((error) => {
			checked = undefined;
			throw error;
		});
		return checked;
	}

	async function check(): Promise<void> {
		const actual = await attempt(() => readChainId(provider));
		if (actual !== chainId) {
			throw new RegistryError(
				"registry/wrong-chain",
				`expected a node of chain ${chainId}, got one of ${actual}`,
				{
					details: { expected: chainId, actual },
				},
			);
		}
		const code = await attempt(() => provider.getCode(address));
		if (code === "0x") {
			throw new RegistryError(
				"registry/no-contract",
				`expected a contract at ${address} on chain ${chainId}`,
				{
					details: { address, chainId },
				},
			);
		}
	}

	async function read<T>(work: () => Promise<T>): Promise<T> {
		await ready();
		try {
			return await attempt(work);
		} catch (error) {
			if (isOrgpassError(error) && error.code === "registry/unreachable") checked = undefined;
			throw error;
		}
	}

	function close(): void {
		if (provider !== options.provider) provider.destroy();
	}
}

/**
 * Asks a node which chain it serves.
 *
 * @param provider an ethers provider
 * @returns the EIP-155 chain id
 */
export async function readChainId(provider: Provider): Promise<number> {
	if (!(provider instanceof JsonRpcApiProvider)) return Number((await provider.getNetwork()).chainId);
	const answer: unknown = await provider.send("eth_chainId", []);
	const chainId = typeof answer === "string" ? Number(answer) : Number.NaN;
	if (!Number.isSafeInteger(chainId) || chainId < 1) throw badResponse();
	return chainId;
}

/**
 * Makes an ethers provider that neither detects networks nor remembers answers, with a time limit.
 *
 * @param rpcUrl URL of a JSON-RPC node
 * @param chainId EIP-155 chain id the node is taken to serve
 * @returns the provider; `destroy` it after use
 */
export function createProvider(rpcUrl: string, chainId: number): JsonRpcProvider {
	const request = new FetchRequest(rpcUrl);
	request.setThrottleParams({ maxAttempts: 1 });
	request.getUrlFunc = fetchInTime;
	const network = Network.from(chainId);
	return new JsonRpcProvider(request, network, {
		staticNetwork: network,
		batchMaxCount: 1,
		cacheTimeout: -1,
	});
}

/**
 * Runs a request up to three times, five seconds at most each, and turns its failure into a `registry/*` error.
 *
 * @param work the request
 * @returns what it returns
 * @throws {RegistryError} `registry/unreachable`, `registry/bad-response`
 */
export async function attempt<T>(work: () => Promise<T>): Promise<T> {
	try {
		const inTime = (): Promise<T> => pTimeout(work(), { milliseconds: TIMEOUT_MS });
		return await pRetry(inTime, {
			...RETRIES,
			shouldRetry: ({ error }) => !isOrgpassError(error),
		});
	} catch (cause) {
		if (isOrgpassError(cause)) throw cause;
		if (!isOutage(cause)) throw badResponse(cause);
		throw new RegistryError("registry/unreachable", "the RPC node did not answer", { cause });
	}
}

/** ethers' own leaves a request that timed out, and with it the socket and the process, waiting for the node. */
async function fetchInTime({ url, method, headers, body }: FetchRequest): Promise<GetUrlResponse> {
	const { href, authorization } = splitCredentials(url);
	const response = await fetch(href, {
		method,
		headers: { ...headers, ...authorization },
		body: body === null ? null : new Uint8Array(body),
		redirect: "error",
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
	return {
		statusCode: response.status,
		statusMessage: response.statusText,
		headers: Object.fromEntries(response.headers),
		body: new Uint8Array(await response.arrayBuffer()),
	};
}

/** `fetch` takes no `user:password@` in a URL; RFC 7617 says what becomes of it. */
function splitCredentials(text: string): {
	readonly href: string;
	readonly authorization: Record<string, string>;
} {
	const url = new URL(text);
	if (url.username === "" && url.password === "") return { href: text, authorization: {} };
	const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
	url.username = "";
	url.password = "";
	const encoded = btoa(String.fromCharCode(...new TextEncoder().encode(pair)));
	return { href: url.href, authorization: { authorization: `Basic ${encoded}` } };
}

function toProvider({ rpcUrl, provider, chainId }: ConnectionOptions): Provider {
	if (provider === undefined) return createProvider(rpcUrl as string, chainId);
	if (!("request" in provider)) return provider;
	const network = Network.from(chainId);
	return new BrowserProvider(provider, network, { staticNetwork: network, cacheTimeout: -1 });
}

/**
 * The error for an answer that isn't one.
 *
 * @param cause what was caught, for logs
 * @returns the error, to throw
 */
export function badResponse(cause?: unknown): RegistryError {
	return new RegistryError("registry/bad-response", "the RPC node gave no readable answer", { cause });
}

/** Everything but an answer that can't be read: nothing was learnt about the question. */
function isOutage(error: unknown): boolean {
	return !(
		isError(error, "BAD_DATA") ||
		isError(error, "CALL_EXCEPTION") ||
		isError(error, "INVALID_ARGUMENT")
	);
}
