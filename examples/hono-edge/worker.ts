/** The worker, for Cloudflare and other edge runtimes with `fetch` handlers. */
import type { ExecutionContext } from "hono";
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { createApp } from "./app.ts";

/** The worker's variables. */
interface Env {
	RPC_URL: string;
	CHAIN_ID: string;
	REGISTRY: string;
	AUDIENCE: string;
}

/** One for each isolate, because the resolver contains the cache. */
let app: ReturnType<typeof createApp> | undefined;

export default {
	fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
		app ??= createApp({ verifier: createVerifierFor(env), log: (fields) => console.log(JSON.stringify(fields)) });
		return app.fetch(request, env, ctx);
	},
};

function createVerifierFor({ RPC_URL, CHAIN_ID, REGISTRY, AUDIENCE }: Env) {
	const networks = [{ chainId: Number(CHAIN_ID), rpcUrl: RPC_URL, registry: REGISTRY }];
	return createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver: createOrgIdResolver({ networks }) })] });
}
