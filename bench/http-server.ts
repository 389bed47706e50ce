/**
 * A server in a process of its own: V8 optimizes it for one framework, as it would a user's. Its first message says which
 * one, and is answered with the port; every other message is answered with the CPU time that the process has taken.
 * @module
 */
import { ADAPTERS, listen, PEER_GUARDS, type RsIssuer } from "./suite/http-servers.ts";
import { startOrganizations } from "./suite/organizations.ts";

export type ServerSetup =
	/** With a token, the server is guarded and knows the token's issuer; without one, it has no guard. */
	| { readonly adapter: string; readonly token: string | undefined }
	| { readonly peer: string; readonly issuer: RsIssuer };

process.once("message", async (setup: ServerSetup) => {
	process.send?.(await start(setup));
	process.on("message", () => process.send?.(process.cpuUsage()));
});
process.once("disconnect", () => process.exit());

async function start(setup: ServerSetup): Promise<number> {
	if ("peer" in setup) return listen(await PEER_GUARDS[setup.peer]?.(setup.issuer));
	const create = ADAPTERS[setup.adapter];
	if (setup.token === undefined) return listen(await create?.(undefined));
	const verifier = (await startOrganizations()).verifier();
	await verifier.verify(setup.token);
	return listen(await create?.(verifier));
}
