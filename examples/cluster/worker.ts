/** A complete server in a process of its own: it has its own resolver, and remembers organizations and tokens itself. */
import cluster from "node:cluster";
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { createApp } from "./app.ts";

const { CHAIN_ID, RPC_URL, REGISTRY = "", AUDIENCE = "", PORT } = process.env;
const resolver = createOrgIdResolver({
	networks: [{ chainId: Number(CHAIN_ID), rpcUrl: RPC_URL, registry: REGISTRY }],
	// Each worker reads the registry's log, so each of them learns that a key was revoked.
	watch: true,
});
const server = createApp(createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] }));
server.listen(Number(PORT), () => console.log(`worker ${cluster.worker?.id} is listening on port ${PORT}`));
process.once("SIGTERM", () => server.close(stop));
// Ctrl-C is for all processes of the terminal; the primary stops its workers itself.
process.on("SIGINT", () => undefined);

function stop(): void {
	resolver.close();
	cluster.worker?.disconnect();
}
