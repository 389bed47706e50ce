/** What our plugin hands out, to a verifier that reads nothing but the DID document. */
import { describe, expect, it } from "vitest";
import { importVerificationKey } from "../../src/did/verification-method.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import {
	addOrganization,
	behindDidResolver,
	createStageResolver,
	isAcceptedByDidJwt,
	KEYS,
	mintToken,
	NOW,
	type OrganizationState,
	OWNER,
	ourVerdict,
	pemMethod,
	resolveDocument,
} from "../support/did-jwt-stage.ts";

const PAST = "2020-01-01T00:00:00Z";
const [key, other] = KEYS as [(typeof KEYS)[number], (typeof KEYS)[number]];
const DOCUMENT_KINDS = ["orgpass", "orgid-v3"] as const;

type Members = Readonly<Record<string, unknown>>;

/** A document with the key `k`, for any kind of registry. */
const published =
	(method: Members = {}, members: Members = {}) =>
	(did: string): Members => ({ verificationMethod: [pemMethod(did, "k", key, method)], ...members });

/** Our verdict; fails if did-jwt has another one in any of the ways it can be used. */
async function verdictOf(state: OrganizationState): Promise<string> {
	const did = await addOrganization(state);
	const token = await mintToken(`${did}#k`, key);
	const bare = await mintToken(did, key);
	const resolver = behindDidResolver(createStageResolver());
	const verdict = await ourVerdict(token, resolver);
	const isAccepted = verdict === "accepted";
	for (const purpose of [true, false]) {
		expect(await isAcceptedByDidJwt(token, resolver, purpose)).toBe(isAccepted);
		expect(await isAcceptedByDidJwt(bare, resolver, purpose)).toBe(isAccepted);
	}
	const { didDocument } = await resolver.resolve(did);
	const ids = didDocument?.verificationMethod?.map(({ id }) => id) ?? [];
	expect(ids.includes(`${did}#k`)).toBe(isAccepted);
	expect(didDocument?.authentication?.includes(`${did}#k`) ?? false).toBe(isAccepted);
	return verdict;
}

