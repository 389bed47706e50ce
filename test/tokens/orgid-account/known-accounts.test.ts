/** What may be remembered of a signature: an account that was recovered from it, never the answer of a contract. */
import { describe, expect, it } from "vitest";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import type { ResolvedIssuer } from "../../../src/tokens/token-kind.ts";
import {
	ACCOUNT_KINDS,
	AUDIENCE,
	accountResolver,
	CHAIN_ID,
	DID,
	forgeAccountToken,
	profileOf,
	STRANGER,
} from "../../support/account-stage.ts";

describe("the account that signed", () => {
	it.each(ACCOUNT_KINDS)("is recovered without waiting: %s", async (kind) => {
		const jws = decodeToken(await forgeAccountToken(kind));
		const resolved = await profileOf(kind).parseIssuer(jws).resolve();
		expect(resolved.findSigner(jws)).toBe(`${DID}#${kind === "orgid-eip712" ? "wallet" : "owner"}`);
		const other = decodeToken(await forgeAccountToken(kind, { signer: STRANGER }));
		expect(resolved.findSigner(other)).toBeUndefined();
	});

	it("T89: is a promise if contracts are asked, whose answers aren't remembered", async () => {
		const provider = { request: async () => `0x${CHAIN_ID.toString(16)}` };
		const profile = orgidEth({
			audience: AUDIENCE,
			resolver: accountResolver(),
			providers: { [CHAIN_ID]: provider },
		});
		const jws = decodeToken(await forgeAccountToken("orgid-eth", { signer: STRANGER }));
		const resolved: ResolvedIssuer = await profile.parseIssuer(jws).resolve();
		const asking = resolved.findSigner(jws);
		expect(asking).toBeInstanceOf(Promise);
		await Promise.allSettled([asking]);
		const own = decodeToken(await forgeAccountToken("orgid-eth"));
		expect(resolved.findSigner(own)).toBe(`${DID}#owner`);
	});
});
