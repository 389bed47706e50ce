/** A worker that calls other servers with `createAuthFetch`; what it calls is in the query. */
import { createOrgIdMinter, generateKeyPair } from "orgpass";
import { createAuthFetch } from "orgpass/client";

let minting;

export async function handle(request) {
	const { url, init, audiences, as } = JSON.parse(new URL(request.url).searchParams.get("call"));
	minting ??= createMinter();
	const authFetch = createAuthFetch({ minter: await minting, audiences });
	try {
		const response = await (as === "Request" ? authFetch(new Request(url, init)) : authFetch(url, init));
		return Response.json({ status: response.status, url: response.url, text: await response.text() });
	} catch (error) {
		return Response.json({ error: error.code ?? error.name });
	}
}

async function createMinter() {
	const { privateKey } = await generateKeyPair();
	return createOrgIdMinter({ key: privateKey, issuer: CONFIG.issuer });
}
