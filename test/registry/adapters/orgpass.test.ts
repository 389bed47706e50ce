import { ZeroAddress } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../../src/did/did-url.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { orgpass } from "../../../src/registry/adapters/orgpass.ts";
import { orgIdRegistryAbi } from "../../../src/registry/orgid-registry.contract.ts";
import { CONTRACT, createFakeContract, type FakeContract, type NodeError } from "../../support/fake-contract.ts";

const OWNER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const ZERO = `0x${"00".repeat(32)}` as const;
const X = `0x${"01".repeat(32)}`;
const Y = `0x${"02".repeat(32)}`;
const KEY = { fragment: "k-1", x: X, y: Y, validFrom: 1, validUntil: 2, addedAt: 3 };
const REFUSAL: NodeError = { code: -32_000, message: "out of gas" };

const idOf = (index: number): OrgId => `0x${(index + 1).toString(16).padStart(64, "0")}`;
const idsOf = (count: number): readonly OrgId[] => Array.from({ length: count }, (_, index) => idOf(index));

let contract: FakeContract;
beforeEach(() => {
	contract = createFakeContract(orgIdRegistryAbi, orgpass);
	setOrganizations(organizationOf);
});

function organizationOf(orgId: unknown): object {
	return {
		...{ exists: true, orgId, orgJsonHash: ZERO, orgJsonUri: "", orgJsonUriBackup1: "", orgJsonUriBackup2: "" },
		...{ parentOrgId: ZERO, owner: OWNER, director: ZeroAddress, isActive: true, isDirectorshipAccepted: false },
		unrevokedKeys: [],
	};
}

function setOrganizations(answer: (orgId: unknown) => object): void {
	contract.answers["resolve"] = ([orgId]) => [answer(orgId), 70, 1_700_000_000];
	contract.answers["resolveMany"] = ([ids]) => [[...(ids as unknown[])].map(answer), 70, 1_700_000_000];
}

const readAll = (count: number) => Promise.all(idsOf(count).map((orgId) => contract.registry.read(orgId)));
/** The numbers of organizations of the calls. */
const sizes = (): readonly number[] =>
	contract.calls.map(({ name, args: [ids] }) => (name === "resolve" ? 1 : (ids as readonly unknown[]).length));

