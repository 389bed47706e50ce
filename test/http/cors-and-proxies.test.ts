/** What docs/http.md says about CORS and proxies, on real sockets. */
import { createServer, type RequestListener, request } from "node:http";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import { bearerAuth as expressAuth } from "../../src/http/express.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { bearerAuth as nodeAuth } from "../../src/http/node.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { listen } from "../support/listen.ts";
import { RSA_KEYS } from "../support/token-kinds.ts";

const ORIGIN = "https://app.example";
const APPLICATION = "b7d0a1c2-3e4f-4a5b-8c6d-7e8f9a0b1c2d";

describe("CORS", () => {
	const allowHeaders = ["Authorization", "Content-Type"];
	const exposeHeaders = ["WWW-Authenticate", "Retry-After"];
	const middleware = cors({ origin: ORIGIN, allowHeaders, exposeHeaders });
	const verify = () => Promise.reject(new RegistryError("registry/unreachable", ""));
	const guard = honoAuth({ verifier: { verify } })();
	/** As browsers send it: without an Authorization header. */
	const preflight = {
		method: "OPTIONS",
		headers: {
			origin: ORIGIN,
			"access-control-request-method": "GET",
			"access-control-request-headers": "authorization",
		},
	};

	it("works if its middleware runs before the guard", async () => {
		const url = await listen(createServer(getRequestListener(new Hono().use(middleware, guard).fetch)));
		const allowed = await fetch(url, preflight);
		expect(allowed.status).toBe(204);
		expect(allowed.headers.get("access-control-allow-headers")).toBe("Authorization,Content-Type");
		const authorizations = [
			[undefined, 401, "www-authenticate"],
			["Bearer a.b.c", 503, "retry-after"],
		] as const;
		for (const [authorization, status, header] of authorizations) {
			const headers = { origin: ORIGIN, ...(authorization && { authorization }) };
			const denied = await fetch(url, { headers });
			expect(denied.status).toBe(status);
			expect(denied.headers.has(header)).toBe(true);
			expect(denied.headers.get("content-type")).toBe("application/problem+json");
			expect(denied.headers.get("access-control-allow-origin")).toBe(ORIGIN);
			expect(denied.headers.get("access-control-expose-headers")).toBe("WWW-Authenticate,Retry-After");
		}
	});

	it("fails if the guard runs first: it denies the preflight, and no header allows scripts to read the response", async () => {
		const url = await listen(createServer(getRequestListener(new Hono().use(guard, middleware).fetch)));
		const denied = await fetch(url, preflight);
		expect(denied.status).toBe(401);
		expect(denied.headers.has("access-control-allow-origin")).toBe(false);
	});
});

describe("a proxy", () => {
	const verifier = createVerifier({ profiles: [vonage({ keys: { [APPLICATION]: RSA_KEYS.publicKey } })] });
	const minter = createVonageMinter({ key: RSA_KEYS.privateKey, applicationId: APPLICATION });

	/** Passes requests on, without the prefix `/api` if told so, and says how they arrived. */
	function startProxy(target: string, prefix: string): Promise<string> {
		const proxy = createServer((incoming, outgoing) => {
			const { method, headers, url = "" } = incoming;
			const path = url.slice(prefix.length);
			const forwarded = { "x-forwarded-prefix": "/api", "x-forwarded-uri": url, "x-original-url": url };
			const passed = request(`${target}${path}`, { method, headers: { ...headers, ...forwarded } }, (response) => {
				outgoing.writeHead(response.statusCode ?? 0, response.headers);
				response.pipe(outgoing);
			});
			incoming.pipe(passed);
		});
		return listen(proxy);
	}

	async function statuses(url: string): Promise<number[]> {
		const mint = (path: string) => minter.mint({ claims: { acl: { paths: { [path]: {} } } } });
		const tokens = await Promise.all(["/api/rooms", "/rooms"].map(mint));
		const send = (token: string) => fetch(`${url}/api/rooms`, { headers: { authorization: `Bearer ${token}` } });
		return (await Promise.all(tokens.map(send))).map(({ status }) => status);
	}

	const nodeApp: RequestListener = nodeAuth({ verifier })()((_request, response) => response.end());
	const expressApp = express()
		.set("trust proxy", true)
		.use(expressAuth({ verifier })(), (_request, response) => void response.end());

	it.each([
		["node:http", nodeApp],
		["Express with `trust proxy`", expressApp],
	])("that strips a prefix: %s compares access control lists with the path that arrives", async (_what, app) => {
		const url = await listen(createServer(app));
		expect(await statuses(url)).toEqual([200, 403]);
		expect(await statuses(await startProxy(url, ""))).toEqual([200, 403]);
		expect(await statuses(await startProxy(url, "/api"))).toEqual([403, 200]);
	});
});
