/** Organizations with keys on chain and in their documents, which are in the registry itself: no host is asked. */
import type { DIDResolutionResult } from "did-resolver";
import { beforeEach, describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { type Known, knownResolutionOf } from "../../src/did/known-resolution.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import type { DocumentReference, OnChainKey, OrganizationState } from "../../src/registry/org-record.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import {
	createMemoryOrganizations,
	didOf,
	keyOf,
	type MemoryOrganizations,
	orgIdOf,
} from "../support/memory-organizations.ts";
import { bytesOf } from "../support/org-documents.ts";
import { idle, isWaiting, pass, until } from "../support/patient-timers.ts";
import { recordOperations } from "../support/recording-observer.ts";

const DID = didOf(1);
const GONE: DocumentReference = { uris: ["data:application/json,{"], hash: `0x${"0a".repeat(32)}` };

let clock: number;
let memory: MemoryOrganizations;
let resolver: OrgIdResolver;
beforeEach(() => {
	clock = 1_800_000_000;
	memory = createMemoryOrganizations(() => clock);
	resolver = memory.resolver();
});

/** A document in its own address. */
function inline(members: object, index = 1): DocumentReference {
	const bytes = bytesOf({ id: didOf(index), ...members });
	return { uris: [`data:application/json;base64,${Buffer.from(bytes).toString("base64")}`], hash: hashDocument(bytes) };
}

function publish(...names: string[]): DocumentReference {
	const publicKeyHex = keyOf("x").publicKeyHex.slice(2);
	return inline({
		publicKey: names.map((name) => ({ id: `${DID}#${name}`, type: "secp256k1", controller: DID, publicKeyHex })),
	});
}

function set(state: Partial<OrganizationState>, index = 1): void {
	memory.states.set(orgIdOf(index), state);
}

function revoke(fragment: string): OnChainKey {
	const key = keyOf(fragment, { revokedAt: 5 });
	memory.unlisted.set(`${orgIdOf(1)} ${fragment}`, key);
	return key;
}

const resolve = (fragment?: string): Promise<DIDResolutionResult> =>
	resolver.resolve(DID, fragment === undefined ? {} : { fragment });
const namesOf = ({ didDocument }: DIDResolutionResult): unknown =>
	didDocument?.authentication?.map((id) => String(id).split("#")[1]);
const codeOf = async (fragment?: string): Promise<unknown> => (await resolve(fragment)).didResolutionMetadata["code"];
const documentError = async (fragment?: string): Promise<unknown> => {
	const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolve(fragment);
	if (didDocument === null) return `fails: ${didResolutionMetadata["code"]}`;
	return (didDocumentMetadata["documentError"] as { code?: string } | undefined)?.code;
};
const keyReads = (): string[] => memory.calls.filter((call) => call.startsWith("key "));

describe("an organization", () => {
	it("has the keys on chain and those of its document", async () => {
		set({ keys: [keyOf("k")], document: publish("a") });
		const result = await resolve();
		expect(namesOf(result)).toEqual(["k", "a"]);
		expect(result.didDocumentMetadata["documentUri"]).toMatch(/^data:/);
		expect(namesOf(await resolve("k"))).toEqual(["k", "a"]);
		resolver = memory.resolver({ documents: false });
		expect(namesOf(await resolve())).toEqual(["k"]);
		expect(namesOf(await resolve("a"))).toEqual(["k"]);
	});

	it("has the document of 2020-21 only if that is allowed", async () => {
		const json = { id: DID, publicKey: [] };
		const hash = hashDocument(bytesOf(JSON.stringify(json, null, 2)));
		set({ document: { uris: [`data:,${encodeURIComponent(JSON.stringify(json))}`], hash } });
		expect(await codeOf()).toBe("document/hash-mismatch");
		resolver = memory.resolver({ documents: { allowData: true, acceptPrettyPrintedHash: true } });
		expect(await codeOf()).toBeUndefined();
	});

	it("may not exist", async () => {
		expect(await codeOf()).toBe("did/not-found");
		expect(await codeOf("k")).toBe("did/not-found");
	});

	it.each<[string, Partial<OrganizationState>, string | undefined, string]>([
		["all keys of one with keys on chain", { keys: [keyOf("k")] }, undefined, "document/malformed"],
		["all keys of one without", {}, undefined, "fails: document/malformed"],
		["a key on chain", { keys: [keyOf("k")] }, "k", "document/malformed"],
		["its owner", {}, "owner", "document/malformed"],
		["its director", {}, "director", "document/malformed"],
		["another key", { keys: [keyOf("k")] }, "a", "fails: document/malformed"],
	])("with a broken document: %s", async (_what, state, fragment, expected) => {
		const bytes = bytesOf("{");
		set({ ...state, document: { uris: ["data:,{"], hash: hashDocument(bytes) } });
		expect(await documentError(fragment)).toBe(expected);
	});

	it("is looked up again for a key that it doesn't list, and the key by itself", async () => {
		set({ keys: [keyOf("k")] });
		await resolve("k");
		set({ keys: [keyOf("k"), keyOf("new")] });
		expect(namesOf(await resolve("new"))).toEqual(["k", "new"]);
		expect(keyReads()).toEqual([]);
		const key = revoke("gone");
		expect((await resolve("gone")).didDocumentMetadata["revokedKey"]).toEqual(key);
		expect(keyReads()).toEqual(["key gone"]);
		expect(namesOf(await resolve("other"))).toEqual(["k", "new"]);
		memory.states.delete(orgIdOf(1));
		expect(await codeOf("another")).toBeUndefined();
	});

	it("isn't looked up again for its accounts", async () => {
		set({ document: publish("a") });
		for (const name of ["owner", "director"]) await resolve(name);
		expect(memory.calls).toEqual([`read ${orgIdOf(1)}`]);
	});
});

describe("a published key", () => {
	it("is checked for a revocation once, and refused if there is one", async () => {
		set({ document: publish("a", "b") });
		expect(namesOf(await resolve("a"))).toEqual(["a", "b"]);
		await resolve("a");
		expect(keyReads()).toEqual(["key a"]);
		const key = revoke("b");
		const { didDocument, didDocumentMetadata } = await resolve("b");
		expect(didDocument?.authentication).toEqual([`${DID}#a`]);
		expect(didDocumentMetadata["revokedKey"]).toEqual(key);
		expect(didDocumentMetadata["withheld"]).toMatchObject({ verificationMethod: [{ id: `${DID}#b` }] });
		expect(namesOf(await resolve("a"))).toEqual(["a"]);
		expect(namesOf(await resolve())).toEqual(["a"]);
	});

	it("is checked with all others if none is named", async () => {
		set({ document: publish("a", "b") });
		revoke("b");
		expect(namesOf(await resolve())).toEqual(["a"]);
		expect(keyReads()).toEqual(["key a", "key b"]);
	});

	it("is checked while the document is loaded, but only if the key may be in there", async () => {
		set({ keys: [keyOf("k")], document: publish("a") });
		await resolve("k");
		await resolve("owner");
		expect(keyReads()).toEqual([]);
		await resolve("a");
		expect(keyReads()).toEqual(["key a"]);
		set({ keys: [] }, 2);
		await resolver.resolve(didOf(2));
		await resolver.resolve(didOf(2), { fragment: "owner" });
		expect(keyReads()).toEqual(["key a"]);
	});
});

describe("while the node is down", () => {
	it("a key that was seen revoked is refused, others are an outage", async () => {
		set({ document: publish("a") });
		revoke("a");
		await resolve("a");
		resolver.invalidate(DID);
		memory.isDown = true;
		const { didResolutionMetadata } = await resolve("a");
		expect(didResolutionMetadata).toMatchObject({
			code: "did/key-revoked",
			message: expect.stringContaining(`${DID}#a`),
		});
		const { cause } = didResolutionMetadata as unknown as { cause: { details: object; cause: { code: string } } };
		expect(cause.details).toEqual({ keyId: `${DID}#a`, revokedAt: 5 });
		expect(cause.cause.code).toBe("registry/unreachable");
		expect(await codeOf("b")).toBe("registry/unreachable");
		expect(await codeOf()).toBe("registry/unreachable");
	});

	it("an expired organization is marked as stale, if that is allowed", async () => {
		set({ keys: [keyOf("k")] });
		const { observer, of } = recordOperations();
		resolver = memory.resolver({ cache: { staleIfErrorSeconds: 100 }, observer });
		expect((await resolve("k")).didResolutionMetadata["stale"]).toBeUndefined();
		memory.isDown = true;
		clock += 60;
		expect((await resolve("k")).didResolutionMetadata["stale"]).toBe(true);
		memory.isDown = false;
		clock += 100;
		expect((await resolve("k")).didResolutionMetadata["stale"]).toBeUndefined();
		expect(of("resolve").map(({ cache, did }) => [cache, did])).toEqual([
			["miss", DID],
			["stale", DID],
			["miss", DID],
		]);
	});
});

describe("an earlier version", () => {
	it("has the document and the revocations of its time", async () => {
		set({ keys: [keyOf("k")], document: publish("a", "b"), blockNumber: 7 });
		const key = revoke("b");
		const version = (fragment?: string): Promise<DIDResolutionResult> =>
			resolver.resolve(DID, { versionId: "7", ...(fragment && { fragment }) });
		const all = await version();
		expect(namesOf(all)).toEqual(["k", "a"]);
		expect(all.didDocumentMetadata.versionId).toBe("7");
		expect(all.didDocumentMetadata["revokedKey"]).toBeUndefined();
		expect(keyReads()).toEqual(["key a", "key b"]);
		expect((await version("b")).didDocumentMetadata["revokedKey"]).toEqual(key);
		expect(namesOf(await version("a"))).toEqual(["k", "a", "b"]);
		memory.calls.length = 0;
		expect(namesOf(await version("k"))).toEqual(["k", "a", "b"]);
		expect(keyReads()).toEqual([]);
		expect(memory.calls).toHaveLength(1);
		memory.states.clear();
		expect((await version()).didResolutionMetadata["code"]).toBe("did/not-found");
	});

	it("needs its document as the current one does", async () => {
		set({ document: GONE });
		expect((await resolver.resolve(DID, { versionId: "7" })).didResolutionMetadata["code"]).toMatch(/^document\//);
		const { didDocument } = await resolver.resolve(DID, { versionId: "7", fragment: "owner" });
		expect(didDocument?.verificationMethod).toHaveLength(1);
		resolver = memory.resolver({ documents: false });
		expect((await resolver.resolve(DID, { versionId: "7" })).didDocument).not.toBeNull();
	});
});

describe("a slow host", () => {
	it("isn't waited for by a key on chain", async () => {
		set({ keys: [keyOf("k")], document: { uris: ["http://127.0.0.1:9/"], hash: `0x${"0a".repeat(32)}` } });
		expect(await documentError("k")).toBe("document/unreachable");
		expect(isWaiting(2_000)).toBe(false);
	});
});

describe("what a verifier derives from a known organization", () => {
	const keyId = (fragment: string) => toCanonicalDidUrl(parseDidUrl(`${DID}#${fragment}`));
	const derive = <T>(fragment: string, last?: Known<T>): Known<unknown> | undefined =>
		knownResolutionOf(resolver)?.derive(keyId(fragment), last, namesOf);

	it("is the same as long as nothing changes", async () => {
		set({ keys: [keyOf("k", { validUntil: clock + 10 })] });
		expect(derive("k")).toBeUndefined();
		await resolve("k");
		const known = derive("k");
		expect(known?.value).toEqual(["k"]);
		expect(derive("k", known)).toBe(known);
		clock += 10;
		const later = derive("k", known);
		expect(later).not.toBe(known);
		expect(later?.value).toEqual([]);
		expect(derive("k", later)).toBe(later);
		clock -= 1;
		expect(derive("k", later)?.value).toEqual(["k"]);
		clock += 60;
		expect(derive("k", later)).toBeUndefined();
	});

	it("needs a key that may be used, and whose revocation was checked", async () => {
		set({ keys: [keyOf("k")], document: publish("a", "b") });
		await resolve("k");
		expect(["k", "owner", "a", "other"].map((name) => derive(name) !== undefined)).toEqual([true, true, false, false]);
		const known = derive("k");
		await resolve("a");
		expect(derive("a")?.value).toEqual(["k", "a", "b"]);
		expect(derive("b")).toBeUndefined();
		expect(derive("k", known)).toBe(known);
		revoke("b");
		await resolve("b");
		expect(derive("b")).toBeUndefined();
		expect(derive("k", known)).not.toBe(known);
		expect(derive("k", known)?.value).toEqual(["k", "a"]);
		resolver.invalidate(DID);
		expect(derive("k", known)).toBeUndefined();
	});

	it("isn't derived for a key that was seen revoked, even if a node lists it again", async () => {
		set({ keys: [keyOf("k")] });
		revoke("gone");
		await resolve("gone");
		set({ keys: [keyOf("k"), keyOf("gone")] });
		resolver.invalidate(DID);
		expect(namesOf(await resolve("gone"))).toEqual(["k"]);
		expect(["k", "gone"].map((name) => derive(name) !== undefined)).toEqual([true, false]);
	});

	it("isn't derived while the document is unknown, or the node is down", async () => {
		resolver = memory.resolver({ cache: { staleIfErrorSeconds: 100 } });
		set({ keys: [keyOf("k")], document: publish("a") });
		await resolve("k");
		memory.isDown = true;
		clock += 60;
		await resolve("k");
		expect(derive("k")).toBeUndefined();
		resolver = memory.resolver({ documents: false });
		memory.isDown = false;
		await resolve("k");
		expect(derive("k")?.value).toEqual(["k"]);
		expect(derive("a")).toBeUndefined();
	});

	it("is observed from the second time on", async () => {
		const { observer, of } = recordOperations();
		resolver = memory.resolver({ observer });
		set({ keys: [keyOf("k")] });
		await resolve("k");
		const known = derive("k");
		await idle(3);
		expect(of("resolve")).toHaveLength(1);
		derive("k", known);
		await until(() => of("resolve").length === 2);
		expect(of("resolve")[1]).toMatchObject({ operation: "resolve", did: DID, cache: "hit", outcome: "ok" });
		resolver.invalidate(DID);
		derive("k", known);
		await pass(1_000);
		expect(of("resolve")).toHaveLength(2);
	});
});

describe("a copy of a resolver", () => {
	function copy() {
		const { observer, finished } = recordOperations();
		const records: unknown[] = [];
		const known = knownResolutionOf(resolver);
		const copied = known?.copy({ observer, onRecord: (record) => void records.push(record) });
		if (copied === undefined) throw new Error("expected a copy");
		return { copied, finished, records };
	}

	it("knows what the original knows, which learns nothing from it", async () => {
		set({ keys: [keyOf("k")], document: publish("a") });
		await resolve("a");
		memory.calls.length = 0;
		const first = copy();
		expect(namesOf(await first.copied.resolve(DID, { fragment: "a" }))).toEqual(["k", "a"]);
		expect(memory.calls).toEqual([]);
		expect(first.records).toMatchObject([{ did: DID }]);
		expect(first.finished).toMatchObject([{ operation: "resolve", cache: "hit" }]);
		set({ keys: [] }, 2);
		await first.copied.resolve(didOf(2));
		expect(first.records).toHaveLength(1);
		memory.calls.length = 0;
		await resolver.resolve(didOf(2));
		expect(memory.calls).toEqual([`read ${orgIdOf(2)}`]);
	});

	it("checks revocations that the original hasn't checked, for itself", async () => {
		set({ document: publish("a", "b") });
		await resolve("a");
		memory.calls.length = 0;
		revoke("b");
		const { copied } = copy();
		const { didDocumentMetadata } = await copied.resolve(DID, { fragment: "b" });
		expect(didDocumentMetadata["revokedKey"]).toMatchObject({ fragment: "b" });
		expect(keyReads()).toEqual(["key b"]);
		expect(namesOf(await resolve("a"))).toEqual(["a", "b"]);
		expect(namesOf(await copied.resolve(DID, { fragment: "a" }))).toEqual(["a"]);
	});

	it("looks up a missing key for itself", async () => {
		set({ keys: [keyOf("k")] });
		await resolve("k");
		set({ keys: [keyOf("k"), keyOf("new")] });
		const { copied } = copy();
		expect(namesOf(await copied.resolve(DID, { fragment: "new" }))).toEqual(["k", "new"]);
		expect(namesOf(await resolve("k"))).toEqual(["k"]);
	});
});
