/** Methods that claim to be the owner or the director, and what an organization's profiles say about issuers. */
import type { VerificationMethod } from "did-resolver";
import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../../src/did/did-url.ts";
import { createValidityCheck } from "../../../src/tokens/orgid/method-validity.ts";
import { createIssuerParser } from "../../../src/tokens/orgid/organization-issuer.ts";
import { createReadiness } from "../../../src/tokens/orgid/resolver-readiness.ts";
import { policyRecord } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const { did: DID, owner: OWNER } = policyRecord();
const DIRECTOR = `0x${"Ab".repeat(20)}` as const;
const OTHER = `0x${"0c".repeat(20)}`;
const KEY = { fragment: "k", publicKeyHex: "0x04", validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0 } as const;
const LIMITS = { now: 1_000, clockToleranceSeconds: 30, maxLifetimeSeconds: 60 };
const parse = (url: string) => toCanonicalDidUrl(parseDidUrl(url), undefined);

/** Checks a method with this fragment and these members against a record. */
function check(fragment: string, members: object, record: object | undefined = { director: DIRECTOR }): void {
	const method = { id: `${DID}#${fragment}`, type: "x", controller: DID, ...members } as VerificationMethod;
	const organization = record && policyRecord(record);
	const resolved = { document: { id: DID }, organization, isStale: false };
	createValidityCheck(method, parse(method.id), resolved)(LIMITS);
}

const accountOf = (address: string, chainId = 31_337) => ({ blockchainAccountId: `eip155:${chainId}:${address}` });

describe("a method of the document", () => {
	it.each<[string, string, object]>([
		["owner is the account that owns the organization", "owner", accountOf(OWNER)],
		["owner is that account in lower case", "owner", accountOf(OWNER.toLowerCase())],
		["director is the accepted director", "director", accountOf(DIRECTOR.toLowerCase())],
		["of any other name is any account", "wallet", accountOf(OTHER)],
		["of any other name is a key", "webserver", { publicKeyHex: "04" }],
	])("named %s", (_what, fragment, members) => {
		expect(check(fragment, members)).toBeUndefined();
	});

	it.each<[string, string, object, object?]>([
		["owner is another account", "owner", accountOf(OTHER)],
		["owner is the director", "owner", accountOf(DIRECTOR.toLowerCase())],
		["owner is on another chain", "owner", accountOf(OWNER, 1)],
		["owner is a key", "owner", { publicKeyHex: "04" }],
		["owner is a key beside the account", "owner", { ...accountOf(OWNER), publicKeyJwk: {} }],
		["director is another account", "director", accountOf(OTHER)],
		["director is the owner", "director", accountOf(OWNER)],
		["director is on another chain", "director", accountOf(DIRECTOR.toLowerCase(), 1)],
		["director is a key, of an organization without a director", "director", { publicKeyPem: "" }, {}],
		["director is an account, of an organization without a director", "director", accountOf(OTHER), {}],
	])("named %s, and is refused", async (_what, fragment, members, record) => {
		const error = await expectRefusal(() => check(fragment, members, record), "did/document-invalid");
		expect(error.message).toMatch(new RegExp(`^expected ${fragment} to be the account that the registry names`));
	});

	it("is anything, whatever its name, if there is no record to compare it with", () => {
		for (const fragment of ["owner", "director"]) {
			const method = { id: `${DID}#${fragment}`, type: "x", controller: DID } as VerificationMethod;
			const resolved = { document: { id: DID }, organization: undefined, isStale: false };
			expect(createValidityCheck(method, parse(method.id), resolved)(LIMITS)).toBeUndefined();
		}
	});

	it("is valid only as long as the key of its name in the registry", async () => {
		const keys = [KEY, { ...KEY, fragment: "old", validUntil: 970 }, { ...KEY, fragment: "new", validFrom: 1_031 }];
		expect(check("k", {}, { keys })).toBeUndefined();
		expect(check("other", {}, { keys })).toBeUndefined();
		await expectRefusal(() => check("old", {}, { keys }), "did/key-expired");
		await expectRefusal(() => check("new", {}, { keys }), "did/key-not-yet-valid");
	});
});

describe("iss", () => {
	const KEY_ID = `${DID}#webserver`;

	it("is a bare DID or that of a key, as the form requires", () => {
		const parseIss = createIssuerParser(undefined, undefined);
		expect(parseIss(DID, "did")).toMatchObject({ did: DID, chainId: 31_337 });
		expect(parseIss(KEY_ID, "did-url")).toMatchObject({ did: DID, fragment: "webserver" });
	});

	it.each<[unknown, "did" | "did-url", RegExp, boolean]>([
		[KEY_ID, "did", /^expected iss did:orgid:.* without a fragment, got "did:orgid/, false],
		[DID, "did-url", /^expected iss did:orgid:.*#<key>, got "did:orgid/, false],
		["alice", "did", /^expected iss did:orgid:.* without a fragment, got "alice"$/, true],
		[5, "did-url", /^expected iss did:orgid:.*#<key>, got 5$/, true],
	])("%j isn't of the form %s", async (iss, form, message, hasCause) => {
		const error = await expectRefusal(() => createIssuerParser(undefined, undefined)(iss, form), "token/issuer");
		expect(error.message).toMatch(message);
		expect(error.cause !== undefined).toBe(hasCause);
	});

	it("is on one of the accepted chains", async () => {
		const parseIss = createIssuerParser([1, 100], undefined);
		expect(createIssuerParser([1, 31_337], undefined)(DID, "did").chainId).toBe(31_337);
		const error = await expectRefusal(() => parseIss(DID, "did"), "did/chain-unknown");
		expect(error.details).toEqual({ chainId: 31_337 });
		expect(error.message).toBe("expected an issuer on one of the chains 1,100, got 31337");
		await expectRefusal(() => createIssuerParser([], undefined)(DID, "did"), "did/chain-unknown");
	});

	it("may leave out the chain if there is a default one", async () => {
		const short = DID.replace("31337:", "");
		expect(createIssuerParser([31_337], 31_337)(short, "did").did).toBe(DID);
		await expectRefusal(() => createIssuerParser(undefined, undefined)(short, "did"), "did/chain-missing");
		await expectRefusal(() => createIssuerParser([1], 31_337)(short, "did"), "did/chain-unknown");
	});
});

describe("the readiness of a resolver", () => {
	const network = (chainId: number, isReady: boolean) => ({ chainId, isReady });
	const readinessOf = (networks: readonly object[], chainIds?: readonly number[]) => {
		const { isReady } = createReadiness(
			{ check: async () => networks, resolve: () => expect.fail() } as never,
			chainIds,
		);
		return isReady?.();
	};

	it.each<[readonly object[], readonly number[] | undefined, boolean]>([
		[[], undefined, true],
		[[network(1, true), network(5, true)], undefined, true],
		[[network(1, true), network(5, false)], undefined, false],
		[[network(1, false), network(5, true)], undefined, false],
		[[network(1, true), network(5, false)], [1], true],
		[[network(1, true), network(5, false)], [5], false],
		[[network(1, false), network(5, false)], [1, 5], false],
		[[network(1, false)], [], true],
	])("with the networks %j, of which %j are accepted, is %s", async (networks, chainIds, expected) => {
		expect(await readinessOf(networks, chainIds)).toBe(expected);
	});

	it("isn't known if it can't tell", () => {
		const resolve = () => expect.fail();
		expect(createReadiness({ resolve } as never, undefined)).toEqual({});
		expect(createReadiness({ resolve, check: true } as never, undefined)).toEqual({});
	});
});
