import { beforeEach, describe, expect, it } from "vitest";
import { createSeenFacts, type SeenFacts } from "../../src/resolver/seen-facts.ts";
import { announcing } from "../../src/resolver/sharing/announced-facts.ts";
import type { SharedRecords } from "../../src/resolver/sharing/shared-records.ts";
import { keyOf } from "../support/memory-organizations.ts";

const A = "did:orgid:1:a";
const B = "did:orgid:1:b";
const C = "did:orgid:12:c";
let seen: SeenFacts;
beforeEach(() => {
	seen = createSeenFacts(2);
});

describe("the latest block seen of an organization", () => {
	it("never goes back, unless it is reset or restored", () => {
		expect(seen.minBlock(A)).toBe(0);
		for (const block of [5, 9, 7]) seen.addBlock(A, block);
		expect(seen.minBlock(A)).toBe(9);
		expect(seen.minBlock(B)).toBe(0);
		seen.resetBlock(A, 3);
		expect(seen.minBlock(A)).toBe(3);
		seen.restore(B, 8, undefined);
		seen.restore(A, 0, undefined);
		expect([A, B].map(seen.minBlock)).toEqual([3, 8]);
		seen.clear();
		expect([A, B].map(seen.minBlock)).toEqual([0, 0]);
	});

	it("is that of the last one after a reorganization of its chain, if it was later", () => {
		for (const did of [A, C]) seen.addBlock(did, 9);
		seen.addBlock(B, 4);
		seen.rewind(1, { head: 6, unreplaced: 0 });
		expect([A, B, C].map(seen.minBlock)).toEqual([6, 4, 9]);
	});

	it("is kept for four times as many organizations as there are records, those used last", () => {
		const dids = Array.from({ length: 8 }, (_, at) => `did:orgid:1:${at}`);
		dids.forEach((did, at) => void seen.addBlock(did, 10 + at));
		seen.rewind(1, { head: 12, unreplaced: 0 });
		seen.addBlock(A, 1);
		expect(seen.minBlock(dids[0] as string)).toBe(0);
		expect(dids.slice(1).map(seen.minBlock)).toEqual([11, 12, 12, 12, 12, 12, 12]);
		expect(seen.minBlock(A)).toBe(1);
	});
});

describe("the keys that were seen revoked", () => {
	it("are added to one another, and the same object until then", () => {
		expect(seen.revokedKeys(A)).toBeUndefined();
		const [first, second] = [keyOf("x", { revokedAt: 1 }), keyOf("y", { revokedAt: 2 })];
		seen.addRevokedKey(A, first);
		const before = seen.revokedKeys(A);
		expect(seen.revokedKeys(A)).toBe(before);
		seen.addRevokedKey(A, second);
		expect([...(before ?? [])]).toEqual([["x", first]]);
		expect([...(seen.revokedKeys(A) ?? [])]).toEqual([
			["x", first],
			["y", second],
		]);
		seen.rewind(1, { head: 0, unreplaced: 0 });
		expect(seen.revokedKeys(A)?.size).toBe(2);
		seen.restore(B, 0, before);
		seen.restore(A, 5, undefined);
		expect(seen.revokedKeys(B)).toBe(before);
		expect(seen.revokedKeys(A)?.size).toBe(2);
		seen.clear();
		expect(seen.revokedKeys(A)).toBeUndefined();
	});

	it("are announced to other instances, if there are any", () => {
		expect(announcing(seen, undefined)).toBe(seen);
		const announced: unknown[] = [];
		const shared = { announceRevoked: (...args: unknown[]) => void announced.push(args) } as unknown as SharedRecords;
		const key = keyOf("x", { revokedAt: 1 });
		const facts = announcing(seen, shared);
		facts.addRevokedKey(A, key);
		expect(announced).toEqual([[A, key]]);
		expect(seen.revokedKeys(A)?.get("x")).toBe(key);
		expect(facts.revokedKeys(A)).toBe(seen.revokedKeys(A));
	});
});
