import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import type { Decision } from "../../src/http/bearer.ts";
import type { Denied } from "../../src/http/denial.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { type IoctlProfileOptions, ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { ioctlIssuer } from "../../src/tokens/ioctl/ioctl-claims.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, accountResolver, DID } from "../support/account-stage.ts";
import { decide } from "../support/decide.ts";
import { forgeToken, highSTwin, toSegment, withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import {
	CURVE_KEY,
	claimsOf,
	forgeKind,
	headerOf,
	KINDS,
	profileOfKind,
	RESOURCE,
	verifierOfKinds,
} from "../support/token-kinds.ts";
import { describeWithVectors } from "../vectors.ts";

const ISS = ioctlIssuer(CURVE_KEY.publicKey);
const stranger = await generateKeyPair();
const verifier = verifierWith();

function verifierWith(options: Partial<IoctlProfileOptions> = {}): Verifier {
	return createVerifier({ profiles: [ioctl({ trustedIssuers: [CURVE_KEY.publicKey], ...options })] });
}

describe("T22: only the ioctl profile accepts ES256 over secp256k1", () => {
	const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const { x, y } = p256.publicKey.export({ format: "jwk" }) as { x: string; y: string };
	const p256Point = `0x04${Buffer.from(x, "base64url").toString("hex")}${Buffer.from(y, "base64url").toString("hex")}`;

	function nodeToken(payload: object): string {
		const input = `${toSegment(headerOf("ioctl"))}.${toSegment(payload)}`;
		const signature = sign("sha256", Buffer.from(input), {
			key: p256.privateKey,
			dsaEncoding: "ieee-p1363",
		});
		return `${input}.${signature.toString("base64url")}`;
	}

	it.each([`${DID}#webserver`, DID, `${DID}#wallet`])(
		"T22: a token with the DID %s as iss is rejected",
		async (iss) => {
			const token = await forgeKind("ioctl", { iss });
			await expectRefusal(() => verifier.verify(token), "token/claim-invalid");
			await expectRefusal(() => verifierOfKinds(KINDS).verify(token), "token/unrecognized");
			const lone = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver: accountResolver() })] });
			await expectRefusal(() => lone.verify(token), "token/algorithm");
		},
	);

	it("T22: a genuine P-256 token is rejected, whether iss is its own key or a trusted one", async () => {
		await expectRefusal(() => verifier.verify(nodeToken(claimsOf("ioctl"))), "token/signature");
		const own = nodeToken(claimsOf("ioctl", { iss: p256Point }));
		await expectRefusal(() => verifier.verify(own), "token/claim-invalid");
		await expectRefusal(() => verifierOfKinds(KINDS).verify(own), "token/claim-invalid");
	});

	it.each(["ES256K", "ES384", "ES512", "EdDSA", "HS256", "RS256", "none", "es256", "ES256 ", ""])(
		"T22: alg %j with a key as iss is rejected",
		async (alg) => {
			const token = await forgeKind("ioctl", {}, { alg });
			await expectRefusal(() => verifier.verify(token), "token/algorithm");
		},
	);

	it("T22: ES256K with a key as iss is rejected by a verifier for all profiles", async () => {
		const token = await forgeKind("ioctl", {}, { alg: "ES256K" });
		await expectRefusal(
			() => verifierOfKinds(KINDS).verify(token),
			["token/issuer", "did/syntax", "did/method-unsupported"],
		);
	});

	it("T22: an ioctl token isn't accepted as an ORGiD token, even if its key is registered", async () => {
		const header = headerOf("orgid");
		const token = await forgeToken({ header, payload: claimsOf("ioctl"), key: CURVE_KEY });
		await expectRefusal(() => verifierOfKinds(["orgid"]).verify(token), ["token/key-id", "did/syntax"]);
		await expectRefusal(() => verifier.verify(token), "token/algorithm");
	});
});

