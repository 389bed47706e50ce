/**
 * The published vectors on a real ORGiD 3 contract, where anybody may register the
 * organization they speak of. The local chain answers as chain 1337, which is theirs.
 */
import { readFileSync } from "node:fs";
import { Contract, Wallet } from "ethers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { createOrgIdEip712Minter } from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { type DocumentServer, startDocumentServer } from "../support/document-server.ts";
import { type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { deployKind } from "../support/registry-kinds.ts";
import { describeWithVectors, vectorPath } from "../vectors.ts";

interface Formats {
	readonly key: string;
	readonly address: string;
	readonly ethToken: { readonly token: string };
	readonly eip712Token: { readonly token: string };
}

const CREDENTIAL = vectorPath("orgjson-vc-1x.json");
/** In the life of the ETH token, which ends in 2030 and has no `iat`. */
const NOW = 1_893_450_000;

describeWithVectors<Formats>("the vectors on chain", "formats.json", (formats) => {
	const eth = decodeToken(formats.ethToken.token).claims as { iss: string; aud: string };
	const eip712 = decodeToken(formats.eip712Token.token).claims as { iss: string; aud: string };
	const orgId = eth.iss.slice("did:orgid:".length);
	const did = `did:orgid:1337:${orgId}`;
	let network: TestNetwork;
	let server: DocumentServer;
	let node: FakeNode;
	let served: string;
	const open: OrgIdResolver[] = [];
	let address: string;
	beforeAll(async () => {
		network = await startTestNetwork({ organizations: 0 });
		server = await startDocumentServer();
		node = await startFakeNode((method, params) =>
			method === "eth_chainId" ? { result: "0x539" } : passOn(network.rpcUrl, method, params),
		);
		const [anybody] = network.accounts;
		address = await deployKind("orgid-v3", anybody);
		served = readFileSync(CREDENTIAL, "utf8");
		const abi = ["function createOrgIdFor(bytes32,string,address,string[])"];
		const create = new Contract(address, abi, anybody).getFunction("createOrgIdFor");
		const sent = await create.send(orgId, server.serve("/org.json", served), formats.address, []);
		await sent.wait();
	});
	afterAll(async () => {
		for (const one of open) one.close();
		await node.close();
		await server.close();
		await network.close();
	});

	function resolver(): OrgIdResolver {
		const made = createOrgIdResolver({
			networks: [{ chainId: 1337, rpcUrl: node.url, registry: address }],
			defaultChainId: 1337,
			documents: { allowHttp: true, allowPrivateAddresses: true },
			now: () => NOW,
		});
		open.push(made);
		return made;
	}
	const verify = (profile: Profile, token: string) =>
		createVerifier({ profiles: [profile], now: () => NOW }).verify(token);

	it("the credential is signed by the owner, and its account is listed", async () => {
		const { didDocument, didDocumentMetadata } = await resolver().resolve(did);
		expect(didDocumentMetadata["credential"]).toMatchObject({ issuer: did, signer: "owner" });
		expect(didDocument?.verificationMethod).toContainEqual(
			expect.objectContaining({
				id: `${did}#key-1`,
				blockchainAccountId: `eip155:1337:${formats.address}`,
			}),
		);
	});

	it.each([
		["a name", "Acme, Corp.", "Acme, Corp!"],
		["a date", "2022-01-01T00:00:00.000Z", "2022-01-02T00:00:00.000Z"],
		["the account", "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A", "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a"],
		["the jws", "MHhjMTVi", "MHhjMTVj"],
	])("rejects the credential with %s changed", async (_what, from, to) => {
		expect(served).toContain(from);
		server.serve("/org.json", served.replaceAll(from, to));
		const { didResolutionMetadata } = await resolver().resolve(did);
		server.serve("/org.json", served);
		expect(didResolutionMetadata["code"]).toBe("document/proof-invalid");
	});

	it("verifies the ETH token on the organization's own chain", async () => {
		const profile = orgidEth({ audience: eth.aud, resolver: resolver(), defaultChainId: 1337 });
		expect(await verify(profile, formats.ethToken.token)).toMatchObject({
			profile: "orgid-eth",
			issuer: did,
			keyId: `${did}#owner`,
			scopes: ["simard:account:write"],
		});
	});

	it("rejects the EIP-712 token without exp, and verifies the same token with one", async () => {
		const profile = orgidEip712({ audience: eip712.aud, resolver: resolver() });
		await expect(verify(profile, formats.eip712Token.token)).rejects.toMatchObject({
			code: "token/claim-missing",
			details: { claim: "exp" },
		});
		const twin = await createOrgIdEip712Minter({
			key: new Wallet(formats.key),
			issuer: eip712.iss,
			audience: eip712.aud,
			now: () => NOW,
		}).mint({ scope: ["a"] });
		expect(await verify(profile, twin)).toMatchObject({ keyId: eip712.iss, scopes: ["a"] });
	});
});
