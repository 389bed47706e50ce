import { hexlify, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { createProvider } from "../../../src/registry/ethers-provider.ts";
import { startTestNetwork } from "../../../src/testing/test-network.ts";
import type { TestOrganization } from "../../../src/testing/test-organization.ts";
import type { AccountProviders } from "../../../src/tokens/orgid-account/account-signer.ts";
import { orgidAccount } from "../../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import type { AccountSigner } from "../../../src/tokens/orgid-account/sign-account-token.ts";
import {
	codeReturning,
	deployCode,
	deploySafe,
	prepareSafe,
	type TestSafe,
	wrapSignature,
} from "../../support/contract-accounts.ts";
import { withSignature } from "../../support/forge-token.ts";
import { createMinter } from "../../support/minters.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { startRpcCounter } from "../../support/rpc-counter.ts";
import { resolverWith, resultOf } from "../../support/static-resolver.ts";

const [ANNA, BERTA, CARLA] = ["41", "42", "43"].map((byte) => new Wallet(`0x${byte.repeat(32)}`)) as [
	Wallet,
	Wallet,
	Wallet,
];

let network: Awaited<ReturnType<typeof startTestNetwork<7>>>;
let audience: string;
let verifier: Verifier;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 7 });
	audience = network.organizations[5].did;
	verifier = verifierWith({ 31337: network.provider });
});
afterAll(() => network.close());

function verifierWith(providers?: NonNullable<AccountProviders["providers"]>): Verifier {
	const options = { audience, resolver: network.resolver, ...(providers && { providers }) };
	return createVerifier({ profiles: [orgidAccount(options), orgidEth(options)], now: network.now });
}

/** A token of each of the two kinds. */
function mintBoth({ did }: TestOrganization, key: AccountSigner, account = "owner"): Promise<readonly string[]> {
	const common = { key, audience, now: network.now };
	const registry = network.registry.address;
	const minters = [
		createMinter({ ...common, profile: "orgid-account", issuer: `${did}#${account}`, registry }),
		createMinter({ ...common, profile: "orgid-eth", issuer: did }),
	];
	return Promise.all(minters.map((minter) => minter.mint({ scope: "book" })));
}

async function expectAccepted(tokens: readonly string[], keyId: string): Promise<void> {
	for (const token of tokens) {
		expect(await verifier.verify(token)).toMatchObject({ keyId, scopes: ["book"] });
	}
}

async function expectRefused(tokens: readonly string[]): Promise<void> {
	for (const token of tokens) await expectRefusal(() => verifier.verify(token), "token/signature");
}

async function givenTo(organization: TestOrganization, owners: readonly Wallet[]): Promise<TestSafe> {
	const safe = await deploySafe(network.accounts[0], owners, network.chainId);
	await organization.transfer(safe.address);
	return safe;
}

