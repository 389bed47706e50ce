/** did-jwt over our plugin and our own verifier: the same verdict on every key of organizations in any state. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { behindDidResolver, createStageResolver, isAcceptedByDidJwt, ourVerdict } from "../support/did-jwt-stage.ts";
import { mintTokensOf, organizationStates } from "../support/organization-states.ts";
import { runs } from "../support/property.ts";
import { thorough } from "../support/thorough.ts";

const STATES = runs(500, 25).numRuns;
it.each([STATES])("T75: agree on %d states of organizations and keys, but for reasons", async (numRuns) => {
	const verdicts = new Map<string, number>();
	const resolver = behindDidResolver(createStageResolver());
	await fc.assert(
		fc.asyncProperty(organizationStates, async (state) => {
			for (const token of await mintTokensOf(state)) {
				const verdict = await ourVerdict(token, resolver);
				verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
				expect(await isAcceptedByDidJwt(token, resolver, true), verdict).toBe(verdict === "accepted");
				expect(await isAcceptedByDidJwt(token, resolver, false), verdict).toBe(verdict === "accepted");
			}
		}),
		{ numRuns },
	);
	const expected = [
		...["accepted", "did/deactivated", "did/key-not-found", "did/key-revoked", "did/key-expired"],
		...["did/document-invalid", "did/key-not-yet-valid", "document/expired", "token/signature"],
	];
	expect([...verdicts.keys()]).toEqual(expect.arrayContaining(expected.slice(0, thorough(expected.length, 1))));
});
