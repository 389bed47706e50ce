/**
 * A kind of token of one's own, profile and minter, made in one file from what the package exports.
 */
import {
	createTokenMinter,
	createVerifier,
	generateKeyPair,
	type LifetimeOptions,
	type Minter,
	orgid,
	type Profile,
	type PublicKey,
	type Signer,
	TokenError,
	type TokenOptions,
	verifyData,
} from "orgpass";
import { createBearer } from "orgpass/http";
import { assertAudience, assertHeader, decodeToken, parseScopes, signToken, verifyTimes } from "orgpass/jws";
import { describe, expect, it } from "vitest";
import { createCliWorld } from "../support/cli-world.ts";
import { expectRefusal } from "../support/refusal.ts";

const TYPE = "shop+jwt";
const SHOP = "shop-7";
const SERVER = "https://hotel.example";

interface ShopTokenOptions extends TokenOptions {
	readonly scope?: string;
}

/** Tokens of shops: ES256K, `typ` shop+jwt, `iss` the shop's name. */
function shop(keys: ReadonlyMap<string, PublicKey>): Profile {
	return {
		name: "shop",
		recognizes: ({ header }) => header["typ"] === TYPE,
		parseIssuer({ header, claims }) {
			assertHeader(header, { algorithm: "ES256K", type: TYPE, keyId: undefined });
			const issuer = String(claims["iss"]);
			return {
				issuer,
				signer: `the shop ${issuer}`,
				async resolve() {
					const key = keys.get(issuer);
					if (key === undefined) throw new TokenError("token/issuer-unknown", "expected a known shop");
					return {
						findSigner: async ({ signingInput, signature }) =>
							(await verifyData(key, signingInput, signature)) ? `${issuer}#key` : undefined,
					};
				},
			};
		},
		verifyClaims({ claims }, limits) {
			assertAudience(claims, [SERVER]);
			return { expiresAt: verifyTimes(claims, limits), scopes: parseScopes(claims) };
		},
	};
}

function createShopMinter(key: Signer, options?: LifetimeOptions): Minter<ShopTokenOptions> {
	return createTokenMinter<ShopTokenOptions>(
		{
			defaultLifetimeSeconds: 300,
			maxLifetimeSeconds: 600,
			assertOptions({ scope }) {
				if (scope === "") throw new TokenError("token/claim-invalid", "expected a scope, got an empty one");
			},
			mint({ scope = "read" }, { now, lifetimeSeconds }) {
				const iat = Math.floor(now);
				const claims = { iss: SHOP, aud: SERVER, iat, exp: iat + lifetimeSeconds, scope };
				return signToken({ header: { alg: "ES256K", typ: TYPE }, claims, signer: key });
			},
		},
		options,
	);
}

const { privateKey, publicKey } = await generateKeyPair();
const minter = createShopMinter(privateKey);
const verifier = createVerifier({ profiles: [shop(new Map([[SHOP, publicKey]]))] });

describe("a profile defined outside the package", () => {
	it("mints and verifies tokens under its own name", async () => {
		const verified = await verifier.verify(await minter.mint({ scope: "book" }), { scope: "book" });
		expect(verified).toMatchObject({ profile: "shop", issuer: SHOP, keyId: `${SHOP}#key`, scopes: ["book"] });
		expect(await minter.token()).toBe(await minter.token());
	});

	it("has the same limits", async () => {
		await expectRefusal(() => minter.mint({ lifetimeSeconds: 601 }), "config/invalid-option");
		await expectRefusal(() => minter.mint({ scope: "" }), "token/claim-invalid");
		await expectRefusal(() => createShopMinter(privateKey, { lifetimeSeconds: 0 }), "config/invalid-option");
		const old = createShopMinter(privateKey, { now: () => 1_000 });
		await expectRefusal(async () => verifier.verify(await old.mint()), "token/expired");
	});

	it("rejects another key's signature and an unknown issuer", async () => {
		const other = await generateKeyPair();
		const forged = await createShopMinter(other.privateKey).mint();
		await expectRefusal(() => verifier.verify(forged), "token/signature");
		const nobody = createVerifier({ profiles: [shop(new Map())] });
		await expectRefusal(async () => nobody.verify(await minter.mint()), "token/issuer-unknown");
	});

	it("stands beside orgid, whose algorithm it shares, in any order", async () => {
		const did = `did:orgid:31337:0x${"0a".repeat(32)}`;
		const resolver = { resolve: () => expect.fail("not asked") };
		const profiles = [shop(new Map([[SHOP, publicKey]])), orgid({ audience: did, resolver })];
		for (const order of [profiles, profiles.toReversed()]) {
			const both = createVerifier({ profiles: order });
			expect(await both.verify(await minter.mint())).toMatchObject({ profile: "shop", issuer: SHOP });
			const other = await generateKeyPair();
			const forged = await createShopMinter(other.privateKey).mint();
			await expectRefusal(() => both.verify(forged), "token/signature");
		}
	});

	it("works with createBearer", async () => {
		const bearer = createBearer({ verifier });
		const mayBook = bearer.requires({ scope: "book" });
		const granted = await mayBook(await bearer(`Bearer ${await minter.mint({ scope: "book" })}`));
		expect(granted).toMatchObject({ granted: true, auth: { profile: "shop" } });
		expect(await mayBook(await bearer(`Bearer ${await minter.mint()}`))).toMatchObject({ granted: false, status: 403 });
	});

	it("is supported by token decode", async () => {
		const token = await minter.mint();
		const world = createCliWorld();
		const { json } = await world.run(["token", "decode", token, "--json"]);
		world.remove();
		const { header, claims } = decodeToken(token);
		expect(json).toMatchObject({ header, claims });
	});
});