describe("an organization owned by a Safe", () => {
	it("needs the signatures of both of the Safe's owners", async () => {
		const organization = network.organizations[0];
		const safe = await givenTo(organization, [ANNA, BERTA]);
		const owner = `${organization.did}#owner`;
		await expectAccepted(await mintBoth(organization, safe.signer()), owner);
		for (const signers of [[ANNA], [BERTA], [ANNA, ANNA], [ANNA, CARLA], [CARLA]]) {
			await expectRefused(await mintBoth(organization, safe.signer(signers)));
		}
		await expectRefused(await mintBoth(organization, ANNA));
		await expectRefused(await mintBoth(organization, organization.owner));
	});

	it("needs the Safe's signature, not just its owner's", async () => {
		const organization = network.organizations[1];
		const safe = await givenTo(organization, [ANNA]);
		await expectAccepted(await mintBoth(organization, safe.signer()), `${organization.did}#owner`);
		await expectRefused(await mintBoth(organization, ANNA));
	});

	it("rejects a signature for another token or another Safe", async () => {
		const organization = network.organizations[6];
		const safe = await givenTo(organization, [ANNA]);
		const other = await deploySafe(network.accounts[0], [ANNA], network.chainId);
		expect(other.address).not.toBe(safe.address);
		await expectRefused(await mintBoth(organization, other.signer()));
		const first = await mintBoth(organization, safe.signer());
		const second = await mintBoth(organization, safe.signer());
		await expectAccepted([...first, ...second], `${organization.did}#owner`);
		const signature = (token: string) => Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");
		await expectRefused(first.map((token, at) => withSignature(token, signature(second[at] as string))));
	});

	it("rejects a replaced Safe owner's tokens", async () => {
		const organization = network.organizations[2];
		const safe = await givenTo(organization, [ANNA]);
		const old = await mintBoth(organization, safe.signer());
		await expectAccepted(old, `${organization.did}#owner`);
		await safe.swapOwner(ANNA, CARLA);
		await expectRefused(old);
		await expectAccepted(await mintBoth(organization, safe.signer([CARLA])), `${organization.did}#owner`);
	});

	it("can sign before the Safe is deployed, if the signature says how to deploy it (ERC-6492)", async () => {
		const organization = network.organizations[1];
		const safe = await prepareSafe(network.accounts[0], [BERTA], network.chainId);
		const record = { ...(await network.registry.read(organization.orgId)), owner: safe.address };
		const { didDocument } = await network.resolver.resolve(organization.did);
		const resolver = resolverWith(resultOf(didDocument as never, { organization: record }));
		const options = { audience, resolver, providers: { 31337: network.provider } };
		const own = createVerifier({ profiles: [orgidAccount(options), orgidEth(options)], now: network.now });
		const wrap = (signer: AccountSigner): AccountSigner => ({
			signMessage: async (message) => hexlify(wrapSignature(safe.deployment, await signer.signMessage(message))),
			signTypedData: async (...data) => hexlify(wrapSignature(safe.deployment, await signer.signTypedData(...data))),
		});
		for (const token of await mintBoth(organization, wrap(safe.signer()))) {
			expect(await own.verify(token)).toMatchObject({ keyId: `${organization.did}#owner`, scopes: ["book"] });
		}
		for (const key of [wrap(safe.signer([ANNA])), safe.signer()]) {
			for (const token of await mintBoth(organization, key)) {
				await expectRefusal(() => own.verify(token), "token/signature");
			}
		}
	});

	it("is rejected without a provider for its chain, naming what is missing", async () => {
		const organization = network.organizations[0];
		const safe = await deploySafe(network.accounts[0], [ANNA], network.chainId);
		const tokens = await mintBoth(organization, safe.signer());
		for (const providers of [undefined, {}, { 1: network.provider }]) {
			for (const token of tokens) {
				const run = () => verifierWith(providers).verify(token);
				const { message } = await expectRefusal(run, "token/signature");
				expect(message).toContain("providers[31337]");
			}
		}
	});

	it("is an outage if the node is down or on another chain", async () => {
		const organization = network.organizations[0];
		const [token = ""] = await mintBoth(organization, BERTA);
		const wrong = { request: async () => "0x1" };
		await expectRefusal(() => verifierWith({ 31337: wrong }).verify(token), "registry/wrong-chain");
		const down = { request: () => Promise.reject(new Error("down")) };
		await expectRefusal(() => verifierWith({ 31337: down }).verify(token), "registry/unreachable");
	});
});

