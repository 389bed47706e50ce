import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { sendRequest } from "../../src/network/send-request.node.ts";
import { useRawServer } from "../support/raw-server.ts";

const raw = useRawServer();

it("T78: a body that arrives before it is read doesn't count as overhead", async () => {
	raw.answer = (socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${" ".repeat(1_000_000)}`);
	const signal = AbortSignal.timeout(60_000);
	const response = await sendRequest({ url: new URL(raw.url), headers: {}, signal }, { agent: false });
	for (let turn = 0; turn < 100; turn++) await setImmediate();
	expect(await response.readBody(1_000_000)).toHaveLength(1_000_000);
});

it("T78: a body in chunks of one kilobyte doesn't count as overhead", async () => {
	const chunk = `400\r\n${" ".repeat(1_024)}\r\n`;
	const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
	raw.answer = (socket) => socket.end(`${head}${chunk.repeat(900)}0\r\n\r\n`);
	const signal = AbortSignal.timeout(60_000);
	const response = await sendRequest({ url: new URL(raw.url), headers: {}, signal }, { agent: false });
	expect(await response.readBody(1_000_000)).toHaveLength(900 * 1_024);
});

it.each([
	["after its end", `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}${"HTTP/1.1 200 OK\r\n\r\n".repeat(10_000)}`],
	[
		"instead of another protocol",
		`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n${"a".repeat(100_000)}`,
	],
	["as trailers", `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${"a: b\r\n".repeat(10_000)}`],
])("T78: a response with too many bytes %s fails at once", async (_where, response) => {
	raw.answer = (socket) => socket.write(response);
	const signal = AbortSignal.timeout(120_000);
	const reading = sendRequest({ url: new URL(raw.url), headers: {}, signal }, { agent: false }).then((answer) =>
		answer.readBody(1_000_000),
	);
	await expect(reading).rejects.toThrow(/no body|closed|Parse Error/);
	expect(signal.aborted).toBe(false);
});
