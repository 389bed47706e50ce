/** Verifies tokens; `measure.ts` starts it. */
import { createOrgIdResolver, createVerifier, type OrgIdResolver, orgid, type Verifier } from "orgpass";

/** What is sent first. */
export interface Preparation {
	settings: { chainId: number; rpcUrl: string; registry: string; audience: string };
	tokens: string[];
}

let resolver: OrgIdResolver;
let verifier: Verifier;
let tokens: string[] = [];

process.on("message", async (message: Preparation | "go") => {
	if (message === "go") for (const token of tokens) await verifier.verify(token);
	else await prepare(message);
	process.send?.("done");
});
process.once("disconnect", () => resolver.close());

/** Verifies a tenth of the tokens beforehand, with a verifier of their own, so that the code has been compiled. */
async function prepare({ settings: { audience, ...network }, ...pool }: Preparation): Promise<void> {
	resolver = createOrgIdResolver({ networks: [network] });
	tokens = pool.tokens;
	verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
	const other = createVerifier({ profiles: [orgid({ audience, resolver })] });
	for (const token of tokens.slice(0, tokens.length / 10)) await other.verify(token);
}