describe("contracts that don't implement ERC-1271 correctly", () => {
	it("can't sign unless they return exactly the magic value", async () => {
		const organization = network.organizations[3];
		const { owner, orgId } = organization;
		const registry = network.registry.connect(owner);
		const codes = [
			codeReturning("1626ba7e", 33),
			codeReturning("1626ba7e", 64),
			codeReturning(`1626ba7e${"00".repeat(27)}01`, 32),
			codeReturning(`${"00".repeat(31)}01`, 32),
			"5f5ffd",
			"fe",
			"5b5f56",
		];
		const [director] = network.accounts;
		for (const code of codes) {
			const contract = await deployCode(director, code);
			const record = { ...(await registry.read(orgId)), owner: contract, director: contract };
			const result = await network.resolver.resolve(organization.did);
			const resolver = resolverWith(resultOf(result.didDocument as never, { organization: record }));
			const options = { audience, resolver, providers: { 31337: network.provider } };
			const profiles = [orgidAccount(options), orgidEth(options)];
			const own = createVerifier({ profiles, now: network.now });
			for (const token of await mintBoth(organization, owner)) {
				await expectRefusal(() => own.verify(token), "token/signature");
			}
		}
	});

	it("as owner lead to asking the director, and no third account", async () => {
		const organization = network.organizations[4];
		const { owner, orgId, did } = organization;
		const [funder, director] = network.accounts;
		await network.registry.connect(owner).transferDirectorship(orgId, director.address as `0x${string}`);
		await network.registry.connect(director).acceptDirectorship(orgId);
		network.resolver.invalidate(did);
		await expectAccepted((await mintBoth(organization, director, "director")).slice(0, 2), `${did}#director`);
		const yes = await deployCode(funder, codeReturning("1626ba7e", 32));
		const no = await deployCode(funder, "5f5ffd");
		const record = { ...(await network.registry.read(orgId)), owner: no, director: yes };
		const { didDocument } = await network.resolver.resolve(did);
		const resolver = resolverWith(resultOf(didDocument as never, { organization: record }));
		const profile = orgidEth({ audience, resolver, providers: { 31337: network.provider } });
		const own = createVerifier({ profiles: [profile], now: network.now });
		const [, token = ""] = await mintBoth(organization, CARLA);
		expect((await own.verify(token)).keyId).toBe(`${did}#director`);
		const empty = token.slice(0, token.lastIndexOf(".") + 1);
		await expectRefusal(() => own.verify(empty), "token/signature");
		expect((await own.verify(withSignature(token, Uint8Array.of(1)))).keyId).toBe(`${did}#director`);
	});
});

it("an account that is both owner and director is asked once", async () => {
	const { did, orgId, owner } = network.organizations[4];
	const contract = await deployCode(network.accounts[0], "5f5ffd");
	const record = { ...(await network.registry.read(orgId)), owner: contract, director: contract };
	const { didDocument } = await network.resolver.resolve(did);
	const resolver = resolverWith(resultOf(didDocument as never, { organization: record }));
	const counter = await startRpcCounter(network.rpcUrl);
	const provider = createProvider(counter.url, network.chainId);
	const profile = orgidEth({ audience, resolver, providers: { 31337: provider } });
	const own = createVerifier({ profiles: [profile], now: network.now });
	const options = { profile: "orgid-eth", key: owner, issuer: did, audience, now: network.now } as const;
	const token = await createMinter(options).mint();
	await expectRefusal(() => own.verify(token), "token/signature");
	expect(counter.count("eth_call")).toBe(1);
	provider.destroy();
	await counter.close();
});

it("a Safe named in a document can sign SDK tokens if one owner's 65 bytes are enough", async () => {
	const did = network.organizations[0].did;
	const id = `${did}#safe`;
	const safe = await deploySafe(network.accounts[0], [ANNA], network.chainId);
	const account = { type: "EcdsaSecp256k1RecoveryMethod2020", controller: did };
	const method = { id, ...account, blockchainAccountId: `eip155:31337:${safe.address}` };
	const resolver = resolverWith(resultOf({ id: did, verificationMethod: [method] }));
	const profile = orgidEip712({ audience, resolver, providers: { 31337: network.provider } });
	const own = createVerifier({ profiles: [profile], now: network.now });
	const options = { profile: "orgid-eip712", issuer: id, audience, now: network.now } as const;
	expect((await own.verify(await createMinter({ ...options, key: safe.signer() }).mint())).keyId).toBe(id);
	const alone = await createMinter({ ...options, key: ANNA }).mint();
	await expectRefusal(() => own.verify(alone), "token/signature");
	const two = await deploySafe(network.accounts[0], [ANNA, BERTA], network.chainId);
	await expectRefusal(() => createMinter({ ...options, key: two.signer() }).mint(), "key/signing-fault");
});
