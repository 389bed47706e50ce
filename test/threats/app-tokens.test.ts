import { constants, createHmac, createSign, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { AppProfileOptions } from "../../src/tokens/app/app-profile.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { forgeToken, hmacToken, signatureOf, toSegment, withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { nowSeconds } from "../support/system-clock.ts";
import {
	APP_ID,
	claimsOf,
	forgeKind,
	headerOf,
	KINDS,
	RSA_KEYS,
	RSA_KINDS,
	type RsaKind,
	verifierOfKinds,
} from "../support/token-kinds.ts";

const PROFILES = { "github-app": githubApp, "icr-app": icrApp, vonage } as const;
const APPS = ["github-app", "icr-app"] as const;
const other = await generateKeyPair({ algorithm: "RS256" });
const PEM = exportPublicKey(RSA_KEYS.publicKey, "spki");
const { privateKey } = RSA_KEYS;
const NODE_KEY = exportPrivateKey(privateKey, "pkcs8");

function verifierFor(
	kind: RsaKind,
	options: Partial<AppProfileOptions> = {},
	verifier: Partial<VerifierOptions> = {},
): Verifier {
	const keys = { [APP_ID]: RSA_KEYS.publicKey, 12345: RSA_KEYS.publicKey };
	return createVerifier({ profiles: [PROFILES[kind]({ keys, ...options })], ...verifier });
}

function verify(kind: RsaKind, token: string, options: Partial<AppProfileOptions> = {}): Promise<VerifiedToken> {
	return verifierFor(kind, options).verify(token);
}

function refuse(kind: RsaKind, token: string, code: ErrorCode): ReturnType<typeof expectRefusal> {
	return expectRefusal(() => verify(kind, token), code);
}

/** A token signed by Node in some other way than RS256. */
function nodeToken(kind: RsaKind, alg: string, signBytes: (input: Buffer) => Buffer): string {
	const input = `${toSegment(headerOf(kind, { alg }))}.${toSegment(claimsOf(kind))}`;
	return `${input}.${signBytes(Buffer.from(input)).toString("base64url")}`;
}

const pss = (input: Buffer): Buffer =>
	sign("sha256", input, { key: NODE_KEY, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

describe.each(RSA_KINDS)("T30: algorithms, %s", (kind) => {
	it.each<[string, () => string]>([
		["SPKI PEM", () => PEM],
		["PKCS#1 PEM", () => exportPublicKey(RSA_KEYS.publicKey, "pkcs1")],
		["PEM without its final line feed", () => PEM.trimEnd()],
		["JWK", () => JSON.stringify(exportPublicKey(RSA_KEYS.publicKey, "jwk"))],
		["thumbprint", () => RSA_KEYS.publicKey.thumbprint],
		["nothing", () => ""],
	])("T30: HS256 with the public key as secret (%s) is rejected", async (_what, secret) => {
		const header = headerOf(kind, { alg: "HS256" });
		await refuse(kind, hmacToken(header, claimsOf(kind), secret()), "token/algorithm");
		// The header says RS256, but the signature is the same HMAC.
		await refuse(kind, hmacToken(headerOf(kind), claimsOf(kind), secret()), "token/signature");
	});

	it.each(["none", "None", "NONE", "", "RS384", "RS512", "PS256", "ES256", "ES256K", "HS256", "rs256", "RS256 "])(
		"T30: alg %j with a valid RS256 signature is rejected",
		async (alg) => {
			await refuse(kind, await forgeKind(kind, {}, { alg }), "token/algorithm");
			const bare = withSignature(await forgeKind(kind, {}, { alg }), new Uint8Array(0));
			await refuse(kind, bare, "token/algorithm");
		},
	);

	it("T30: a missing, null or array alg is rejected", async () => {
		for (const alg of [undefined, null, ["RS256"]]) {
			await refuse(kind, await forgeKind(kind, {}, { alg }), "token/algorithm");
		}
	});

	it("T30: a PSS, SHA-384 or SHA-1 signature labelled RS256 is rejected, and Node's RS256 signature is accepted", async () => {
		await refuse(kind, nodeToken(kind, "PS256", pss), "token/algorithm");
		await refuse(kind, nodeToken(kind, "RS256", pss), "token/signature");
		for (const hash of ["sha384", "sha1"]) {
			const signWith = (input: Buffer): Buffer => sign(hash, input, NODE_KEY);
			await refuse(kind, nodeToken(kind, "RS256", signWith), "token/signature");
		}
		const good = nodeToken(kind, "RS256", (input) => createSign("RSA-SHA256").update(input).sign(NODE_KEY));
		expect((await verify(kind, good)).keyId).toBe(RSA_KEYS.publicKey.thumbprint);
	});

	it("T30: another app's key and a changed, longer or shorter signature are rejected", async () => {
		const parts = { header: headerOf(kind), payload: claimsOf(kind) };
		await refuse(kind, await forgeToken({ ...parts, key: other.privateKey }), "token/signature");
		const token = await forgeKind(kind);
		const signature = signatureOf(token);
		for (const at of [0, 1, 128, 255]) {
			const changed = signature.with(at, (signature[at] as number) ^ 1);
			await refuse(kind, withSignature(token, changed), "token/signature");
		}
		const lengths = [0, 1, 64, 255, 257, 512].map((length) => new Uint8Array(length));
		for (const bytes of lengths) await refuse(kind, withSignature(token, bytes), "token/signature");
		await refuse(kind, withSignature(token, new Uint8Array([0, ...signature])), "token/signature");
	});

	it("T30: an HMAC as long as an RSA signature is rejected", async () => {
		const input = `${toSegment(headerOf(kind))}.${toSegment(claimsOf(kind))}`;
		const mac = createHmac("sha512", PEM).update(input).digest();
		const bytes = new Uint8Array(Buffer.concat([mac, mac, mac, mac]));
		await refuse(kind, withSignature(`${input}.x`, bytes), "token/signature");
	});
});

describe.each(RSA_KINDS)("T30: times, %s", (kind) => {
	const now = nowSeconds();
	const at = (members: object): Promise<string> => forgeKind(kind, { ...members });
	const clock = { now: () => now };
	const latest = now + (kind === "vonage" ? 86_400 : 630);

	it.each<[string, object, ErrorCode]>([
		["neither exp nor iat", { exp: undefined, iat: undefined }, "token/claim-missing"],
		["a missing iat", { iat: undefined }, "token/claim-missing"],
		["exp as a string, as in the vendor's sample", { exp: String(now + 60) }, "token/claim-invalid"],
		["iat as a string", { iat: String(now) }, "token/claim-invalid"],
		["exp: null", { exp: null }, "token/claim-invalid"],
		["exp in milliseconds", { exp: (now + 60) * 1_000 }, "token/milliseconds"],
		["iat in milliseconds", { iat: now * 1_000 }, "token/milliseconds"],
		["nbf in milliseconds", { nbf: now * 1_000 }, "token/milliseconds"],
		["exp now, a tolerance later", { iat: now - 90, exp: now - 30 }, "token/expired"],
		["iat 61 seconds ahead", { iat: now + 61, exp: now + 120 }, "token/issued-in-future"],
		["iat 31 seconds ahead", { iat: now + 31, exp: now + 120 }, "token/issued-in-future"],
		["iat after exp", { iat: now + 20, exp: now + 10 }, "token/claim-invalid"],
		["nbf in the future", { nbf: now + 31 }, "token/not-yet-valid"],
		["a lifetime a second too long", { iat: now, exp: latest + 1 }, "token/lifetime"],
		["a lifetime a fraction of a second too long", { iat: now, exp: latest + 0.5 }, "token/lifetime"],
		["years", { iat: now, exp: now + 10 ** 9 }, "token/lifetime"],
	])("T30: %s is rejected", async (_what, members, code) => {
		const token = await at(members);
		await expectRefusal(() => verifierFor(kind, {}, clock).verify(token), code);
	});

	it("T30: the longest lifetime is accepted, and an iat 30 seconds ahead", async () => {
		const verifier = verifierFor(kind, {}, clock);
		expect((await verifier.verify(await at({ iat: now, exp: latest }))).expiresAt).toBe(latest);
		await verifier.verify(await at({ iat: now + 30, exp: now + 60 }));
		const patient = verifierFor(kind, {}, { ...clock, maxLifetimeSeconds: 10_000_000 });
		const tooLong = await at({ iat: now, exp: latest + 1 });
		await expectRefusal(() => patient.verify(tooLong), "token/lifetime");
		const strict = verifierFor(kind, {}, { ...clock, maxLifetimeSeconds: 60 });
		await expectRefusal(async () => strict.verify(await at({ iat: now, exp: now + 61 })), "token/lifetime");
	});
});

describe.each(APPS)("T30: iss, %s", (kind) => {
	it.each<[string, unknown]>([
		["0", 0],
		["-1", -1],
		["1.5", 1.5],
		["true", true],
		["null", null],
		["empty", ""],
		["a space", " "],
		["text with spaces", "app 7"],
		["text that ends in a line feed", `${APP_ID}\n`],
		["text with NUL", `${APP_ID}\u0000`],
		["non-ASCII text", "äpp"],
		["text with DEL", "app\u007f"],
		["129 characters long", "a".repeat(129)],
		["an array", [APP_ID]],
		["an object", { id: APP_ID }],
	])("T30: iss that is %s is rejected", async (_what, iss) => {
		const error = await expectRefusal(async () => verify(kind, await forgeKind(kind, { iss })), "token/claim-invalid");
		expect(error.details).toEqual({ claim: "iss" });
	});

	it("T30: an iss that overflows a number is rejected", async () => {
		const text = JSON.stringify(claimsOf(kind, { iss: 7 })).replace('"iss":7', '"iss":1e400');
		const token = await forgeToken({ header: headerOf(kind), payload: text, key: privateKey });
		await refuse(kind, token, "token/number");
	});

	it("T30: a number above the safe integers is rejected", async () => {
		const { details } = await refuse(kind, await forgeKind(kind, { iss: 2 ** 53 }), "token/number");
		expect(details).toEqual({ claim: "iss" });
	});

	it("T30: an iss is the same app as a number and as a string", async () => {
		for (const iss of [12345, "12345"]) {
			const { issuer, claims } = await verify(kind, await forgeKind(kind, { iss }));
			expect([issuer, claims["iss"]]).toEqual(["12345", iss]);
		}
	});

	it.each(["+12345", "12345.0", "..", "*", '"12345"', "12345,", "$APP_ID", "undefined", "null", "NaN"])(
		"T30: iss %s isn't an app's id",
		async (iss) => {
			await refuse(kind, await forgeKind(kind, { iss }), "token/claim-invalid");
		},
	);

	it.each(["12346", "012345", "0x3039", "__proto__", "constructor", "toString"])(
		"T30: %s is a different, unknown app",
		async (iss) => {
			await refuse(kind, await forgeKind(kind, { iss }), "token/issuer-unknown");
		},
	);

	it("T30: an iss may have 128 characters, or be a client id with a dot", async () => {
		for (const iss of ["a".repeat(128), "Iv1.8a61f9b3a7aba766"]) {
			const keys = { [iss]: RSA_KEYS.publicKey };
			expect((await verify(kind, await forgeKind(kind, { iss }), { keys })).issuer).toBe(iss);
		}
	});
});

describe("T30: the alg claim", () => {
	it.each(APPS.flatMap((kind) => [undefined, "RS256"].map((alg) => [kind, alg] as const)))(
		"T30: %s accepts %j",
		async (kind, alg) => {
			expect((await verify(kind, await forgeKind(kind, { alg }))).profile).toBe(kind);
		},
	);

	it.each(
		APPS.flatMap((kind) => ["RS384", "HS256", "none", "rs256", "", null, ["RS256"], 1].map((alg) => [kind, alg])),
	)("T30: %s rejects %j", async (kind, alg) => {
		await refuse(kind as RsaKind, await forgeKind(kind as RsaKind, { alg }), "token/claim-invalid");
	});
});

describe.each(RSA_KINDS)("T30: aud and extra claims, %s", (kind) => {
	it.each<[string, unknown, string | readonly string[] | undefined, ErrorCode | undefined]>([
		["missing, and none is configured", undefined, undefined, undefined],
		["present, but none is configured", "https://api", undefined, "token/audience"],
		["null, and none is configured", null, undefined, "token/audience"],
		["missing, but one is configured", undefined, "https://api", "token/claim-missing"],
		["equal to the configured one", "https://api", "https://api", undefined],
		["equal to one of two configured", "https://b", ["https://a", "https://b"], undefined],
		["an array that includes ours", ["https://x", "https://api"], "https://api", undefined],
		["another", "https://api.evil", "https://api", "token/audience"],
		["with a trailing slash", "https://api/", "https://api", "token/audience"],
		["an empty array", [], "https://api", "token/claim-invalid"],
	])("T30: aud %s", async (_what, aud, audience, code) => {
		const token = await forgeKind(kind, { aud });
		const run = (): Promise<VerifiedToken> => verify(kind, token, { audience });
		if (code === undefined) expect((await run()).profile).toBe(kind);
		else await expectRefusal(run, code);
	});

	it("T30: an invalid scope or jti is rejected", async () => {
		await refuse(kind, await forgeKind(kind, { scope: 1 }), "token/claim-invalid");
		await refuse(kind, await forgeKind(kind, { jti: "" }), "token/claim-invalid");
		expect((await verify(kind, await forgeKind(kind, { scope: "a b" }))).scopes).toEqual(["a", "b"]);
	});

	it("T30: the verified token contains the app and the key", async () => {
		const { issuer, keyId, profile, expiresAt } = await verify(kind, await forgeKind(kind));
		expect([issuer, keyId, profile]).toEqual([APP_ID, RSA_KEYS.publicKey.thumbprint, kind]);
		expect(expiresAt).toBeGreaterThan(nowSeconds());
	});

	it("T30: a token above the size limit is rejected without decoding it, also by a verifier for all profiles", async () => {
		const token = await forgeKind(kind, { padding: "x".repeat(9_000) });
		await expectRefusal(() => verifierOfKinds(KINDS).verify(token), "token/too-large");
	});
});

describe.each(RSA_KINDS)("T30: kid and rotation, %s", (kind) => {
	const keys = { [APP_ID]: [other.publicKey, RSA_KEYS.publicKey] };
	const { thumbprint } = RSA_KEYS.publicKey;

	it("T30: either key is accepted, and keyId tells which", async () => {
		for (const pair of [RSA_KEYS, other]) {
			const parts = { header: headerOf(kind), payload: claimsOf(kind), key: pair.privateKey };
			const { keyId } = await verify(kind, await forgeToken(parts), { keys });
			expect(keyId).toBe(pair.publicKey.thumbprint);
		}
	});

	it("T30: a kid selects one of the issuer's keys", async () => {
		const named = await forgeKind(kind, {}, { kid: thumbprint });
		expect((await verify(kind, named, { keys })).keyId).toBe(thumbprint);
		const crossed = await forgeKind(kind, {}, { kid: other.publicKey.thumbprint });
		await expectRefusal(() => verify(kind, crossed, { keys }), "token/signature");
	});

	it.each(["x", "../../dev/null", "__proto__", "toString", APP_ID, `${thumbprint} `, thumbprint.toLowerCase(), "0"])(
		"T30: a kid %s that matches no key is rejected, even if the signature is valid",
		async (kid) => {
			const token = await forgeKind(kind, {}, { kid });
			await expectRefusal(() => verify(kind, token, { keys }), "token/key-id");
		},
	);

	it.each([
		["", ""],
		["null", null],
		["0", 0],
		["an array", [thumbprint]],
		["an object", {}],
	])("T30: a kid that is %s is rejected without looking up keys", async (_what, kid) => {
		let asked = 0;
		const look = (): never => {
			asked += 1;
			throw new Error("not to be asked");
		};
		const token = await forgeKind(kind, {}, { kid });
		await expectRefusal(() => verify(kind, token, { keys: look }), "token/key-id");
		expect(asked).toBe(0);
	});
});
