/** Which function and which option the error for a wrong option names. */
import { createServer } from "node:http";
import express, { type ErrorRequestHandler } from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { expect, it } from "vitest";
import * as z from "zod";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { bearerAuth as expressAuth } from "../../src/http/express.ts";
import { bearerAuth as fastifyAuth } from "../../src/http/fastify.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { listen } from "../support/listen.ts";
import { refusalOf } from "../support/refusal.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const { verifier, forge } = await createOfflineStage();

it.each<[string, () => unknown, string, string]>([
	["a realm", () => createBearer({ verifier, realm: "" }), "createBearer", "realm"],
	["metadata", () => createBearer({ verifier, resourceMetadata: "see https://x" }), "createBearer", "resourceMetadata"],
	["metadata", () => createBearer({ verifier, resourceMetadata: "xhttps://x" }), "createBearer", "resourceMetadata"],
	["a verifier", () => createBearer({ verifier: {} as never }), "createBearer", "verifier"],
	["a schema", () => createBearer({ verifier, claims: { safeParse() {} } as never }), "createBearer", "claims"],
	["a verifier", () => bearerAuth({} as never), "bearerAuth", "verifier"],
	["a function", () => bearerAuth({ verifier, onDenied: "log" as never }), "bearerAuth", "onDenied"],
	["a way to find tokens", () => bearerAuth({ verifier, extractToken: "x" as never }), "bearerAuth", "extractToken"],
	["an observer", () => bearerAuth({ verifier, observer: {} as never }), "bearerAuth", "observer"],
	["a route's option", () => bearerAuth({ verifier })({ optional: "yes" as never }), "bearerAuth", "optional"],
	["no options", () => bearerAuth(undefined as never), "bearerAuth", "options"],
])("%s that isn't one is named, with the function", async (_what, create, name, option) => {
	const { code, message, details } = await refusalOf(create);
	expect({ code, details }).toMatchObject({ code: "config/invalid-option", details: { option } });
	expect(message).toMatch(new RegExp(`^${name}: "${option}" must be `));
});

it.each<[string, () => unknown, string]>([
	["a server", () => bearerAuth({ verifier, onDenial() {} } as never), "onDenial"],
	["a route", () => bearerAuth({ verifier })({ optionally: true } as never), "optionally"],
])("an unknown option of %s is named", async (_what, create, option) => {
	const { code, details } = await refusalOf(create);
	expect({ code, details }).toEqual({ code: "config/unknown-option", details: { option } });
});

const inExpress = async (middleware: unknown) => {
	const { promise, resolve } = Promise.withResolvers<unknown>();
	const onError: ErrorRequestHandler = (error, _req, res, _next) => resolve(error) ?? res.end();
	await fetch(await listen(createServer(express().use(middleware as never, onError))));
	throw await promise;
};

it.each<[string, string, () => unknown]>([
	["Express", "auth()", () => inExpress(expressAuth({ verifier }))],
	["Express", "auth.requires({ … })", () => inExpress(expressAuth({ verifier }).requires)],
	[
		"Hono",
		"auth()",
		async () => {
			const app = new Hono().use(honoAuth({ verifier }) as never);
			await app.onError((error) => Promise.reject(error)).request("/");
		},
	],
	["Workers", "auth()", () => bearerAuth({ verifier })(new Request("https://hotel.example/") as never)],
])("a function that is used as a guard of %s says that %s returns one", async (_framework, call, use) => {
	const { code, message } = await refusalOf(use);
	expect(code).toBe("config/invalid-option");
	expect(message).toMatch(/^(?:bearerAuth|requires): "options" must be an object, got a request: /);
	expect(message.endsWith(`the guard is what ${call} returns`)).toBe(true);
});

it("Fastify's bearer.of names itself if it is given another schema", async () => {
	const app = Fastify();
	await app.register(fastifyAuth, { verifier, claims: z.object({}) });
	const { message, details } = await refusalOf(() => app.bearer.of({} as never));
	expect(details).toEqual({ option: "claims" });
	expect(message).toMatch(/^bearer\.of: claims must be /);
	await app.close();
});

it.each<[string, object]>([
	["extractToken", { extractToken: () => 7 }],
	["claims", { claims: { parse: () => false } }],
])("the log learns that the server's function %s returns something wrong", async (option, wrong) => {
	const causes: unknown[] = [];
	const onDenied = ({ cause }: { cause?: unknown }) => causes.push(cause);
	const handle = bearerAuth({ verifier, ...wrong, onDenied })()(() => expect.fail("the handler was called"));
	const headers = { authorization: `Bearer ${await forge()}` };
	expect((await handle(new Request("https://hotel.example/", { headers }))).status).toBe(500);
	const [error] = causes as OrgpassError[];
	expect(error).toMatchObject({ code: "config/invalid-option", details: { option } });
});
