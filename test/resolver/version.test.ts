import { beforeEach, describe, expect, it } from "vitest";
import type { CanonicalDidUrl } from "../../src/did/did-url.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import type { RegistryReader } from "../../src/registry/registry.ts";
import { parseVersionQuery, readVersion } from "../../src/resolver/version.ts";
import { didOf, orgIdOf } from "../support/memory-organizations.ts";
import { expectRefusal } from "../support/refusal.ts";

const did: CanonicalDidUrl = { did: didOf(1), orgId: orgIdOf(1), chainId: 31_337 };
let asked: unknown[][];
let block: number | undefined;
let failure: Error | undefined;
let setupFailure: Error | undefined;
beforeEach(() => {
	asked = [];
	block = 77;
	failure = undefined;
	setupFailure = undefined;
});

const registry = {
	async readAdapter() {
		if (setupFailure !== undefined) throw setupFailure;
	},
	async findBlock(time: number) {
		asked.push(["findBlock", time]);
		return block;
	},
	async read(...args: unknown[]) {
		asked.push(["read", ...args]);
		if (failure !== undefined) throw failure;
		return "a record";
	},
} as unknown as RegistryReader;

describe("a version", () => {
	it.each<[unknown, number]>([
		["0", 0],
		[7, 7],
		["123456789012345", 123_456_789_012_345],
	])("is read at the block %j", async (versionId, blockTag) => {
		expect(await readVersion(registry, did, { versionId } as object)).toEqual({ record: "a record" });
		expect(asked).toEqual([["read", did.orgId, { blockTag }]]);
	});

	it("is read at the last block before a time, if there is one", async () => {
		const versionTime = "2027-01-15T08:00:00Z";
		expect(await readVersion(registry, did, { versionTime })).toEqual({ record: "a record" });
		expect(asked).toEqual([
			["findBlock", 1_800_000_000],
			["read", did.orgId, { blockTag: 77 }],
		]);
		block = undefined;
		asked = [];
		expect(await readVersion(registry, did, { versionTime })).toEqual({ record: undefined });
		expect(asked).toHaveLength(1);
	});

	it("isn't read if none is requested", async () => {
		expect(await readVersion(registry, did, {})).toBeUndefined();
		expect(asked).toEqual([]);
	});

	it.each<[object]>([
		[{ versionId: "1", versionTime: "2027-01-15T08:00:00Z" }],
		...["", "-1", "01", "0x1", "1.5", "1 ", "x1", "1234567890123456", null, {}].map((versionId): [object] => [
			{ versionId },
		]),
		...["", "2027", "tomorrow", 1_800_000_000, null].map((versionTime): [object] => [{ versionTime }]),
	])("isn't %j", async (requested) => {
		await expectRefusal(() => readVersion(registry, did, requested), "did/syntax");
		expect(asked).toEqual([]);
	});

	it.each<[ErrorCode, ErrorCode]>([
		["registry/bad-response", "did/version-not-found"],
		["registry/unreachable", "registry/unreachable"],
	])("whose read fails with %s fails with %s", async (code, expected) => {
		failure = new RegistryError(code as "registry/unreachable", "failure");
		const error = await expectRefusal(() => readVersion(registry, did, { versionId: "1" }), expected);
		expect(error === failure || error.cause === failure).toBe(true);
		failure = new RangeError("a bug");
		await expect(readVersion(registry, did, { versionId: "1" })).rejects.toBe(failure);
	});

	it("isn't unknown because the registry couldn't be checked", async () => {
		setupFailure = new RegistryError("registry/bad-response", "no registry");
		await expect(readVersion(registry, did, { versionId: "1" })).rejects.toBe(setupFailure);
	});
});

describe("the query of a DID URL", () => {
	it.each<[string | undefined, object]>([
		[undefined, {}],
		["", {}],
		["versionId=5", { versionId: "5" }],
		["a=b&versionTime=2027-01-15T08%3A00%3A00Z&x", { versionTime: "2027-01-15T08:00:00Z" }],
		["versionId=a=b", { versionId: "a=b" }],
		["versionId=1&versionTime=2", { versionId: "1", versionTime: "2" }],
		["versionid=1&versionId2=1&versionId", {}],
	])("%j names the version %j", (query, version) => {
		expect(parseVersionQuery(query)).toEqual(version);
	});

	it.each(["versionId=1&versionId=1", "versionTime=%ff", "versionId=%"])("%j is refused", async (query) => {
		await expectRefusal(() => parseVersionQuery(query), "did/syntax");
	});

	it("says why it isn't percent-encoded", async () => {
		expect((await expectRefusal(() => parseVersionQuery("versionId=%"), "did/syntax")).cause).toBeInstanceOf(URIError);
	});
});
