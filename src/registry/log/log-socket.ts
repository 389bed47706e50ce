/**
 * A node's announcements of blocks and logs, over a WebSocket (`eth_subscribe`). They only say that something is new:
 * the log itself is polled. Connects again after a failure, for as long as it isn't closed.
 * @module
 */
import { parseNative } from "../../encoding/native-json.js";
import { badResponse } from "../call-error.js";
import type { Address } from "../org-record.js";
import { parseBlock, parseLog } from "./contract-log.js";

export interface LogSocketOptions {
	/** `ws:` or `wss:`. */
	readonly url: string;
	readonly chainId: number;
	readonly address: Address;
	/** All subscriptions are set up, or were lost. */
	readonly onChange: (isLive: boolean) => void;
	readonly onBlock: () => void;
	readonly onLog: (blockNumber: number) => void;
}

/** A response or an announcement, unchecked. */
interface Message {
	readonly id?: number;
	readonly result?: unknown;
	readonly method?: unknown;
	readonly params: { readonly subscription?: unknown; readonly result?: unknown };
}

export interface LogSocket {
	close(): void;
}

const MAX_MESSAGE_CHARACTERS = 2 ** 20;
/** What a node may send between two checks for silence, and what each message counts at least. */
const MAX_CHARACTERS = 2 ** 22;
const MESSAGE_CHARACTERS = 512;
/** The node has to respond to a request within this time, and is asked after as much silence. */
const SILENCE_MS = 15_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;
/** A node that doesn't close its end keeps the connection open, so no further ones are opened then. */
const MAX_UNCLOSED = 3;

/** The requests by their JSON-RPC ids. */
const [CHAIN_ID, BLOCKS, LOGS] = [1, 2, 3];

/** Connects to a node of the chain. */
export function openLogSocket(options: LogSocketOptions): LogSocket {
	let isClosed = false;
	let failures = 0;
	let unclosed = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let connection: { end(): void } | undefined;
	connect();
	return {
		close() {
			isClosed = true;
			clearTimeout(timer);
			connection?.end();
		},
	};

	function connect(): void {
		const openedAt = performance.now();
		unclosed += 1;
		connection = openConnection({
			...options,
			onChange(isLive) {
				if (isClosed) return;
				if (!isLive) {
					if (performance.now() - openedAt > MAX_DELAY_MS) failures = 0;
					connection = undefined;
					retry();
				}
				options.onChange(isLive);
			},
			onClose() {
				unclosed -= 1;
				if (unclosed === MAX_UNCLOSED - 1 && connection === undefined && !isClosed) retry();
			},
		});
	}

	/** Instances that lost the same node don't come back at the same moment. */
	function retry(): void {
		if (unclosed >= MAX_UNCLOSED) return;
		const delayMs = Math.min(FIRST_DELAY_MS * 2 ** failures, MAX_DELAY_MS);
		failures += 1;
		timer = startTimer(connect, delayMs * (1 - Math.random() / 2));
	}
}

/**
 * One connection; `onChange(false)` is called once, at its end, even if it was never live; `onClose`, when the node has
 * closed it, too.
 */
function openConnection(options: LogSocketOptions & { readonly onClose: () => void }): { end(): void } {
	const { url, chainId, address, onChange, onBlock, onLog, onClose } = options;
	const socket = new WebSocket(url);
	/** The result of each request; of a subscription, its id. */
	const results = new Map<number, unknown>();
	let isEnded = false;
	/** Whether a response is missing. */
	let isAsked = true;
	let received = 0;
	let timer = startTimer(checkSilence, SILENCE_MS);
	socket.onopen = () => {
		send(CHAIN_ID, "eth_chainId", []);
		send(BLOCKS, "eth_subscribe", ["newHeads"]);
		send(LOGS, "eth_subscribe", ["logs", { address }]);
	};
	socket.onmessage = ({ data }) => {
		try {
			receive(data);
			isAsked = !isLive();
		} catch {
			end();
		}
	};
	socket.onerror = end;
	socket.onclose = () => {
		onClose();
		end();
	};
	return { end };

	function end(): void {
		if (isEnded) return;
		isEnded = true;
		clearTimeout(timer);
		socket.close();
		onChange(false);
	}

	function send(id: number, method: string, params: readonly unknown[]): void {
		socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
	}

	function checkSilence(): void {
		if (isAsked) end();
		else {
			isAsked = true;
			received = 0;
			send(CHAIN_ID, "eth_chainId", []);
			timer = startTimer(checkSilence, SILENCE_MS);
		}
	}

	/** Throws if the node doesn't follow the protocol. */
	function receive(data: unknown): void {
		if (typeof data !== "string" || data.length > MAX_MESSAGE_CHARACTERS) throw badResponse();
		received += Math.max(data.length, MESSAGE_CHARACTERS);
		if (received > MAX_CHARACTERS) throw badResponse();
		const { id, result, method, params } = parseNative(data) as Message;
		if (id !== undefined) receiveResponse(id, result);
		else if (method !== "eth_subscription") return;
		else if (params.subscription === results.get(LOGS)) onLog(parseLog(params.result, address).blockNumber);
		else if (params.subscription === results.get(BLOCKS)) {
			parseBlock(params.result);
			onBlock();
		}
	}

	function receiveResponse(id: number, result: unknown): void {
		const isExpected = id === CHAIN_ID ? Number(result) === chainId : typeof result === "string";
		if (![CHAIN_ID, BLOCKS, LOGS].includes(id) || !isExpected) throw badResponse();
		const wasLive = isLive();
		results.set(id, result);
		if (!wasLive && isLive()) onChange(true);
	}

	function isLive(): boolean {
		return results.size === LOGS;
	}
}

/** Doesn't keep a Node.js process running. */
function startTimer(run: () => void, milliseconds: number): ReturnType<typeof setTimeout> {
	const timer = setTimeout(run, milliseconds);
	timer.unref?.();
	return timer;
}
