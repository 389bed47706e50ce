/**
 * A kind of token from outside the package beside `orgid`, in both orders: the same algorithm, the same `typ` and the same
 * key, so that nothing but the syntax of the issuer tells them apart.
 */
import { describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { promptVerificationOf } from "../../src/auth/prompt-verification.ts";
import { ConfigError, KeyError, type OrgpassError, TokenError } from "../../src/errors/errors.ts";
import { type CompactJws, signedTextOf } from "../../src/jws/decode-token.ts";
import { assertHeader } from "../../src/jws/header.ts";
import { verifySync } from "../../src/keys/public-key.ts";
import type { Profile, ResolvedIssuer } from "../../src/tokens/token-kind.ts";
import { namesOf, outcomesOf, verdictOf } from "../support/explanations.ts";
import { expectRefusal } from "../support/refusal.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { CURVE_KEY, claimsOf, forgeKind, headerOf, profileOfKind } from "../support/token-kinds.ts";

const PARTNER = "https://partner.example";
const EXPIRED = { iat: nowSeconds() - 5_000, exp: nowSeconds() - 4_500 };
const KNOWN: ResolvedIssuer = Object.freeze({
	findSigner: (jws: CompactJws) =>
		verifySync(CURVE_KEY.publicKey, signedTextOf(jws), jws.signature) ? "partner's key" : undefined,
});

/** Tokens of partners: ES256K, `iss` an https origin; the rest as in tokens of organizations. */
function partner(members: Partial<Profile> = {}): Profile {
	return {
		...profileOfKind("orgid"),
		name: "partner",
		parseIssuer({ header, claims }) {
			const issuer = String(claims["iss"]);
			assertHeader(header, { algorithm: "ES256K", keyId: undefined });
			if (!issuer.startsWith("https://")) throw new TokenError("token/issuer", "expected an https origin");
			return { issuer, signer: issuer, resolve: () => resolvePartner(issuer) };
		},
		...members,
	};
}

function resolvePartner(issuer: string): ResolvedIssuer {
	if (issuer !== PARTNER) throw new TokenError("token/issuer-unknown", "expected a known partner");
	return KNOWN;
}

const forgePartner = (claims = {}, header = {}): Promise<string> =>
	forgeKind("orgid", { iss: PARTNER, ...claims }, { kid: undefined, ...header });

/** Verifiers of `orgid` and another kind, in both orders. */
function verifiersWith(other: Profile): readonly Verifier[] {
	const profiles = [profileOfKind("orgid"), other];
	return [profiles, profiles.toReversed()].map((order) => createVerifier({ profiles: order }));
}

/** Expects a refusal in both orders, and that explanations say the same. */
async function expectBothRefuse(other: Profile, token: string, code: OrgpassError["code"]): Promise<void> {
	for (const verifier of verifiersWith(other)) {
		await expectRefusal(() => verifier.verify(token), code);
		expect(verdictOf(await verifier.explain(token))).toBe(code);
	}
}

describe("T9: another kind of the same algorithm beside orgid, in both orders", () => {
	it.each([
		["orgid", () => forgeKind("orgid")],
		["partner", () => forgePartner()],
	] as const)("T9: a token of %s is accepted as itself, also once it is remembered", async (name, forge) => {
		const token = await forge();
		for (const verifier of verifiersWith(partner())) {
			for (let use = 0; use < 3; use++) expect((await verifier.verify(token)).profile).toBe(name);
			expect(await verifier.explain(token)).toMatchObject({ outcome: "accepted", token: { profile: name } });
		}
	});

	it("T9: no token of one is accepted as the other's, whoever signed it", async () => {
		const unknown = "https://other.example";
		await expectBothRefuse(partner(), await forgePartner({ iss: unknown }), "token/issuer-unknown");
		const stranger = claimsOf("orgid")["iss"] as string;
		const nobody = stranger.replace(/.{4}#/, "0000#");
		await expectBothRefuse(partner(), await forgeKind("orgid", { iss: nobody }, { kid: nobody }), "did/not-found");
		await expectBothRefuse(partner(), `${(await forgePartner()).slice(0, -4)}AAAA`, "token/signature");
	});

	it("T9: an issuer that both know is refused", async () => {
		const everyone = partner({
			parseIssuer: () => ({ issuer: "anyone", signer: "anyone", resolve: () => KNOWN }),
		});
		await expectBothRefuse(everyone, await forgeKind("orgid"), "token/issuer-ambiguous");
		const lenient = await forgePartner();
		for (const verifier of verifiersWith(everyone)) expect((await verifier.verify(lenient)).profile).toBe("partner");
	});

	it.each([
		["a bug", new TypeError("a bug")],
		["an outage", new KeyError("key/unreachable", "down")],
		["an error of the configuration", new ConfigError("config/invalid-option", "wrong")],
	])("T9: %s in one kind is no refusal: the other kind doesn't decide alone", async (_what, error) => {
		const broken = partner({
			parseIssuer() {
				throw error;
			},
		});
		const token = await forgeKind("orgid");
		for (const verifier of verifiersWith(broken)) {
			await expect(verifier.verify(token)).rejects.toBe(error);
			expect(await verifier.explain(token)).toMatchObject({ outcome: "failed", step: "header", error });
		}
	});

	it("T9: what both refuse is refused by the error of the kind that it was meant for", async () => {
		const type = "partner+jwt";
		const own = partner({
			parseIssuer({ header }) {
				assertHeader(header, { algorithm: "ES256K", keyId: undefined, type });
				throw expect.fail("not reached");
			},
		});
		await expectBothRefuse(own, await forgePartner({}, { typ: type, kid: "x" }), "token/key-id");
		await expectBothRefuse(own, await forgeKind("orgid", {}, { kid: "x" }), "token/key-id");
		await expectBothRefuse(own, await forgePartner({}, { typ: "at+jwt" }), "token/type");
	});
});

describe("a token that only one of several kinds doesn't refuse", () => {
	it("is refused by that kind's rules, and judged further by explain", async () => {
		for (const verifier of verifiersWith(partner())) {
			for (const token of [await forgeKind("orgid", EXPIRED), await forgePartner(EXPIRED)]) {
				await expectRefusal(() => verifier.verify(token), "token/expired");
				const steps = outcomesOf(await verifier.explain(token));
				expect(steps).toContain("claims denied");
				expect(steps).toContain("signature passed later");
			}
		}
	});

	it("needs no promise if its issuer is known", async () => {
		const token = await forgePartner();
		for (const verifier of verifiersWith(partner())) {
			expect(promptVerificationOf(verifier)(token)).toMatchObject({ profile: "partner" });
		}
	});

	it("is explained by that kind's steps, as they are judged", async () => {
		for (const verifier of verifiersWith(partner())) {
			for (const token of [await forgeKind("orgid"), await forgePartner(), await forgePartner(EXPIRED)]) {
				const seen: string[] = [];
				const explanation = await verifier.explain(token, {}, ({ name }) => seen.push(name));
				expect(seen.toSorted()).toEqual(namesOf(explanation).toSorted());
			}
		}
	});

	it("is refused at the grant if a scope is missing", async () => {
		for (const verifier of verifiersWith(partner())) {
			for (const token of [await forgeKind("orgid"), await forgePartner()]) {
				const explanation = await verifier.explain(token, { scope: "admin" });
				expect(explanation).toMatchObject({ step: "grant", error: { code: "policy/scope" } });
			}
		}
	});
});

it("of a header that only one kind refuses, the other's issuer counts", async () => {
	const header = { ...headerOf("orgid"), kid: undefined };
	const token = await forgeKind("orgid", {}, header);
	for (const verifier of verifiersWith(partner())) expect((await verifier.verify(token)).profile).toBe("orgid");
});
