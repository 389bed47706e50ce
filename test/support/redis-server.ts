/**
 * A real Redis server on a socket file, without persistence unless a test asks for it.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "redis";

/** A client that connects again as soon as it can. */
export type TestClient = Awaited<ReturnType<typeof connectRedis>>;

/** A server that is running, or was. */
export interface RedisServer {
	/** The file of its socket. */
	readonly path: string;
	/** A connected client, which is destroyed with the server. */
	connect(): Promise<TestClient>;
	/** Kills it, as a crash does. */
	kill(): Promise<void>;
	/** Starts it again in the same folder. */
	start(): Promise<void>;
	/** Makes it hang until `resume`. */
	suspend(): void;
	resume(): void;
	/** Ends it and its clients, and removes its folder. */
	stop(): Promise<void>;
}

/** Starts a server; some 50 ms. Suites that use it begin with `describeWithTool`. */
export async function startRedis(...settings: readonly string[]): Promise<RedisServer> {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-redis-"));
	const path = join(folder, "socket");
	const clients: TestClient[] = [];
	let server: ChildProcess;
	await start();
	return {
		path,
		connect,
		kill,
		start,
		suspend: () => void server.kill("SIGSTOP"),
		resume: () => void server.kill("SIGCONT"),
		stop,
	};

	async function start(): Promise<void> {
		const basics = ["--port", "0", "--unixsocket", path, "--dir", folder, "--save", ""];
		server = spawn("redis-server", [...basics, ...settings], { stdio: ["ignore", "pipe", "inherit"] });
		for await (const line of createInterface(server.stdout as NodeJS.ReadableStream)) {
			if (line.includes("ready to accept connections at")) break;
		}
		server.stdout?.resume();
	}

	async function connect(): Promise<TestClient> {
		const client = await connectRedis(path);
		clients.push(client);
		return client;
	}

	async function kill(): Promise<void> {
		if (server.exitCode !== null || server.signalCode !== null) return;
		server.kill("SIGKILL");
		await once(server, "exit");
	}

	async function stop(): Promise<void> {
		for (const client of clients) client.destroy();
		await kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Connects to the server with this socket. */
export function connectRedis(path: string) {
	const client = createClient({ socket: { path, tls: false, reconnectStrategy: 10 } });
	client.on("error", () => undefined);
	return client.connect();
}
