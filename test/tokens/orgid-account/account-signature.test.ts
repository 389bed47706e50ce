import { hexlify, TypedDataEncoder } from "ethers";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { recoverAddress } from "../../../src/keys/recover-address.ts";
import { createOrgIdResolver } from "../../../src/resolver/resolver.ts";
import { createOrgIdEip712Minter } from "../../../src/tokens/orgid-account/account-minter.ts";
import {
	accountTokenData,
	hashAccountToken,
	hashEip712Token,
	hashEthToken,
	readEip712Signature,
} from "../../../src/tokens/orgid-account/account-signature.ts";
import { orgidEip712 } from "../../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import { toSegment } from "../../support/forge-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { resolverWith, resultOf } from "../../support/static-resolver.ts";
import { describeWithVectors } from "../../vectors.ts";

const REGISTRY = `0x${"11".repeat(20)}`;
const DOMAIN = { chainId: 100, registry: REGISTRY };

function jwsOf(claims: object, signature = ""): ReturnType<typeof decodeToken> {
	return decodeToken(`${toSegment({ alg: "EIP712" })}.${toSegment(claims)}.${toSegment(signature)}`);
}

describe("accountTokenData", () => {
	const claims = { iss: "did:x", aud: "hotel", exp: 1_800_000_000, scope: "book cancel book" };

	it("contains issuer, audience, scope, expiry and the signed text", () => {
		const jws = jwsOf(claims);
		const { domain, types, value } = accountTokenData(jws, DOMAIN);
		expect(domain).toEqual({ name: "orgpass", version: "1", chainId: 100, verifyingContract: REGISTRY });
		expect(value).toEqual({
			issuer: "did:x",
			audience: ["hotel"],
			scope: "book cancel",
			expires: 1_800_000_000,
			token: new TextDecoder().decode(jws.signingInput),
		});
		expect(TypedDataEncoder.from(types).encodeType("Token")).toBe(
			"Token(string issuer,string[] audience,string scope,uint64 expires,string token)",
		);
		expect(hashAccountToken(jws, DOMAIN)).toEqual(hashAccountToken(jws, { ...DOMAIN }));
	});

	it("contains empty strings for missing claims, and audiences in their order", () => {
		const { value } = accountTokenData(jwsOf({ aud: ["b", "a"], exp: 1 }), DOMAIN);
		expect(value).toMatchObject({ issuer: "", audience: ["b", "a"], scope: "" });
	});

	it("has a different digest for another chain, registry or token", () => {
		const digests = [
			hashAccountToken(jwsOf(claims), DOMAIN),
			hashAccountToken(jwsOf(claims), { ...DOMAIN, chainId: 1 }),
			hashAccountToken(jwsOf(claims), { ...DOMAIN, registry: `0x${"12".repeat(20)}` }),
			hashAccountToken(jwsOf({ ...claims, jti: "1" }), DOMAIN),
			hashAccountToken(jwsOf({ ...claims, scope: "book" }), DOMAIN),
			hashEthToken(jwsOf(claims)),
			hashEip712Token(jwsOf(claims)),
		].map((digest) => hexlify(digest));
		expect(new Set(digests).size).toBe(digests.length);
	});

	it("returns a new object each time", () => {
		const first = accountTokenData(jwsOf(claims), DOMAIN);
		first.types["Token"]?.pop();
		(first.value["audience"] as string[]).push("x");
		expect(accountTokenData(jwsOf(claims), DOMAIN).types["Token"]).toHaveLength(5);
	});

	it.each<[object, "token/claim-missing" | "token/claim-invalid"]>([
		[{ exp: 1 }, "token/claim-missing"],
		[{ aud: "a" }, "token/claim-missing"],
		[{ aud: [], exp: 1 }, "token/claim-invalid"],
		[{ aud: "a", exp: 1.5 }, "token/claim-invalid"],
		[{ aud: "a", exp: "1" }, "token/claim-invalid"],
		[{ aud: "a", exp: 1, iss: 1 }, "token/claim-invalid"],
		[{ aud: "a", exp: 1, scope: 1 }, "token/claim-invalid"],
	])("rejects %j with %s", async (bad, code) => {
		await expectRefusal(() => accountTokenData(jwsOf(bad), DOMAIN), code);
	});
});

