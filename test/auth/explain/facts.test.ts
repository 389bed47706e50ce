/** The steps of an explanation in full: their facts, where they are from, and how long they took. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier, type VerifierOptions } from "../../../src/auth/create-verifier.ts";
import type { Explanation } from "../../../src/auth/explain/explanation.ts";
import type { CacheUse, FinishedOperation } from "../../../src/observe/observer.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, CHAIN_ID, DID, DIRECTOR, OWNER, REGISTRY, recordOf } from "../../support/account-stage.ts";
import { issuerWith, verifierOfCustom } from "../../support/custom-kind.ts";
import { outcomesOf, stepOf } from "../../support/explanations.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { type Report, reportingResolver } from "../../support/reporting-resolver.ts";
import { documentWith, failureOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { CURVE_KEY, forgeKind, verifierOfKinds } from "../../support/token-kinds.ts";

const SIGNER = `${DID}#webserver`;
const HASH = `0x${"d0".repeat(32)}`;
const URIS = ["https://hotel.example/org.json"];
const KEY = { fragment: "webserver", publicKeyHex: "0x04", validFrom: 5, validUntil: 4e9, addedAt: 3, revokedAt: 0 };
const record = recordOf({ document: { uris: URIS, hash: HASH }, blockTimestamp: 99 });
const result = resultOf(documentWith(DID, CURVE_KEY.publicKey), { organization: record });

const looked = (cache: CacheUse | undefined, durationMs = 30): FinishedOperation => ({
	...{ operation: "resolve", outcome: "ok", durationMs, did: DID },
	...(cache !== undefined && { cache }),
});
const fetched = (members: object = {}): FinishedOperation => ({
	...{ operation: "document", did: DID, outcome: "ok", host: "hotel.example", durationMs: 10 },
	...members,
});

/** The time stands still, except where a test lets it pass. */
beforeEach(() => {
	vi.spyOn(performance, "now").mockReturnValue(1_000_000);
});
afterEach(() => void vi.restoreAllMocks());

async function explain(report: Partial<Report>, options: Partial<VerifierOptions> = {}): Promise<Explanation> {
	const resolver = reportingResolver({ result, record, operations: [looked("miss"), fetched()], ...report });
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], ...options });
	return verifier.explain(await forgeKind("orgid"));
}

/** Each step passed, before any refusal. */
const passed = { outcome: "passed", isAfterRefusal: false };

