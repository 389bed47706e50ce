import { describe, expect, it } from "vitest";
import { assertKeyInForce, isSameState, type OnChainKey, type OrgRecord } from "../../src/registry/org-record.ts";

const KEY = { validFrom: 100, validUntil: 200 } as OnChainKey;
const RECORD = { owner: "0x", active: true, keys: [KEY], blockNumber: 5, blockTimestamp: 6 } as unknown as OrgRecord;

describe("two records", () => {
	it.each<[string, object, boolean]>([
		["the same members", {}, true],
		["another block", { blockNumber: 7, blockTimestamp: 8 }, true],
		["another state", { active: false }, false],
		["another key", { keys: [{ ...KEY, validFrom: 1 }] }, false],
		["fewer keys", { keys: [] }, false],
		["a document", { document: { uris: [] } }, false],
	])("with %s have the same state: %j", (_, changes, isSame) => {
		expect(isSameState(RECORD, { ...RECORD, ...changes })).toBe(isSame);
	});
});

describe("a key", () => {
	it.each([
		[90, 10, undefined],
		[89, 10, "did/key-not-yet-valid"],
		[100, 0, undefined],
		[99, 0, "did/key-not-yet-valid"],
		[199, 0, undefined],
		[200, 0, "did/key-expired"],
		[209, 10, undefined],
		[210, 10, "did/key-expired"],
	])("that is valid from 100 to 200 is so at %d with a tolerance of %d, or refused as %s", (now, tolerance, code) => {
		const assert = (): void => assertKeyInForce(KEY, "did:x#k", now, tolerance);
		const details = code === "did/key-expired" ? { validUntil: 200, now } : { validFrom: 100, now };
		if (code === undefined) expect(assert()).toBeUndefined();
		else expect(assert).toThrow(expect.objectContaining({ code, details }));
	});

	it("is refused with its limit as a date, and how far away that is", () => {
		const assertAt = (now: number) => (): void => assertKeyInForce(KEY, "did:x#k", now, 0);
		expect(assertAt(40)).toThrow("the key did:x#k is valid from 1970-01-01T00:01:40Z (in 1m)");
		expect(assertAt(380)).toThrow("the key did:x#k was valid until 1970-01-01T00:03:20Z (3m ago)");
	});

	it("without an end, or a beginning, is valid at any time", () => {
		expect(assertKeyInForce({ ...KEY, validUntil: 0 }, "did:x#k", 1e10, 0)).toBeUndefined();
		expect(assertKeyInForce({ ...KEY, validFrom: 0 }, "did:x#k", 0, 0)).toBeUndefined();
	});
});
