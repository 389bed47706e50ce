/**
 * A worker of a cluster: does a kind of work whenever its parent names one, and answers with the CPU time that it took.
 * Its argument is the number of tokens.
 * @module
 */
import { decodeToken } from "orgpass/jws";
import { keyOf } from "./suite/organization-keys.ts";
import { issuerDid, mintTokens, startOrganizations } from "./suite/organizations.ts";
import { RAW_CURVES } from "./suite/raw-curves.ts";

/** The tokens are verified by a new verifier, or nothing but their signatures by secp256k1. */
export type Work = "orgpass" | "secp256k1";

const organizations = await startOrganizations();
const [first = "", ...tokens] = await mintTokens(1 + Number(process.argv[2]), 1);
const parts = tokens.map((token) => decodeToken(token));
const key = RAW_CURVES.secp256k1(keyOf(issuerDid(0)));

const WORKS: Readonly<Record<Work, () => Promise<void>>> = {
	async orgpass() {
		const verifier = organizations.verifier();
		await verifier.verify(first);
		for (const token of tokens) await verifier.verify(token);
	},
	async secp256k1() {
		for (const { signingInput, signature } of parts) {
			if (!key.verify(signingInput, signature)) throw new Error("secp256k1 refused a signature");
		}
	},
};

process.on("message", async (work: Work) => {
	const before = process.cpuUsage();
	await WORKS[work]();
	process.send?.(process.cpuUsage(before));
});
process.once("disconnect", () => organizations.close());
process.send?.("ready");
