/** Tokens that a verifier remembers: what was proved once is used again, and everything else is checked every time. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { type PublicKey, verifySync } from "../../src/keys/public-key.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile, ResolvedIssuer } from "../../src/tokens/token-kind.ts";
import { highSTwin, signatureOf, withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, resultOf } from "../support/static-resolver.ts";
import { forgeKind, RSA_KEYS } from "../support/token-kinds.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

/** A verifier on the network's own resolver, which counts the tokens that it takes apart. */
function countingVerifier(
	options: Partial<VerifierOptions> = {},
	profile: Partial<OrgIdProfileOptions> = {},
): Verifier & { readonly parsed: () => number } {
	const { resolver } = stage.network;
	return counted(orgid({ audience: stage.receiver.did, resolver, ...profile }), options);
}

function counted(profile: Profile, options: Partial<VerifierOptions>): Verifier & { readonly parsed: () => number } {
	let parsed = 0;
	const parseIssuer: Profile["parseIssuer"] = (jws) => {
		parsed += 1;
		return profile.parseIssuer(jws);
	};
	const verifier = createVerifier({ profiles: [{ ...profile, parseIssuer }], now: stage.clock, ...options });
	return { ...verifier, parsed: () => parsed };
}

/** A token that the verifier remembers, and how often it is used before it is returned. */
async function remembered(
	verifier: ReturnType<typeof countingVerifier>,
	uses: number,
	members?: object,
): Promise<string> {
	const token = await stage.forge({ payload: stage.claims({ jti: crypto.randomUUID(), ...members }) });
	const first = await verifier.verify(token);
	for (let use = 0; use < uses; use++) expect(await verifier.verify(token)).toEqual(first);
	return token;
}

