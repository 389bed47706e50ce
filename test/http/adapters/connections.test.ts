/** What requests on one connection have in common with requests on several: nothing. Behind every adapter. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Verifier } from "../../../src/auth/create-verifier.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";
import { openRaw } from "./raw-client.ts";
import { ADAPTERS, type GuardedServer } from "./servers.ts";

let stage: TokenStage;
let verifier: Verifier;
let good: string;
let all: string;
let verifications = 0;
/** Set while verifications wait. */
let held: { readonly started: PromiseWithResolvers<void>; readonly released: PromiseWithResolvers<void> } | undefined;
beforeAll(async () => {
	stage = await createOfflineStage();
	good = await stage.forge();
	all = await stage.forge({ payload: stage.claims({ scope: "book vip" }) });
	verifier = {
		...stage.verifier,
		async verify(...args) {
			verifications += 1;
			held?.started.resolve();
			await held?.released.promise;
			return stage.verifier.verify(...args);
		},
	};
});

function hold(): NonNullable<typeof held> {
	held = { started: Promise.withResolvers(), released: Promise.withResolvers() };
	return held;
}

/** A request with these header lines, and the body if there is one. */
function request(target: string, lines: readonly string[] = [], body = ""): string {
	const method = body === "" ? "GET" : "POST";
	const length = body === "" ? [] : [`Content-Length: ${body.length}`];
	return `${[`${method} ${target} HTTP/1.1`, "Host: localhost", ...length, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

const bearer = (token: string): string => `Authorization: Bearer ${token}`;
const CLOSE = "Connection: close";
const statusesIn = (received: string): number[] =>
	[...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

describe.each(Object.entries(ADAPTERS))("T60: the adapter for %s", (_name, start) => {
	let server: GuardedServer;
	let handled = 0;
	beforeAll(async () => {
		server = await start({
			verifier,
			issuers: [stage.sender.did],
			onDenied: () => undefined,
			onHandled: () => {
				handled += 1;
			},
		});
	});
	afterAll(() => server.close());
	beforeEach(() => {
		handled = 0;
		verifications = 0;
	});
	afterEach(() => {
		held?.released.resolve();
		held = undefined;
	});

	async function statusOf(target: string, ...lines: string[]): Promise<number | undefined> {
		const connection = openRaw(server.port);
		connection.send(request(target, [...lines, CLOSE]));
		return statusesIn(await connection.toEnd())[0];
	}

	it("verifies once for a route that requires three things", async () => {
		expect(await statusOf("/api/three", bearer(all))).toBe(200);
		expect([verifications, handled]).toEqual([1, 1]);
		expect(await statusOf("/api/three", bearer(await stage.forge({ payload: stage.claims({ scope: "book" }) })))).toBe(
			403,
		);
		expect([verifications, handled]).toEqual([2, 1]);
	});

	it("decides about each request of a connection, whether or not they are pipelined", async () => {
		const sequence = [bearer(good), "X-None: 1", bearer(`${good}x`), bearer(good)];
		const connection = openRaw(server.port);
		for (const [at, line] of sequence.entries()) {
			connection.send(request("/api/me", [line]));
			await connection.waitFor((received) => statusesIn(received).length > at);
		}
		connection.send(sequence.map((line) => request("/api/me", [line])).join(""));
		connection.send(request("/api/me", [CLOSE]));
		expect(statusesIn(await connection.toEnd())).toEqual([200, 401, 401, 200, 200, 401, 401, 200, 401]);
		expect(handled).toBe(4);
	});

	it("leaves the connection usable after a denial of a request with a body", async () => {
		const connection = openRaw(server.port);
		connection.send(request("/api/me", [], "x".repeat(100_000)));
		connection.send(request("/api/me", [bearer(good), CLOSE]));
		expect(statusesIn(await connection.toEnd())).toEqual([401, 200]);
		expect(handled).toBe(1);
	});

	it("passes a body on that arrives while the token is verified, after Expect: 100-continue", async () => {
		const { started, released } = hold();
		const connection = openRaw(server.port);
		connection.send(
			request("/api/book", [bearer(all), "Expect: 100-continue", "Content-Length: 7", CLOSE]).replace("GET", "POST"),
		);
		await connection.waitFor((received) => received.includes("100 Continue"));
		connection.send("roo");
		await started.promise;
		connection.send("m ");
		released.resolve();
		connection.send("42");
		const received = await connection.toEnd();
		expect(statusesIn(received)).toEqual([100, 200]);
		expect(received).toContain('"bytes":7');
	});

	it("treats an upgrade like any request", async () => {
		const upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="];
		for (const [line, status] of [
			["X-None: 1", 401],
			[bearer(`${good}x`), 401],
			[bearer(good), 200],
		] as const) {
			const connection = openRaw(server.port);
			connection.send(request("/api/me", [...upgrade, line, "Connection: Upgrade, close"]));
			expect(statusesIn(await connection.toEnd())).toEqual([status]);
		}
		expect(handled).toBe(1);
	});

	it.each([
		["", ""],
		[" with half a body", "Content-Length: 100"],
	])("survives a client that leaves%s while its token is verified", async (_what, line) => {
		const { started, released } = hold();
		const connection = openRaw(server.port);
		connection.send(request("/api/book", [bearer(all), ...(line === "" ? [] : [line])]));
		connection.send("x".repeat(line === "" ? 0 : 50));
		await started.promise;
		connection.abort();
		await connection.toEnd();
		released.resolve();
		held = undefined;
		expect(await statusOf("/api/book", bearer(good))).toBe(403);
		expect(await statusOf("/api/book", bearer(all))).toBe(200);
		expect([1, 2]).toContain(handled);
	});
});
