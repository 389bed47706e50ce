/** A worker that is guarded by orgpass, for runtimes without Node's built-ins; `CONFIG` is put in by the bundler. */
import { createVerifier, orgid } from "orgpass";
import { bearerAuth } from "orgpass/http/fetch";
import { createOrgIdResolver } from "orgpass/resolver";
import { keysFromJwks } from "orgpass/tokens";
import { createDocumentFetcher } from "../../src/document/fetch/fetch-document.ts";

let shared;

const LOCAL = { allowHttp: true, allowPrivateAddresses: true, maxBytes: 1_000 };

export async function handle(request) {
	const { pathname, searchParams } = new URL(request.url);
	const url = searchParams.get("url");
	if (pathname === "/document") return attempt(async () => (await createDocumentFetcher(LOCAL)(url)).length);
	if (pathname === "/jwks") return attempt(async () => (await keysFromJwks(url)(CONFIG.appId, undefined)).length);
	if (pathname !== "/shared") return await guard(url ?? CONFIG.rpcUrl)(request);
	shared ??= guard(url);
	return await shared(request);
}

function guard(rpcUrl) {
	const { chainId, registry, audience, now } = CONFIG;
	const resolver = createOrgIdResolver({ networks: [{ chainId, rpcUrl, registry }], now: () => now });
	const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now: () => now });
	return bearerAuth({ verifier })()((_request, auth) => Response.json({ issuer: auth.issuer }));
}

async function attempt(work) {
	try {
		return new Response(String(await work()));
	} catch (error) {
		return new Response(error.code ?? String(error));
	}
}