describe("an organization", () => {
	it("is read with its keys, and with its block and time", async () => {
		setOrganizations((orgId) => ({ ...organizationOf(orgId), unrevokedKeys: [KEY] }));
		const key = { ...KEY, publicKeyHex: `0x04${"01".repeat(32)}${"02".repeat(32)}`, revokedAt: 0 };
		const { x: _x, y: _y, ...expected } = key;
		expect(await contract.registry.read(idOf(0))).toMatchObject({
			...{ kind: "orgpass", documentEvidence: "hash", owner: OWNER, orgId: idOf(0), registry: CONTRACT },
			...{ blockNumber: 70, blockTimestamp: 1_700_000_000, keys: [expected] },
		});
		expect(contract.calls).toEqual([{ name: "resolve", args: [idOf(0)], block: "latest" }]);
	});

	it.each(["", "a b", "k".repeat(65)])("with a key named %j is an invalid response", async (fragment) => {
		setOrganizations((orgId) => ({ ...organizationOf(orgId), unrevokedKeys: [{ ...KEY, fragment }] }));
		await expect(contract.registry.read(idOf(0))).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it.each<[string, bigint]>([
		["0", 0n],
		["that isn't a safe integer", 2n ** 53n],
	])("at a block %s is an invalid response", async (_, block) => {
		contract.answers["resolve"] = ([orgId]) => [organizationOf(orgId), block, 1];
		await expect(contract.registry.read(idOf(0))).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("several organizations", () => {
	it.each([
		[1, [1]],
		[2, [2]],
		[20, [20]],
		[21, [20, 1]],
		[45, [20, 20, 5]],
	])("(%d) that are read at the same time are read in chunks of %j", async (count, expected) => {
		const records = await readAll(count);
		expect(records.map((record) => record?.orgId)).toEqual(idsOf(count));
		expect(sizes()).toEqual(expected);
	});

	it("are read in halves if the node refuses the call, until one is alone that can't be read", async () => {
		const { resolveMany, resolve } = contract.answers;
		const isBroken = (ids: unknown): boolean => [...(ids as unknown[])].includes(idOf(5));
		contract.answers["resolveMany"] = ([ids], block) => (isBroken(ids) ? REFUSAL : (resolveMany?.([ids], block) ?? []));
		contract.answers["resolve"] = ([orgId], block) => (isBroken([orgId]) ? REFUSAL : (resolve?.([orgId], block) ?? []));
		const settled = await Promise.allSettled(idsOf(11).map((orgId) => contract.registry.read(orgId)));
		expect(settled.map(({ status }) => status === "fulfilled")).toEqual(idsOf(11).map((_, index) => index !== 5));
		// A single one is tried three times.
		expect(sizes()).toEqual([11, 6, 5, 3, 3, 2, 1, 1, 1]);
	});

	it("aren't read in halves if the node fails", async () => {
		contract.answers["resolveMany"] = () => ({ code: 429, message: "slow down" });
		const settled = await Promise.allSettled(idsOf(4).map((orgId) => contract.registry.read(orgId)));
		for (const one of settled) expect(one).toMatchObject({ reason: { code: "registry/unreachable" } });
		expect(new Set(sizes())).toEqual(new Set([4]));
	});

	it("fail alone, if the result of one is invalid", async () => {
		setOrganizations((orgId) => organizationOf(orgId === idOf(1) ? idOf(9) : orgId));
		const settled = await Promise.allSettled(idsOf(3).map((orgId) => contract.registry.read(orgId)));
		expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
		expect(settled[1]).toMatchObject({ reason: { code: "registry/bad-response" } });
		expect(sizes()).toEqual([3]);
	});

	it("fail if the result has more or fewer", async () => {
		contract.answers["resolveMany"] = ([ids]) => [[...(ids as unknown[])].slice(1).map(organizationOf), 70, 1];
		const settled = await Promise.allSettled(idsOf(3).map((orgId) => contract.registry.read(orgId)));
		for (const one of settled) expect(one).toMatchObject({ reason: { code: "registry/bad-response" } });
	});
});

describe("a key", () => {
	const key = (...results: readonly unknown[]): void => {
		contract.answers["getKey"] = () => results;
	};

	it("is read, revoked or not", async () => {
		key(true, X, Y, 1, 2, 3, 4);
		expect(await contract.registry.readKey(idOf(0), "k-1", { blockTag: 50 })).toEqual({
			...{ fragment: "k-1", publicKeyHex: `0x04${"01".repeat(32)}${"02".repeat(32)}` },
			...{ validFrom: 1, validUntil: 2, addedAt: 3, revokedAt: 4 },
		});
		expect(contract.calls).toEqual([{ name: "getKey", args: [idOf(0), "k-1"], block: "0x32" }]);
	});

	it("is absent if it was never added", async () => {
		key(false, X, Y, 0, 0, 0, 0);
		expect(await contract.registry.readKey(idOf(0), "k-1")).toBeUndefined();
	});
});

it("every change of a record is logged", async () => {
	expect(await contract.registry.readAdapter()).toMatchObject({ isFullyLogged: true });
});

describe("a list", () => {
	const pages = (...answers: readonly (readonly unknown[])[]): void => {
		contract.answers["listOrganizations"] = () => answers[contract.calls.length - 1] ?? REFUSAL;
	};

	it("is read page by page, with inactive organizations", async () => {
		const ids = idsOf(5);
		pages([ids.slice(0, 2), 2n, 5n], [ids.slice(2, 4), 4n, 5n], [ids.slice(4), 5n, 5n]);
		expect(await contract.registry.list({ blockTag: 50 })).toEqual(ids);
		expect(contract.calls).toEqual(
			[0n, 2n, 4n].map((cursor) => ({ name: "listOrganizations", args: [true, cursor, 500n], block: "0x32" })),
		);
	});

	it("may be empty", async () => {
		pages([[], 0n, 0n]);
		expect(await contract.registry.list()).toEqual([]);
	});

	it.each([2n, 1n])("that goes on at %d after 2 is an invalid response", async (next) => {
		pages([idsOf(2), 2n, 5n], [idsOf(2), next, 5n]);
		await expect(contract.registry.list()).rejects.toMatchObject({ code: "registry/bad-response" });
		expect(contract.calls).toHaveLength(2);
	});
});

it("a change calls the function of the contract", async () => {
	const { writes } = orgpass;
	const reader = {} as never;
	const { publicKey } = await generateKeyPair();
	const point = exportPublicKey(publicKey, "hex").slice(4);
	const [x, y] = [`0x${point.slice(0, 64)}`, `0x${point.slice(64)}`];
	const key = { fragment: "k-1", publicKey };
	expect(writes.addKey?.(reader, idOf(0), key)).toEqual(["addKey", [idOf(0), "k-1", x, y, 0, 0]]);
	const limited = { ...key, validFrom: 5, validUntil: 6 };
	expect(writes.addKey?.(reader, idOf(0), limited)).toEqual(["addKey", [idOf(0), "k-1", x, y, 5, 6]]);
	expect(writes.revokeKey?.(reader, idOf(0), "k-1")).toEqual(["revokeKey", [idOf(0), "k-1"]]);
	expect(writes.revokeAllKeys?.(reader, idOf(0))).toEqual(["revokeAllKeys", [idOf(0)]]);
	expect(writes.setActive?.(reader, idOf(0), false)).toEqual(["setActive", [idOf(0), false]]);
	const none = [idOf(0), ZERO, "", "", ""];
	expect(writes.setDocument?.(reader, idOf(0), undefined)).toEqual(["setOrgJson", none]);
	expect(writes.createOrganization(ZERO, undefined)).toEqual(["createOrganization", [ZERO, ...none.slice(1)]]);
});
