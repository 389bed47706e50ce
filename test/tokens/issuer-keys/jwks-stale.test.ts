/** T52: what a JWK Set is good for while its host is down, and when it isn't. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { settleSharedWork } from "../../../src/network/shared-work.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import type { IssuerKeyLookup } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { type JwksOptions, keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { type JwksServer, startJwksServer } from "../../support/jwks-server.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, forgeKind, RSA_KEYS } from "../../support/token-kinds.ts";

const { publicKey: otherKey } = await generateKeyPair({ algorithm: "RS256" });
const own = { ...exportPublicKey(RSA_KEYS.publicKey, "jwk"), kid: APP_ID };
const other = { ...exportPublicKey(otherKey, "jwk"), kid: APP_ID };
const OPTIONS = { cacheMaxAgeSeconds: 600, staleIfErrorSeconds: 3_600, cooldownSeconds: 30 } as const;

let server: JwksServer;
let token: string;
beforeEach(async () => {
	passSeconds(0);
	server = await startJwksServer();
	server.serve(own);
	token = await forgeKind("github-app", {}, { kid: APP_ID });
});
afterEach(async () => {
	await settleSharedWork();
	vi.restoreAllMocks();
	await server.close();
});

/** Presents a token with a lookup that has already been used. */
async function prepare(options: JwksOptions = {}, keys: IssuerKeyLookup = keysFromJwks(server.url, options)) {
	// A new verifier each time, because the clock of one that exists already would see the time pass.
	const verifier = () => createVerifier({ profiles: [githubApp({ keys })] });
	const verdict = (presented = token) =>
		verifier()
			.verify(presented)
			.then(
				({ stale }) => (stale === true ? "accepted, stale" : "accepted"),
				({ code }: { readonly code: string }) => code,
			);
	expect(await verdict()).toBe("accepted");
	return { verdict, isReady: () => verifier().isReady() };
}

const DOWN: readonly (readonly [string, (server: JwksServer) => void])[] = [
	["drops connections", ({ down }) => down()],
	["responds with 204", ({ send }) => send("", 204)],
	["responds with 403", ({ send }) => send("{}", 403)],
	["responds with 503", ({ send }) => send('{"keys":[]}', 503)],
	["sends an empty body", ({ send }) => send("")],
	["sends an HTML page", ({ send }) => send("<!doctype html>", 200, { "content-type": "text/html" })],
	["sends half of the set", ({ send }) => send('{"keys":[')],
	["sends damaged gzip", ({ send }) => send("?", 200, { "content-encoding": "gzip" })],
	["sends early hints without end", ({ answer }) => answer(({ socket }) => flood(socket))],
];

function flood(socket: { write(text: string): unknown } | null): void {
	for (let i = 0; i < 1_000; i++) socket?.write(`HTTP/1.1 103 Early Hints\r\nx: ${"x".repeat(100)}\r\n\r\n`);
}

/** A response with content, but without the set. */
const WITHDRAWN: readonly (readonly [string, (server: JwksServer) => void])[] = [
	["says 404", ({ send }) => send("", 404)],
	["says 410", ({ send }) => send("", 410)],
	["redirects", ({ send, url }) => send("", 302, { location: `${url}?elsewhere` })],
	["sends JSON that isn't a set", ({ send }) => send("{}")],
	["sends keys that aren't a list", ({ send }) => send('{"keys":{}}')],
	["sends too much", ({ send }) => send(`{"keys":[]}${" ".repeat(2 ** 20)}`)],
	["sends too many values", ({ send }) => send(`{"keys":[${"0,".repeat(30_000)}0]}`)],
];

