import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { type OrgIdProfileOptions, orgid } from "../../../src/tokens/orgid/orgid.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { forgeToken, toSegment } from "../../support/forge-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { documentWith, resolverOf } from "../../support/static-resolver.ts";

const did = `did:orgid:100:0x${"0a".repeat(32)}`;
const issuer = `${did}#webserver`;
const { publicKey, privateKey } = await generateKeyPair();
const resolver = resolverOf({ [did]: documentWith(did, publicKey) });
const limits = { now: 1_000, clockToleranceSeconds: 30, maxLifetimeSeconds: 3_600 };

/** A token taken apart, unsigned. */
function jws(header: object, claims: object): ReturnType<typeof decodeToken> {
	return decodeToken(`${toSegment(header)}.${toSegment(claims)}.`);
}

describe("orgid options", () => {
	it.each<[string, object, ErrorCode]>([
		["no resolver", { audience: "a", resolver: undefined }, "config/invalid-option"],
		["a resolver without resolve", { audience: "a", resolver: {} }, "config/invalid-option"],
		["chainIds that aren't an array", { audience: "a", resolver, chainIds: 1 }, "config/invalid-option"],
		["a chain id of zero", { audience: "a", resolver, chainIds: [0] }, "config/invalid-option"],
		["a chain id as a string", { audience: "a", resolver, chainIds: ["1"] }, "config/invalid-option"],
		["an invalid default chain id", { audience: "a", resolver, defaultChainId: 1.5 }, "config/invalid-option"],
		["an unknown option", { audience: "a", resolver, chainId: 1 }, "config/unknown-option"],
		["a caller's algorithms", { audience: "a", resolver, algorithms: ["none"] }, "config/unknown-option"],
	])("reject %s", async (_what, options, code) => {
		await expectRefusal(() => orgid(options as OrgIdProfileOptions), code);
	});

	it("are neither modified nor retained, and can be reused", async () => {
		const options = { audience: ["a"], resolver, chainIds: [100], defaultChainId: 100 };
		const [first, second] = [orgid(options), orgid(deepFreeze({ ...options, audience: ["a"], chainIds: [100] }))];
		options.audience.push("b");
		options.chainIds.push(5);
		for (const profile of [first, second]) {
			expect(Object.isFrozen(profile)).toBe(true);
			const other = jws({ alg: "ES256K" }, { iss: issuer.replace("100", "5") });
			await expectRefusal(() => profile.parseIssuer(other), "did/chain-unknown");
			const claims = jws({}, { iat: 1_000, exp: 1_060, aud: "b" });
			await expectRefusal(() => profile.verifyClaims(claims, limits), "token/audience");
		}
	});

	it("can list no chains, so that every issuer is rejected", async () => {
		const profile = orgid({ audience: "a", resolver, chainIds: [] });
		const token = jws({ alg: "ES256K" }, { iss: issuer });
		await expectRefusal(() => profile.parseIssuer(token), "did/chain-unknown");
	});
});

describe("the orgid profile", () => {
	const profile = orgid({ audience: "a", resolver });

	it("recognizes its tokens by their algorithm", () => {
		expect(profile.name).toBe("orgid");
		expect(profile.recognizes(jws({ alg: "ES256K" }, {}))).toBe(true);
		for (const alg of ["ES256", "ETH", "none", null, ["ES256K"]]) {
			expect(profile.recognizes(jws({ alg }, {}))).toBe(false);
		}
	});

	it("parses the issuer in canonical form, and finds the key", async () => {
		const found = profile.parseIssuer(jws({ alg: "ES256K", kid: issuer }, { iss: issuer }));
		expect(found).toMatchObject({ issuer: did, signer: issuer });
		const resolved = await found.resolve();
		const token = await forgeToken({ header: {}, payload: {}, key: privateKey });
		expect(await resolved.findSigner(decodeToken(token))).toBe(issuer);
		expect(await resolved.findSigner(jws({}, {}))).toBeUndefined();
		expect(resolved).not.toHaveProperty("organization");
		expect(resolved.assertValidity?.(limits)).toBeUndefined();
	});

	it("verifies the claims and returns their expiry", () => {
		expect(profile.verifyClaims(jws({}, { iat: 1_000, exp: 1_060, aud: ["a"], jti: "1", scope: "x" }), limits)).toEqual(
			{
				expiresAt: 1_060,
				scopes: ["x"],
			},
		);
	});
});
