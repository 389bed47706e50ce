import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import {
	AUDIENCE,
	accountResolver,
	claimsOf,
	DID,
	documentOf,
	forgeAccountToken,
	OWNER,
	profileOf,
	recordOf,
	STRANGER,
	verifierOf,
} from "../../support/account-stage.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { documentWith, methodOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";

const NOW = 1_800_000_000;
const AT_NOW = "2027-01-15T08:00:00Z";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge({ payload: stage.claims({ iat: NOW - 1_000, exp: NOW + 1_000 }) });
});

/** Verifies the token with its key marked, and with metadata beside the document. */
async function verifyAt(now: number, marks: object, metadata: object = {}, tolerance = 30): Promise<string> {
	const { did, key } = stage.sender;
	const method = methodOf(did, key.publicKey, { ...marks });
	const document = documentWith(did, key.publicKey, { verificationMethod: [method] });
	const resolver = resolverWith(resultOf(document, metadata));
	const profiles = [orgid({ audience: stage.receiver.did, resolver })];
	const verifier = createVerifier({ profiles, now: () => now, clockToleranceSeconds: tolerance });
	return (await verifier.verify(token)).issuer;
}

describe("T37: the revoked member of a method", () => {
	it("T37: a future date rejects the key from then on, without tolerance", async () => {
		expect(Date.parse(AT_NOW)).toBe(NOW * 1_000);
		for (const revoked of [AT_NOW, "2027-01-15T08:00:00.000Z", "2027-01-15T09:00:00+01:00"]) {
			expect(await verifyAt(NOW - 1, { revoked })).toBe(stage.sender.did);
			for (const now of [NOW, NOW + 1]) {
				await expectRefusal(() => verifyAt(now, { revoked }, {}, 300), "did/key-revoked");
			}
		}
	});

	it.each([
		...[
			"",
			"soon",
			"never",
			"2999",
			"2999-01-01",
			"soon 2999",
			"Thu, 01 Jan 2999 00:00:00 GMT",
			" 2999-01-01T00:00:00Z",
		],
		...["2999-13-01T00:00:00Z", "2999-01-01T00:00:00", null, true, false, 32_503_680_000, ["2999-01-01T00:00:00Z"], {}],
	])("T37: %j is invalid, so the key is revoked", async (revoked) => {
		await expectRefusal(() => verifyAt(NOW, { revoked }), "did/key-revoked");
	});
});

describe("the validity of a document's credential", () => {
	const id = (): string => stage.sender.issuer;
	const fromDocument = (credential: object): object => ({
		credential,
		methodSources: { [id()]: "document" },
	});

	it.each<[object, ErrorCode | undefined]>([
		[{}, undefined],
		[{ validFrom: NOW + 30 }, undefined],
		[{ validFrom: NOW + 31 }, "document/not-yet-valid"],
		[{ validUntil: NOW - 29 }, undefined],
		[{ validUntil: NOW - 30 }, "document/expired"],
		[{ validFrom: NOW - 9, validUntil: NOW + 9 }, undefined],
	])("%j is checked with the tolerance of 30 s for a document's key", async (credential, code) => {
		const run = () => verifyAt(NOW, {}, fromDocument(credential));
		if (code === undefined) expect(await run()).toBe(stage.sender.did);
		else await expectRefusal(run, code);
	});

	it("is reported in the error's details", async () => {
		const early = await expectRefusal(
			() => verifyAt(NOW, {}, fromDocument({ validFrom: NOW + 100 })),
			"document/not-yet-valid",
		);
		expect(early.details).toEqual({ validFrom: NOW + 100, now: NOW });
		const late = await expectRefusal(() => verifyAt(NOW, {}, fromDocument({ validUntil: 5 })), "document/expired");
		expect(late.details).toEqual({ validUntil: 5, now: NOW });
	});

	it("doesn't affect an on-chain key or an account", async () => {
		for (const source of ["registry", "account"]) {
			const metadata = { credential: { validUntil: 5 }, methodSources: { [id()]: source } };
			expect(await verifyAt(NOW, {}, metadata)).toBe(stage.sender.did);
		}
		expect(await verifyAt(NOW, {}, { methodSources: { [id()]: "document" } })).toBe(stage.sender.did);
	});

	it("T37: affects a key whose source isn't stated by the resolver", async () => {
		const credential = { validUntil: 5 };
		for (const methodSources of [undefined, {}, { other: "registry" }, { [id()]: "elsewhere" }]) {
			const metadata = { credential, ...(methodSources && { methodSources }) };
			await expectRefusal(() => verifyAt(NOW, {}, metadata), "document/expired");
		}
	});

	it.each<[object]>([
		[{ credential: null }],
		[{ credential: "x" }],
		[{ credential: { validFrom: "2027" } }],
		[{ credential: { validUntil: Number.NaN } }],
		[{ credential: { validUntil: null } }],
		[{ methodSources: "x" }],
		[{ methodSources: null }],
	])("metadata like %j is an invalid resolution result", async (metadata) => {
		await expectRefusal(() => verifyAt(NOW, {}, metadata), "did/resolution");
	});
});