describe("T52: while the host of a JWK Set is down", () => {
	it.each(DOWN)("(it %s) the set is used for staleIfErrorSeconds, and marked", async (_, fail) => {
		const { verdict, isReady } = await prepare(OPTIONS);
		fail(server);
		passSeconds(600);
		expect(await verdict()).toBe("accepted, stale");
		expect(await isReady()).toBe(true);
		passSeconds(3_599);
		expect(await verdict()).toBe("accepted, stale");
		passSeconds(1);
		expect(await verdict()).toBe("key/unreachable");
		expect(await isReady()).toBe(false);
		server.serve(own);
		passSeconds(30);
		expect(await verdict()).toBe("accepted");
	});

	it.each(DOWN)("(it %s) nothing is used past its age by default", async (_, fail) => {
		const { verdict } = await prepare();
		fail(server);
		passSeconds(599);
		expect(await verdict()).toBe("accepted");
		await settleSharedWork();
		passSeconds(1);
		expect(await verdict()).toBe("key/unreachable");
	});

	it("nothing waits for it again, and it is asked once per cooldown", async () => {
		const { verdict } = await prepare({ ...OPTIONS, timeoutMs: 60_000 });
		server.down();
		passSeconds(600);
		for (let i = 0; i < 5; i++) expect(await verdict()).toBe("accepted, stale");
		expect(server.asked()).toBe(2);
		const asking = new Promise<() => void>((resolve) => {
			server.answer((outgoing) => resolve(() => outgoing.destroy()));
		});
		passSeconds(30);
		for (let i = 0; i < 5; i++) expect(await verdict()).toBe("accepted, stale");
		const hangUp = await asking;
		hangUp();
		await settleSharedWork();
		passSeconds(29);
		for (let i = 0; i < 5; i++) expect(await verdict()).toBe("accepted, stale");
		expect(server.asked()).toBe(1);
	});

	it("a key that isn't in the set is an outage, never unknown", async () => {
		const { verdict } = await prepare({ ...OPTIONS, cacheMaxAgeSeconds: 10 });
		server.down();
		passSeconds(10);
		expect(await verdict()).toBe("accepted, stale");
		expect(await verdict(await forgeKind("github-app", {}, { kid: "another" }))).toBe("key/unreachable");
		expect(await verdict(await forgeKind("github-app", { iss: "777" }))).toBe("key/unreachable");
	});

	it("keys that a lookup of your own passes on are marked, too", async () => {
		const keys = keysFromJwks(server.url, OPTIONS);
		const { verdict } = await prepare({}, async (issuer, keyId) => (issuer === "1" ? [] : keys(issuer, keyId)));
		server.down();
		passSeconds(600);
		expect(await verdict()).toBe("accepted, stale");
	});
});

describe("T52: a JWK Set that the host has dropped", () => {
	it.each(WITHDRAWN)("(it %s) isn't used past its age, not even if the host is down later", async (_, withdraw) => {
		const { verdict } = await prepare(OPTIONS);
		withdraw(server);
		passSeconds(600);
		expect(await verdict()).toBe("key/unreachable");
		server.down();
		passSeconds(31);
		expect(await verdict()).toBe("key/unreachable");
		server.serve(own);
		passSeconds(31);
		expect(await verdict()).toBe("accepted");
	});

	it("isn't used if the host dropped it before its age and was down later", async () => {
		const { verdict } = await prepare(OPTIONS);
		server.send("", 404);
		passSeconds(300);
		expect(await verdict()).toBe("accepted");
		await settleSharedWork();
		server.down();
		passSeconds(300);
		expect(await verdict()).toBe("key/unreachable");
	});

	it("never brings back a key that a later set didn't have", async () => {
		const { verdict } = await prepare(OPTIONS);
		server.serve(other);
		passSeconds(600);
		expect(await verdict()).toBe("token/signature");
		server.down();
		for (let i = 0; i < 3; i++) {
			passSeconds(600);
			expect(await verdict()).toBe("token/signature");
		}
	});

	it("isn't used without asking a host that has been back since it failed", async () => {
		const keys = keysFromJwks(server.url, { ...OPTIONS, cacheMaxAgeSeconds: 10 });
		server.down();
		await expectRefusal(() => keys(APP_ID, undefined), "key/unreachable");
		server.serve(own);
		passSeconds(30);
		const { verdict } = await prepare({}, keys);
		server.serve(other);
		passSeconds(10);
		expect(await verdict()).toBe("token/signature");
	});

	it("isn't used without asking a host that has been back for long", async () => {
		const { verdict } = await prepare(OPTIONS);
		server.down();
		passSeconds(600);
		expect(await verdict()).toBe("accepted, stale");
		server.serve(other);
		passSeconds(60);
		expect(await verdict()).toBe("token/signature");
	});
});

describe("from half its age on, a JWK Set", () => {
	it("is renewed in the background", async () => {
		const { verdict } = await prepare();
		server.asked();
		passSeconds(299);
		expect(await verdict()).toBe("accepted");
		expect(server.asked()).toBe(0);
		server.serve(other);
		passSeconds(1);
		expect(await verdict()).toBe("accepted");
		await settleSharedWork();
		expect(server.asked()).toBe(1);
		expect(await verdict()).toBe("token/signature");
	});

	it("doesn't delay tokens while its host hangs, and survives fetches that fail", async () => {
		const { verdict } = await prepare();
		server.answer(() => {});
		passSeconds(300);
		const ending = new AbortController();
		vi.spyOn(AbortSignal, "timeout").mockReturnValueOnce(ending.signal);
		for (let i = 0; i < 5; i++) expect(await verdict()).toBe("accepted");
		ending.abort(new DOMException("too late", "TimeoutError"));
		await settleSharedWork();
		server.serve(own);
		passSeconds(31);
		expect(await verdict()).toBe("accepted");
		await settleSharedWork();
		server.down();
		passSeconds(299);
		expect(await verdict()).toBe("accepted");
	});
});
