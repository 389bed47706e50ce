/** Records as one instance stores them and another reads them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAddress } from "../../../src/keys/address.ts";
import type { Address, OrgRecord } from "../../../src/registry/org-record.ts";
import { decodeRecord, encodeRecord, type StoredTimes } from "../../../src/resolver/sharing/stored-record.ts";
import { choices, clearCharacter, spell } from "../../support/json-spelling.ts";
import { runs } from "../../support/property.ts";

const NOW = 1_800_000_000;
const KEPT_MS = 60_000;
const TIMES: StoredTimes = { readAt: NOW, ageMs: 0, keptMs: KEPT_MS };

const hex = (bytes: number): fc.Arbitrary<`0x${string}`> =>
	fc
		.uint8Array({ minLength: bytes, maxLength: bytes })
		.map((content): `0x${string}` => `0x${Buffer.from(content).toString("hex")}`);
const addresses = hex(20).map((text) => decodeAddress(text) as Address);
const seconds = fc.oneof(fc.constant(0), fc.nat(2 ** 31 - 1), fc.constantFrom(2 ** 48, Number.MAX_SAFE_INTEGER));
const OPTIONAL = ["director", "parentOrgId", "document", "delegates", "blockTimestamp", "hash"];
const absent = { nil: undefined, freq: 2 };

const keys = fc.uniqueArray(
	fc.record({
		fragment: fc.stringMatching(/^[\w-]{1,8}$/),
		publicKeyHex: hex(64).map((point): `0x${string}` => `0x04${point.slice(2)}`),
		validFrom: seconds,
		validUntil: seconds,
		addedAt: seconds,
		revokedAt: fc.constant(0),
	}),
	{ maxLength: 4, selector: ({ fragment }) => fragment },
);
const records: fc.Arbitrary<OrgRecord> = fc
	.record({
		chainId: fc.integer({ min: 1, max: 2 ** 40 }),
		orgId: hex(32),
		registry: addresses,
		kind: fc.constantFrom("orgpass", "orgid-v1", "orgid-v3", "of their own"),
		documentEvidence: fc.constantFrom("hash", "proof"),
		owner: addresses,
		director: fc.option(addresses, absent),
		active: fc.boolean(),
		parentOrgId: fc.option(hex(32), absent),
		document: fc.option(
			fc.record({ uris: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }), hash: hex(32) }),
			absent,
		),
		delegates: fc.option(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 3 }), absent),
		keys,
		blockNumber: fc.integer({ min: 1, max: 2 ** 40 }),
		blockTimestamp: fc.option(seconds, absent),
	})
	.map((state) => {
		const record = { did: `did:orgid:${state.chainId}:${state.orgId}`, ...state };
		return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as never;
	});

describe("a stored record", () => {
	it("is read as it was written, deeply frozen, and only as one of its own organization", () => {
		fc.assert(
			fc.property(records, records, (record, other) => {
				const text = encodeRecord(record, TIMES);
				const read = decodeRecord(text, KEPT_MS, record, NOW);
				expect(read).toEqual({ record, ageSeconds: 0 });
				for (const part of [read?.record, read?.record?.keys, read?.record?.document?.uris]) {
					expect(Object.isFrozen(part)).toBe(true);
				}
				fc.pre(record.orgId !== other.orgId);
				expect(decodeRecord(text, KEPT_MS, other, NOW)).toBeUndefined();
				for (const name of ["did", "chainId", "orgId", "registry"] as const) {
					expect(decodeRecord(text, KEPT_MS, { ...record, [name]: `${other[name]}0` }, NOW)).toBeUndefined();
				}
			}),
			runs(300, 50),
		);
	});

	it("is as old as the clock that says more: the store's or the reader's", () => {
		const milliseconds = fc.nat(KEPT_MS);
		fc.assert(
			fc.property(records, milliseconds, milliseconds, fc.nat(120), (record, ageMs, leftMs, later) => {
				const read = decodeRecord(encodeRecord(record, { ...TIMES, ageMs }), leftMs, record, NOW + later);
				expect(read?.ageSeconds).toBe(Math.max(later, (ageMs + KEPT_MS - leftMs) / 1_000));
			}),
			runs(300, 50),
		);
	});

	it("of which anything was changed is read as it now stands, or not at all", () => {
		const changes = fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 1, stringUnit: clearCharacter }));
		fc.assert(
			fc.property(records, fc.nat(), changes, choices, (record, at, change, decisions) => {
				const places = placesOf(record);
				const path = places[at % places.length] as readonly string[];
				const changed = withChange(record, path, change);
				const text = spell({ ...TIMES, record: changed }, decisions);
				const read = decodeRecord(text, KEPT_MS, record, NOW);
				if (read !== undefined) expect(read.record).toEqual(JSON.parse(JSON.stringify(changed)));
				const isRemoved = change === undefined && OPTIONAL.includes(path.at(-1) as string);
				if (!isRemoved && typeOf(change) !== typeOf(valueAt(record, path))) expect(read).toBeUndefined();
			}),
			runs(1_500, 200),
		);
	});
});

/** The paths of everything in a value but itself. */
function placesOf(value: unknown): readonly (readonly string[])[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, member]) => [
		[name],
		...placesOf(member).map((path) => [name, ...path]),
	]);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
	return path.reduce((parent, name) => (parent as Record<string, unknown>)[name], value);
}

function typeOf(value: unknown): string {
	return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function withChange(value: unknown, [name, ...rest]: readonly string[], change: unknown): unknown {
	if (name === undefined) return change;
	const copy = structuredClone(value) as Record<string, unknown>;
	const changed = withChange(copy[name], rest, change);
	if (changed === undefined && !Array.isArray(copy)) delete copy[name];
	else copy[name] = changed ?? null;
	return copy;
}
