import type { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdEip712Minter } from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import {
	ACCOUNT_KINDS,
	accountResolver,
	claimsOf,
	DID,
	forgeAccountToken,
	headerOf,
	profileOf,
	recordOf,
	refuseToken,
	verifierOf,
} from "../support/account-stage.ts";
import { createMinter } from "../support/minters.ts";
import { expectRefusal } from "../support/refusal.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";

let network: Awaited<ReturnType<typeof startTestNetwork<8>>>;
let verifier: Verifier;
let audience: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 8 });
	audience = network.organizations[7].did;
	const options = { audience, resolver: network.resolver };
	verifier = createVerifier({
		profiles: [orgid(options), orgidAccount(options), orgidEth(options), orgidEip712(options)],
		now: network.now,
	});
});
afterAll(() => network.close());

/** A token of each kind by an account, as owner and as director. */
async function tokensOf(organization: TestOrganization, key: Wallet): Promise<readonly string[]> {
	const common = { key, audience, now: network.now };
	const { did } = organization;
	const registry = network.registry.address;
	const minters = [
		createMinter({ ...common, profile: "orgid-account", issuer: did, registry }),
		createMinter({ ...common, profile: "orgid-account", issuer: `${did}#director`, registry }),
		createMinter({ ...common, profile: "orgid-eth", issuer: did }),
	];
	return Promise.all(minters.map((minter) => minter.mint()));
}

/** Who the tokens of {@link tokensOf} are taken for; the code where one is refused. */
async function verdicts(tokens: readonly string[]): Promise<readonly string[]> {
	const judge = async (token: string): Promise<string> =>
		verifier.verify(token).then(
			({ keyId }) => keyId.slice(keyId.indexOf("#")),
			({ code }) => code as string,
		);
	return Promise.all(tokens.map(judge));
}

const REFUSED = ["token/signature", "token/signature", "token/signature"];
const NO_DIRECTOR = ["token/signature", "did/key-not-found", "token/signature"];

describe("T39: owner and director", () => {
	it("T39: a director can sign once accepted, but not after being replaced or after a change of owner", async () => {
		const organization = network.organizations[0];
		const { owner, orgId, did } = organization;
		const [director, second, buyer] = network.accounts;
		const registry = network.registry.connect(owner);
		const ofDirector = await tokensOf(organization, director);
		const ofOwner = await tokensOf(organization, owner);
		const now = async (tokens: readonly string[]): Promise<readonly string[]> => {
			network.resolver.invalidate(did);
			return verdicts(tokens);
		};
		expect(await now(ofOwner)).toEqual(["#owner", "did/key-not-found", "#owner"]);
		expect(await now(ofDirector)).toEqual(NO_DIRECTOR);

		await registry.transferDirectorship(orgId, director.address as `0x${string}`);
		expect(await now(ofDirector)).toEqual(NO_DIRECTOR);
		await network.registry.connect(director).acceptDirectorship(orgId);
		expect(await now(ofDirector)).toEqual(["token/signature", "#director", "#director"]);
		expect(await now(ofOwner)).toEqual(["#owner", "token/signature", "#owner"]);

		await registry.transferDirectorship(orgId, second.address as `0x${string}`);
		expect(await now(ofDirector)).toEqual(NO_DIRECTOR);
		await network.registry.connect(second).acceptDirectorship(orgId);
		expect(await now(ofDirector)).toEqual(REFUSED);
		expect(await now(await tokensOf(organization, second))).toEqual(["token/signature", "#director", "#director"]);

		const ofSecond = await tokensOf(organization, second);
		await registry.transferOwnership(orgId, buyer.address as `0x${string}`);
		expect(await now(ofSecond)).toEqual(NO_DIRECTOR);
		expect(await now(ofOwner)).toEqual(NO_DIRECTOR);
		expect(await now(await tokensOf(organization, buyer))).toEqual(["#owner", "did/key-not-found", "#owner"]);
	});

	it("T39: an owner who is also the director can sign as either", async () => {
		const organization = network.organizations[1];
		const { owner, orgId, did } = organization;
		const registry = network.registry.connect(owner);
		await registry.transferDirectorship(orgId, owner.address as `0x${string}`);
		await registry.acceptDirectorship(orgId);
		network.resolver.invalidate(did);
		expect(await verdicts(await tokensOf(organization, owner))).toEqual(["#owner", "#director", "#owner"]);
	});

	it("T39: an invalid signature isn't attributed to the zero address", async () => {
		const organization = network.organizations[2];
		const { owner, orgId, did } = organization;
		const zero = `0x${"00".repeat(20)}` as const;
		await network.registry.connect(owner).transferDirectorship(orgId, zero);
		network.resolver.invalidate(did);
		for (const token of await tokensOf(organization, owner)) {
			for (const bytes of [new Uint8Array(65), new Uint8Array(65).fill(0xff), new Uint8Array(65).fill(1)]) {
				const bad = `${token.slice(0, token.lastIndexOf("."))}.${Buffer.from(bytes).toString("base64url")}`;
				await expectRefusal(() => verifier.verify(bad), ["token/signature", "did/key-not-found"]);
			}
		}
	});

	it("T39: a resolver that returns the zero address as owner or director is not trusted", async () => {
		const zero = `0x${"00".repeat(20)}`;
		for (const members of [{ director: zero }, { owner: zero }, { owner: zero, director: zero }]) {
			const resolver = accountResolver(recordOf(members));
			for (const kind of ["orgid-account", "orgid-eth"] as const) {
				for (const fragment of ["owner", "director"]) {
					const header = headerOf(kind, kind === "orgid-account" ? { kid: `${DID}#${fragment}` } : {});
					const payload = claimsOf(kind);
					const token = await forgeAccountToken(kind, { header, payload, signer: network.accounts[0] });
					for (const bytes of [new Uint8Array(65), new Uint8Array(65).fill(27)]) {
						const bad = `${token.slice(0, token.lastIndexOf("."))}.${Buffer.from(bytes).toString("base64url")}`;
						const run = () => verifierOf(kind, {}, { resolver }).verify(bad);
						const isNamed = kind === "orgid-account" && fragment in members;
						await expectRefusal(run, isNamed ? "did/key-not-found" : "token/signature");
					}
				}
			}
		}
	});
});