/** Its parts are remembered when it is used for the first time. */
describe.each([0, 2])("T89: a remembered token that was used %i times", (uses) => {
	it("T89: is taken apart when it is verified and when it is used again, and gives the same result", async () => {
		const verifier = countingVerifier();
		const token = await remembered(verifier, uses);
		const results = [];
		for (let time = 0; time < 10; time++) results.push(await verifier.verify(token));
		expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
		expect(verifier.parsed()).toBe(2);
	});

	it("T89: is no other text with the same end", async () => {
		const { privateKey } = await generateKeyPair();
		const profile: Profile = {
			name: "ends-alike",
			recognizes: () => true,
			parseIssuer: ({ claims }) => ({ issuer: String(claims["iss"]), signer: "x", resolve: () => ends }),
			verifyClaims: () => ({ expiresAt: undefined, scopes: [] }),
		};
		// Takes any signature, as an account's contract may.
		const ends: ResolvedIssuer = { findSigner: ({ claims }) => (claims["iss"] === "refused" ? undefined : "key") };
		const verifier = counted(profile, {});
		const first = await stage.forge({ payload: { iss: "first" }, key: privateKey });
		const withEndOfFirst = async (iss: string): Promise<string> =>
			withSignature(await stage.forge({ payload: { iss }, key: privateKey }), signatureOf(first));
		const [second, refused] = [await withEndOfFirst("second"), await withEndOfFirst("refused")];
		for (let use = 0; use <= uses; use++) expect((await verifier.verify(first)).issuer).toBe("first");
		await expectRefusal(() => verifier.verify(refused), "token/signature");
		expect((await verifier.verify(second)).issuer).toBe("second");
		expect((await verifier.verify(first)).issuer).toBe("first");
	});

	it("T89: is no other text: not with other characters, bytes, or the signature's high-S twin", async () => {
		const verifier = countingVerifier();
		const token = await remembered(verifier, uses);
		const before = verifier.parsed();
		const signature = signatureOf(token);
		signature[40] = (signature[40] as number) ^ 1;
		await expectRefusal(() => verifier.verify(withSignature(token, signature)), "token/signature");
		for (const text of [` ${token}`, `${token} `, `${token}=`, `${token}.`, token.slice(0, -1)]) {
			await expectRefusal(() => verifier.verify(text), "token/malformed");
		}
		await verifier.verify(highSTwin(token));
		expect(verifier.parsed()).toBe(before + 2);
	});

	it("T89: with the same claims by another issuer is verified with that issuer's key", async () => {
		const verifier = countingVerifier();
		const token = await remembered(verifier, uses);
		const { receiver } = stage;
		const claims = token.split(".")[1] as string;
		const payload = Buffer.from(claims, "base64url").toString();
		await expectRefusal(
			async () => verifier.verify(await stage.forge({ payload, key: receiver.key })),
			"token/signature",
		);
		const header = { alg: "ES256K", kid: receiver.issuer };
		await expectRefusal(async () => verifier.verify(await stage.forge({ header, payload })), "token/key-id");
	});

	it("T89: has to grant what each call requires", async () => {
		const verifier = countingVerifier();
		const token = await remembered(verifier, uses, { scope: "read" });
		await verifier.verify(token, { scope: "read" });
		await expectRefusal(() => verifier.verify(token, { scope: "admin" }), "policy/scope");
		await expectRefusal(() => verifier.verify(token, { resource: "rooms" }), "policy/resource");
		await expectRefusal(() => verifier.verify(token, { scoope: "admin" } as object), "config/unknown-option");
		class Requirements {
			get scope(): string {
				return "admin";
			}
		}
		await expectRefusal(() => verifier.verify(token, new Requirements()), "policy/scope");
		await verifier.verify(token);
		expect(verifier.parsed()).toBe(2);
	});

	it("T89: passes all policies at every use", async () => {
		const state = { isOpen: true, asked: 0 };
		const policies = [
			() => state.isOpen,
			async () => {
				state.asked += 1;
			},
		];
		const verifier = countingVerifier({ policies });
		const token = await remembered(verifier, uses);
		expect(state.asked).toBe(1 + uses);
		state.isOpen = false;
		await expectRefusal(() => verifier.verify(token), "policy/refused");
	});

	it("T89: is refused as soon as its key is revoked, or its issuer deactivated", async () => {
		const { sender, network } = stage;
		const verifier = countingVerifier();
		const token = await remembered(verifier, uses);
		await sender.deactivate();
		await expectRefusal(() => verifier.verify(token), "did/deactivated");
		await sender.activate();
		await remembered(verifier, uses);
		expect(await verifier.verify(token)).toMatchObject({ issuer: sender.did });
		await sender.rotateKey();
		await expectRefusal(() => verifier.verify(token), "did/key-revoked");
		network.resolver.invalidateAll();
		await expectRefusal(() => verifier.verify(token), "did/key-revoked");
	});

	it("T89: outlives neither the resolver's TTL nor its own", async () => {
		const { chainId, registry } = stage.network;
		const clock = { skew: 0 };
		const now = (): number => stage.clock() + clock.skew;
		const resolver = createOrgIdResolver({ networks: [{ chainId, registry }], cache: { ttlSeconds: 20 }, now });
		const verifier = countingVerifier({ now, cache: { ttlSeconds: 100 } }, { resolver });
		const token = await remembered(verifier, uses);
		const { orgId, did } = stage.sender;
		const fragment = stage.sender.issuer.slice(did.length + 1);
		await stage.sender.revokeKey();
		stage.network.resolver.invalidateAll();
		expect((await registry.readKey(orgId, fragment))?.revokedAt).not.toBe(0);
		await verifier.verify(token);
		clock.skew = 21;
		await expectRefusal(() => verifier.verify(token), "did/key-revoked");
		await stage.sender.rotateKey();
		resolver.invalidate(did);
		const other = await remembered(verifier, uses);
		const before = verifier.parsed();
		clock.skew += 101;
		for (let time = 0; time < 3; time++) await verifier.verify(other);
		expect(verifier.parsed()).toBe(before + 2);
		resolver.close();
	});

	it("T89: whose key was exchanged is verified with the new one", async () => {
		const [one, other] = [await generateKeyPair(), await generateKeyPair()];
		let resolved = keyIssuer(one.publicKey);
		const profile: Profile = {
			name: "exchange",
			recognizes: () => true,
			parseIssuer: () => ({ issuer: "x", signer: "x", resolve: () => resolved }),
			verifyClaims: () => ({ expiresAt: undefined, scopes: [] }),
		};
		const verifier = counted(profile, {});
		const token = await stage.forge({ key: one.privateKey });
		for (let use = 0; use <= uses; use++) await verifier.verify(token);
		resolved = keyIssuer(other.publicKey);
		await expectRefusal(() => verifier.verify(token), "token/signature");
		resolved = keyIssuer(one.publicKey);
		await verifier.verify(token);
	});

	it("T89: is still accepted only once by a verifier with a store of used tokens, as is its high-S twin", async () => {
		const verifier = countingVerifier({ replay: createMemoryReplayStore(), cache: { maxEntries: 10 } });
		const token = await stage.forge({ payload: stage.claims({ jti: "once" }) });
		await verifier.verify(token);
		for (const again of [token, token, highSTwin(token)])
			await expectRefusal(() => verifier.verify(again), "replay/seen");
	});
});

