/** A worker that is guarded by orgpass, for runtimes without Node's built-ins; `CONFIG` is put in by the bundler. */
import { Hono } from "hono";
import { createVerifier, orgid } from "orgpass";
import { bearerAuth } from "orgpass/http/fetch";
import { bearerAuth as honoAuth } from "orgpass/http/hono";
import { createOrgIdResolver } from "orgpass/resolver";
import { keysFromJwks } from "orgpass/tokens";
import { createDocumentFetcher } from "../../src/document/fetch/fetch-document.ts";

/** What is shared between requests, by path. */
const shared = new Map();

const LOCAL = { allowHttp: true, allowPrivateAddresses: true, maxBytes: 1_000 };

export async function handle(request, env, ctx) {
	const { pathname, searchParams } = new URL(request.url);
	const url = searchParams.get("url");
	if (pathname === "/document") return attempt(async () => (await createDocumentFetcher(LOCAL)(url)).length);
	if (pathname === "/jwks") return attempt(async () => (await keysFromJwks(url)(CONFIG.appId, undefined)).length);
	if (pathname === "/") return await guard(url ?? CONFIG.rpcUrl)(request, env, ctx);
	if (!shared.has(pathname)) shared.set(pathname, pathname === "/hono" ? app(url) : guard(url));
	return await shared.get(pathname)(request, env, ctx);
}

function guard(rpcUrl) {
	return bearerAuth({ verifier: verifierOf(rpcUrl) })()((_request, auth) => Response.json({ issuer: auth.issuer }));
}

function app(rpcUrl) {
	const app = new Hono();
	app.get("/hono", honoAuth({ verifier: verifierOf(rpcUrl) })(), (c) => c.json({ issuer: c.var.auth.issuer }));
	return app.fetch;
}

function verifierOf(rpcUrl) {
	const { chainId, registry, audience, now } = CONFIG;
	const networks = [{ chainId, rpcUrl, registry }];
	const documents = { allowHttp: true, allowPrivateAddresses: true };
	const resolver = createOrgIdResolver({ networks, documents, now: () => now });
	return createVerifier({ profiles: [orgid({ audience, resolver })], now: () => now });
}

async function attempt(work) {
	try {
		return new Response(String(await work()));
	} catch (error) {
		return new Response(error.code ?? String(error));
	}
}
