/**
 * A server that speaks as much of Redis's protocol as the store of used tokens needs, until it is told to fail.
 * @module
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { RedisFault } from "./redis-faults.ts";

export interface FaultyRedis {
	readonly url: string;
	/** Fails from now on. */
	fail(fault: RedisFault): void;
	/** The number of `SET` commands. */
	sets(): number;
	close(): Promise<void>;
}

/** Starts a server. */
export async function startFaultyRedis(): Promise<FaultyRedis> {
	const open = new Set<Socket>();
	const keys = new Set<string>();
	let current: RedisFault | undefined;
	let sets = 0;
	const server = createServer((socket) => {
		open.add(socket);
		socket.once("close", () => open.delete(socket));
		socket.on("error", () => {});
		if (current?.onSocket !== undefined) return current.onSocket(socket);
		readCommands(socket, (command) => handle(socket, command));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
		fail(fault) {
			current = fault;
			if (fault.isClosed === true) server.close();
			if (fault.isClosed === true || fault.onSocket !== undefined) for (const socket of open) socket.destroy();
		},
		sets: () => sets,
		async close() {
			for (const socket of open) socket.destroy();
			if (!server.listening) return;
			server.close();
			await once(server, "close");
		},
	};

	function handle(socket: Socket, [name = "", key = ""]: readonly string[]): void {
		if (name.toUpperCase() !== "SET") return void socket.write("+OK\r\n");
		sets += 1;
		if (current?.onSet !== undefined) return void current.onSet(socket);
		if (current?.reply !== undefined) return void socket.write(current.reply);
		socket.write(keys.has(key) ? "$-1\r\n" : "+OK\r\n");
		keys.add(key);
	}
}

/** Calls back with each command, an array of bulk strings; none of ours contains a line break. */
function readCommands(socket: Socket, onCommand: (command: readonly string[]) => void): void {
	let lines: string[] = [""];
	socket.on("data", (chunk) => {
		const [first = "", ...rest] = chunk.toString("latin1").split("\r\n");
		lines = [...lines.slice(0, -1), lines.at(-1) + first, ...rest];
		for (;;) {
			// A line with the number of parts, and for each part its length and itself.
			const length = 1 + 2 * Number(lines[0]?.slice(1));
			if (!(lines.length > length)) return;
			const command = lines.slice(1, length).filter((_line, index) => index % 2 === 1);
			lines = lines.slice(length);
			onCommand(command);
		}
	});
}
