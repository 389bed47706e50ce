/**
 * Faults of a Redis server, the store of used tokens.
 * @module
 */
import type { Socket } from "node:net";

/** A fault of a Redis server. */
export interface RedisFault {
	readonly name: string;
	/** Whether a request lasts until its time limit. */
	readonly isSlow?: boolean;
	/** Whether nothing listens on its port. */
	readonly isClosed?: boolean;
	/** Takes over each connection, also open ones. */
	readonly onSocket?: (socket: Socket) => void;
	/** The reply to `SET`; the bytes of the protocol (RESP 2). */
	readonly reply?: string;
	/** Acts instead of a reply to `SET`. */
	readonly onSet?: (socket: Socket) => void;
}

function error(name: string, message: string): RedisFault {
	return { name, reply: `-${message}\r\n` };
}

/** The faults. */
export const REDIS_FAULTS: readonly RedisFault[] = [
	{ name: "refuses connections", isClosed: true },
	{ name: "resets connections", onSocket: (socket) => void socket.resetAndDestroy() },
	{ name: "closes connections", onSocket: (socket) => void socket.end() },
	{ name: "accepts connections, but never replies", isSlow: true, onSocket: (socket) => void socket.resume() },
	{ name: "isn't Redis", onSocket: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
	{ name: "never replies to `SET`", isSlow: true, onSet: () => {} },
	{ name: "resets instead of a reply", onSet: (socket) => void socket.resetAndDestroy() },
	{ name: "closes instead of a reply", onSet: (socket) => void socket.end() },
	{ name: "closes in the middle of a reply", onSet: (socket) => void socket.end("+O") },
	{ name: "stops in the middle of a reply", isSlow: true, reply: "+O" },
	error("is loading its data", "LOADING Redis is loading the dataset in memory"),
	error("is a read-only replica", "READONLY You can't write against a read only replica."),
	error("has no memory left", "OOM command not allowed when used memory > 'maxmemory'."),
	error("can't write to its disk", "MISCONF Redis is configured to save RDB snapshots, but it can't persist on disk."),
	error("has lost its replicas", "NOREPLICAS Not enough good replicas to write."),
	error("has lost its master", "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
	error("requires a password", "NOAUTH Authentication required."),
	error("doesn't permit `SET`", "NOPERM User default has no permissions to run the 'set' command"),
	error("runs a slow script", "BUSY Redis is busy running a script."),
	error("is a cluster that is down", "CLUSTERDOWN The cluster is down"),
	error("is another node of a cluster", "MOVED 3999 127.0.0.1:6381"),
	error("doesn't know `SET`", "ERR unknown command 'SET'"),
	error("has a proxy without a server", "ERR upstream failure"),
	{ name: "is in a transaction", reply: "+QUEUED\r\n" },
	{ name: "replies with a number", reply: ":1\r\n" },
	{ name: "replies with another text", reply: "+ok\r\n" },
	{ name: "replies with an empty array", reply: "*0\r\n" },
	{ name: "replies with garbage", isSlow: true, reply: "?!\r\n" },
	{ name: "replies with 1 MiB", reply: `$1048576\r\n${"x".repeat(2 ** 20)}\r\n` },
];
