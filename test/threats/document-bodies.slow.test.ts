/** T46: bodies that never end, and what is left of them. */
import type { Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { createDocumentFetcher, type DocumentFetchOptions } from "../../src/document/fetch/fetch-document.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { useClientSockets } from "../support/client-sockets.ts";
import { useDocumentServer } from "../support/document-server.ts";
import { idle, pass } from "../support/patient-timers.ts";
import { useRawServer } from "../support/raw-server.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";

const LOCAL: DocumentFetchOptions = { allowHttp: true, allowPrivateAddresses: true };
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
/** What the errors say. */
const SIZE = /larger than/;
const TIME = /within 300 ms$/;
const CODING = /content-encoding wasn't requested/;
/** Of a hundred tries each. */
const BATCHES = thorough(10, 1);

const server = useDocumentServer();
const raw = useRawServer();
const { sockets } = useClientSockets();

describe("T46: response bodies", () => {
	const chunk = `400\r\n${"a".repeat(1_024)}\r\n`;
	const hostile: readonly (readonly [string, ErrorCode, RegExp, (socket: Socket) => void])[] = [
		[
			"an announced length of 10 GB",
			"document/too-large",
			SIZE,
			(s) => s.write(`${OK}content-length: 10737418240\r\n\r\n`),
		],
		["endless chunks", "document/too-large", SIZE, (s) => pour(s, `${OK}transfer-encoding: chunked\r\n\r\n`, chunk)],
		["an endless stream", "document/too-large", SIZE, (s) => pour(s, `${OK}\r\n`, "a".repeat(1_024))],
		["endless headers", "document/unreachable", /too large/, (s) => pour(s, OK, `x: ${"a".repeat(512)}\r\n`)],
		["one byte at a time", "document/unreachable", TIME, (s) => pour(s, `${OK}\r\n`, "a")],
		["headers sent one byte at a time", "document/unreachable", TIME, (s) => pour(s, OK, "a")],
		["endless early hints", "document/unreachable", TIME, (s) => pour(s, "", "HTTP/1.1 103 Early Hints\r\n\r\n")],
		["silence", "document/unreachable", TIME, () => {}],
		["a body that stalls", "document/unreachable", TIME, (s) => s.write(`${OK}content-length: 10\r\n\r\n{`)],
		["a gzip bomb", "document/unreachable", CODING, (s) => pack(s, "gzip", gzipSync(Buffer.alloc(2 ** 20)))],
		["brotli", "document/unreachable", CODING, (s) => pack(s, "br", brotliCompressSync(Buffer.alloc(2 ** 20)))],
	];
	const limits = { ...LOCAL, maxBytes: 65_536, timeoutSeconds: 0.3 };

	function pour(socket: Socket, head: string, part: string): void {
		socket.write(head);
		const next = (): unknown => idle(1).then(() => socket.writable && socket.write(part, (error) => error ?? next()));
		next();
	}

	function pack(socket: Socket, coding: string, body: Buffer): void {
		socket.write(`${OK}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`);
		socket.write(body);
	}

	it.each(hostile)("T46: %s fails with %s and closes the socket", async (_what, code, says, answer) => {
		raw.answer = answer;
		const fetchDocument = createDocumentFetcher({ ...limits, timeoutSeconds: says === TIME ? 0.3 : 10 });
		const error = await expectRefusal(() => fetchDocument(raw.url), code);
		expect(error.message).toMatch(says);
		await raw.allClosed();
		expect(sockets.map((socket) => socket.destroyed)).toEqual([true]);
	});

	it("T46: a gzip bomb without content-encoding isn't decompressed", async () => {
		const bomb = gzipSync(Buffer.alloc(2 ** 20));
		const patient = createDocumentFetcher({ ...limits, timeoutSeconds: 10 });
		expect(await patient(server.serve("/bomb", bomb))).toEqual(new Uint8Array(bomb));
	});

	it("T46: the time limit covers all redirects together", async () => {
		raw.answer = async (socket) => {
			await pass(2_000);
			socket.end("HTTP/1.1 302 Found\r\nlocation: /next\r\n\r\n");
		};
		const fetchDocument = createDocumentFetcher({ ...limits, timeoutSeconds: 5, maxRedirects: 50 });
		await expectRefusal(() => fetchDocument(raw.url), "document/unreachable");
		await raw.allClosed();
		await idle();
		expect(sockets).toHaveLength(3);
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
	});

	it("T46: many failed attempts leave no open handles", async () => {
		const fetchDocument = createDocumentFetcher(limits);
		const before = openHandles();
		let turn = 0;
		raw.answer = (socket) => hostile[turn++ % hostile.length]?.[3](socket);
		for (let batch = 0; batch < BATCHES; batch++) {
			const tries = Array.from({ length: 100 }, () => fetchDocument(raw.url));
			const results = await Promise.allSettled(tries);
			expect(results.every(({ status }) => status === "rejected")).toBe(true);
		}
		await raw.allClosed();
		expect(sockets).toHaveLength(BATCHES * 100);
		expect(sockets.every((socket) => socket.destroyed)).toBe(true);
		await vi.waitFor(() => expect(openHandles()).toBeLessThanOrEqual(before), { timeout: 60_000 });
	});
});

function openHandles(): number {
	return process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS)/.test(name)).length;
}