describe("the header has exactly alg and typ", () => {
	it.each<[string, object, ErrorCode]>([
		["EK256K, antenna's dialect", { alg: "EK256K" }, "token/dialect"],
		["EK256K with a kid", { alg: "EK256K", kid: "x" }, "token/dialect"],
		["no alg", { alg: undefined }, "token/algorithm"],
		["no typ", { typ: undefined }, "token/type"],
		["typ JW", { typ: "JW" }, "token/type"],
		["typ null", { typ: null }, "token/type"],
		["typ dpop+jwt", { typ: "dpop+jwt" }, "token/type"],
		["kid", { kid: ISS }, "token/key-id"],
		["an empty kid", { kid: "" }, "token/key-id"],
		["kid null", { kid: null }, "token/key-id"],
		["crit", { crit: [] }, "token/critical"],
		["cty", { cty: "JWT" }, "token/header"],
		["jwk", { jwk: exportPublicKey(stranger.publicKey, "jwk") }, "token/header"],
		["an unknown parameter", { "urn:example:x": 1 }, "token/header"],
		["an empty member name", { "": 1 }, "token/header"],
	])("%s is rejected", async (_what, members, code) => {
		const token = await forgeKind("ioctl", {}, { ...members });
		await expectRefusal(() => verifier.verify(token), code);
	});

	it.each(["jwt", "JwT", "application/JWT", "Application/jwt"])("typ %s is accepted as JWT", async (typ) => {
		const token = await forgeKind("ioctl", {}, { typ });
		expect((await verifier.verify(token)).keyId).toBe(ISS);
	});

	it("EK256K is also named by a verifier for all profiles", async () => {
		const token = await forgeKind("ioctl", {}, { alg: "EK256K" });
		const error = await expectRefusal(() => verifierOfKinds(KINDS).verify(token), "token/dialect");
		expect(error.message).toContain("iotex-antenna");
	});

	it("a token with a kid isn't recognized as ioctl's by a verifier for several profiles", async () => {
		for (const kid of ["x", ISS, "EcdsaSecp256k1RecoveryMethod2020"]) {
			const token = await forgeKind("ioctl", {}, { kid });
			await expectRefusal(() => verifierOfKinds(["orgid", "ioctl"]).verify(token), "token/unrecognized");
		}
	});

	it("its order and whitespace don't matter", async () => {
		const header = '{ "typ": "JWT",\n "alg":"ES256" }';
		const token = await forgeToken({ header, payload: claimsOf("ioctl"), key: CURVE_KEY });
		expect((await verifier.verify(token)).keyId).toBe(ISS);
	});
});

describe("T23: a self-generated key", () => {
	const selfMade = claimsOf("ioctl", { iss: ioctlIssuer(stranger.publicKey) });

	it("T23: makes a valid signature, but is rejected unless trusted", async () => {
		const token = await forgeToken({
			header: headerOf("ioctl"),
			payload: selfMade,
			key: stranger.privateKey,
		});
		const error = await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
		expect(error.details).toHaveProperty("issuer");
		await expectRefusal(() => verifierOfKinds(KINDS).verify(token), "token/issuer-unknown");
		const trusting = verifierWith({ trustedIssuers: [stranger.publicKey] });
		expect((await trusting.verify(token)).keyId).toBe(ioctlIssuer(stranger.publicKey));
		await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
	});

	it("T23: is rejected for its signature if iss is a trusted issuer's", async () => {
		const token = await forgeToken({
			header: headerOf("ioctl"),
			payload: claimsOf("ioctl"),
			key: stranger.privateKey,
		});
		await expectRefusal(() => verifier.verify(token), "token/signature");
	});
});

