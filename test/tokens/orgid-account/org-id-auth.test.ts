/**
 * Winding Tree's SDK on the other side: `@windingtree/org.id-auth` 1.2.4, ethers 5 inside.
 */
import { createRequire } from "node:module";
import { Wallet } from "ethers";
import { describe, expect, it, vi } from "vitest";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { createOrgIdEip712Minter } from "../../../src/tokens/orgid-account/account-minter.ts";
import { AUDIENCE, CHAIN_ID, DID, type Members, OWNER, verifierOf } from "../../support/account-stage.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { nowSeconds } from "../../support/system-clock.ts";

interface Sdk {
	createAuthJWTWithEthers(
		signer: object,
		issuer: string,
		audience: string,
		scope?: string | readonly string[],
		expiration?: number | string,
	): Promise<string>;
	verifyAuthJWTWithEthers(
		token: string,
		blockchainAccountId: string,
		issuer: string,
		audience: string,
		scope?: readonly string[],
	): Promise<{ readonly payload: Record<string, unknown> }>;
}

const require = createRequire(import.meta.url);
const sdk = require("@windingtree/org.id-auth/dist/tokens.js") as Sdk;

const NOW = 1_800_000_000;
const ISSUER = `${DID}#wallet`;
const ACCOUNT = `eip155:${CHAIN_ID}:${OWNER.address}`;

/** ethers 5 called the method `_signTypedData`. */
const signer = { _signTypedData: OWNER.signTypedData.bind(OWNER) };

const verifier = (options: Members = {}) => verifierOf("orgid-eip712", { now: () => NOW }, options);

describe("tokens of createAuthJWTWithEthers", () => {
	it("are accepted in seconds, with scopes as an array, a JSON string, or none", async () => {
		const scopes: readonly [string | readonly string[] | undefined, readonly string[]][] = [
			[
				["read", "write"],
				["read", "write"],
			],
			['["read"]', ["read"]],
			["read write", ["read", "write"]],
			[undefined, []],
		];
		for (const [scope, expected] of scopes) {
			const token = await sdk.createAuthJWTWithEthers(signer, ISSUER, AUDIENCE, scope, NOW + 600);
			const verified = await verifier().verify(token);
			expect([verified.keyId, verified.expiresAt, verified.scopes]).toEqual([ISSUER, NOW + 600, expected]);
		}
	});

	it("are accepted in milliseconds, as the SDK's own verifier needs them, if allowed", async () => {
		const token = await sdk.createAuthJWTWithEthers(signer, ISSUER, AUDIENCE, ["read"], (NOW + 600) * 1_000);
		await expectRefusal(() => verifier().verify(token), "token/milliseconds");
		await expectRefusal(() => verifier({ acceptMilliseconds: false }).verify(token), "token/milliseconds");
		const verified = await verifier({ acceptMilliseconds: true }).verify(token);
		expect([verified.keyId, verified.expiresAt]).toEqual([ISSUER, NOW + 600]);
		expect(verified.claims["exp"]).toBe((NOW + 600) * 1_000);
	});

	it("have the same limits in milliseconds as in seconds", async () => {
		const verify = async (exp: number | string | undefined): Promise<unknown> => {
			const token = await sdk.createAuthJWTWithEthers(signer, ISSUER, AUDIENCE, ["read"], exp);
			return verifier({ acceptMilliseconds: true }).verify(token);
		};
		await expectRefusal(() => verify((NOW - 31) * 1_000), "token/expired");
		await expectRefusal(() => verify((NOW + 86_401) * 1_000), "token/lifetime");
		await expectRefusal(() => verify((NOW + 600) * 1_000 + 0.5), "token/milliseconds");
		await expectRefusal(() => verify((NOW + 600) * 1_000_000), "token/claim-invalid");
		await expectRefusal(() => verify("1h"), "token/claim-invalid");
		await expectRefusal(() => verify(undefined), "token/claim-missing");
		expect(await verify(NOW + 600)).toMatchObject({ expiresAt: NOW + 600 });
	});
});

describe("tokens of createMinter", () => {
	const minterAt = (now: () => number) =>
		createOrgIdEip712Minter({ key: OWNER, issuer: ISSUER, audience: AUDIENCE, now });

	it("have a signature, issuer, audience and scopes that the SDK reads, but not exp", async () => {
		// The SDK compares exp with milliseconds: every end in seconds lies in 1970 for it.
		const token = await minterAt(nowSeconds).mint({ scope: ["read"] });
		const verify = () => sdk.verifyAuthJWTWithEthers(token, ACCOUNT, ISSUER, AUDIENCE, ["read"]);
		await expect(verify()).rejects.toThrow("JWT expired at 1970-");
		const other = new Wallet(`0x${"31".repeat(32)}`);
		const foreign = `eip155:${CHAIN_ID}:${other.address}`;
		const stranger = sdk.verifyAuthJWTWithEthers(token, foreign, ISSUER, AUDIENCE, ["read"]);
		await expect(stranger).rejects.toThrow("signed by different accountId");
	});

	it("are accepted by the SDK at the second of 1970 that exp means to it", async () => {
		const token = await minterAt(() => NOW).mint({ scope: ["read", "write"] });
		const clock = vi.spyOn(Date, "now").mockReturnValue(NOW);
		try {
			const { payload } = await sdk.verifyAuthJWTWithEthers(token, ACCOUNT, ISSUER, AUDIENCE, ["read"]);
			expect(payload).toMatchObject({ iss: ISSUER, scope: ["read", "write"], exp: NOW + 3_600 });
		} finally {
			clock.mockRestore();
		}
	});

	it("equal the SDK's own except for iat and jti", async () => {
		const ours = decodeToken(await minterAt(() => NOW).mint({ scope: ["read"] }));
		const theirs = decodeToken(await sdk.createAuthJWTWithEthers(signer, ISSUER, AUDIENCE, '["read"]', NOW + 3_600));
		const { iat: _iat, jti: _jti, ...claims } = ours.claims;
		expect(JSON.stringify(ours.header)).toBe(JSON.stringify(theirs.header));
		expect(JSON.stringify(claims)).toBe(JSON.stringify(theirs.claims));
	});
});
