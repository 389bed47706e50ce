/** T71: an ORGiD 3 organization is an ERC-721 token, and moves by every way such a token moves. */
import { Contract, type Wallet } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { buildDocument, encodeDocument } from "../../src/document/build-document.ts";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Address } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { CreateReceipt } from "../../src/registry/registry-changes.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { createOrgIdAccountMinter } from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { type DocumentServer, startDocumentServer } from "../support/document-server.ts";
import { deployKind } from "../support/registry-kinds.ts";

const AUDIENCE = `did:orgid:31337:0x${"22".repeat(32)}`;

let network: TestNetwork;
let server: DocumentServer;
let registry: Registry;
let resolver: OrgIdResolver;
let verifier: Verifier;
let token: Contract;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	server = await startDocumentServer();
	const [first] = network.accounts;
	const address = await deployKind("orgid-v3", first);
	registry = createRegistry({ chainId: 31337, provider: network.provider, address });
	const abi = [
		"function approve(address to, uint256 tokenId)",
		"function setApprovalForAll(address operator, bool approved)",
		"function transferFrom(address from, address to, uint256 tokenId)",
		"function getTokenId(bytes32 orgId) view returns (uint256)",
	];
	token = new Contract(address, abi, first);
	resolver = createOrgIdResolver({
		networks: [{ chainId: 31337, registry }],
		documents: { allowHttp: true, allowPrivateAddresses: true },
		now: network.now,
	});
	const profiles = [orgid({ audience: AUDIENCE, resolver }), orgidAccount({ audience: AUDIENCE, resolver })];
	verifier = createVerifier({ profiles, now: network.now });
});
afterAll(async () => {
	resolver.close();
	await server.close();
	await network.close();
});

let created: CreateReceipt;
let webserver: PrivateKey;
beforeEach(async () => {
	const [owner] = network.accounts;
	const uri = server.url(`/${Math.random()}.json`);
	created = await registry.connect(owner).createOrganization({ document: { uris: [uri] } });
	const { privateKey, publicKey } = await generateKeyPair();
	webserver = privateKey;
	const document = buildDocument({
		did: created.did,
		generation: "1.x",
		verificationMethods: [
			{ fragment: "webserver", publicKey },
			{ fragment: "account", account: `eip155:31337:${owner.address}` },
		],
		now: network.now(),
	});
	const verificationMethod = `${created.did}#account`;
	const credential = await signCredential({ document, verificationMethod, key: owner, now: network.now() });
	server.serve(new URL(uri).pathname, encodeDocument(credential));
});

const send = async (account: Wallet, name: string, ...args: unknown[]): Promise<void> => {
	const sent = await (token.connect(account) as Contract).getFunction(name).send(...args);
	await sent.wait();
};
const byAccount = (account: Wallet): Promise<string> =>
	createOrgIdAccountMinter({
		key: account,
		issuer: created.did,
		registry: registry.address,
		audience: AUDIENCE,
		now: network.now,
	}).mint();
const byKey = (): Promise<string> =>
	createOrgIdMinter({
		key: webserver,
		issuer: `${created.did}#webserver`,
		audience: AUDIENCE,
		now: network.now,
	}).mint();

describe("T71: an approved account can transfer the organization", () => {
	it.each(["approve", "setApprovalForAll"] as const)(
		"by %s: invalidates the old owner's tokens and document",
		async (way) => {
			const [owner, operator] = network.accounts;
			const tokenId: bigint = await token.getFunction("getTokenId").staticCall(created.orgId);
			const [oldAccountToken, keyToken] = await Promise.all([byAccount(owner), byKey()]);
			expect((await verifier.verify(oldAccountToken)).keyId).toBe(`${created.did}#owner`);
			expect((await verifier.verify(keyToken)).keyId).toBe(`${created.did}#webserver`);

			if (way === "approve") await send(owner, way, operator.address, tokenId);
			else await send(owner, way, operator.address, true);
			resolver.invalidate(created.did);
			expect((await verifier.verify(oldAccountToken)).organization?.owner).toBe(owner.address);

			await send(operator, "transferFrom", owner.address, operator.address, tokenId);
			if (way === "setApprovalForAll") await send(owner, way, operator.address, false);
			resolver.invalidate(created.did);
			await expect(verifier.verify(oldAccountToken)).rejects.toMatchObject({ code: "token/signature" });
			expect((await verifier.verify(await byAccount(operator))).organization?.owner).toBe(operator.address);
			await expect(verifier.verify(keyToken)).rejects.toMatchObject({ code: "document/proof-unauthorized" });
		},
	);

	it("can't transfer to a contract that doesn't accept tokens, or to the zero address", async () => {
		const owner = registry.connect(network.accounts[0]);
		for (const to of [registry.address, `0x${"00".repeat(20)}` as Address])
			await expect(owner.transferOwnership(created.orgId, to)).rejects.toMatchObject({
				code: "registry/reverted",
			});
		expect(await registry.read(created.orgId)).toMatchObject({ owner: network.accounts[0].address });
	});
});
