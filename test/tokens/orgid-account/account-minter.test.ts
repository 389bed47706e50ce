import { type TypedDataDomain, Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import type { OrganizationTokenOptions } from "../../../src/tokens/orgid/organization-minter.ts";
import type { AccountSigner } from "../../../src/tokens/orgid-account/sign-account-token.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	CHAIN_ID,
	DID,
	DIRECTOR,
	issuerOf,
	OWNER,
	REGISTRY,
	STRANGER,
	verifyToken,
} from "../../support/account-stage.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { createMinter, MINTERS, type MinterOptionsOf } from "../../support/minters.ts";
import { expectRefusal } from "../../support/refusal.ts";

const OF_EVERY_KIND = ACCOUNT_KINDS.map((kind) => [kind] as const);

function optionsOf(kind: AccountKind, members: object = {}): MinterOptionsOf<AccountKind> {
	const registry = kind === "orgid-account" ? { registry: REGISTRY } : {};
	const options = {
		profile: kind,
		key: OWNER,
		issuer: issuerOf(kind),
		audience: AUDIENCE,
		...registry,
		...members,
	};
	return options as unknown as MinterOptionsOf<AccountKind>;
}

async function mint(
	kind: AccountKind,
	members: object = {},
	asked?: OrganizationTokenOptions,
): Promise<ReturnType<typeof decodeToken>> {
	return decodeToken(await createMinter(optionsOf(kind, members)).mint(asked));
}

/** An account like a wallet's, that signs whatever a test wants. */
function accountOf(sign: () => unknown): AccountSigner {
	const answer = async (): Promise<string> => sign() as string;
	return { signMessage: answer, signTypedData: answer };
}

describe("mint", () => {
	it.each(OF_EVERY_KIND)("%s: mints tokens that verify, with a wallet and with a private key", async (kind) => {
		const privateKey = await importPrivateKey(OWNER.privateKey);
		for (const key of [OWNER, privateKey]) {
			const minter = createMinter(optionsOf(kind, { key }));
			const token = await minter.mint({ scope: ["book", "cancel"], claims: { sub: "order-1" } });
			const { issuer, scopes, claims } = await verifyToken(kind, token);
			expect([issuer, scopes, claims["sub"]]).toEqual([DID, ["book", "cancel"], "order-1"]);
			expect(await minter.token()).toBe(await minter.token());
			expect((await verifyToken(kind, await minter.token())).scopes).toEqual([]);
		}
	});

	it("writes each profile's header, and the claims in the order of the software it is compatible with", async () => {
		const shape = async (kind: AccountKind): Promise<readonly unknown[]> => {
			const { header, claims } = await mint(kind, {}, { scope: "a b", claims: { sub: "s" } });
			return [JSON.stringify(header), Object.keys(claims).join(), claims["scope"]];
		};
		expect(await shape("orgid-account")).toEqual([
			`{"alg":"EIP712","typ":"orgid-account+jwt","kid":"${DID}#owner"}`,
			"iss,aud,scope,exp,iat,jti,sub",
			"a b",
		]);
		expect(await shape("orgid-eth")).toEqual(['{"alg":"ETH","typ":"JWT"}', "iss,aud,exp,scope,iat,jti,sub", "a b"]);
		expect(await shape("orgid-eip712")).toEqual([
			'{"alg":"ES256","kid":"EcdsaSecp256k1RecoveryMethod2020","typ":"JWT"}',
			"iss,aud,scope,exp,iat,jti,sub",
			'["a","b"]',
		]);
	});

	it("signs as the account named by the issuer's fragment", async () => {
		for (const [issuer, key] of [
			[`${DID}#owner`, OWNER],
			[`${DID}#director`, DIRECTOR],
		] as const) {
			const token = await createMinter(optionsOf("orgid-account", { issuer, key })).mint();
			expect((await verifyToken("orgid-account", token)).keyId).toBe(issuer);
			expect(decodeToken(token).claims["iss"]).toBe(DID);
		}
	});

	it.each(OF_EVERY_KIND)("%s: expires after an hour, rounds seconds down, and uses the given clock", async (kind) => {
		const { claims } = await mint(kind, { now: () => 1_000.9 });
		expect(claims).toMatchObject({ iat: 1_000, exp: 4_600, aud: AUDIENCE });
		expect(claims).not.toHaveProperty("scope");
		const long = await mint(
			kind,
			{ now: () => 1_000, lifetimeSeconds: 60 },
			deepFreeze({ audience: ["a", "b"], lifetimeSeconds: 5 }),
		);
		expect(long.claims).toMatchObject({ exp: 1_005, aud: ["a", "b"] });
	});

	it.each(OF_EVERY_KIND)("%s: rejects options that no verifier would accept", async (kind) => {
		const cases: readonly [object, OrganizationTokenOptions, ErrorCode][] = [
			[{ audience: undefined }, {}, "config/invalid-option"],
			[{}, { lifetimeSeconds: 86_401 }, "config/invalid-option"],
			[{}, { lifetimeSeconds: 1.5 }, "config/invalid-option"],
			[{}, { claims: { exp: 1 } }, "config/invalid-option"],
			[{}, { claims: { nbf: 1 } }, "config/invalid-option"],
			[{}, { claims: { x: 1n } }, "config/invalid-option"],
			[{}, { scope: ["a b"] }, "config/invalid-option"],
			[{}, { claims: { x: "x".repeat(8_192) } }, "token/too-large"],
			[{}, { claims: { x: JSON.parse('{"__proto__":1}') } }, "token/malformed"],
			[{ now: () => Number.NaN }, {}, "config/invalid-option"],
		];
		for (const [options, asked, code] of cases) await expectRefusal(() => mint(kind, options, asked), code);
	});
});

