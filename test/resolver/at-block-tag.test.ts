import { expect, it } from "vitest";
import type { RegistryReader } from "../../src/registry/registry.ts";
import { atBlockTag } from "../../src/resolver/at-block-tag.ts";
import { orgIdOf } from "../support/memory-organizations.ts";

const note =
	(name: string) =>
	(...args: unknown[]) => [name, ...args];
const registry = {
	...{ chainId: 5, read: note("read"), readKey: note("readKey"), followLog: note("followLog") },
} as unknown as RegistryReader;
const orgId = orgIdOf(1);

it("a registry is read at the block tag, unless a call names another block", () => {
	const safe = atBlockTag(registry, "safe");
	expect(safe.read(orgId)).toEqual(["read", orgId, { blockTag: "safe" }]);
	expect(safe.read(orgId, { minBlock: 7 })).toEqual(["read", orgId, { minBlock: 7, blockTag: "safe" }]);
	expect(safe.read(orgId, { blockTag: 7 })).toEqual(["read", orgId, { blockTag: 7 }]);
	expect(safe.readKey(orgId, "k")).toEqual(["readKey", orgId, "k", { blockTag: "safe" }]);
	expect(safe.readKey(orgId, "k", { blockTag: 7 })).toEqual(["readKey", orgId, "k", { blockTag: 7 }]);
	expect(safe.followLog()).toEqual(["followLog", { blockTag: "safe" }]);
	expect(safe.followLog({ maxBacklog: 5 })).toEqual(["followLog", { blockTag: "safe", maxBacklog: 5 }]);
	expect(safe.chainId).toBe(5);
	expect(Object.isFrozen(safe)).toBe(true);
});

it("a registry that is read at the latest block stays as it is", () => {
	expect(atBlockTag(registry, "latest")).toBe(registry);
});
