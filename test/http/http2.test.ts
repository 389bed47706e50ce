/** Adapters behind node:http2, where a body needs no header that announces it. */
import { once } from "node:events";
import { type ClientHttp2Session, connect, createServer, type IncomingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { bearerAuth as fastifyAuth } from "../../src/http/fastify.ts";
import { bearerAuth as nodeAuth } from "../../src/http/node.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { APP_ID, RSA_KEYS } from "../support/token-kinds.ts";

const verifier = createVerifier({ profiles: [vonage({ keys: { [APP_ID]: RSA_KEYS.publicKey } })] });
const acl = { paths: { "/v1/users/*": { methods: ["GET"] }, "/v1/messages": { filters: { from: "44" } } } };
const minter = createVonageMinter({ key: RSA_KEYS.privateKey, applicationId: APP_ID });
const authorization = `Bearer ${await minter.mint({ claims: { acl } })}`;

async function startNode(): Promise<{ port: number; close: () => unknown }> {
	const auth = nodeAuth({ verifier });
	const server = createServer(auth()((_request, response, { issuer }) => response.end(issuer)));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

async function startFastify(): Promise<{ port: number; close: () => unknown }> {
	const app = Fastify({ http2: true });
	await app.register(fastifyAuth, { verifier });
	app.all("/*", { onRequest: app.bearer() }, (request) => request.auth?.issuer);
	await app.listen({ port: 0, host: "127.0.0.1" });
	return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

describe.each([
	["node:http2", startNode],
	["Fastify", startFastify],
])("T60: HTTP/2 with %s", (_name, start) => {
	let server: { port: number; close: () => unknown };
	let session: ClientHttp2Session;
	beforeAll(async () => {
		server = await start();
		session = connect(`http://127.0.0.1:${server.port}`);
	});
	afterAll(async () => {
		session.close();
		await server.close();
	});

	async function send(headers: Record<string, string>, body?: string): Promise<[number, string, string | undefined]> {
		const stream = session.request({ ":path": "/v1/users/alice", ...headers }, { endStream: body === undefined });
		stream.end(body);
		const [received] = (await once(stream, "response")) as [IncomingHttpHeaders & { ":status": number }];
		return [received[":status"], await text(stream), received["www-authenticate"]];
	}

	it("accepts a token", async () => {
		expect(await send({ authorization })).toEqual([200, APP_ID, undefined]);
	});

	it("refuses a request with no token, a bad one or two", async () => {
		expect(await send({})).toMatchObject([401, expect.any(String), 'Bearer realm="orgpass"']);
		expect((await send({ authorization: `${authorization}x` }))[0]).toBe(401);
		expect((await send({ authorization: `${authorization}, ${authorization}` }))[0]).toBe(400);
	});

	it("compares an access control list with the method and the path", async () => {
		expect((await send({ authorization, ":method": "DELETE" }))[0]).toBe(403);
		expect((await send({ authorization, ":path": "/v1/users" }))[0]).toBe(403);
	});

	it("refuses a body where the list has filters, though nothing announces the body", async () => {
		const message = { authorization, ":path": "/v1/messages?from=44", "content-type": "text/plain" };
		expect((await send(message))[0]).toBe(200);
		expect((await send({ ...message, ":method": "POST" }, "from=45"))[0]).toBe(403);
		expect((await send({ ...message, ":method": "POST", "content-length": "7" }, "from=45"))[0]).toBe(403);
	});
});