describe("T75: did-jwt over our plugin refuses what our verifier refuses, and ours says why", () => {
	it.each<[string, OrganizationState, string]>([
		["a key in force", { keys: [{ fragment: "k", key }] }, "accepted"],
		["a key within its times", { keys: [{ fragment: "k", key, validFrom: -100, validUntil: 100 }] }, "accepted"],
		["a key of a deactivated organization", { active: false, keys: [{ fragment: "k", key }] }, "did/deactivated"],
		["a key past its end", { keys: [{ fragment: "k", key, validUntil: -100 }] }, "did/key-expired"],
		["a key before its start", { keys: [{ fragment: "k", key, validFrom: 100 }] }, "did/key-not-yet-valid"],
		["a revoked key", { keys: [{ fragment: "k", key, isRevoked: true }] }, "did/key-revoked"],
		[
			"a key on chain beside a document with deactivated",
			{ keys: [{ fragment: "k", key }], document: () => ({ deactivated: false }) },
			"did/deactivated",
		],
		[
			"a document's key whose name was revoked on chain",
			{ keys: [{ fragment: "k", key, isRevoked: true }], document: published() },
			"did/key-revoked",
		],
	])("T75: %s", async (_what, state, verdict) => {
		expect(await verdictOf(state)).toBe(verdict);
	});

	it.each<[string, Members, Members, string]>([
		["in force", {}, {}, "accepted"],
		["listed by a relative id", { id: "#k" }, { authentication: ["#k"] }, "accepted"],
		["of a deactivated document", {}, { deactivated: PAST }, "did/deactivated"],
		["that was revoked", { revoked: PAST }, {}, "did/key-revoked"],
		["revoked by a reason alone", { verificationMethodRevocation: { reason: "lost" } }, {}, "did/key-revoked"],
		["that expired", { expires: PAST }, {}, "did/key-expired"],
		["past validUntil", { validUntil: PAST }, {}, "did/key-expired"],
		["before validFrom", { validFrom: "2999-01-01T00:00:00Z" }, {}, "did/key-not-yet-valid"],
		["that isn't listed", {}, { authentication: [] }, "did/key-not-found"],
		["of another controller", { controller: "did:orgid:1:0x" }, {}, "did/document-invalid"],
		["in two forms", { publicKeyHex: exportPublicKey(other.publicKey, "hex") }, {}, "did/document-invalid"],
		["that can't be read", { publicKeyPem: "MFYw" }, {}, "did/document-invalid"],
		[
			"in a form that only others know",
			{ publicKeyPem: undefined, publicKeyBase64: "AAAA" },
			{},
			"did/document-invalid",
		],
	])("T75: a document's key %s, whoever vouches for the document", async (_what, method, members, verdict) => {
		for (const kind of DOCUMENT_KINDS) {
			expect(await verdictOf({ kind, document: published(method, members) })).toBe(verdict);
		}
	});

	it.each([
		["orgid-v1", "did/key-expired"],
		["orgid-v3", "document/proof-unauthorized"],
	] as const)("T75: a key of a document that expired, in a registry of kind %s", async (kind, verdict) => {
		expect(await verdictOf({ kind, document: published({}, { expirationDate: PAST }) })).toBe(verdict);
	});

	it.each<[NonNullable<OrganizationState["credential"]>, string]>([
		[{ issuedAt: -100, expiresAt: 100 }, "accepted"],
		[{ issuedAt: -100, expiresAt: -50 }, "document/expired"],
		[{ issuedAt: 100 }, "document/not-yet-valid"],
	])("T75: a key of a credential with the times %j", async (credential, verdict) => {
		expect(await verdictOf({ kind: "orgid-v3", document: published(), credential })).toBe(verdict);
	});

	it.each(["owner", "director"])("T75: a key that a document calls #%s", async (name) => {
		const did = await addOrganization({ document: (id) => ({ publicKey: [pemMethod(id, name, key)] }) });
		const token = await mintToken(`${did}#${name}`, key);
		const resolver = createStageResolver();
		expect(await ourVerdict(token, resolver)).toBe("did/document-invalid");
		for (const purpose of [true, false]) expect(await isAcceptedByDidJwt(token, resolver, purpose)).toBe(false);
	});

	it.each(["owner", "director"])("T75: a key on chain with the name %s, revoked or not", async (fragment) => {
		for (const isRevoked of [false, true]) {
			const did = await addOrganization({
				keys: [
					{ fragment, key, isRevoked },
					{ fragment: "k", key: other },
				],
			});
			const resolver = createStageResolver();
			const token = await mintToken(`${did}#${fragment}`, key);
			expect(await ourVerdict(token, resolver)).not.toBe("accepted");
			for (const purpose of [true, false]) expect(await isAcceptedByDidJwt(token, resolver, purpose)).toBe(false);
			const { authentication, verificationMethod } = await resolveDocument(did, resolver);
			expect(authentication).toEqual([`${did}#k`]);
			expect(verificationMethod?.map(({ id }) => id)).toEqual([`${did}#k`, `${did}#owner`]);
		}
	});
});

describe("T75: time", () => {
	it("T75: a document that is cached follows the clock, in both directions", async () => {
		const keys = [{ fragment: "k", key, validFrom: 100, validUntil: 200 }];
		const marks = { expires: new Date((NOW + 150) * 1_000).toISOString() };
		const did = await addOrganization({ keys, document: (id) => ({ publicKey: [pemMethod(id, "d", other, marks)] }) });
		let now = NOW;
		const resolver = createStageResolver(() => now);
		const names = async (at: number): Promise<string[]> => {
			now = NOW + at;
			const { authentication = [] } = await resolveDocument(did, resolver);
			return authentication.map((id) => String(id).split("#")[1] ?? "");
		};
		const expected: readonly (readonly [number, readonly string[]])[] = [
			...([
				[0, ["d"]],
				[99, ["d"]],
				[100, ["k", "d"]],
				[149, ["k", "d"]],
				[150, ["k"]],
			] as const),
			...([
				[199, ["k"]],
				[200, []],
				[149, ["k", "d"]],
				[0, ["d"]],
			] as const),
		];
		for (const [at, list] of expected) expect(await names(at), String(at)).toEqual(list);
	});

	it("T75: our verifier judges by its own clock and tolerance, whatever the resolver's says", async () => {
		const keys = [{ fragment: "k", key, validFrom: -200, validUntil: -20 }];
		const did = await addOrganization({ keys });
		const token = await mintToken(`${did}#k`, key);
		const resolver = createStageResolver();
		expect(await ourVerdict(token, resolver)).toBe("accepted");
		expect(await ourVerdict(token, resolver, NOW + 10)).toBe("did/key-expired");
		expect(
			await ourVerdict(
				token,
				createStageResolver(() => NOW - 1_000),
			),
		).toBe("accepted");
		expect(await isAcceptedByDidJwt(token, resolver, true)).toBe(false);
	});
});

