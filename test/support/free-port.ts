/** @module */
import { createServer, type Server } from "node:net";

/** Below the ports that systems give to connections, and to servers that ask for any: nothing else takes one of these. */
const FIRST = 20_000;
const COUNT = 12_000;

/** Finds a port on which nothing listens, for a server that is started later. */
export async function findFreePort(): Promise<number> {
	const port = FIRST + Math.floor(Math.random() * COUNT);
	const server = createServer();
	if (!(await isListening(server, port))) return findFreePort();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Whether it could be started, on all addresses. */
function isListening(server: Server, port: number): Promise<boolean> {
	return new Promise((resolve) => {
		server.once("error", () => resolve(false));
		server.listen(port, () => resolve(true));
	});
}
