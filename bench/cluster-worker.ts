/**
 * A worker of a cluster: verifies tokens that are new to it whenever its parent asks for it. Its argument says how many.
 * @module
 */
import { mintTokens, startOrganizations } from "./suite/organizations.ts";

const organizations = await startOrganizations();
const [first = "", ...tokens] = await mintTokens(1 + Number(process.argv[2]), 1);
process.on("message", async () => {
	const verifier = organizations.verifier();
	await verifier.verify(first);
	for (const token of tokens) await verifier.verify(token);
	process.send?.("done");
});
process.once("disconnect", () => organizations.close());
process.send?.("ready");
