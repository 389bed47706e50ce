/** DID documents from resolvers other than ours: what ends a key or a document there, ends it for our profiles. */
import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { selectVerificationMethod } from "../../src/did/verification-method.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import {
	ACCOUNT_KINDS,
	claimsOf,
	DID,
	documentOf,
	forgeAccountToken,
	recordOf,
	verifierOf,
} from "../support/account-stage.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { documentWith, methodOf, resolverWith, resultOf } from "../support/static-resolver.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const NOW = 1_800_000_000;
const PAST = "2020-01-01T00:00:00Z";
const FUTURE = "2999-01-01T00:00:00Z";
const UNREADABLE: readonly unknown[] = ["", "soon", "2999-01-01", null, true, false, 32_503_680_000, [FUTURE], {}];

const stage = await createOfflineStage();
const { did, key, issuer } = stage.sender;
const tokens = {
	orgid: await stage.forge({ payload: stage.claims({ iat: NOW, exp: NOW + 60 }) }),
	"orgid-eip712": await forgeAccountToken("orgid-eip712", {
		payload: claimsOf("orgid-eip712", { iat: NOW, exp: NOW + 60 }),
	}),
};
const KINDS = ["orgid", "orgid-eip712"] as const;
type Kind = (typeof KINDS)[number];
type Members = Readonly<Record<string, unknown>>;

/** The DID URL of a kind's key. */
const keyIdOf = (kind: Kind): string => (kind === "orgid" ? issuer : `${DID}#wallet`);

/** Verifies a good token of a kind with its key or its document changed; the clock has 30 seconds of tolerance. */
async function verify(kind: Kind, method: Members, members: Members = {}, now = NOW): Promise<string> {
	const document =
		kind === "orgid"
			? documentWith(did, key.publicKey, { verificationMethod: [methodOf(did, key.publicKey, method)], ...members })
			: documentOf(members, method);
	const resolver = resolverWith(resultOf(document));
	const options = { now: () => now };
	const verifier =
		kind === "orgid" ? stage.verifierWith(options, { resolver }) : verifierOf(kind, options, { resolver });
	return (await verifier.verify(tokens[kind])).keyId;
}

describe.each(KINDS)("T74: %s with a caller's resolver", (kind) => {
	it.each<[string, Members, ErrorCode]>([
		["revocation in the past", { verificationMethodRevocation: { invalidityDate: PAST } }, "did/key-revoked"],
		["revocation without a date", { verificationMethodRevocation: { reason: "lost" } }, "did/key-revoked"],
		["null revocation", { verificationMethodRevocation: null }, "did/key-revoked"],
		["revocation given as a date", { verificationMethodRevocation: PAST }, "did/key-revoked"],
		["deactivated member", { deactivated: PAST }, "did/key-revoked"],
		["validUntil", { validUntil: PAST }, "did/key-expired"],
		["expirationDate", { expirationDate: PAST }, "did/key-expired"],
		["the earlier of two ends", { expires: FUTURE, expirationDate: PAST }, "did/key-expired"],
		["validFrom", { validFrom: FUTURE }, "did/key-not-yet-valid"],
	])("T74: rejects a key by its %s", async (_what, method, code) => {
		await expectRefusal(() => verify(kind, method), code);
	});

	it.each(UNREADABLE.map((mark) => [mark]))("T74: treats the invalid mark %j as the strictest", async (mark) => {
		await expectRefusal(() => verify(kind, { deactivated: mark }), "did/key-revoked");
		const revocation = { verificationMethodRevocation: { invalidityDate: mark } };
		await expectRefusal(() => verify(kind, revocation), "did/key-revoked");
		for (const name of ["expires", "validUntil", "expirationDate"]) {
			await expectRefusal(() => verify(kind, { [name]: mark }), "did/key-expired");
		}
		await expectRefusal(() => verify(kind, { validFrom: mark }), "did/key-not-yet-valid");
	});

	it("T74: accepts a key whose marks don't apply now", async () => {
		const verificationMethodRevocation = { reason: "planned", invalidityDate: FUTURE };
		const ends = { expires: FUTURE, validUntil: FUTURE, expirationDate: FUTURE, revoked: FUTURE };
		expect(await verify(kind, { validFrom: PAST, verificationMethodRevocation, ...ends })).toBe(keyIdOf(kind));
	});

	it("T74: checks them against the verifier's clock: a revocation exactly, the others with its tolerance", async () => {
		const at = (seconds: number): string => new Date((NOW + seconds) * 1_000).toISOString();
		const revocation = { verificationMethodRevocation: { invalidityDate: at(1) } };
		expect(await verify(kind, revocation)).toBe(keyIdOf(kind));
		await expectRefusal(() => verify(kind, revocation, {}, NOW + 1), "did/key-revoked");
		expect(await verify(kind, { validUntil: at(-29), validFrom: at(30) })).toBe(keyIdOf(kind));
		await expectRefusal(() => verify(kind, { validUntil: at(-30) }), "did/key-expired");
		await expectRefusal(() => verify(kind, { validFrom: at(31) }), "did/key-not-yet-valid");
	});

	it.each<[Members, ErrorCode]>([
		...[PAST, FUTURE, true, false, null, "", 0].map((deactivated): [Members, ErrorCode] => [
			{ deactivated },
			"did/deactivated",
		]),
		[{ revoked: PAST }, "did/key-revoked"],
		[{ expires: PAST }, "did/key-expired"],
		[{ validUntil: "2020" }, "did/key-expired"],
		[{ expirationDate: PAST }, "did/key-expired"],
		[{ validFrom: FUTURE }, "did/key-not-yet-valid"],
	])("T74: rejects a document with %j", async (members, code) => {
		await expectRefusal(() => verify(kind, {}, members), code);
	});

	const keyId = keyIdOf(kind);
	const fragment = keyId.slice(keyId.indexOf("#"));
	const twins = [keyId, keyId.replace("31337:", ""), fragment].flatMap((id) =>
		[
			"publicKey",
			"authentication",
			"assertionMethod",
			"keyAgreement",
			"capabilityInvocation",
			"capabilityDelegation",
		].map((list) => [id === fragment ? "a relative" : id === keyId ? "the same" : "a short", list, id] as const),
	);
	it.each(twins)("T74: rejects a key if another one has %s id in %s", async (_what, list, id) => {
		const revoked = { id, type: "JsonWebKey2020", controller: keyId.split("#")[0], revoked: PAST };
		for (const twin of [revoked, { id }]) {
			await expectRefusal(
				() => verify(kind, {}, { [list]: [twin, ...(list === "authentication" ? [keyId] : [])] }),
				["did/document-invalid"],
			);
		}
		if (list !== "authentication") {
			await expectRefusal(() => verify(kind, {}, { [list]: revoked }), "did/document-invalid");
		}
	});

	it("finds a key by its relative id, and in relative lists", async () => {
		for (const id of [keyId, keyId.replace("31337:", ""), fragment]) {
			for (const name of [keyId, keyId.replace("31337:", ""), fragment]) {
				expect(await verify(kind, { id }, { authentication: [name] })).toBe(keyId);
			}
		}
		await expectRefusal(() => verify(kind, { id: fragment, verificationMethodRevocation: {} }), "did/key-revoked");
	});

	it.each(["", "#", "webserver", "wallet", "##webserver", "/#webserver", "?#webserver", "./#wallet", "#other"])(
		"finds no key by the id or list entry %j",
		async (id) => {
			await expectRefusal(() => verify(kind, { id }), "did/key-not-found");
			await expectRefusal(() => verify(kind, {}, { authentication: [id] }), "did/key-not-found");
		},
	);
});

