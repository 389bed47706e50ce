/** Handlers with an execution context, as Cloudflare Workers, Next.js and Vercel pass one. */
import { Hono } from "hono";
import { beforeAll, expect, it } from "vitest";
import { bearerAuth } from "../../src/http/fetch.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { addSharedWork } from "../../src/network/shared-work.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
let authorization: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	authorization = `Bearer ${await stage.forge()}`;
});

const URL = "https://hotel.example/";

/** Only works as a method, like the contexts of these runtimes. */
class Context {
	readonly props = {};
	readonly #kept: Promise<unknown>[] = [];
	waitUntil(work: Promise<unknown>): void {
		this.#kept.push(work);
	}
	passThroughOnException(): void {}
	settled(): Promise<unknown[]> {
		return Promise.all(this.#kept);
	}
	get count(): number {
		return this.#kept.length;
	}
}

type Handle = (request: Request, context: Context) => Promise<Response>;

const adapters: [string, (verifier: TokenStage["verifier"]) => Handle][] = [
	[
		"fetch",
		(verifier) => {
			const handle = bearerAuth({ verifier })()((_request, _auth, env: object, context: Context) =>
				Response.json([Object.keys(env), context instanceof Context]),
			);
			return (request, context) => handle(request, { name: "value" }, context);
		},
	],
	[
		"Hono",
		(verifier) => {
			const app = new Hono<{ Bindings: object }>();
			app.get("/", honoAuth({ verifier })(), (c) =>
				c.json([Object.keys(c.env), (c.executionCtx as unknown) instanceof Context]),
			);
			return async (request, context) => app.fetch(request, { name: "value" }, context);
		},
	],
];

it.each(adapters)("%s: T61: a request is kept alive until it is decided", async (_, adapt) => {
	const { promise, resolve } = Promise.withResolvers<void>();
	const verifier = { ...stage.verifier, verify: (token: string) => promise.then(() => stage.verifier.verify(token)) };
	const handle = adapt(verifier);
	const context = new Context();
	const answering = handle(new Request(URL, { headers: { authorization } }), context);
	expect(context.count).toBe(1);
	let isSettled = false;
	const settling = context.settled().then(() => {
		isSettled = true;
	});
	await new Promise(setImmediate);
	expect(isSettled).toBe(false);
	resolve();
	expect(await (await answering).json()).toEqual([["name"], true]);
	await settling;

	const refused = new Context();
	expect((await handle(new Request(URL), refused)).status).toBe(401);
	await refused.settled();
});

it.each(adapters)("%s: T61: a request is kept alive until shared lookups have ended", async (_, adapt) => {
	const { promise, reject } = Promise.withResolvers<void>();
	addSharedWork(promise);
	const context = new Context();
	const response = await adapt(stage.verifier)(new Request(URL, { headers: { authorization } }), context);
	expect(response.status).toBe(200);
	let isSettled = false;
	const settling = context.settled().then(() => {
		isSettled = true;
	});
	await new Promise(setImmediate);
	expect(isSettled).toBe(false);
	reject(new Error("down"));
	await settling;
});

it("fetch: a framework's arguments may be null or undefined", async () => {
	const context = new Context();
	const handle = bearerAuth({ verifier: stage.verifier })()((_request, _auth, ...rest: unknown[]) =>
		Response.json(rest.map((value) => value === null || value === undefined)),
	);
	const request = (): Request => new Request(URL, { headers: { authorization } });
	expect(await (await handle(request(), null, undefined)).json()).toEqual([true, true]);
	expect(await (await handle(request(), undefined, null, context)).json()).toEqual([true, true, false]);
	expect(context.count).toBe(1);
});