describe("createMinter options", () => {
	it.each(OF_EVERY_KIND)("%s: aren't modified, and can be reused", async (kind) => {
		const options = Object.freeze(optionsOf(kind, { audience: Object.freeze([AUDIENCE]) }));
		for (const minter of [createMinter(options), createMinter(options)]) {
			expect(Object.isFrozen(minter)).toBe(true);
			await verifyToken(kind, await minter.mint());
		}
	});

	it.each(
		ACCOUNT_KINDS.flatMap((kind) =>
			(
				[
					[{ key: undefined }, "config/invalid-option"],
					[{ key: OWNER.privateKey }, "config/invalid-option"],
					[{ key: { sign: () => new Uint8Array() } }, "config/invalid-option"],
					[{ key: { signMessage() {} } }, "config/invalid-option"],
					[{ key: null }, "config/invalid-option"],
					[{ issuer: "" }, "config/invalid-option"],
					[{ issuer: "hotel" }, "did/syntax"],
					[{ issuer: DID.replace("a1", "A1") }, "did/syntax"],
					[{ issuer: kind === "orgid-eip712" ? DID : `${DID}#webserver` }, "config/invalid-option"],
					[{ lifetimeSeconds: 86_401 }, "config/invalid-option"],
					[{ scopeFormat: "json" }, "config/unknown-option"],
					[{ aud: "a" }, "config/unknown-option"],
				] as const
			).map(([members, code]) => [kind, members, code] as const),
		),
	)("%s: %j is rejected with %s", async (kind, members, code) => {
		await expectRefusal(() => createMinter(optionsOf(kind, members)), code);
	});

	it.each([undefined, null, "", "0x", REGISTRY.slice(2), `${REGISTRY}0`, REGISTRY.replace("A", "a"), 1, {}])(
		"orgid-account: the registry %j is rejected",
		async (registry) => {
			await expectRefusal(() => createMinter(optionsOf("orgid-account", { registry })), "config/invalid-option");
		},
	);

	it("only orgid-account requires a registry, and a chain in its issuer", async () => {
		for (const kind of ["orgid-eth", "orgid-eip712"] as const) {
			await expectRefusal(() => createMinter(optionsOf(kind, { registry: REGISTRY })), "config/unknown-option");
			const issuer = issuerOf(kind).replace(`${CHAIN_ID}:`, "");
			expect((await mint(kind, { issuer })).claims["iss"]).toBe(issuer);
		}
		const issuer = DID.replace(`${CHAIN_ID}:`, "");
		await expectRefusal(() => createMinter(optionsOf("orgid-account", { issuer })), "config/invalid-option");
	});

	it.each([undefined, null, 1, "orgid", []])("%j instead of options is rejected", async (options) => {
		for (const kind of ACCOUNT_KINDS) {
			await expectRefusal(() => MINTERS[kind](options as never), "config/invalid-option");
		}
	});

	it("the key never appears in an error", async () => {
		const { message } = await expectRefusal(
			() => createMinter(optionsOf("orgid-eth", { key: OWNER.privateKey })),
			"config/invalid-option",
		);
		expect(message).not.toContain("2121");
	});
});

describe("signing accounts", () => {
	it.each(OF_EVERY_KIND)("%s: an invalid signature is rejected", async (kind) => {
		const bad = [undefined, null, 1, "", "0x", "0x1", "signature", "11".repeat(65), new Uint8Array(65), {}];
		for (const result of bad) {
			await expectRefusal(() => mint(kind, { key: accountOf(() => result) }), "key/signing-fault");
		}
	});

	it.each(OF_EVERY_KIND)("%s: an account's own error is rethrown", async (kind) => {
		const error = new Error("the user said no");
		const key = accountOf(() => {
			throw error;
		});
		await expect(createMinter(optionsOf(kind, { key })).mint()).rejects.toBe(error);
	});

	it("T65: a local wallet with a faulty signature is detected", async () => {
		class Faulty extends Wallet {
			override signMessage = async (): Promise<string> => STRANGER.signMessage("x");
			override signTypedData = async (domain: TypedDataDomain): Promise<string> =>
				STRANGER.signTypedData(domain, { A: [{ name: "a", type: "string" }] }, { a: "x" });
		}
		for (const kind of ACCOUNT_KINDS) {
			await expectRefusal(() => mint(kind, { key: new Faulty(OWNER.privateKey) }), "key/signing-fault");
		}
	});

	it("signatures of contracts can have any length, except for orgid-eip712", async () => {
		for (const kind of ["orgid-account", "orgid-eth"] as const) {
			for (const length of [1, 64, 65, 130, 500]) {
				const text = `0x${"ab".repeat(length)}`;
				expect((await mint(kind, { key: accountOf(() => text) })).signature).toHaveLength(length);
			}
		}
		for (const length of [1, 64, 66, 130]) {
			const key = accountOf(() => `0x${"ab".repeat(length)}`);
			await expectRefusal(() => mint("orgid-eip712", { key }), "key/signing-fault");
		}
	});

	it("T65: a private key signs deterministically, and is never shown", async () => {
		const { privateKey } = await generateKeyPair();
		const minter = createMinter(optionsOf("orgid-eth", { key: privateKey }));
		const secret = exportPrivateKey(privateKey, "hex").slice(2);
		const token = await minter.mint();
		expect(JSON.stringify([minter, Object.values(minter), token])).not.toContain(secret);
	});
});