describe("readEip712Signature", () => {
	const hex = "ab".repeat(65);
	it("decodes 0x and 130 digits in either case", () => {
		for (const text of [`0x${hex}`, `0x${hex.toUpperCase()}`]) {
			expect(readEip712Signature(jwsOf({}, text))).toEqual(new Uint8Array(65).fill(0xab));
		}
	});

	it.each([
		"",
		hex,
		`0X${hex}`,
		`0x${hex.slice(1)}`,
		`0x${hex}0`,
		`0x${hex}00`,
		`0x${hex.slice(2)}`,
		`0x${hex.slice(2)}0g`,
		`0x${hex.slice(2)} 1`,
		`\u00b5${hex}`,
	])("returns undefined for %j", (text) => {
		expect(readEip712Signature(jwsOf({}, text))).toBeUndefined();
	});
});

interface Vectors {
	readonly key: string;
	readonly ethToken: { readonly token: string; readonly signer: `0x${string}` };
	readonly eip712Token: { readonly token: string; readonly signer: string; readonly digest: string };
}

describeWithVectors<Vectors>("tokens of Winding Tree's software", "formats.json", ({ key, ethToken, eip712Token }) => {
	it("the ETH token's signer can be recovered", () => {
		const jws = decodeToken(ethToken.token);
		expect(recoverAddress(hashEthToken(jws), jws.signature)).toBe(ethToken.signer);
	});

	it("the ETH token is accepted if its signer owns the organization", async () => {
		const { iss, aud, exp } = decodeToken(ethToken.token).claims as {
			iss: string;
			aud: string;
			exp: number;
		};
		const orgId = iss.slice("did:orgid:".length) as `0x${string}`;
		const did = `did:orgid:1:${orgId}`;
		const verifierOf = (owner: `0x${string}`): ReturnType<typeof createVerifier> => {
			const record = {
				did,
				chainId: 1,
				registry: REGISTRY,
				orgId,
				owner,
				active: true,
				keys: [],
				blockNumber: 1,
			};
			const registry = {
				chainId: 1,
				read: async () => ({ kind: "orgpass", ...record }),
				readKey: async () => undefined,
			};
			const resolver = createOrgIdResolver({
				networks: [{ chainId: 1, registry: registry as never }],
				defaultChainId: 1,
			});
			const profile = orgidEth({ audience: aud, resolver, defaultChainId: 1 });
			return createVerifier({ profiles: [profile], now: () => exp - 600 });
		};
		const verified = await verifierOf(ethToken.signer).verify(ethToken.token);
		expect(verified).toMatchObject({
			issuer: did,
			keyId: `${did}#owner`,
			scopes: ["simard:account:write"],
		});
		await expectRefusal(() => verifierOf(`0x${"11".repeat(20)}`).verify(ethToken.token), "token/signature");
	});

	it("the EIP-712 token's signer can be recovered", () => {
		const jws = decodeToken(eip712Token.token);
		expect(hexlify(hashEip712Token(jws))).toBe(eip712Token.digest);
		expect(recoverAddress(hashEip712Token(jws), readEip712Signature(jws) as Uint8Array)).toBe(eip712Token.signer);
	});

	it("the EIP-712 token is rejected without exp; the same token with one is accepted", async () => {
		const { iss, aud } = decodeToken(eip712Token.token).claims as { iss: string; aud: string };
		const did = iss.slice(0, iss.indexOf("#"));
		const account = { type: "EcdsaSecp256k1RecoveryMethod2020", controller: did };
		const method = { id: iss, ...account, blockchainAccountId: `${eip712Token.signer}@eip155:1337` };
		const resolver = resolverWith(resultOf({ id: did, verificationMethod: [method] }));
		const verifier = createVerifier({ profiles: [orgidEip712({ audience: aud, resolver })] });
		const { details } = await expectRefusal(() => verifier.verify(eip712Token.token), "token/claim-missing");
		expect(details).toEqual({ claim: "exp" });
		const privateKey = await importPrivateKey(key);
		const minter = createOrgIdEip712Minter({ key: privateKey, issuer: iss, audience: aud });
		const twin = await minter.mint({ scope: ["a"] });
		expect((await verifier.verify(twin)).keyId).toBe(iss);
		const { header, claims } = decodeToken(twin);
		const old = decodeToken(eip712Token.token);
		expect(header).toEqual(old.header);
		expect([claims["iss"], claims["aud"], claims["scope"]]).toEqual([old.claims["iss"], aud, old.claims["scope"]]);
		expect(Object.keys(claims)).toEqual(["iss", "aud", "scope", "exp", "iat", "jti"]);
	});
});
