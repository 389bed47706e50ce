import { describe, expect, it } from "vitest";
import type { OrgRecord } from "../../../src/registry/org-record.ts";
import { type AgedRecord, decodeRecord, encodeRecord } from "../../../src/resolver/sharing/stored-record.ts";
import { CHAIN_ID, didOf, keyOf, OWNER, orgIdOf } from "../../support/memory-organizations.ts";

const NOW = 1_800_000_000;
const TIMES = { readAt: NOW - 2, ageMs: 0, keptMs: 60_000 };
const RECORD: OrgRecord = {
	...{
		did: didOf(1),
		kind: "orgpass",
		documentEvidence: "hash",
		chainId: CHAIN_ID,
		registry: OWNER,
		orgId: orgIdOf(1),
	},
	...{ owner: OWNER, active: true, keys: [keyOf("a"), keyOf("b", { validUntil: 9 })], blockNumber: 5 },
};
const FULL: OrgRecord = {
	...{ ...RECORD, documentEvidence: "proof", active: false, director: OWNER, parentOrgId: orgIdOf(2) },
	document: { uris: ["https://example.com/"], hash: `0x${"0a".repeat(32)}` },
	...{ delegates: ["x"], blockTimestamp: 7 },
};

function decode(record: unknown, times: object = TIMES, leftMs = 60_000, now = NOW): AgedRecord | undefined {
	return decodeRecord(JSON.stringify({ ...times, record }), leftMs, RECORD, now);
}

describe("a stored record", () => {
	it.each([RECORD, FULL, { ...RECORD, document: { uris: [] }, keys: [] }, undefined])(
		"is read as it was written: %#",
		(record) => {
			const found = decodeRecord(encodeRecord(record, TIMES), 60_000, RECORD, NOW);
			expect(found).toEqual({ record, ageSeconds: 2 });
			if (record !== undefined) expect(Object.isFrozen(found?.record?.keys)).toBe(true);
		},
	);

	it.each<[string, object]>([
		...Object.keys(RECORD).map((name): [string, object] => [`without ${name}`, { [name]: undefined }]),
		["with a member too many", { more: 1 }],
		["of another DID", { did: didOf(2) }],
		["of another kind", { kind: 1 }],
		["with other evidence", { documentEvidence: "none" }],
		["of another chain", { chainId: 1 }],
		["of another registry", { registry: `0x${"5e".repeat(20)}` }],
		["with another id", { orgId: orgIdOf(2) }],
		["with an owner in lower case", { owner: OWNER.toLowerCase() }],
		["with an owner without 0x", { owner: OWNER.slice(2) }],
		["with a director that is none", { director: "x" }],
		["that is active in another way", { active: 1 }],
		["with a parent that is none", { parentOrgId: "0x" }],
		["with a document that is text", { document: "x" }],
		["with a document without addresses", { document: {} }],
		["with addresses that aren't text", { document: { uris: [1] } }],
		["with a short hash", { document: { uris: [], hash: `0x${"0a".repeat(31)}` } }],
		["with a long hash", { document: { uris: [], hash: `0x${"0a".repeat(33)}` } }],
		["with text before the hash", { document: { uris: [], hash: `x0x${"0a".repeat(32)}` } }],
		["with a document of more members", { document: { uris: [], more: 1 } }],
		["with delegates that aren't text", { delegates: [1] }],
		["with a key listed twice", { keys: [keyOf("a"), keyOf("a")] }],
		["with a revoked key", { keys: [keyOf("a"), keyOf("b", { revokedAt: 1 })] }],
		["with a key of another name", { keys: [keyOf("a.b")] }],
		["with a compressed key", { keys: [keyOf("a", { publicKeyHex: `0x02${"0a".repeat(32)}` })] }],
		["with a long key", { keys: [keyOf("a", { publicKeyHex: `0x04${"0a".repeat(65)}` })] }],
		["with text before a key", { keys: [{ ...keyOf("a"), publicKeyHex: `x${keyOf("a").publicKeyHex}` }] }],
		...(["validFrom", "validUntil", "addedAt", "revokedAt"] as const).flatMap((name): [string, object][] => [
			[`with a negative ${name}`, { keys: [keyOf("a", { [name]: -1 })] }],
			[`with a ${name} that is text`, { keys: [{ ...keyOf("a"), [name]: "1" }] }],
		]),
		["of block 0", { blockNumber: 0 }],
		["with a negative time", { blockTimestamp: -1 }],
	])("isn't used if it is one %s", (_what, members) => {
		expect(decode({ ...RECORD, ...members })).toBeUndefined();
	});

	it.each<unknown>([
		...[{ readAt: undefined }, { ageMs: undefined }, { keptMs: undefined }, { readAt: NOW * 1_000 }],
		...[{ ageMs: -1 }, { ageMs: 0.5 }, { keptMs: -1 }, { keptMs: "1" }, { more: 1 }],
	])("isn't used with the times %j", (times) => {
		expect(decode(null, { ...TIMES, ...(times as object) })).toBeUndefined();
	});

	it.each(["", "{", "null", "[]", '"text"'])("isn't used if it is %j", (text) => {
		expect(decodeRecord(text, 60_000, RECORD, NOW)).toBeUndefined();
	});

	it("isn't used if it has more than 262,144 characters", () => {
		const textOf = (length: number): string => {
			const document = { uris: ["x".repeat(length)] };
			return encodeRecord({ ...RECORD, document }, TIMES);
		};
		const left = 2 ** 18 - textOf(0).length;
		expect(decodeRecord(textOf(left), 60_000, RECORD, NOW)?.record?.blockNumber).toBe(5);
		expect(decodeRecord(textOf(left + 1), 60_000, RECORD, NOW)).toBeUndefined();
	});
});

describe("the age of a stored record", () => {
	it.each([
		["by our clock", { readAt: NOW - 20, ageMs: 1_000, keptMs: 60_000 }, 58_000, 20],
		["by the store's", { readAt: NOW - 2, ageMs: 5_000, keptMs: 60_000 }, 50_000, 15],
		["never negative", { readAt: NOW + 5, ageMs: 0, keptMs: 60_000 }, 61_000, 0],
	])("is the greater one: %s", (_what, times, leftMs, ageSeconds) => {
		expect(decode(RECORD, times, leftMs)?.ageSeconds).toBe(ageSeconds);
	});

	it("isn't that of a record from the future, give or take five seconds", () => {
		expect(decode(RECORD, { ...TIMES, readAt: NOW + 5.1 })).toBeUndefined();
	});
});