describe("explain", () => {
	it("says of each step what was checked, where it is from and how long it took", async () => {
		const times = { iat: nowSeconds() - 10, nbf: nowSeconds() - 5, exp: nowSeconds() + 60 };
		const claims = { ...times, sub: "room", scope: "book", jti: "7", secret: "s3cret" };
		const token = await forgeKind("orgid", claims, { hidden: true });
		const organization = { ...record, keys: [KEY] };
		const resolver = reportingResolver({ result, record: organization, operations: [looked("miss"), fetched()] });
		const verifier = createVerifier({
			profiles: [orgid({ audience: AUDIENCE, resolver })],
			policies: [function slowly() {}],
			replay: { spend: async () => true, peek: async () => true },
		});
		const explanation = await verifier.explain(token, { scope: "book" });
		const { alg, typ, kid } = { alg: "ES256K", typ: "JWT", kid: SIGNER };
		expect(explanation.steps).toStrictEqual([
			{ name: "syntax", ...passed, facts: {} },
			{ name: "kind", ...passed, facts: { profile: "orgid" } },
			{ name: "header", ...passed, facts: { alg, typ, kid }, durationMs: 0 },
			{ name: "issuer", ...passed, facts: { issuer: DID, signer: SIGNER } },
			{
				...{ name: "claims", ...passed, durationMs: 0 },
				facts: { aud: AUDIENCE, ...times, sub: "room", scope: "book", jti: "7" },
			},
			{ name: "chain", ...passed, facts: { chainId: CHAIN_ID } },
			{
				...{ name: "record", ...passed, source: "node", durationMs: 20 },
				facts: { did: DID, kind: "orgpass", registry: REGISTRY, blockNumber: 1, blockTimestamp: 99 },
			},
			{
				...{ name: "organization", ...passed },
				facts: { owner: OWNER.address, director: DIRECTOR.address, active: true },
			},
			{
				...{ name: "document", ...passed, source: "document", durationMs: 10 },
				facts: { uris: URIS, hash: HASH, hosts: [{ host: "hotel.example", durationMs: 10 }] },
			},
			{ name: "key", ...passed, facts: { keyId: SIGNER, validFrom: 5, validUntil: 4e9, addedAt: 3 } },
			{ name: "signature", ...passed, facts: { signer: SIGNER }, durationMs: 0 },
			{ name: "validity", ...passed, facts: {}, durationMs: 0 },
			{ name: "policy", ...passed, facts: { policy: "slowly" }, durationMs: 0 },
			{ name: "grant", ...passed, facts: {} },
			{ name: "replay", ...passed, facts: {}, durationMs: 0 },
		]);
		expect(explanation).toStrictEqual({
			outcome: "accepted",
			token: expect.objectContaining({ issuer: DID, keyId: SIGNER, scopes: ["book"], organization: record }),
			steps: explanation.steps,
			organization,
		});
		for (const part of [explanation, explanation.steps, ...explanation.steps, ...explanation.steps.map((s) => s.facts)])
			expect(Object.isFrozen(part)).toBe(true);
	});

	it("mentions nothing that isn't known", async () => {
		const { director: _, document: __, ...bare } = record;
		const keys = [
			{ ...KEY, fragment: "other", addedAt: 9 },
			{ ...KEY, validFrom: 0, validUntil: 0 },
		];
		const organization = { ...bare, keys };
		const explanation = await explain({ record: organization, operations: [] }, { policies: [() => true] });
		expect(explanation.steps).not.toContainEqual(expect.objectContaining({ name: "document" }));
		expect(Object.keys(stepOf(explanation, "claims").facts)).toEqual(["aud", "iat", "exp"]);
		expect(stepOf(explanation, "record")).not.toHaveProperty("source");
		expect(stepOf(explanation, "record")).not.toHaveProperty("durationMs");
		expect(stepOf(explanation, "organization").facts).toStrictEqual({ owner: OWNER.address, active: true });
		expect(stepOf(explanation, "key").facts).toStrictEqual({ keyId: SIGNER, addedAt: 3 });
		expect(stepOf(explanation, "policy").facts).toStrictEqual({ policy: "policy 1" });
	});

	it("says nothing of an organization that the resolver doesn't tell about", async () => {
		const resolver = resolverWith(resultOf(documentWith(DID, CURVE_KEY.publicKey)));
		const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
		const explanation = await verifier.explain(await forgeKind("orgid"));
		expect(stepOf(explanation, "record")).toStrictEqual({ name: "record", ...passed, facts: {} });
		expect(stepOf(explanation, "organization")).toStrictEqual({ name: "organization", ...passed, facts: {} });
		expect(stepOf(explanation, "key").facts).toStrictEqual({ keyId: SIGNER });
		expect(explanation).not.toHaveProperty("organization");
		expect(explanation.token).not.toHaveProperty("organization");
	});

	it.each<[CacheUse, string]>([
		["hit", "cache"],
		["stale", "cache"],
		["store", "cache"],
		["shared", "node"],
		["miss", "node"],
	])("says of a record found by a %s that it is from the %s", async (cache, source) => {
		const { durationMs, ...rest } = stepOf(await explain({ operations: [looked(cache)] }), "record");
		expect([rest.source, durationMs]).toEqual([source, 30]);
	});

	it("says how long the look-up took, without the documents of a whole organization", async () => {
		const operations = [fetched(), fetched({ did: AUDIENCE }), looked("miss", 50)];
		expect(stepOf(await explain({ operations }), "record").durationMs).toBe(30);
		const longer = await explain({ operations: [looked("miss", 5), fetched()] });
		expect(stepOf(longer, "record").durationMs).toBe(0);
		const without = stepOf(await explain({ operations: [fetched(), looked(undefined)] }), "record");
		expect(without).toMatchObject({ durationMs: 20 });
		expect(without).not.toHaveProperty("source");
		expect(stepOf(await explain({ operations: [fetched()] }), "record")).not.toHaveProperty("durationMs");
	});

	it("says how long a step took, whatever its result", async () => {
		const slowly =
			<T>(seconds: number, value: T) =>
			(): T => {
				passSeconds(seconds);
				return value;
			};
		const policies = [slowly(2, true), slowly(3, false), slowly(4, null)];
		const explanation = await verifierOfKinds(["ioctl"], { policies }).explain(await forgeKind("ioctl"));
		const durations = explanation.steps
			.filter(({ name }) => name === "policy")
			.map((step) => step.durationMs as number);
		expect(durations.map((ms) => Math.round(ms / 1_000))).toEqual([2, 3, 4]);
		const outcomes = outcomesOf(explanation).filter((step) => step.startsWith("policy"));
		expect(outcomes).toEqual(["policy passed", "policy denied", "policy denied later"]);
	});

	it("says how long the keys of an app and its store of used tokens took", async () => {
		const findSigner = (): string => "key";
		const resolve = async () => {
			passSeconds(2);
			return { findSigner };
		};
		const peek = async () => {
			passSeconds(3);
			return true;
		};
		const verifier = verifierOfCustom(issuerWith(resolve), { replay: { spend: peek, peek } });
		const explanation = await verifier.explain(await forgeKind("ioctl"));
		const seconds = (name: string): number => Math.round((stepOf(explanation, name).durationMs as number) / 1_000);
		expect([seconds("key"), seconds("replay")]).toEqual([2, 3]);
		expect(stepOf(explanation, "key").facts).toStrictEqual({});
	});
});