describe("T24: invalid iss", () => {
	const digits = ISS.slice(4);
	const y = BigInt(`0x${digits.slice(64)}`);
	const prefix = y % 2n === 0n ? "02" : "03";
	const hybrid = y % 2n === 0n ? "06" : "07";
	const flipped = `${digits.slice(0, -1)}${digits.endsWith("0") ? "1" : "0"}`;

	it.each<[string, unknown]>([
		["empty", ""],
		["a zero", "0"],
		["0x alone", "0x"],
		["the 0x04 prefix alone", "0x04"],
		["off the curve", `0x04${flipped}`],
		["the point at infinity", `0x04${"00".repeat(64)}`],
		["one byte 00", "0x00"],
		["coordinates above the field", `0x04${"ff".repeat(64)}`],
		["a hybrid point of the right parity", `0x${hybrid}${digits}`],
		["a hybrid point of the wrong parity", `0x${hybrid === "06" ? "07" : "06"}${digits}`],
		["compressed", `0x${prefix}${digits.slice(0, 64)}`],
		["in upper case", `0x04${digits.toUpperCase()}`],
		["with 0X", `0X04${digits}`],
		["with a trailing 00", `${ISS}00`],
		["with a leading 00", `0x0004${digits}`],
		["without its last digit", ISS.slice(0, -1)],
		["without 0x", ISS.slice(2)],
		["without 04", `0x${digits}`],
		["without 0x and 04", digits],
		["with a space", ` ${ISS.slice(0, -1)}`],
		["with a trailing line feed", `${ISS.slice(0, -1)}\n`],
		["with a digit of another script", `${ISS.slice(0, -1)}\u0661`],
		["an address", "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"],
		["an array", [ISS]],
		["an object", { toString: ISS }],
		["a number", 4],
		["true", true],
		["null", null],
	])("T24: %s is rejected", async (_what, iss) => {
		const token = await forgeKind("ioctl", { iss });
		const error = await expectRefusal(() => verifier.verify(token), "token/claim-invalid");
		expect(error.details).toEqual({ claim: "iss" });
		await expectRefusal(() => verifierOfKinds(KINDS).verify(token), ["token/claim-invalid", "token/unrecognized"]);
	});

	it("T24: a missing iss is rejected", async () => {
		const token = await forgeKind("ioctl", { iss: undefined });
		await expectRefusal(() => verifier.verify(token), "token/claim-missing");
	});
});

describe("T25: the operation", () => {
	const asked = { resource: RESOURCE, operation: "Read" } as const;

	it.each<[string, ErrorCode]>(
		["read", "READ", "Read,Delete", "Read Delete", " Read", "Read ", "Admin", "*", '["Read"]', "Reader"].map(
			(scope) => [scope, "policy/operation"],
		),
	)("T25: scope %j is accepted, but grants nothing", async (scope, code) => {
		const token = await forgeKind("ioctl", { scope });
		expect((await verifier.verify(token)).scopes).toEqual([]);
		await expectRefusal(() => verifier.verify(token, asked), code);
		await expectRefusal(() => verifier.verify(token, { scope: "Read" }), "policy/scope");
		await expectRefusal(() => verifierWith({ operation: "Read" }).verify(token), code);
	});

	it.each<[string, unknown]>([
		["an array", ["Read"]],
		["an object", { Read: true }],
		["null", null],
		["a number", 1],
		["empty", ""],
	])("T25: a scope that is %s is rejected", async (_what, scope) => {
		const token = await forgeKind("ioctl", { scope });
		await expectRefusal(() => verifier.verify(token), "token/claim-invalid");
	});

	it("T25: a missing scope grants no operation", async () => {
		const token = await forgeKind("ioctl", { scope: undefined });
		await expectRefusal(() => verifier.verify(token, asked), "policy/operation");
	});

	it("T25: Read on a route for Delete responds with 403", async () => {
		const authorization = `Bearer ${await forgeKind("ioctl")}`;
		const decideOn = (operation: string): Promise<Decision> =>
			decide({ verifier }, { resource: RESOURCE, operation }, authorization);
		expect(await decideOn("Read")).toMatchObject({ granted: true });
		for (const operation of ["Delete", "Create", "Update", "read", "R"]) {
			const denied = await decideOn(operation);
			expect(denied).toMatchObject({ granted: false, status: 403 });
			expect(JSON.parse((denied as Denied).body)).toMatchObject({ status: 403, code: "policy/operation" });
		}
		const elsewhere = { resource: `${RESOURCE}/7`, operation: "Read" };
		expect(await decide({ verifier }, elsewhere, authorization)).toMatchObject({ status: 403 });
	});
});

