import { beforeEach, describe, expect, it } from "vitest";
import type { CanonicalDidUrl } from "../../src/did/did-url.ts";
import type { OnChainKey, OrgRecord } from "../../src/registry/org-record.ts";
import { createRevocationChecks, type RevocationChecks } from "../../src/resolver/revocation-checks.ts";
import { createSeenFacts, type SeenFacts } from "../../src/resolver/seen-facts.ts";
import { didOf, keyOf, orgIdOf } from "../support/memory-organizations.ts";

const did: CanonicalDidUrl = { did: didOf(1), orgId: orgIdOf(1), chainId: 31_337 };
let record: OrgRecord;
let asked: string[];
let keys: Map<string, OnChainKey | Error>;
let seen: SeenFacts;
let checks: RevocationChecks;
beforeEach(() => {
	record = {} as OrgRecord;
	asked = [];
	keys = new Map();
	seen = createSeenFacts(10);
	checks = createRevocationChecks(seen, async (organization, fragment) => {
		asked.push(`${organization.did} ${fragment}`);
		const key = keys.get(fragment);
		if (key instanceof Error) throw key;
		return key;
	});
});

describe("a check for a revocation", () => {
	it("asks once for each record and name", async () => {
		const key = keyOf("a");
		keys.set("a", key);
		expect(await Promise.all([checks.check(did, "a", record), checks.check(did, "a", record)])).toEqual([key, key]);
		expect(await checks.check(did, "b", record)).toBeUndefined();
		await checks.check(did, "a", record);
		expect(asked).toEqual([`${did.did} a`, `${did.did} b`]);
		await checks.check(did, "a", { ...record });
		expect(asked).toHaveLength(3);
	});

	it("says that a key isn't revoked once it has ended", async () => {
		keys.set("revoked", keyOf("revoked", { revokedAt: 5 }));
		expect(checks.isUnrevoked("absent", record)).toBe(false);
		const checking = ["absent", "revoked"].map((name) => checks.check(did, name, record));
		expect(checks.isUnrevoked("absent", record)).toBe(false);
		await Promise.all(checking);
		const names = ["absent", "revoked", "other"];
		expect(names.map((name) => checks.isUnrevoked(name, record))).toEqual([true, false, false]);
		expect(checks.isUnrevoked("absent", { ...record })).toBe(false);
	});

	it("remembers the first revocation of a key that it finds", async () => {
		const key = keyOf("a", { revokedAt: 5 });
		keys.set("a", key);
		keys.set("b", keyOf("b"));
		expect(await checks.check(did, "a", record)).toBe(key);
		await checks.check(did, "b", record);
		expect([...(seen.revokedKeys(did.did) ?? [])]).toEqual([["a", key]]);
		const known = seen.revokedKeys(did.did);
		await checks.check(did, "a", record);
		keys.set("a", keyOf("a", { revokedAt: 6 }));
		await checks.check(did, "a", { ...record });
		expect(seen.revokedKeys(did.did)).toBe(known);
	});

	it("that fails is tried again", async () => {
		keys.set("a", new Error("down"));
		await expect(checks.check(did, "a", record)).rejects.toThrow("down");
		expect(checks.isUnrevoked("a", record)).toBe(false);
		keys.set("a", keyOf("a"));
		expect(await checks.check(did, "a", record)).toMatchObject({ fragment: "a" });
		expect(checks.isUnrevoked("a", record)).toBe(true);
		expect(asked).toHaveLength(2);
	});

	it("may be limited", async () => {
		await expect(checks.check(did, "a", record, () => Promise.reject(new Error("too many")))).rejects.toThrow("many");
		expect(asked).toEqual([]);
		await checks.check(did, "a", record, (read) => read());
		expect(asked).toHaveLength(1);
	});
});

describe("an early check", () => {
	it("is made of a record's first name only, and its failure reaches those who need it", async () => {
		keys.set("a", new Error("down"));
		checks.prefetch(did, "a", record);
		checks.prefetch(did, "b", record);
		expect(asked).toEqual([`${did.did} a`]);
		await expect(checks.check(did, "a", record)).rejects.toThrow("down");
		expect(asked).toHaveLength(1);
		checks.prefetch(did, "b", { ...record });
		expect(asked).toHaveLength(2);
	});
});
