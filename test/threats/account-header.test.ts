import { describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	claimsOf,
	DID,
	forgeAccountToken,
	headerOf,
	OWNER,
	refuseToken,
	verifyToken,
} from "../support/account-stage.ts";
import { forgeToken, hmacToken } from "../support/forge-token.ts";

const OF_EVERY_KIND = ACCOUNT_KINDS.map((kind) => [kind] as const);

/** Every row for every kind. */
function forEveryKind<Row extends readonly unknown[]>(
	rows: readonly Row[],
): readonly (readonly [AccountKind, ...Row])[] {
	return ACCOUNT_KINDS.flatMap((kind) => rows.map((row) => [kind, ...row] as const));
}

it.each(OF_EVERY_KIND)("%s: the unmodified token is accepted", async (kind) => {
	const { issuer, keyId, profile } = await verifyToken(kind, await forgeAccountToken(kind));
	expect([issuer, profile]).toEqual([DID, kind]);
	expect(keyId).toBe(`${DID}#${kind === "orgid-eip712" ? "wallet" : "owner"}`);
});

describe("T1, T2: the algorithm", () => {
	const algorithms: readonly (readonly [unknown])[] = [
		...["none", "None", "NONE", "nOnE", " none", "none ", "n\u043ene", "none\u0000", ""].map((alg) => [alg] as const),
		...["eth", "Eth", "ETH ", " ETH", "ET\u041d", "eip712", "EIP712 ", "EIP-712", "es256", "ES256 "].map(
			(alg) => [alg] as const,
		),
		...["ES256K", "ES256K-R", "RS256", "HS256", "EdDSA"].map((alg) => [alg] as const),
		[["ETH"]],
		[["EIP712"]],
		[["ES256"]],
		[{ alg: "ETH" }],
		[null],
		[0],
		[true],
		[undefined],
		[[]],
	];
	it.each(forEveryKind(algorithms))("%s: alg %j is rejected though the owner signed", async (kind, alg) => {
		const token = await forgeAccountToken(kind, { header: headerOf(kind, { alg }) });
		await refuseToken(kind, token, "token/algorithm", 0);
		await refuseToken(kind, `${token.slice(0, token.lastIndexOf("."))}.`, "token/algorithm", 0);
	});

	it.each(OF_EVERY_KIND)("T1: %s: a valid token without its signature is rejected", async (kind) => {
		const token = await forgeAccountToken(kind);
		await refuseToken(kind, `${token.slice(0, token.lastIndexOf("."))}.`, "token/signature");
	});

	it.each(OF_EVERY_KIND)("T3: %s: an HMAC keyed with the address or public key is rejected", async (kind) => {
		const secrets = [OWNER.address, OWNER.address.toLowerCase(), OWNER.signingKey.publicKey, ""];
		for (const secret of secrets) {
			await refuseToken(kind, hmacToken(headerOf(kind), claimsOf(kind), secret), "token/signature");
		}
	});

	it.each(OF_EVERY_KIND)("T2: %s: an ES256K signature over SHA-256 by any key is rejected", async (kind) => {
		const { privateKey } = await generateKeyPair();
		const token = await forgeToken({ header: headerOf(kind), payload: claimsOf(kind), key: privateKey });
		await refuseToken(kind, token, "token/signature");
	});
});

