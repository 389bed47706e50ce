import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import { parseDidUrl } from "../../src/did/did-url.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { expectLinear } from "../support/duration.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { documentWith, methodOf, resolverOf } from "../support/static-resolver.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
const stranger = await generateKeyPair();
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

const ID = `0x${"0a".repeat(32)}`;

describe("glider-aggregator's helpers/jwt.js", () => {
	it("an iss without a fragment skips no check", async () => {
		const { sender } = stage;
		for (const members of [{ exp: undefined }, { aud: undefined }, { exp: 1 }, { nbf: 9e9 }, {}]) {
			const payload = stage.claims({ iss: sender.did, ...members });
			for (const alg of ["ES256K", "none", "ETH", "HS256"]) {
				await stage.refuse(await stage.forge({ header: { alg }, payload }), ["token/issuer", "token/algorithm"], 0);
			}
		}
	});

	it("the issuer must match entirely, and its id must be hexadecimal", async () => {
		for (const iss of [
			`x ${stage.sender.issuer}`,
			`did:orgid:31337:0x${"zz".repeat(32)}#webserver`,
			`${stage.sender.issuer} x`,
		]) {
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
			await stage.refuse(token, "token/issuer", 0);
		}
	});

	it("a key must match by its whole id and DID", async () => {
		const { sender, receiver, network } = stage;
		const traps = [
			methodOf(receiver.did, stranger.publicKey, { id: `${receiver.did}#webserver` }),
			methodOf(sender.did, stranger.publicKey, { id: `${sender.did}#x#webserver` }),
			methodOf(sender.did, stranger.publicKey, { id: `x${sender.issuer}` }),
		];
		const document = documentWith(sender.did, sender.key.publicKey, { verificationMethod: traps });
		const profiles = [orgid({ audience: receiver.did, resolver: resolverOf({ [sender.did]: document }) })];
		const verifier = createVerifier({ profiles, now: network.now });
		const token = await stage.forge({ key: stranger.privateKey });
		await expectRefusal(() => verifier.verify(token), "did/key-not-found");
	});

	it("a fragment that is a regular expression matches nothing", async () => {
		for (const fragment of [".*", "(", "[", "web.*", "$"]) {
			const iss = `${stage.sender.did}#${fragment}`;
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
			await stage.refuse(token, "token/issuer", 0);
		}
	});

	it("a revocation takes effect after a minute at most, not after 12 hours", async () => {
		const { sender, network } = stage;
		const { publicKey, privateKey } = await generateKeyPair();
		const registry = network.registry.connect(sender.owner);
		await registry.addKey(sender.orgId, { fragment: "brief", publicKey });
		network.resolver.invalidate(sender.did);
		const payload = stage.claims({ iss: `${sender.did}#brief` });
		const token = await stage.forge({ header: { alg: "ES256K" }, payload, key: privateKey });
		await stage.verify(token);
		await registry.revokeKey(sender.orgId, "brief");
		await network.advanceTime(61);
		await stage.refuse(token, "did/key-revoked");
	});
});

describe("org.id-auth's tokens.js", () => {
	it("a duplicate scope doesn't count twice", async () => {
		const verifier = stage.verifierWith({ policies: [requireScope(["read", "admin"])] });
		const token = await stage.forge({ payload: stage.claims({ scope: '["read","read"]' }) });
		await expectRefusal(() => verifier.verify(token), "policy/scope");
	});

	it("exp is in seconds: milliseconds are rejected, as are a missing exp and another alg", async () => {
		const exp = (nowSeconds() + 3_600) * 1_000;
		await stage.refuse(await stage.forge({ payload: stage.claims({ exp }) }), "token/milliseconds", 0);
		await stage.refuse(await stage.forge({ payload: stage.claims({ exp: undefined }) }), "token/claim-missing", 0);
		await stage.refuse(await stage.forge({ header: { alg: "ETH" } }), "token/algorithm", 0);
	});
});

