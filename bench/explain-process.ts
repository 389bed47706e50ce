/**
 * A process of its own: verifies or explains fresh tokens of known issuers, as its parent tells. `subjects/explain.ts`
 * starts it.
 * @module
 */
import type { Verifier } from "orgpass";
import { mintTokens, type Organizations, startOrganizations } from "./suite/organizations.ts";

/** The first message. */
export interface ExplainSetup {
	/** The tokens of one turn. */
	readonly count: number;
	/** How many tokens are explained before anything is measured. */
	readonly explained: number;
}

/** All others. */
export interface ExplainTurn {
	readonly method: "verify" | "explain";
}

const ISSUERS = 10;

let organizations: Organizations | undefined;
let tokens: readonly string[] = [];
let first: readonly string[] = [];

process.on("disconnect", () => {
	organizations?.close();
	process.exit();
});
process.on("message", async (message) => {
	process.send?.(
		organizations === undefined ? await prepare(message as ExplainSetup) : await takeTurn(message as ExplainTurn),
	);
});

async function prepare({ count, explained }: ExplainSetup): Promise<boolean> {
	const started = await startOrganizations();
	[tokens, first] = [await mintTokens(count, ISSUERS), await mintTokens(ISSUERS, ISSUERS)];
	const verifier = started.verifier();
	for (let index = 0; index < explained; index++) await verifier.explain(tokens[index % count] as string);
	organizations = started;
	return true;
}

/** Returns the microseconds of CPU time, with a verifier that has seen none of the tokens. */
async function takeTurn({ method }: ExplainTurn): Promise<number> {
	const verifier = organizations?.verifier() as Verifier;
	for (const token of first) await verifier.verify(token);
	const before = process.cpuUsage();
	for (const token of tokens) await verifier[method](token);
	const { user, system } = process.cpuUsage(before);
	return Math.max(user + system, 1);
}
