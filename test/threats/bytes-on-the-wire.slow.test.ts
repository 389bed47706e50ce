/** T78: whatever a host sends, and whoever asked it, what arrives is counted and cut off. */
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createDocumentFetcher } from "../../src/document/fetch/fetch-document.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { useClientSockets } from "../support/client-sockets.ts";
import { useRawServer } from "../support/raw-server.ts";
import { expectRefusal } from "../support/refusal.ts";

/** What the kernel hands over at once. */
const READ = 65_536;
const OVERHEAD = 24_576;
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

const raw = useRawServer();
const { sockets } = useClientSockets();

/** Sends a part again and again, as fast as it is taken. */
function flood(socket: Socket, head: string, part: string): void {
	const block = Buffer.from(part.repeat(Math.ceil(READ / part.length)), "latin1");
	const pump = (): void => {
		while (!socket.destroyed && socket.write(block));
	};
	socket.write(head);
	socket.on("drain", pump);
	pump();
}

interface Asker {
	readonly name: string;
	readonly maxBytes: number;
	readonly codes: Readonly<Record<"overhead" | "size" | "coding", ErrorCode>>;
	ask(url: string): Promise<unknown>;
}

const askers: readonly Asker[] = [
	{
		name: "a document",
		maxBytes: 2 ** 20,
		codes: { overhead: "document/unreachable", size: "document/too-large", coding: "document/unreachable" },
		ask: createDocumentFetcher({ allowHttp: true, allowPrivateAddresses: true, timeoutSeconds: 60 }),
	},
	{
		name: "a JWK Set",
		maxBytes: 2 ** 20,
		codes: { overhead: "key/unreachable", size: "key/unreachable", coding: "key/unreachable" },
		ask: async (url) => keysFromJwks(url, { timeoutMs: 60_000 })("12345", undefined),
	},
	{
		name: "a node",
		maxBytes: 2 ** 22,
		codes: { overhead: "registry/bad-response", size: "registry/bad-response", coding: "registry/bad-response" },
		async ask(rpcUrl) {
			const registry = createRegistry({ chainId: 31337, rpcUrl, address: `0x${"11".repeat(20)}` });
			await registry.read(`0x${"0a".repeat(32)}`).finally(() => registry.close());
		},
	},
];

describe.each(askers)("T78: $name", ({ ask, maxBytes, codes }) => {
	it.each<[string, string, string]>([
		["early hints", "", "HTTP/1.1 103 Early Hints\r\n\r\n"],
		["early hints with headers", "", `HTTP/1.1 103 Early Hints\r\nlink: ${"a".repeat(1_000)}\r\n\r\n`],
		["100 Continue", "", "HTTP/1.1 100 Continue\r\n\r\n"],
		["102 Processing", "", "HTTP/1.1 102 \r\n\r\n"],
		["chunks of one byte", CHUNKED, "1\r\n{\r\n"],
		["chunks with extensions", CHUNKED, `1;x=${"a".repeat(200)}\r\n{\r\n`],
		["chunk sizes with leading zeros", CHUNKED, "0000000000001\r\n{\r\n"],
	])("T78: endless %s end after 24 KiB", async (_what, head, part) => {
		raw.answer = (socket) => flood(socket, head, part);
		await expectRefusal(() => ask(raw.url), codes.overhead);
		await raw.allClosed();
		for (const socket of sockets) expect(socket.bytesRead).toBeLessThanOrEqual(OVERHEAD + 3 * READ);
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
	});

	it.each<[string, string, string]>([
		["a body without a length", `${OK}\r\n`, " ".repeat(1_024)],
		["a chunked body", CHUNKED, `400\r\n${" ".repeat(1_024)}\r\n`],
		["a body of 200 MB", `${OK}content-length: 200000000\r\n\r\n`, " ".repeat(1_024)],
	])("T78: %s ends at the limit", async (_what, head, part) => {
		raw.answer = (socket) => flood(socket, head, part);
		await expectRefusal(() => ask(raw.url), codes.size);
		await raw.allClosed();
		for (const socket of sockets) expect(socket.bytesRead).toBeLessThanOrEqual(maxBytes + OVERHEAD + 3 * READ);
	});

	it.each([
		["a gzip bomb of 64 MiB", gzipSync(Buffer.alloc(2 ** 26, " "))],
		["a bomb of a hundred parts", Buffer.concat(Array(100).fill(gzipSync(Buffer.alloc(2 ** 18, " "))))],
	])("T78: %s is cut off, or not unpacked at all", async (_what, bomb) => {
		raw.answer = (socket) => {
			socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
			socket.end(bomb);
		};
		await expectRefusal(() => ask(raw.url), codes.coding);
		await raw.allClosed();
	});
});
