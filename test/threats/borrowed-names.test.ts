/** The fragments `owner` and `director` belong to the registry: a document can't assign them to others. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { createOrgIdEip712Minter } from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { codeOf, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";

const NAMES = ["owner", "director"] as const;
const audience = `did:orgid:31337:0x${"0f".repeat(32)}`;

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

it.each(KINDS.flatMap((kind) => NAMES.map((name) => [kind, name] as const)))(
	"T38: in a %s registry, a document's key with the fragment %s can't sign",
	async (kind, name) => {
		const organization = await stage.create(kind);
		const { did, key, publicKey } = organization;
		const id = `${did}#${name}`;
		const publicKeyJwk = exportPublicKey(publicKey, "jwk");
		const [owner] = stage.network.accounts;
		for (const blockchainAccountId of [undefined, 1, `eip155:31337:${owner.address}`]) {
			const members = { publicKeyJwk, blockchainAccountId };
			await organization.publish({
				methods: [{ id, type: "JsonWebKey2020", controller: did, ...members }],
			});
			const verifying = stage.verify(organization.mint(key, id), stage.resolver(kind));
			expect(await codeOf(verifying)).toBe("did/document-invalid");
		}
	},
);

it("T38: a document's account with the fragment owner can sign only if the registry agrees", async () => {
	const [owner, stranger] = stage.network.accounts;
	for (const [account, verdict] of [
		[owner, "accepted"],
		[stranger, "did/document-invalid"],
	] as const) {
		const add = [{ fragment: "owner", account: `eip155:31337:${account.address}` }];
		const { did } = await stage.create("orgid-v3", { add });
		const now = () => stage.clock.now;
		const issuer = `${did}#owner`;
		const minter = createOrgIdEip712Minter({ key: account, issuer, audience, now });
		const profiles = [orgidEip712({ audience, resolver: stage.resolver("orgid-v3") })];
		expect(await codeOf(createVerifier({ profiles, now }).verify(await minter.mint()))).toBe(verdict);
	}
});