describe.each([0, 2])("T49: a remembered token that was used %i times and has expired", (uses) => {
	it.each([
		["with iat", {}],
		["without iat", { iat: undefined }],
	])("T49: is refused, %s", async (_what, members) => {
		const state = { now: stage.now() };
		const verifier = countingVerifier({ now: () => state.now }, { requireIssuedAt: false });
		const token = await remembered(verifier, uses, { exp: state.now + 100, ...members });
		state.now += 129;
		await verifier.verify(token);
		state.now += 1;
		await expectRefusal(() => verifier.verify(token), "token/expired");
	});

	it("T49: is refused also if it isn't valid yet after the clock was set back", async () => {
		const state = { now: stage.now() };
		const verifier = countingVerifier({ now: () => state.now }, { requireIssuedAt: false });
		const token = await remembered(verifier, uses, { iat: undefined, nbf: state.now });
		state.now -= 31;
		await expectRefusal(() => verifier.verify(token), "token/not-yet-valid");
	});

	it("T49: is refused if it expires while its issuer is looked up", async () => {
		const state = { now: stage.now(), seconds: 0 };
		const { privateKey, publicKey } = await generateKeyPair();
		const resolved = keyIssuer(publicKey);
		const resolve = async (): Promise<ResolvedIssuer> => {
			state.now += state.seconds;
			return resolved;
		};
		const profile: Profile = {
			...orgid({ audience: stage.receiver.did, resolver: stage.network.resolver }),
			parseIssuer: () => ({ issuer: "x", signer: "x", resolve }),
		};
		const verifier = counted(profile, { now: () => state.now });
		const token = await stage.forge({ payload: stage.claims({ exp: state.now + 100 }), key: privateKey });
		for (let use = 0; use <= uses; use++) await verifier.verify(token);
		state.seconds = 200;
		await expectRefusal(() => verifier.verify(token), "token/expired");
	});

	it("T49: is refused if its key has expired", async () => {
		const { network, sender } = stage;
		const state = { now: stage.now() };
		const { privateKey, publicKey } = await generateKeyPair();
		const registry = network.registry.connect(sender.owner);
		await registry.addKey(sender.orgId, { fragment: `short${uses}`, publicKey, validUntil: state.now + 500 });
		network.resolver.invalidate(sender.did);
		const verifier = countingVerifier({ now: () => state.now });
		const iss = `${sender.did}#short${uses}`;
		const payload = stage.claims({ iss, exp: state.now + 3_000 });
		const token = await stage.forge({ header: stage.header({ kid: iss }), payload, key: privateKey });
		for (let use = 0; use <= uses; use++) await verifier.verify(token);
		state.now += 531;
		await expectRefusal(() => verifier.verify(token), "did/key-expired");
	});
});

describe("T89: what isn't remembered", () => {
	it("T89: tokens that were refused", async () => {
		const verifier = countingVerifier();
		await remembered(verifier, 2);
		const { privateKey } = await generateKeyPair();
		const before = verifier.parsed();
		for (let at = 0; at < 20; at++) {
			const token = await stage.forge({ key: privateKey });
			for (let time = 0; time < 2; time++) await expectRefusal(() => verifier.verify(token), "token/signature");
		}
		expect(verifier.parsed()).toBe(before + 40);
	});

	it("T89: more tokens than allowed, and any with `cache: false`", async () => {
		const verifier = countingVerifier({ cache: { maxEntries: 2 } });
		const tokens = [];
		for (let count = 0; count < 3; count++) tokens.push(await remembered(verifier, 2));
		for (const token of tokens.toReversed()) await verifier.verify(token);
		expect(verifier.parsed()).toBe(7);
		const without = countingVerifier({ cache: false });
		for (let time = 1; time <= 3; time++) {
			await without.verify(tokens[0] as string);
			expect(without.parsed()).toBe(time);
		}
	});

	it("T89: signatures by keys that another resolver finds", async () => {
		const did = `did:orgid:31337:0x${"0c".repeat(32)}`;
		const [{ privateKey, publicKey }, other] = [await generateKeyPair(), await generateKeyPair()];
		const keys = [publicKey, publicKey, other.publicKey];
		const resolver = { resolve: async () => resultOf(documentWith(did, keys.shift() as PublicKey)) };
		const verifier = countingVerifier({}, { resolver });
		const iss = `${did}#webserver`;
		const payload = stage.claims({ iss });
		const token = await stage.forge({ header: stage.header({ kid: iss }), payload, key: privateKey });
		for (let time = 0; time < 2; time++) await verifier.verify(token);
		await expectRefusal(() => verifier.verify(token), "token/signature");
	});

	it.each<[string, object]>([
		["cache", { cache: true }],
		["cache.maxEntries", { cache: { maxEntries: 0 } }],
		["cache.ttlSeconds", { cache: { ttlSeconds: -1 } }],
	])("refuses the option %s as %j", async (_option, options) => {
		await expectRefusal(() => countingVerifier(options), "config/invalid-option");
	});
});

describe("T89: other kinds of token", () => {
	it("T89: an ioctl issuer that isn't trusted any more", async () => {
		const trust = { isTrusted: true };
		const verifier = counted(ioctl({ trustedIssuers: () => trust.isTrusted }), {});
		const token = await forgeKind("ioctl");
		await verifier.verify(token);
		await verifier.verify(token);
		trust.isTrusted = false;
		await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
	});

	it("T89: an app whose key was removed", async () => {
		let keys: readonly unknown[] = [RSA_KEYS.publicKey];
		const verifier = counted(githubApp({ keys: () => keys as never }), {});
		const token = await forgeKind("github-app");
		await verifier.verify(token);
		await verifier.verify(token);
		keys = [(await generateKeyPair({ algorithm: "RS256" })).publicKey];
		await expectRefusal(() => verifier.verify(token), "token/signature");
	});
});

function keyIssuer(key: PublicKey): ResolvedIssuer {
	return {
		findSigner: ({ signingInput, signature }) => (verifySync(key, signingInput, signature) ? "key" : undefined),
	};
}