describe("accounts of a document (orgid-eip712)", () => {
	const forged = (): Promise<string> =>
		forgeAccountToken("orgid-eip712", { payload: claimsOf("orgid-eip712", { iat: NOW, exp: NOW + 60 }) });
	const verify = async (method: object, metadata: object = {}, members: object = {}): Promise<string> => {
		const resolver = resolverWith(resultOf(documentOf({ ...members }, { ...method }), metadata));
		const verifier = verifierOf("orgid-eip712", { now: () => NOW }, { resolver });
		return (await verifier.verify(await forged())).keyId;
	};
	const address = OWNER.address;

	it.each([
		`eip155:31337:${address}`,
		`eip155:31337:${address.toLowerCase()}`,
		`eip155:31337:0x${address.slice(2).toUpperCase()}`,
		`${address}@eip155:31337`,
		`${address.toLowerCase()}@eip155:31337`,
	])("accepts the owner's account %s", async (blockchainAccountId) => {
		expect(await verify({ blockchainAccountId })).toBe(`${DID}#wallet`);
	});

	it.each<[unknown]>([
		[undefined],
		[null],
		[""],
		[address],
		[`eip155:31337:${address.slice(0, -1)}`],
		[`eip155:31337:${address}0`],
		[`eip155:1:${address}`],
		[`${address}@eip155:1`],
		[`eip155:031337:${address}`],
		[`eip155:0x7a69:${address}`],
		[`eip155::${address}`],
		[`cosmos:31337:${address}`],
		[`x eip155:31337:${address}`],
		[`eip155:31337:${address}\n`],
		[`eip155:31337:0X${address.slice(2)}`],
		[`eip155:31337:${address.slice(0, -1)}${address.endsWith("a") ? "A" : "a"}`],
		[
			`eip155:31337:0x${[...address.slice(2)].map((digit, at) => (at % 2 ? digit.toUpperCase() : digit.toLowerCase())).join("")}`,
		],
		[[`eip155:31337:${address}`]],
		[{ toString: `eip155:31337:${address}` }],
	])("rejects the account %j", async (blockchainAccountId) => {
		await expectRefusal(() => verify({ blockchainAccountId }), ["did/document-invalid", "token/signature"]);
	});

	it("T37, T38: revocation, relationships and controllers apply to them as to keys", async () => {
		const later = "2027-01-15T08:00:01Z";
		expect(await verify({ revoked: later })).toBe(`${DID}#wallet`);
		const sources = { methodSources: { [`${DID}#wallet`]: "document" } };
		await expectRefusal(() => verify({ revoked: AT_NOW }), "did/key-revoked");
		await expectRefusal(() => verify({ expires: "2020-01-01T00:00:00Z" }), "did/key-expired");
		await expectRefusal(() => verify({}, { credential: { validUntil: 5 }, ...sources }), "document/expired");
		await expectRefusal(() => verify({}, {}, { authentication: [] }), "did/key-not-found");
		await expectRefusal(() => verify({ controller: AUDIENCE }), "did/document-invalid");
		await expectRefusal(() => verify({ id: `${DID}#xwallet` }), "did/key-not-found");
		await expectRefusal(() => verify({}, { deactivated: true }), "did/deactivated");
		await expectRefusal(() => verify({}, { revokedKey: { revokedAt: 5 } }), "did/key-revoked");
	});

	it("verify with another resolver's document, without the registry's record", async () => {
		const resolver = resolverWith(resultOf(documentOf()));
		const verified = await verifierOf("orgid-eip712", { now: () => NOW }, { resolver }).verify(await forged());
		expect(verified).not.toHaveProperty("organization");
	});
});

