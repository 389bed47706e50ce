/** Documents that other organizations' keys signed: organizations in memory, so that every fault of a delegate is cheap. */
import { beforeEach, describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { knownResolutionOf } from "../../src/did/known-resolution.ts";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { DocumentReference, OnChainKey, OrganizationState } from "../../src/registry/org-record.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import {
	createMemoryOrganizations,
	didOf,
	keyOf,
	type MemoryOrganizations,
	orgIdOf,
} from "../support/memory-organizations.ts";
import { until } from "../support/patient-timers.ts";
import { type Recording, recordOperations } from "../support/recording-observer.ts";

const NOW = 1_800_000_000;
const { privateKey, publicKey } = await generateKeyPair();
const publicKeyHex = exportPublicKey(publicKey, "hex") as `0x${string}`;

let clock: number;
let memory: MemoryOrganizations;
let resolver: OrgIdResolver;
beforeEach(() => {
	clock = NOW;
	memory = createMemoryOrganizations(() => clock, "proof");
	resolver = memory.resolver({ cache: { ttlSeconds: 10 ** 6, refreshCooldownSeconds: 0 } });
});

const signerOf = (index: number, name = "k"): string => `${didOf(index)}#${name}`;
const onChainKey = (members: Partial<OnChainKey> = {}): OnChainKey => keyOf("k", { publicKeyHex, ...members });

/** An organization whose document a key of another one has signed. */
async function delegate(
	index: number,
	to: number,
	{
		members = {},
		state = {},
		expiresAt,
		name,
	}: { members?: object; state?: Partial<OrganizationState>; expiresAt?: number; name?: string } = {},
): Promise<void> {
	const verificationMethod = signerOf(to, name);
	const credential = await signCredential({
		document: { id: didOf(index), verificationMethod: [], capabilityDelegation: [verificationMethod], ...members },
		...{ verificationMethod, key: privateKey, now: NOW },
		...(expiresAt && { expiresAt }),
	});
	const uri = `data:application/json;base64,${Buffer.from(JSON.stringify(credential)).toString("base64")}`;
	const document: DocumentReference = { uris: [uri] };
	memory.states.set(orgIdOf(index), { document, delegates: [verificationMethod], ...state });
}

function set(index: number, state: Partial<OrganizationState>): void {
	memory.states.set(orgIdOf(index), state);
}

/** The delegate that signed, or why nobody could. */
async function verdict(index = 1): Promise<unknown> {
	const { didDocumentMetadata, didResolutionMetadata } = await resolver.resolve(didOf(index));
	const credential = didDocumentMetadata["credential"] as { signer: string } | undefined;
	if (credential !== undefined) return credential.signer;
	const { cause } = didResolutionMetadata as unknown as { cause: { code: string; details: { reason?: string } } };
	return cause.details.reason === undefined ? cause.code : `${cause.code}: ${cause.details.reason}`;
}

/** A method of a document. */
const method = (index: number, members: object = {}): object => ({
	...{ id: signerOf(index), controller: didOf(index), type: "EcdsaSecp256k1VerificationKey2019" },
	...{ publicKeyJwk: exportPublicKey(publicKey, "jwk"), ...members },
});

