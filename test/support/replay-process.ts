/**
 * A process with a verifier and a store of used tokens: verifies each token that its parent sends as often as it says, at
 * once, and answers with how often it was accepted, and with the codes of the refusals.
 * @module
 */
import type { DIDDocument } from "did-resolver";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createRedisReplayStore } from "../../src/auth/replay/redis-store.ts";
import type { ReplayStore } from "../../src/auth/replay/replay-store.ts";
import { createSqliteReplayStore } from "../../src/auth/replay/sqlite-store.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { connectRedis } from "./redis-server.ts";

/** What the process is started with. */
export interface ReplaySetup {
	readonly audience: string;
	/** The document of the only issuer. */
	readonly document: DIDDocument;
	/** The file of a database, or the socket of a Redis server. */
	readonly store: { readonly file: string } | { readonly socket: string };
}

/** Tokens to verify, each so often. */
export interface Presentation {
	readonly tokens: readonly string[];
	readonly times: number;
}

/** How often tokens were accepted, and refused with each code. */
export type Counts = Readonly<Record<string, number>>;

const { audience, document, store } = JSON.parse(process.argv[2] as string) as ReplaySetup;
const replay: ReplayStore =
	"file" in store
		? createSqliteReplayStore(store)
		: createRedisReplayStore({ client: await connectRedis(store.socket) });
const resolver = {
	resolve: async () => ({ didDocument: document, didDocumentMetadata: {}, didResolutionMetadata: {} }),
};
const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], replay });

process.on("message", async ({ tokens, times }: Presentation) => {
	const verifying = tokens.flatMap((token) => Array.from({ length: times }, () => verifier.verify(token)));
	const counts: Record<string, number> = {};
	for (const result of await Promise.allSettled(verifying)) {
		const name = result.status === "fulfilled" ? "accepted" : String(result.reason.code);
		counts[name] = (counts[name] ?? 0) + 1;
	}
	process.send?.(counts);
});
process.once("disconnect", () => process.exit());
process.send?.("ready");
