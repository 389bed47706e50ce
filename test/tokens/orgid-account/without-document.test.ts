/** The registry names the owner: an owner's token doesn't depend on the organization's document. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { orgidAccount } from "../../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import { AUDIENCE, codeOf, type DocumentStage, startDocumentStage } from "../../support/document-stage.ts";
import { createMinter } from "../../support/minters.ts";
import { unlock } from "../../support/unlocked-wallet.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgid-v3"]);
});
afterAll(() => stage.close());

it.each([
	["can't be fetched", "", 503],
	["isn't there", "", 404],
	["isn't the organization's", '{"id":"did:orgid:1:0x00"}', 200],
])("an owner's token is accepted while the document %s", async (_what, body, status) => {
	const { did, serve, mint } = await stage.create("orgid-v3");
	serve(body, status);
	const options = { audience: AUDIENCE, resolver: stage.resolver("orgid-v3") };
	const verifier = createVerifier({ profiles: [orgidAccount(options), orgidEth(options)], now: () => stage.clock.now });
	const minting = { key: unlock(stage.network.accounts[0]), audience: AUDIENCE, now: () => stage.clock.now };
	const registry = stage.address("orgid-v3");
	const tokens = await Promise.all([
		createMinter({ profile: "orgid-eth", issuer: did, ...minting }).mint(),
		createMinter({ profile: "orgid-account", issuer: `${did}#owner`, registry, ...minting }).mint(),
	]);
	for (const token of tokens) expect(await verifier.verify(token)).toMatchObject({ keyId: `${did}#owner` });
	expect(await codeOf(stage.verify(mint(), options.resolver))).not.toBe("accepted");
});