describe("T74: orgid", () => {
	const jwkOf = (members: Members): Members => {
		const { publicKeyJwk } = methodOf(did, key.publicKey);
		return { publicKeyJwk: { ...publicKeyJwk, ...members } };
	};

	it.each<[Members, ErrorCode | undefined]>([
		[{ exp: NOW - 31 }, "did/key-expired"],
		[{ exp: NOW - 30 }, "did/key-expired"],
		[{ exp: NOW - 29 }, undefined],
		[{ exp: 32_503_680_000_000 }, "did/key-expired"],
		...[FUTURE, null, -1, "9999999999", {}].map((exp): [Members, ErrorCode] => [{ exp }, "did/key-expired"]),
		[{ exp: NOW + 10, nbf: NOW - 10 }, undefined],
		[{ nbf: NOW + 31 }, "did/key-not-yet-valid"],
		[{ nbf: NOW + 30 }, undefined],
		[{ nbf: "0" }, "did/key-not-yet-valid"],
		[{ revoked: { revoked_at: NOW } }, "did/key-revoked"],
		[{ revoked: { revoked_at: NOW + 1, reason: "superseded" } }, undefined],
		...[{ reason: "compromised" }, { revoked_at: FUTURE }, true, null, NOW + 10].map(
			(revoked): [Members, ErrorCode] => [{ revoked }, "did/key-revoked"],
		),
	])("T74: respects the validity of a JWK with %j", async (members, code) => {
		const run = (): Promise<string> => verify("orgid", jwkOf(members));
		if (code === undefined) expect(await run()).toBe(issuer);
		else await expectRefusal(run, code);
	});

	it("T74: reports an unlisted key as revoked, by any mark", async () => {
		const unlisted = { authentication: [] };
		for (const mark of [{ revoked: PAST }, { verificationMethodRevocation: {} }, jwkOf({ revoked: {} })]) {
			await expectRefusal(() => verify("orgid", mark, unlisted), "did/key-revoked");
		}
		await expectRefusal(() => verify("orgid", { expires: PAST }, unlisted), "did/key-not-found");
	});

	it("T74: selectVerificationMethod rejects a deactivated document", async () => {
		const keyId = toCanonicalDidUrl(parseDidUrl(issuer));
		const document = documentWith(did, key.publicKey, { deactivated: true });
		await expectRefusal(() => selectVerificationMethod(document, keyId), "did/deactivated");
	});
});

it.each(ACCOUNT_KINDS)("T74: %s rejects a deactivated document even if the record is active", async (kind) => {
	for (const deactivated of [PAST, true, false, null]) {
		const resolver = resolverWith(resultOf(documentOf({ deactivated }), { organization: recordOf() }));
		const token = await forgeAccountToken(kind);
		const { code } = await refusalOf(() => verifierOf(kind, {}, { resolver }).verify(token));
		expect(code).toBe("did/deactivated");
	}
});