describe("accounts of the registry (orgid-account, orgid-eth)", () => {
	it.each([["orgid-account"], ["orgid-eth"]] as const)(
		"%s: require the registry's record, and check its shape",
		async (kind) => {
			const good = await forgeAccountToken(kind);
			const verify = (metadata: object) =>
				verifierOf(kind, {}, { resolver: resolverWith(resultOf(documentOf(), metadata)) }).verify(good);
			await expectRefusal(() => verify({}), "did/resolution");
			const bad = [
				{ owner: undefined },
				{ owner: "x" },
				{ owner: 1 },
				{ registry: null },
				{ director: "x" },
				{ director: null },
			];
			for (const members of [...bad, { keys: undefined }, { active: 1 }]) {
				await expectRefusal(() => verify({ organization: recordOf(members) }), "did/resolution");
			}
			await expectRefusal(() => verify({ organization: recordOf({ did: AUDIENCE }) }), "did/document-invalid");
			await expectRefusal(() => verify({ organization: recordOf({ active: false }) }), "did/deactivated");
			const lower = recordOf({ owner: OWNER.address.toLowerCase(), director: undefined });
			expect((await verify({ organization: lower })).keyId).toBe(`${DID}#owner`);
			await expectRefusal(() => verify({ organization: recordOf({ owner: STRANGER.address }) }), "token/signature");
		},
	);

	it.each<[string, object]>([
		["a provider that is none", { providers: { 1: {} } }],
		["an invalid provider", { providers: { 1: "http://127.0.0.1" } }],
		["null as provider", { providers: { 1: null } }],
		["an invalid chain id", { providers: { x: { request() {} } } }],
		["a chain of zero", { providers: { 0: { request() {} } } }],
		["a chain id with a leading zero", { providers: { "01": { request() {} } } }],
		["an array of providers", { providers: [{ request() {} }] }],
		["null", { providers: null }],
		["no resolver", { resolver: undefined }],
		["chainIds that aren't an array", { chainIds: 1 }],
	])("a profile with %s is rejected immediately", async (_what, options) => {
		for (const kind of ["orgid-account", "orgid-eth", "orgid-eip712"] as const) {
			await expectRefusal(() => profileOf(kind, { ...options }), "config/invalid-option");
		}
	});

	it("a profile's options are neither modified nor retained", async () => {
		for (const kind of ["orgid-account", "orgid-eth", "orgid-eip712"] as const) {
			const options = {
				audience: [AUDIENCE],
				resolver: accountResolver(),
				chainIds: [31_337],
				providers: {},
			};
			const profiles = [profileOf(kind, options), profileOf(kind, options)];
			options.audience.pop();
			options.chainIds.pop();
			for (const profile of profiles) {
				expect(Object.isFrozen(profile)).toBe(true);
				const verified = await createVerifier({ profiles: [profile] }).verify(await forgeAccountToken(kind));
				expect(verified.issuer).toBe(DID);
			}
			await expectRefusal(() => profileOf(kind, { rpcUrls: {} }), "config/unknown-option");
		}
		for (const kind of ["orgid-account", "orgid-eth"] as const) {
			await expectRefusal(() => profileOf(kind, { acceptMilliseconds: true }), "config/unknown-option");
		}
		await expectRefusal(() => profileOf("orgid-eip712", { acceptMilliseconds: 1 }), "config/invalid-option");
	});
});