describe("a delegate", () => {
	it("signs with a key on chain", async () => {
		await delegate(1, 2);
		set(2, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		expect(await verdict()).toBe(signerOf(2));
		expect(memory.calls).toEqual([`read ${orgIdOf(1)}`, `read ${orgIdOf(2)}`]);
	});

	it.each<[string, Partial<OrganizationState> | undefined, string]>([
		["doesn't exist", undefined, "document/proof-unauthorized: did/not-found"],
		["is deactivated", { active: false, keys: [onChainKey()] }, "document/proof-unauthorized: did/deactivated"],
		["has no such key", { keys: [keyOf("other")] }, "document/proof-unauthorized: did/key-not-found"],
		["has another key", { keys: [keyOf("k")] }, "document/proof-invalid"],
		[
			"has a key that isn't valid yet",
			{ keys: [onChainKey({ validFrom: NOW + 31 })] },
			"document/proof-unauthorized: did/key-not-yet-valid",
		],
		["has a key that is valid soon", { keys: [onChainKey({ validFrom: NOW + 30 })] }, signerOf(2)],
		[
			"has a key that has expired",
			{ keys: [onChainKey({ validUntil: NOW - 30 })] },
			"document/proof-unauthorized: did/key-expired",
		],
		["has a key that has just expired", { keys: [onChainKey({ validUntil: NOW - 29 })] }, signerOf(2)],
	])("that %s: %#", async (_what, state, expected) => {
		await delegate(1, 2);
		if (state !== undefined) set(2, state);
		expect(await verdict()).toBe(expected);
	});

	it("whose node is down is an outage", async () => {
		await delegate(1, 2);
		set(2, { keys: [onChainKey()] });
		await resolver.resolve(didOf(1), { fragment: "owner" });
		resolver.invalidateAll();
		let reads = 0;
		memory.delay = async () => {
			reads += 1;
			if (reads === 2) memory.isDown = true;
		};
		expect(await verdict()).toBe("registry/unreachable");
	});

	it("can't sign with a key that was revoked, on chain or before", async () => {
		await delegate(1, 2);
		set(2, {});
		memory.unlisted.set(`${orgIdOf(2)} k`, onChainKey({ revokedAt: 5 }));
		expect(await verdict()).toBe("document/proof-unauthorized: did/key-revoked");
		await delegate(3, 2);
		set(2, { keys: [onChainKey()] });
		resolver.invalidate(didOf(2));
		expect(await verdict(3)).toBe("document/proof-unauthorized: did/key-revoked");
	});

	it("signs until its key expires, with the tolerance, and not once it is dropped", async () => {
		await delegate(1, 2);
		set(2, { keys: [onChainKey({ validUntil: NOW + 100 })] });
		expect(await verdict()).toBe(signerOf(2));
		clock = NOW + 129;
		expect(await verdict()).toBe(signerOf(2));
		clock = NOW + 130;
		expect(await verdict()).toBe("document/proof-unauthorized: did/key-expired");
		clock = NOW;
		resolver.invalidateAll();
		expect(await verdict()).toBe(signerOf(2));
		set(2, { active: false });
		expect(await verdict()).toBe(signerOf(2));
		resolver.invalidate(didOf(2));
		expect(await verdict()).toBe("document/proof-unauthorized: did/deactivated");
	});
});

describe("a delegate with a document of its own", () => {
	it("signs with a key in there, as long as that and its credential are valid", async () => {
		await delegate(1, 2);
		await delegate(2, 3, { members: { verificationMethod: [method(2)] }, expiresAt: NOW + 100 });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		expect(memory.calls.filter((call) => call.startsWith("key "))).toEqual(["key k"]);
		clock = NOW + 129;
		expect(await verdict()).toBe(signerOf(2));
		clock = NOW + 130;
		expect(await verdict()).toBe("document/proof-unauthorized: document/expired");
	});

	it.each(["owner", "director"])("can't sign with a key named %s: that is an account in the registry", async (name) => {
		await delegate(1, 2, { name });
		await delegate(2, 3, { members: { verificationMethod: [method(2, { id: signerOf(2, name) })] } });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe("document/proof-unauthorized");
		await delegate(1, 1, { name, members: { verificationMethod: [method(1, { id: signerOf(1, name) })] } });
		resolver.invalidate(didOf(1));
		expect(await verdict()).toBe("document/proof-unauthorized");
	});

	it.each<[string, object, string]>([
		["revoked", { revoked: "2020-01-01T00:00:00Z" }, ""],
		["expired", { expires: "2020-01-01T00:00:00Z" }, ""],
		["another organization's", { controller: didOf(9) }, ": did/document-invalid"],
	])("can't sign with a key that is %s", async (_what, members, reason) => {
		await delegate(1, 2);
		await delegate(2, 3, { members: { verificationMethod: [method(2, members)] } });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe(`document/proof-unauthorized${reason}`);
	});

	it("can't sign if that says that it is deactivated, even with a key on chain", async () => {
		await delegate(1, 2);
		await delegate(2, 3, { members: { deactivated: true }, state: { keys: [onChainKey()] } });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe("document/proof-unauthorized: did/deactivated");
	});

	it("signs with a key on chain if that can't be loaded, but not with another one", async () => {
		await delegate(1, 2);
		set(2, { keys: [onChainKey()], document: { uris: ["data:,{"] } });
		expect(await verdict()).toBe(signerOf(2));
		await delegate(3, 4);
		set(4, { document: { uris: ["data:,{"] } });
		expect(await verdict(3)).toBe("document/proof-unauthorized: document/malformed");
	});

	it("is dropped with the delegates that signed that", async () => {
		await delegate(1, 2);
		await delegate(2, 3, { members: { verificationMethod: [method(2)] } });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		set(3, { active: false });
		expect(await verdict()).toBe(signerOf(2));
		resolver.invalidate(didOf(3));
		expect(await verdict()).toBe("document/proof-unauthorized: document/proof-unauthorized");
	});
});

describe("a chain of delegations", () => {
	const chain = async (...indices: number[]): Promise<void> => {
		for (const [at, index] of indices.entries()) {
			const to = indices[at + 1];
			if (to !== undefined) await delegate(index, to, { members: { verificationMethod: [method(index)] } });
		}
	};

	it("has three links at most", async () => {
		await chain(1, 2, 3, 4);
		set(4, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		await chain(11, 12, 13, 14, 15);
		set(15, { keys: [onChainKey()] });
		expect(await verdict(11)).toBe("document/delegation");
		expect(await verdict(12)).toBe(signerOf(13));
	});

	it("may not be a circle", async () => {
		await chain(1, 2, 3, 1);
		expect(await verdict()).toBe("document/delegation");
		const { didResolutionMetadata } = await resolver.resolve(didOf(1));
		expect(didResolutionMetadata["message"]).toMatch(new RegExp(`${didOf(1)} form a cycle`));
	});
});

describe("a document that a delegate signed is loaded again", () => {
	const loads = (): number => recording.of("document").filter(({ did }) => did === didOf(1)).length;
	let recording: Recording;
	beforeEach(() => {
		recording = recordOperations();
		resolver = memory.resolver({ cache: { ttlSeconds: 10 ** 6 }, observer: recording.observer });
	});

	it("30 seconds after the delegate's key expires, and not before", async () => {
		await delegate(1, 2);
		set(2, { keys: [keyOf("other", { validUntil: NOW - 99 }), onChainKey({ validUntil: NOW + 100 })] });
		for (const [seconds, expected] of [
			[0, 1],
			[129, 1],
			[130, 2],
		] as const) {
			clock = NOW + seconds;
			await verdict();
			expect(loads(), String(seconds)).toBe(expected);
		}
	});

	it.each<[string, object, number | undefined, number]>([
		["the delegate's credential expires", {}, NOW + 100, 130],
		["the key in the delegate's document expires", { expires: "2027-01-15T08:01:40Z" }, undefined, 130],
		["the key in the delegate's document is revoked", { revoked: "2027-01-15T08:01:40Z" }, undefined, 100],
	])("when %s", async (_what, members, expiresAt, seconds) => {
		await delegate(1, 2);
		const document = { members: { verificationMethod: [method(2, members)] } };
		await delegate(2, 3, { ...document, ...(expiresAt !== undefined && { expiresAt }) });
		set(3, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		clock = NOW + seconds - 1;
		expect(await verdict()).toBe(signerOf(2));
		expect(loads()).toBe(1);
		clock = NOW + seconds;
		await verdict();
		expect(loads()).toBe(2);
	});

	it("not at all if nothing of it expires", async () => {
		await delegate(1, 2);
		set(2, { keys: [onChainKey()] });
		await verdict();
		clock = NOW + 10 ** 5;
		expect(await verdict()).toBe(signerOf(2));
		expect(loads()).toBe(1);
	});
});

describe("while the delegate's node is down", () => {
	it("what it signed is marked as stale, and isn't known without waiting", async () => {
		resolver = memory.resolver({ cache: { ttlSeconds: 60, staleIfErrorSeconds: 600 } });
		await delegate(1, 2);
		set(2, { keys: [onChainKey()] });
		expect(await verdict()).toBe(signerOf(2));
		clock = NOW + 60;
		memory.delay = async () => {
			memory.isDown = memory.calls.at(-1) === `read ${orgIdOf(2)}`;
		};
		const { didResolutionMetadata } = await resolver.resolve(didOf(1));
		expect(didResolutionMetadata["stale"]).toBe(true);
		const again = await resolver.resolve(didOf(1));
		expect(again.didResolutionMetadata["stale"]).toBe(true);
		const owner = toCanonicalDidUrl(parseDidUrl(`${didOf(1)}#owner`));
		expect(knownResolutionOf(resolver)?.derive(owner, undefined, () => "known")).toBeUndefined();
		memory.delay = async () => undefined;
		memory.isDown = false;
		clock = NOW + 120;
		await until(async () => (await resolver.resolve(didOf(1))).didResolutionMetadata["stale"] === undefined);
		expect(knownResolutionOf(resolver)?.derive(owner, undefined, () => "known")).toBeDefined();
	});
});
