/** The guard of all routes, with the settings of the environment. */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { toLogFields } from "orgpass/http";
import { bearerAuth } from "orgpass/http/fetch";

const resolver = createOrgIdResolver({
	networks: [{ chainId: Number(setting("CHAIN_ID")), rpcUrl: setting("RPC_URL"), registry: setting("REGISTRY") }],
});

export const verifier = createVerifier({ profiles: [orgid({ audience: setting("AUDIENCE"), resolver })] });

export const auth = bearerAuth({
	verifier,
	onDenied(denied, { method, url }) {
		// A bug or a wrong configuration: the response doesn't say what it is.
		const error = denied.status === 500 ? String(denied.cause) : undefined;
		log({ ...toLogFields(denied), method, path: new URL(url).pathname, error });
	},
});

function setting(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`the environment variable ${name} is missing`);
}

function log(fields: object): void {
	console.log(JSON.stringify({ time: new Date().toISOString(), ...fields }));
}
