/**
 * A server in a process of its own: V8 optimizes it for one framework, as it would a user's. Its first message says which
 * one, and is answered with the port; every other message is answered with the CPU time that the process has taken.
 * @module
 */
import type { Server } from "node:http";
import { decodeToken } from "orgpass/jws";
import { ADAPTERS, listen, PEER_GUARDS, type RsIssuer } from "./suite/http-servers.ts";
import { keyOf } from "./suite/organization-keys.ts";
import { issuerDid, startOrganizations } from "./suite/organizations.ts";
import { RAW_CURVES } from "./suite/raw-curves.ts";

export type ServerSetup =
	| { readonly adapter: string; readonly guard: Guard }
	| { readonly peer: string; readonly issuer: RsIssuer };

export type Guard =
	| { readonly kind: "none" }
	/** Ours; it knows the issuer of the token. */
	| { readonly kind: "orgpass"; readonly token: string }
	/** None, but for each request a signature of one of the tokens is verified, and nothing else. */
	| { readonly kind: "secp256k1"; readonly tokens: readonly string[] };

process.once("message", async (setup: ServerSetup) => {
	const server = "peer" in setup ? PEER_GUARDS[setup.peer]?.(setup.issuer) : startAdapter(setup.adapter, setup.guard);
	process.send?.(await listen((await server) as Server));
	process.on("message", () => process.send?.(process.cpuUsage()));
});
process.once("disconnect", () => process.exit());

async function startAdapter(name: string, guard: Guard): Promise<Server | undefined> {
	const create = ADAPTERS[name];
	if (guard.kind === "orgpass") {
		const verifier = (await startOrganizations()).verifier();
		await verifier.verify(guard.token);
		return create?.(verifier);
	}
	const server = await create?.(undefined);
	if (guard.kind === "secp256k1") server?.prependListener("request", createVerification(guard.tokens));
	return server;
}

/** Used as the documentation of secp256k1 says. */
function createVerification(tokens: readonly string[]): () => void {
	const key = RAW_CURVES.secp256k1(keyOf(issuerDid(0)));
	const parts = tokens.map((token) => decodeToken(token));
	let next = 0;
	return () => {
		const { signingInput, signature } = parts[next++ % parts.length] as (typeof parts)[number];
		if (!key.verify(signingInput, signature)) throw new Error("secp256k1 refused a signature");
	};
}