describe("explain: what became of a document", () => {
	const facts = { uris: URIS, hash: HASH };
	const notListed = { ...record, keys: [{ ...KEY, fragment: "other" }] };
	const inRegistry = { ...record, keys: [{ ...KEY, fragment: "other" }, KEY] };

	it.each<[string, Partial<Report>, object]>([
		[
			"that was fetched from one of two hosts",
			{
				record: notListed,
				operations: [
					fetched({ outcome: "failed", code: "document/unreachable", httpStatus: 503, durationMs: 7 }),
					fetched({ host: undefined }),
				],
			},
			{
				...{ outcome: "passed", source: "document", durationMs: 10 },
				facts: {
					...facts,
					hosts: [
						{ host: "hotel.example", code: "document/unreachable", httpStatus: 503, durationMs: 7 },
						{ durationMs: 10 },
					],
				},
			},
		],
		[
			"that no host has, and nothing depends on",
			{ record: inRegistry, operations: [fetched({ outcome: "denied", code: "document/status" })] },
			{
				outcome: "skipped",
				facts: { ...facts, hosts: [{ host: "hotel.example", code: "document/status", durationMs: 10 }] },
			},
		],
		[
			"that wasn't fetched, and has the key",
			{ record: notListed, operations: [] },
			{ outcome: "passed", source: "cache", facts },
		],
		[
			"that wasn't fetched, of a key in the registry",
			{ record: inRegistry, operations: [] },
			{ outcome: "skipped", facts },
		],
		[
			"of another organization only",
			{ record: notListed, operations: [fetched({ did: AUDIENCE })] },
			{ outcome: "passed", source: "cache", facts },
		],
		[
			"that couldn't be fetched, although the key is in none of the registry's",
			{ record: notListed, operations: [fetched({ outcome: "failed", code: "document/unreachable" })] },
			{
				outcome: "skipped",
				facts: { ...facts, hosts: [{ host: "hotel.example", code: "document/unreachable", durationMs: 10 }] },
			},
		],
	])("%s", async (_what, report, expected) => {
		const explanation = await explain(report);
		expect(explanation.outcome).toBe("accepted");
		expect(stepOf(explanation, "document")).toStrictEqual({ name: "document", isAfterRefusal: false, ...expected });
	});

	it("that is still being fetched is waited for", async () => {
		const { promise, resolve } = Promise.withResolvers<FinishedOperation>();
		const explaining = explain({ record: inRegistry, operations: [looked("miss"), promise] });
		setImmediate(() => resolve(fetched()));
		expect(stepOf(await explaining, "document")).toMatchObject({ outcome: "passed", source: "document" });
	});

	it("is no cached one if the organization was refused before its key", async () => {
		const refused = failureOf({ error: "deactivated", code: "did/deactivated" });
		const explanation = await explain({ result: refused, record: notListed, operations: [] });
		expect(outcomesOf(explanation).slice(-2)).toEqual(["organization denied", "document skipped later"]);
	});
});