describe("T26: the resource", () => {
	it.each<[string, string]>([
		["another scheme", "http://hotel.example/rooms"],
		["no scheme", "hotel.example/rooms"],
		["..", "https://hotel.example/x/../rooms"],
		["a longer host", "https://hotel.example.evil.example/rooms"],
		["a user name before the host", "https://hotel.example@evil.example/rooms"],
		["the host in another case", "https://Hotel.example/rooms"],
		["the path in another case", "https://hotel.example/Rooms"],
		["a trailing slash", `${RESOURCE}/`],
		["a deeper path", `${RESOURCE}/7`],
		["a shorter path", "https://hotel.example/"],
		["a percent-encoded letter", "https://hotel.example/%72ooms"],
		["the default port", "https://hotel.example:443/rooms"],
		["a query", `${RESOURCE}?`],
		["a fragment", `${RESOURCE}#`],
		["a space", `${RESOURCE} `],
		["a wildcard", "https://hotel.example/*"],
	])("T26: a sub with %s is rejected", async (_what, sub) => {
		const token = await forgeKind("ioctl", { sub });
		const asked = { resource: RESOURCE, operation: "Read" };
		await expectRefusal(() => verifier.verify(token, asked), "policy/resource");
		await expectRefusal(() => verifierWith({ resource: RESOURCE }).verify(token), "policy/resource");
		const denied = await decide({ verifier }, asked, `Bearer ${token}`);
		expect(denied).toMatchObject({ granted: false, status: 403 });
	});

	it("T26: a missing sub and one that isn't a string are rejected", async () => {
		const without = await forgeKind("ioctl", { sub: undefined });
		await expectRefusal(() => verifier.verify(without, { resource: RESOURCE }), "policy/resource");
		for (const sub of [[RESOURCE], null, 1, { 0: RESOURCE }, ""]) {
			const token = await forgeKind("ioctl", { sub });
			await expectRefusal(() => verifier.verify(token, { resource: RESOURCE }), "token/claim-invalid");
		}
	});
});

describe("the signature", () => {
	it("is accepted with either S, and rejected if any byte of the token is changed", async () => {
		const token = await forgeKind("ioctl");
		const twin = highSTwin(token);
		expect((await verifier.verify(twin)).issuer).toBe((await verifier.verify(token)).issuer);
		for (let at = 0; at < token.length; at++) {
			const other = token[at] === "A" ? "B" : "A";
			const changed = token.slice(0, at) + other + token.slice(at + 1);
			const error = await verifier.verify(changed).then(
				() => expect.fail(`byte ${at} doesn't count`),
				(thrown: unknown) => thrown as { code?: string },
			);
			expect(error.code).toMatch(/^token\//);
		}
	});

	it.each<[string, Uint8Array]>([
		["nothing", new Uint8Array(0)],
		["zeros", new Uint8Array(64)],
		["63 bytes", new Uint8Array(63).fill(1)],
		["65 bytes with a trailing recovery id", new Uint8Array(65).fill(1)],
		["DER", new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1])],
	])("is rejected as %s", async (_what, bytes) => {
		const token = withSignature(await forgeKind("ioctl"), bytes);
		await expectRefusal(() => verifier.verify(token), "token/signature");
	});
});

interface IoctlVectors {
	readonly ioctl: {
		readonly nodeMade: string;
		readonly nodeMadeOtherS: string;
		readonly issUppercaseNoPrefixNo04: string;
		readonly publishedExample: { readonly token: string };
	};
}

describeWithVectors<IoctlVectors>("vectors", "formats.json", ({ ioctl: vectors }) => {
	const trusting = (options: Partial<IoctlProfileOptions> = {}, now?: () => number): Verifier =>
		createVerifier({ profiles: [ioctl({ trustedIssuers: () => true, ...options })], now });

	it.each(["nodeMade", "nodeMadeOtherS"] as const)("%s verifies without exp if allowed", async (name) => {
		const { keyId, expiresAt, scopes } = await trusting({ requireExpiration: false }).verify(vectors[name]);
		expect([keyId.slice(0, 8), expiresAt, scopes]).toEqual(["0x044f35", undefined, ["Read"]]);
		await expectRefusal(() => trusting().verify(vectors[name]), "token/claim-missing");
	});

	it("an iss in upper case without a prefix is rejected", async () => {
		const verify = (): unknown => trusting({ requireExpiration: false }).verify(vectors.issUppercaseNoPrefixNo04);
		await expectRefusal(verify, "token/claim-invalid");
	});

	it("the published example has a valid signature, but is expired, and before its exp was issued in the future", async () => {
		const { token } = vectors.publishedExample;
		await expectRefusal(() => trusting().verify(token), "token/expired");
		await expectRefusal(() => trusting({}, () => 1_605_872_000).verify(token), "token/issued-in-future");
		const jws = decodeToken(token);
		const from = ioctl({ trustedIssuers: () => true }).parseIssuer(jws);
		expect(await (await from.resolve()).findSigner(jws)).toBe(jws.claims["iss"]);
		expect(profileOfKind("ioctl").recognizes(jws)).toBe(true);
	});
});
