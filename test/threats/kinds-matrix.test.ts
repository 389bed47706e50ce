import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import type { IssuerKeys } from "../../src/tokens/issuer-keys/issuer-keys.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { startDocumentServer } from "../support/document-server.ts";
import { withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import {
	APP_ID,
	forgeKind,
	KINDS,
	type Kind,
	profileOfKind,
	RECOGNIZED_BY,
	RSA_KEYS,
	RSA_KINDS,
	verifierOfKinds,
} from "../support/token-kinds.ts";

/** Why a lone verifier refuses every other kind, by the token's kind, then the verifier's; see {@link isException}. */
const REFUSALS: Readonly<Record<Kind, Partial<Record<Kind, ErrorCode>>>> = {
	orgid: {},
	"orgid-account": {},
	"orgid-eth": {},
	"orgid-eip712": { ioctl: "token/key-id" },
	ioctl: { "orgid-eip712": "token/key-id" },
	"github-app": { vonage: "token/claim-missing" },
	"icr-app": { vonage: "token/claim-missing" },
	vonage: { "github-app": "token/claim-missing", "icr-app": "token/claim-missing" },
};

const codeOf = (token: Kind, verifier: Kind): ErrorCode => REFUSALS[token][verifier] ?? "token/algorithm";
const PAIRS = KINDS.flatMap((token) => KINDS.map((verifier) => [token, verifier] as const));
/** ICR's tokens need not have the claim alg: nothing but the keys tells GitHub's and ICR's apart. */
const isApp = (kind: Kind): boolean => kind === "github-app" || kind === "icr-app";
const isException = (token: Kind, verifier: Kind): boolean => isApp(token) && isApp(verifier);

describe("T9: tokens of each profile with the same keys and names, and the verifiers of all profiles", () => {
	it.each(KINDS)("T9: %s is accepted by its own verifier", async (kind) => {
		expect((await verifierOfKinds([kind]).verify(await forgeKind(kind))).profile).toBe(kind);
	});

	it.each(PAIRS.filter(([token, verifier]) => token !== verifier && !isException(token, verifier)))(
		"T9: %s is rejected by the verifier of %s",
		async (token, verifier) => {
			const forged = await forgeKind(token);
			await expectRefusal(() => verifierOfKinds([verifier]).verify(forged), codeOf(token, verifier));
		},
	);

	it.each(KINDS)("T9: %s is rejected by a verifier for all other profiles", async (kind) => {
		const others = KINDS.filter((other) => other !== kind && !isException(kind, other));
		const claimant = others.find((other) => RECOGNIZED_BY[kind]?.includes(other));
		const code = claimant === undefined ? "token/unrecognized" : codeOf(kind, claimant);
		const forged = await forgeKind(kind);
		await expectRefusal(() => verifierOfKinds(others).verify(forged), code);
		await expectRefusal(() => verifierOfKinds(others.toReversed()).verify(forged), code);
	});

	it.each(KINDS.filter((kind) => !isApp(kind)))(
		"T9: %s is accepted as itself by a verifier for all profiles, in any order",
		async (kind) => {
			const forged = await forgeKind(kind);
			for (const kinds of [KINDS, KINDS.toReversed()]) {
				expect((await verifierOfKinds(kinds).verify(forged)).profile).toBe(kind);
			}
		},
	);
});

describe("T9: the header of each profile", () => {
	it.each(KINDS.filter((kind) => !isApp(kind)))(
		"T9: %s is recognized by typ in any letter case, with and without application/ (RFC 7515 4.1.9)",
		async (kind) => {
			const type = kind === "orgid-account" ? "orgid-account+jwt" : "jwt";
			const types = [type, type.toUpperCase(), `application/${type}`, `APPLICATION/${type.toUpperCase()}`];
			for (const typ of types) {
				const forged = await forgeKind(kind, {}, { typ });
				expect((await verifierOfKinds(KINDS).verify(forged)).profile).toBe(kind);
			}
		},
	);

	const headers = [
		["typ dpop+jwt", { typ: "dpop+jwt" }, "token/type"],
		["typ at+jwt", { typ: "at+jwt" }, "token/type"],
		["cty JWT", { cty: "JWT" }, "token/header"],
		["crit", { crit: ["exp"] }, "token/critical"],
		["b64 false", { b64: false }, "token/header"],
		["an embedded key", { jwk: exportPublicKey(RSA_KEYS.publicKey, "jwk") }, "token/header"],
	] as const;
	it.each(headers.flatMap(([what, members, code]) => KINDS.map((kind) => [what, kind, members, code] as const)))(
		"T9: %s is rejected for %s",
		async (_what, kind, members, code) => {
			const forged = await forgeKind(kind, {}, members);
			await expectRefusal(() => verifierOfKinds([kind]).verify(forged), code);
		},
	);
});

describe("T9: the two app profiles", () => {
	const [github, icr] = RSA_KINDS;

	const pairs = [
		[github, icr],
		[icr, github],
	] as const;

	it.each(pairs)("T9: a %s verifier rejects an %s token because its key is unknown", async (own, other) => {
		const { publicKey } = await generateKeyPair({ algorithm: "RS256" });
		const unknown = { profiles: [profileOfKind(own, { other: RSA_KEYS.publicKey })] };
		const forged = await forgeKind(other);
		await expectRefusal(() => createVerifier(unknown).verify(forged), "token/issuer-unknown");
		const another = { profiles: [profileOfKind(own, { [APP_ID]: publicKey })] };
		await expectRefusal(() => createVerifier(another).verify(forged), "token/signature");
	});

	it.each(pairs)("T9: a %s verifier accepts an %s token if its own list has that app and key", async (own, other) => {
		const forged = await forgeKind(other);
		expect((await verifierOfKinds([own]).verify(forged)).profile).toBe(own);
		const all = verifierOfKinds(KINDS.filter((kind) => kind !== other));
		expect((await all.verify(forged)).profile).toBe(own);
	});

	it("T9: the profile that knows the issuer verifies the token, in any order", async () => {
		const other = { 12345: RSA_KEYS.publicKey };
		for (const kind of [github, icr]) {
			const profiles = [github, icr].map((one) => profileOfKind(one, one === kind ? undefined : other));
			for (const order of [profiles, profiles.toReversed()]) {
				const verified = await createVerifier({ profiles: order }).verify(await forgeKind(kind));
				expect([verified.profile, verified.issuer]).toEqual([kind, APP_ID]);
			}
		}
	});

	it("T9: a token without alg is ICR's if only the ICR profile knows its issuer", async () => {
		const profiles = [profileOfKind(github, { 1: RSA_KEYS.publicKey }), profileOfKind(icr)];
		const forged = await forgeKind(github);
		expect((await createVerifier({ profiles }).verify(forged)).profile).toBe(icr);
		const unsigned = withSignature(forged, new Uint8Array(256));
		await expectRefusal(() => createVerifier({ profiles }).verify(unsigned), "token/signature");
	});

	it("T9: an issuer known to neither is rejected as unknown", async () => {
		const profiles = [github, icr].map((kind) => profileOfKind(kind, { 1: RSA_KEYS.publicKey }));
		const forged = await forgeKind(icr);
		const error = await expectRefusal(() => createVerifier({ profiles }).verify(forged), "token/issuer-unknown");
		expect(error.details).toEqual({ issuer: APP_ID });
	});

	it("T9: claims that neither can accept are rejected without looking up keys", async () => {
		let lookUps = 0;
		const keys: IssuerKeys = () => {
			lookUps += 1;
			return RSA_KEYS.publicKey;
		};
		const profiles = [github, icr].map((kind) => profileOfKind(kind, keys));
		const expired = await forgeKind(icr, { iat: 1_000, exp: 1_600 });
		await expectRefusal(() => createVerifier({ profiles }).verify(expired), "token/expired");
		const foreign = await forgeKind(icr, { alg: "RS512" });
		await expectRefusal(() => createVerifier({ profiles }).verify(foreign), "token/claim-invalid");
		expect(lookUps).toBe(0);
	});

	it("T9: claims that only the other one could accept are rejected by the one that knows the issuer", async () => {
		const keys = { [APP_ID]: RSA_KEYS.publicKey };
		const profiles = [profileOfKind(github, () => undefined), icrApp({ keys, audience: "hotel" })];
		const token = await forgeKind(icr);
		await expectRefusal(() => createVerifier({ profiles }).verify(token), "token/claim-missing");
	});
});

describe("T9: an issuer known to both app profiles", async () => {
	const [github, icr] = RSA_KINDS;
	const other = await generateKeyPair({ algorithm: "RS256" });
	const forgedBoth = await Promise.all([forgeKind(github), forgeKind(icr)]);

	async function expectAmbiguity(
		keys: readonly [IssuerKeys, IssuerKeys],
		tokens: readonly string[] = forgedBoth,
	): Promise<void> {
		const profiles = [profileOfKind(github, keys[0]), profileOfKind(icr, keys[1])];
		for (const token of tokens) {
			const verify = (): unknown => createVerifier({ profiles }).verify(token);
			const error = await expectRefusal(verify, "token/issuer-ambiguous");
			expect(error.details).toEqual({ profiles: [github, icr] });
		}
	}

	it("T9: is rejected with one key and with two", async () => {
		const own = { [APP_ID]: RSA_KEYS.publicKey };
		await expectAmbiguity([own, own]);
		await expectAmbiguity([own, { [APP_ID]: other.publicKey }]);
		await expectAmbiguity([new Map([[APP_ID, other.publicKey]]), own]);
	});

	it("T9: is rejected even if the kid names a key of only one of them", async () => {
		const kid = RSA_KEYS.publicKey.thumbprint;
		const tokens = await Promise.all([github, icr].map((kind) => forgeKind(kind, {}, { kid })));
		const own = { [APP_ID]: RSA_KEYS.publicKey };
		await expectAmbiguity([own, { [APP_ID]: other.publicKey }], tokens);
		await expectAmbiguity([{ [APP_ID]: other.publicKey }, own], tokens);
	});

	it("T9: is rejected if both callbacks return keys, and accepted if one returns nothing", async () => {
		const know: IssuerKeys = async () => [RSA_KEYS.publicKey];
		await expectAmbiguity([know, () => other.publicKey]);
		for (const nothing of [undefined, null as never, []]) {
			const profiles = [profileOfKind(github, () => nothing), profileOfKind(icr, know)];
			const [, token] = forgedBoth;
			expect((await createVerifier({ profiles }).verify(token as string)).profile).toBe(icr);
		}
	});

	it("T9: is rejected if both JWK Sets have it, and an outage of either is an outage", async () => {
		const server = await startDocumentServer();
		try {
			const setOf = ({ publicKey }: typeof other): string =>
				JSON.stringify({ keys: [{ ...exportPublicKey(publicKey, "jwk"), kid: APP_ID }] });
			const urls = [server.serve("/github", setOf(RSA_KEYS)), server.serve("/icr", setOf(other))] as const;
			await expectAmbiguity([keysFromJwks(urls[0]), keysFromJwks(urls[1])]);
			const down = keysFromJwks(server.url("/nothing"));
			for (const keys of [
				[keysFromJwks(urls[0]), down],
				[down, keysFromJwks(urls[0])],
			] as const) {
				const profiles = [profileOfKind(github, keys[0]), profileOfKind(icr, keys[1])];
				const verify = (): unknown => createVerifier({ profiles }).verify(forgedBoth[1]);
				await expectRefusal(verify, "key/unreachable");
			}
		} finally {
			await server.close();
		}
	});
});

describe("T9: Vonage and the other app profiles", () => {
	it.each(RSA_KINDS)("T9: a %s token with both iss and application_id is rejected by all", async (kind) => {
		const forged = await forgeKind(kind, { iss: APP_ID, application_id: APP_ID });
		for (const one of RSA_KINDS) {
			await expectRefusal(() => verifierOfKinds([one]).verify(forged), "token/claim-invalid");
		}
		await expectRefusal(() => verifierOfKinds(KINDS).verify(forged), "token/claim-invalid");
	});

	it.each(RSA_KINDS)("T9: a %s token with neither iss nor application_id is rejected by all", async (kind) => {
		const forged = await forgeKind(kind, { iss: undefined, application_id: undefined });
		await expectRefusal(() => verifierOfKinds([kind]).verify(forged), "token/claim-missing");
		await expectRefusal(() => verifierOfKinds(KINDS).verify(forged), "token/claim-missing");
	});
});