describe("org.id-utils' regular expression", () => {
	it("chain separators are required, ids can't be repeated, and a fragment needs a #", async () => {
		const twice = `did:orgid:1:${ID}${ID.replaceAll("0a", "0b")}`;
		for (const text of [twice, `did:orgid1${ID}`, `did:orgid${ID}`, `did:orgid:1${ID}`, `did:orgid:1:${ID}key1`]) {
			await expectRefusal(() => parseDidUrl(text), "did/syntax");
		}
	});

	it("parsing 60,000 characters takes linear time", async () => {
		await expectLinear(
			(size) => `did:orgid:1:0x${"a".repeat(size)}!`,
			60_000,
			(text) => refusalOf(() => parseDidUrl(text)),
		);
	});
});

describe("org.id-resolver", () => {
	it("two resolvers share nothing", async () => {
		const { network, sender } = stage;
		const one = createOrgIdResolver({ networks: [{ chainId: 31_337, registry: network.registry }] });
		await one.resolve(sender.did);
		const elsewhere = { chainId: 5, registry: network.registry.address, rpcUrl: network.rpcUrl };
		const other = createOrgIdResolver({ networks: [elsewhere] });
		const { didDocument, didResolutionMetadata } = await other.resolve(sender.did);
		expect(didDocument).toBeNull();
		expect(didResolutionMetadata["code"]).toBe("did/chain-unknown");
		for (const resolver of [one, other]) resolver.close();
	});

	it("another organization's document is rejected", async () => {
		const { sender, receiver, network } = stage;
		const resolver = resolverOf({ [sender.did]: documentWith(receiver.did, receiver.key.publicKey) });
		const verifier = createVerifier({
			profiles: [orgid({ audience: receiver.did, resolver })],
			now: network.now,
		});
		for (const key of [sender.key, receiver.key]) {
			const token = await stage.forge({ key });
			await expectRefusal(() => verifier.verify(token), "did/document-invalid");
		}
	});

	it("concurrent resolutions return the right organization", async () => {
		const { sender, receiver, network } = stage;
		const audience = "https://api.example";
		const resolver = createOrgIdResolver({ networks: [{ chainId: 31_337, registry: network.registry }] });
		const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now: network.now });
		const minters = [sender, receiver].map((organization) => organization.minter({ audience }));
		const tokens = await Promise.all(Array.from({ length: 20 }, (_, at) => minters[at % 2]?.mint() as Promise<string>));
		const verified = await Promise.all(tokens.map((token) => verifier.verify(token)));
		expect(verified.map(({ issuer }) => issuer)).toEqual(
			tokens.map((_, at) => (at % 2 === 0 ? sender.did : receiver.did)),
		);
		resolver.close();
	});

	it("a deactivated organization is rejected, not just reported", async () => {
		const { sender, receiver } = stage;
		const document = documentWith(sender.did, sender.key.publicKey);
		const metadata = { deactivated: true };
		const resolver = {
			resolve: async () => ({
				didDocument: document,
				didDocumentMetadata: metadata,
				didResolutionMetadata: {},
			}),
		};
		const profiles = [orgid({ audience: receiver.did, resolver })];
		const verifier = createVerifier({ profiles, now: stage.clock });
		const token = await stage.forge();
		await expectRefusal(() => verifier.verify(token), "did/deactivated");
	});
});

describe("iotex-antenna-go's jwt.go", () => {
	it("the key in a token's own iss isn't trusted, and a short iss doesn't crash", async () => {
		const hex = exportPublicKey(stranger.publicKey, "hex");
		for (const iss of [hex, hex.slice(2), "0x", "0", "", "x", undefined]) {
			for (const alg of ["ES256K", "ES256"]) {
				const payload = stage.claims({ iss, kid: undefined });
				const token = await stage.forge({ header: { alg, typ: "JWT" }, payload, key: stranger.privateKey });
				await stage.refuse(token, ["token/issuer", "token/algorithm"], 0);
			}
		}
	});
});
