/**
 * The client sockets that a test opens.
 * @module
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { afterEach, beforeEach } from "vitest";

/** Client sockets of the current test, and the addresses they were to connect to. */
export function useClientSockets(): { readonly sockets: Socket[]; readonly attempts: string[] } {
	const sockets: Socket[] = [];
	const attempts: string[] = [];
	const onSocket = (message: unknown): void => {
		const { socket } = message as { socket: Socket };
		sockets.push(socket);
		socket.on("connectionAttempt", (address: string) => attempts.push(address));
	};
	beforeEach(() => {
		sockets.length = 0;
		attempts.length = 0;
		subscribe("net.client.socket", onSocket);
	});
	afterEach(() => unsubscribe("net.client.socket", onSocket));
	return { sockets, attempts };
}