describe("T4, T6, T7, T8, T9: parameters that carry keys or change the token's meaning", () => {
	it.each(
		forEveryKind<[object, "token/header" | "token/critical"]>([
			[{ jwk: { kty: "EC" } }, "token/header"],
			[{ jwk: null }, "token/header"],
			[{ jku: "https://example.com/keys" }, "token/header"],
			[{ x5u: "https://example.com/keys" }, "token/header"],
			[{ x5c: ["MII"] }, "token/header"],
			[{ b64: false }, "token/header"],
			[{ b64: true }, "token/header"],
			[{ zip: "DEF" }, "token/header"],
			[{ enc: "A256GCM" }, "token/header"],
			[{ cty: "JWT" }, "token/header"],
			[{ b64: false, crit: ["b64"] }, "token/critical"],
			[{ crit: [] }, "token/critical"],
			[{ crit: "exp" }, "token/critical"],
			[{ crit: null }, "token/critical"],
			[{ crit: ["exp", "exp"] }, "token/critical"],
			[{ crit: { 0: "exp", length: 1 } }, "token/critical"],
		]),
	)("%s: %j is rejected", async (kind, members, code) => {
		const token = await forgeAccountToken(kind, { header: headerOf(kind, { ...members }) });
		await refuseToken(kind, token, code, 0);
	});

	it.each(
		forEveryKind<[unknown]>([
			["dpop+jwt"],
			["at+jwt"],
			["JWS"],
			["text/jwt"],
			["JWT "],
			[""],
			[null],
			[["JWT"]],
			[["orgid-account+jwt"]],
			["text/orgid-account+jwt"],
			["orgid-account"],
			["application/application/orgid-account+jwt"],
			[0],
			[{}],
		]),
	)("T9: %s: typ %j is rejected", async (kind, typ) => {
		const token = await forgeAccountToken(kind, { header: headerOf(kind, { typ }) });
		await refuseToken(kind, token, "token/type", 0);
	});

	it.each(
		OF_EVERY_KIND.flatMap(([kind]) => {
			const type = kind === "orgid-account" ? "orgid-account+jwt" : "jwt";
			const upper = type.toUpperCase();
			return [type, upper, `application/${type}`, `APPLICATION/${upper}`].map((typ) => [kind, typ] as const);
		}),
	)("T9: %s: typ %s is accepted (RFC 7515 4.1.9)", async (kind, typ) => {
		const token = await forgeAccountToken(kind, { header: headerOf(kind, { typ }) });
		expect((await verifyToken(kind, token)).profile).toBe(kind);
	});

	it("T9: another profile's typ is rejected, and the own one is required", async () => {
		const refuseType = async (kind: AccountKind, typ: unknown): Promise<void> => {
			const token = await forgeAccountToken(kind, { header: headerOf(kind, { typ }) });
			await refuseToken(kind, token, "token/type", 0);
		};
		await refuseType("orgid-account", "JWT");
		await refuseType("orgid-account", "jwt");
		await refuseType("orgid-account", "application/JWT");
		await refuseType("orgid-account", undefined);
		await refuseType("orgid-eth", "orgid-account+jwt");
		await refuseType("orgid-eip712", "orgid-account+jwt");
		await refuseType("orgid-eth", "ORGID-ACCOUNT+JWT");
		await refuseType("orgid-eip712", "application/orgid-account+jwt");
		for (const kind of ["orgid-eth", "orgid-eip712"] as const) {
			const token = await forgeAccountToken(kind, { header: headerOf(kind, { typ: undefined }) });
			expect((await verifyToken(kind, token)).issuer).toBe(DID);
		}
	});

	it.each(OF_EVERY_KIND)("T8: %s: an unknown parameter that isn't critical is ignored", async (kind) => {
		const header = headerOf(kind, { "urn:example:x": { deep: [1] }, p2c: 1e9, nonce: "n" });
		expect((await verifyToken(kind, await forgeAccountToken(kind, { header }))).issuer).toBe(DID);
	});
});

describe("T5: the kid", () => {
	const other = AUDIENCE;
	it.each(
		forEveryKind<[string, unknown]>([
			["of another organization", `${other}#owner`],
			["of a key", `${DID}#webserver`],
			["of another account", `${DID}#Owner`],
			["of a suffix", `${DID}#xowner`],
			["that is the fragment", "owner"],
			["that is the fragment with #", "#owner"],
			["that is the address", OWNER.address],
			["in upper-case hex", `${DID.replace("a1b2", "A1B2")}#owner`],
			["without the chain", `${DID.replace("31337:", "")}#owner`],
			["with a file path", "../../../../dev/null"],
			["with SQL", "x' UNION SELECT 'AA';--"],
			["named __proto__", "__proto__"],
			["of the suite in lower case", "ecdsasecp256k1recoverymethod2020"],
			["that is empty", ""],
			["that is null", null],
			["that is a number", 0],
			["that is an array", [`${DID}#owner`]],
			["that is an object", { toString: `${DID}#owner` }],
		]),
	)("T5: %s: a kid %s is rejected", async (kind, _what, kid) => {
		const token = await forgeAccountToken(kind, { header: headerOf(kind, { kid }) });
		await refuseToken(kind, token, "token/key-id", 0);
	});

	it("T5: it is required for orgid-account and orgid-eip712, and may equal iss for orgid-eth", async () => {
		for (const kind of ["orgid-account", "orgid-eip712"] as const) {
			const token = await forgeAccountToken(kind, { header: headerOf(kind, { kid: undefined }) });
			await refuseToken(kind, token, "token/key-id", 0);
		}
		const token = await forgeAccountToken("orgid-eth", { header: headerOf("orgid-eth", { kid: DID }) });
		expect((await verifyToken("orgid-eth", token)).issuer).toBe(DID);
	});

	it("T5: the bare DID and the director's kid are rejected for the owner's signature", async () => {
		const header = headerOf("orgid-account", { kid: DID });
		await refuseToken("orgid-account", await forgeAccountToken("orgid-account", { header }), "token/key-id", 0);
		const director = headerOf("orgid-account", { kid: `${DID}#director` });
		const token = await forgeAccountToken("orgid-account", { header: director });
		await refuseToken("orgid-account", token, "token/signature");
	});

	it.each<[unknown]>([[undefined], [null], [0], [[]], [{}], [{ toString: 1 }], [[DID]], [""]])(
		"T32: with iss %j every kid is rejected",
		async (iss) => {
			for (const kid of [
				undefined,
				null,
				iss,
				`${JSON.stringify(iss)}#owner`,
				"undefined#owner",
				"#owner",
				"#director",
			]) {
				const header = headerOf("orgid-account", { kid });
				const payload = claimsOf("orgid-account", { iss });
				const token = await forgeAccountToken("orgid-account", { header, payload });
				await refuseToken("orgid-account", token, ["token/key-id", "token/issuer"], 0);
			}
		},
	);
});