describe("T36: a deactivated organization", () => {
	it("T36: its accounts' tokens are rejected until it is reactivated", async () => {
		const organization = network.organizations[3];
		const tokens = await tokensOf(organization, organization.owner);
		await organization.deactivate();
		expect(await verdicts(tokens)).toEqual(["did/deactivated", "did/deactivated", "did/deactivated"]);
		await organization.activate();
		expect(await verdicts(tokens)).toEqual(["#owner", "did/key-not-found", "#owner"]);
	});
});

describe("T72: another registry", () => {
	it("T72: a token for one registry is rejected by a verifier for another", async () => {
		const { did, owner } = network.organizations[4];
		const other = network.accounts[0].address;
		const options = {
			profile: "orgid-account",
			key: owner,
			issuer: did,
			audience,
			now: network.now,
		} as const;
		const token = await createMinter({ ...options, registry: other }).mint();
		await expectRefusal(() => verifier.verify(token), "token/signature");
		const good = await createMinter({ ...options, registry: network.registry.address }).mint();
		expect((await verifier.verify(good)).organization?.registry).toBe(network.registry.address);
	});
});

describe("T38: SDK tokens and the document", () => {
	it("T38: the registry's accounts can't sign them, because they have no verification relationship", async () => {
		const { did, owner } = network.organizations[5];
		for (const fragment of ["owner", "director", "webserver", "nothing"]) {
			const issuer = `${did}#${fragment}`;
			const minter = createOrgIdEip712Minter({
				key: owner,
				issuer,
				audience,
				now: network.now,
			});
			const token = await minter.mint();
			await expectRefusal(() => verifier.verify(token), ["did/key-not-found", "did/document-invalid"]);
		}
	});
});

describe("T33, T34, T35: the issuer's syntax and chain", () => {
	const bare = DID.split(":")[3] as string;
	it.each(
		ACCOUNT_KINDS.flatMap((kind) =>
			[
				...[`did:orgid::${bare}`, `did:orgid:1:${bare}${bare}`, `did:orgid:1:${bare.slice(0, -1)}`],
				...[`did:orgid:1:${bare}a`, `did:orgid:1:${bare}#`, `did:orgid:1:${bare}##owner`, ` ${DID}`, `x ${DID}`],
				...[`${DID}\n`, `${DID}\u0000`, `${DID}?versionId=1`, `${DID}/path`, `did:\u043ergid:1:${bare}`],
				...[`did:orgid:\u0661:${bare}`, `did:orgid:01:${bare}`, `did:orgid:0:${bare}`, `did:orgid:-1:${bare}`],
				...[`did:orgid:1e3:${bare}`, `did:orgid:0x1:${bare}`, DID.replace("a1", "A1"), DID.toUpperCase()],
			].map((did) => [kind, did] as const),
		),
	)("T33, T34: %s: iss %j is rejected without calling the resolver", async (kind, did) => {
		const iss = kind === "orgid-eip712" && !did.includes("#") ? `${did}#wallet` : did;
		const header = headerOf(kind, kind === "orgid-account" ? { kid: `${iss}#owner` } : {});
		const token = await forgeAccountToken(kind, { header, payload: claimsOf(kind, { iss }) });
		await refuseToken(kind, token, "token/issuer", 0);
	});

	it.each(ACCOUNT_KINDS.map((kind) => [kind] as const))(
		"T33: %s: a missing chain is rejected unless a default is set",
		async (kind) => {
			const iss = (claimsOf(kind)["iss"] as string).replace("31337:", "");
			const header = headerOf(kind, kind === "orgid-account" ? { kid: `${iss}#owner` } : {});
			const token = await forgeAccountToken(kind, { header, payload: claimsOf(kind, { iss }) });
			await refuseToken(kind, token, "did/chain-missing", 0);
			if (kind === "orgid-account") {
				await expectRefusal(() => profileOf(kind, { defaultChainId: 31_337 }), "config/unknown-option");
				return;
			}
			const { issuer, claims } = await verifierOf(kind, {}, { defaultChainId: 31_337 }).verify(token);
			expect([issuer, claims["iss"]]).toEqual([DID, iss]);
		},
	);

	it.each(ACCOUNT_KINDS.map((kind) => [kind] as const))(
		"T35: %s: another chain is rejected without a request",
		async (kind) => {
			const counter = await startRpcCounter(network.rpcUrl);
			const { chainId, registry } = network;
			const networks = [{ chainId, rpcUrl: counter.url, registry: registry.address }];
			const resolver = createOrgIdResolver({ networks });
			const iss = (claimsOf(kind)["iss"] as string).replace("31337", "1");
			const header = headerOf(kind, kind === "orgid-account" ? { kid: `${iss}#owner` } : {});
			const token = await forgeAccountToken(kind, { header, payload: claimsOf(kind, { iss }) });
			for (const options of [{ resolver }, { resolver, chainIds: [31_337] }]) {
				await expectRefusal(() => verifierOf(kind, {}, options).verify(token), "did/chain-unknown");
			}
			expect(counter.requests()).toBe(0);
			resolver.close();
			await counter.close();
		},
	);
});
