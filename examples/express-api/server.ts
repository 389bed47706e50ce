/** Starts the API with the settings of the environment. */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { createPrometheusObserver } from "orgpass/observe/prometheus";
import { Registry } from "prom-client";
import { createApp } from "./app.ts";

const register = new Registry();
const observer = createPrometheusObserver({ register });
const resolver = createOrgIdResolver({
	observer,
	networks: [{ chainId: Number(setting("CHAIN_ID")), rpcUrl: setting("RPC_URL"), registry: setting("REGISTRY") }],
});
const verifier = createVerifier({ profiles: [orgid({ audience: setting("AUDIENCE"), resolver })], observer });
const port = Number(setting("PORT"));

const server = createApp({ verifier, observer, register, log }).listen(port, (error) => {
	if (error) throw error;
	log({ message: "listening", port });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);

/** Lets requests in progress finish. */
function stop(signal: string): void {
	log({ message: "stopping", signal });
	server.close(() => resolver.close());
	setTimeout(() => server.closeAllConnections(), 5_000).unref();
}

function setting(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`the environment variable ${name} is missing`);
}

function log(fields: object): void {
	console.log(JSON.stringify({ time: new Date().toISOString(), ...fields }));
}