it.each<[string, RegistryKind, (did: string) => Members]>([
	["bare base64", "orgid-v1", () => ({ publicKeyPem: exportPublicKey(key.publicKey, "spki-base64") })],
	["PEM", "orgid-v1", () => ({ publicKeyPem: exportPublicKey(key.publicKey, "spki") })],
	["compressed hex", "orgpass", () => ({ publicKeyHex: exportPublicKey(key.publicKey, "compressed-hex") })],
	["a JWK under another type", "orgid-v3", () => ({ publicKeyJwk: exportPublicKey(key.publicKey, "jwk"), type: "x" })],
	[
		"a JWK with an end",
		"orgid-v3",
		() => ({ publicKeyJwk: { ...exportPublicKey(key.publicKey, "jwk"), exp: NOW + 9 } }),
	],
])("a document's key as %s comes out in the form of a key on chain", async (_what, kind, form) => {
	const did = await addOrganization({
		kind,
		document: (id) => ({ verificationMethod: [{ ...pemMethod(id, "k", key), publicKeyPem: undefined, ...form(id) }] }),
	});
	const { verificationMethod = [] } = await resolveDocument(did);
	const method = verificationMethod.find(({ id }) => id === `${did}#k`);
	const onChain = await resolveDocument(await addOrganization({ keys: [{ fragment: "k", key }] }));
	const { type, publicKeyJwk } = onChain.verificationMethod?.[0] ?? {};
	const { expires: _, ...members } = (method ?? {}) as Members;
	expect(members).toEqual({ id: `${did}#k`, controller: did, type, publicKeyJwk });
	expect(method && importVerificationKey(method).thumbprint).toBe(key.publicKey.thumbprint);
	expect(await isAcceptedByDidJwt(await mintToken(did, key), createStageResolver(), true)).toBe(true);
});

it("T75: an account of the document is handed out, what is also a key is not", async () => {
	const blockchainAccountId = `eip155:31337:${OWNER.address}`;
	const account = { publicKeyPem: undefined, blockchainAccountId };
	const did = await addOrganization({
		document: (id) => ({
			publicKey: [
				pemMethod(id, "wallet", key, account),
				pemMethod(id, "both", key, { blockchainAccountId }),
				pemMethod(id, "address", key, { ethereumAddress: OWNER.address }),
				pemMethod(id, "broken", key, { ...account, blockchainAccountId: "eip155:31337:0x" }),
			],
		}),
	});
	const { authentication, verificationMethod } = await resolveDocument(did);
	expect(authentication).toEqual([`${did}#wallet`]);
	expect(verificationMethod?.map(({ id }) => id)).toEqual([`${did}#wallet`, `${did}#owner`]);
	expect(await ourVerdict(await mintToken(`${did}#both`, key), createStageResolver())).toBe("accepted");
});

it("T75: of a document with a thousand keys, others see as many as a registry can have; ours judges all", async () => {
	const names = Array.from({ length: 1_000 }, (_, at) => `k${at}`);
	const keys = [{ fragment: "k0", key: other, isRevoked: true }];
	const document = (id: string): Members => ({ publicKey: names.map((name) => pemMethod(id, name, key)) });
	const did = await addOrganization({ keys, document });
	const resolver = createStageResolver();
	const { authentication } = await resolveDocument(did, resolver);
	expect(authentication).toEqual(names.slice(1, 32).map((name) => `${did}#${name}`));
	expect(await ourVerdict(await mintToken(`${did}#k999`, key), resolver)).toBe("accepted");
	expect(await ourVerdict(await mintToken(`${did}#k0`, key), resolver)).toBe("did/key-revoked");
});

it("T75: an earlier version hands out no key that was revoked by then", async () => {
	const keys = [{ fragment: "k", key, isRevoked: true }];
	const did = await addOrganization({ keys, document: published() });
	for (const didUrl of [`${did}?versionId=1`, `${did}?versionId=1#k`]) {
		const document = await resolveDocument(didUrl, behindDidResolver(createStageResolver()));
		expect(document.authentication).toEqual([]);
	}
});
