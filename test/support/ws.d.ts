/** The parts of ws that the tests use. */
declare module "ws" {
	import type { EventEmitter } from "node:events";
	import type { Socket } from "node:net";

	export class WebSocket extends EventEmitter {
		/** The TCP connection. */
		readonly _socket: Socket;
		send(data: string): void;
		close(): void;
		terminate(): void;
	}

	export class WebSocketServer extends EventEmitter {
		readonly clients: ReadonlySet<WebSocket>;
		constructor(options: { readonly host: string; readonly port: number });
		address(): { readonly port: number };
		close(callback: () => void): void;
	}
}
