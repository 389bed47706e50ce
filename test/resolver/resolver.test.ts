import { type DIDResolutionResult, Resolver } from "did-resolver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { type FakeNode, greet, passOn, startFakeNode } from "../support/fake-node.ts";

const ABSENT = `0x${"0a".repeat(32)}`;

let network: Awaited<ReturnType<typeof startTestNetwork<2>>>;
let second: FakeNode;
let resolver: OrgIdResolver;
let did: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 2 });
	did = network.organizations[0].did;
	second = await startFakeNode((method, params) =>
		method === "eth_chainId" ? { result: "0x64" } : passOn(network.rpcUrl, method, params),
	);
	resolver = createOrgIdResolver({ networks: [first()] });
});
afterAll(async () => {
	resolver.close();
	await second.close();
	await network.close();
});

const first = () => ({ chainId: 31337, rpcUrl: network.rpcUrl, registry: network.registry.address });

/** A refusal in did-resolver's words, ours and the draft's. */
function expectError(result: DIDResolutionResult, error: string, code: string, type: string): void {
	expect(result).toEqual({
		didDocument: null,
		didDocumentMetadata: {},
		didResolutionMetadata: {
			error,
			code,
			message: expect.any(String),
			problemDetails: {
				type: `https://www.w3.org/ns/did#${type}`,
				title: code,
				detail: result.didResolutionMetadata["message"],
			},
		},
	});
}

describe("resolve", () => {
	it("returns the document, canonical DID, record and JSON-LD context", async () => {
		const result = await resolver.resolve(did);
		const organization = await network.registry.read(network.organizations[0].orgId);
		expect(result).toEqual({
			"@context": "https://w3id.org/did-resolution/v1",
			didDocument: expect.objectContaining({ id: did, authentication: [`${did}#webserver`] }),
			didDocumentMetadata: {
				canonicalId: did,
				versionId: String(organization?.blockNumber),
				organization,
				methodSources: { [`${did}#webserver`]: "registry", [`${did}#owner`]: "account" },
			},
			didResolutionMetadata: { contentType: "application/did+ld+json" },
		});
	});

	it("accepts a DID URL, and returns the document of the bare DID", async () => {
		const { didDocument } = await resolver.resolve(`${did}#webserver`);
		expect(didDocument?.id).toBe(did);
	});

	it("needs a default chain for the short form, and keeps that form in the document", async () => {
		const short = `did:orgid:${did.slice(-66)}`;
		expectError(await resolver.resolve(short), "invalidDid", "did/chain-missing", "INVALID_DID");
		const lenient = createOrgIdResolver({ networks: [first()], defaultChainId: 31337 });
		const { didDocument, didDocumentMetadata } = await lenient.resolve(`${short}#webserver`);
		expect(didDocument).toMatchObject({
			id: short,
			verificationMethod: [{ id: `${short}#webserver`, controller: short }, { id: `${short}#owner` }],
		});
		expect(didDocumentMetadata).toMatchObject({ canonicalId: did });
		expect((await lenient.resolve(did)).didDocument?.id).toBe(did);
		lenient.close();
	});

	it.each<[string, unknown, string, string, string]>([
		["an unknown organization", `did:orgid:31337:${ABSENT}`, "notFound", "did/not-found", "NOT_FOUND"],
		["invalid syntax", "did:orgid:31337:0x12", "invalidDid", "did/syntax", "INVALID_DID"],
		["T34: upper-case hex", `did:orgid:31337:0x${"0A".repeat(32)}`, "invalidDid", "did/syntax", "INVALID_DID"],
		["another method", "did:web:example.com", "unsupportedDidMethod", "did/method-unsupported", "METHOD_NOT_SUPPORTED"],
		["text that isn't a DID", "hello", "unsupportedDidMethod", "did/method-unsupported", "METHOD_NOT_SUPPORTED"],
		["another chain", `did:orgid:1:${ABSENT}`, "unknownNetwork", "did/chain-unknown", "METHOD_NOT_SUPPORTED"],
		["undefined", undefined, "invalidDid", "did/syntax", "INVALID_DID"],
		["null", null, "invalidDid", "did/syntax", "INVALID_DID"],
		["an object", { toString: () => "did:orgid:x" }, "invalidDid", "did/syntax", "INVALID_DID"],
	])("returns an error for %s in all three vocabularies, without throwing", async (_what, asked, error, code, type) => {
		expectError(await resolver.resolve(asked as string), error, code, type);
	});

	it("returns an internal error with its own code for a node that is down", async () => {
		const down = createOrgIdResolver({ networks: [{ ...first(), rpcUrl: "http://127.0.0.1:1" }] });
		expectError(await down.resolve(did), "internalError", "registry/unreachable", "INTERNAL_ERROR");
		down.close();
	});

	it.each<[unknown, string | undefined, string | undefined]>([
		[null, "internalError", "did/resolution"],
		[{ fragment: 5 }, "invalidDid", "did/syntax"],
		[{ fragment: {} }, "invalidDid", "did/syntax"],
		[{ fragment: "no key" }, "invalidDid", "did/syntax"],
		[5, undefined, undefined],
		[{ accept: "application/did" }, undefined, undefined],
	])("doesn't throw for the options %j", async (asked, error, code) => {
		const { didDocument, didResolutionMetadata: metadata } = await resolver.resolve(did, asked as never);
		expect([metadata.error, metadata["code"]]).toEqual([error, code]);
		expect(didDocument?.id).toBe(error === undefined ? did : undefined);
	});

	it("T36: reports a deactivated organization", async () => {
		const [, hotel] = network.organizations;
		await hotel.deactivate();
		expect((await resolver.resolve(hotel.did)).didDocumentMetadata).toMatchObject({
			deactivated: true,
			organization: { active: false },
		});
		await hotel.activate();
		resolver.invalidate(hotel.did);
		expect((await resolver.resolve(hotel.did)).didDocumentMetadata).not.toHaveProperty("deactivated");
	});
});

describe("chains", () => {
	it("T35: an unconfigured chain causes no request", async () => {
		const node = await startFakeNode((method) => greet(method) ?? { hangUp: true });
		const strict = createOrgIdResolver({ networks: [{ ...first(), rpcUrl: node.url }] });
		for (const asked of [`did:orgid:1:${ABSENT}`, `did:orgid:${ABSENT}`, "did:orgid:x", "did:web:x"]) {
			expect((await strict.resolve(asked)).didDocument).toBeNull();
		}
		expect(node.calls).toEqual([]);
		strict.close();
		await node.close();
	});

	it("T35: a node of another chain is an error, not an absent organization", async () => {
		const wrong = createOrgIdResolver({ networks: [{ ...first(), chainId: 5 }] });
		const result = await wrong.resolve(did.replace("31337", "5"));
		expectError(result, "internalError", "registry/wrong-chain", "INTERNAL_ERROR");
		wrong.close();
	});

	it("T48: the same id on two chains is two organizations, also in the cache", async () => {
		const onSecond = did.replace("31337", "100");
		const both = createOrgIdResolver({
			networks: [first(), { ...first(), chainId: 100, rpcUrl: second.url }],
		});
		const results = [await both.resolve(did), await both.resolve(onSecond), await both.resolve(did)];
		expect(results.map(({ didDocument }) => didDocument?.id)).toEqual([did, onSecond, did]);
		expect(results.map(({ didDocumentMetadata }) => didDocumentMetadata.canonicalId)).toEqual([
			...[did, onSecond, did],
		]);
		both.close();
	});
});

describe("plugin", () => {
	it("works with did-resolver's Resolver", async () => {
		const universal = new Resolver({ ...resolver.plugin });
		expect(await universal.resolve(did)).toMatchObject({ didDocument: { id: did } });
		expect(await universal.resolve(`${did}#webserver`)).toMatchObject({ didDocument: { id: did } });
		expect(await universal.resolve(`did:orgid:31337:${ABSENT}`)).toMatchObject({
			didResolutionMetadata: { error: "notFound", code: "did/not-found" },
		});
		expect(await universal.resolve("did:web:example.com")).toMatchObject({
			didResolutionMetadata: { error: "unsupportedDidMethod" },
		});
	});
});

describe("createOrgIdResolver options", () => {
	const good = { chainId: 31337, rpcUrl: "http://127.0.0.1:1", registry: `0x${"11".repeat(20)}` };

	it.each<[string, unknown, string]>([
		["nothing", undefined, "config/invalid-option"],
		["no networks", { networks: [] }, "config/invalid-option"],
		["an unknown name", { networks: [good], ttlSeconds: 5 }, "config/unknown-option"],
		["an unknown option of a network", { networks: [{ ...good, rpc: "x" }] }, "config/unknown-option"],
		["an unknown option of the cache", { networks: [good], cache: { ttl: 5 } }, "config/unknown-option"],
		["the same chain twice", { networks: [good, good] }, "config/invalid-option"],
		["a negative TTL", { networks: [good], cache: { ttlSeconds: -1 } }, "config/invalid-option"],
		["a TTL of NaN", { networks: [good], cache: { ttlSeconds: Number.NaN } }, "config/invalid-option"],
		["no entries", { networks: [good], cache: { maxEntries: 0 } }, "config/invalid-option"],
		["an invalid registry", { networks: [{ ...good, registry: "0x11" }] }, "config/invalid-option"],
		["an invalid URL", { networks: [{ ...good, rpcUrl: "ws://x" }] }, "config/invalid-option"],
		["no connection", { networks: [{ chainId: 1, registry: good.registry }] }, "config/invalid-option"],
		["an invalid clock", { networks: [good], now: 5 }, "config/invalid-option"],
	])("rejects %s", (_what, options, code) => {
		expect(() => createOrgIdResolver(options as never)).toThrow(expect.objectContaining({ code }));
	});

	it("aren't modified, and can be reused", () => {
		const options = Object.freeze({
			networks: Object.freeze([Object.freeze({ ...good })]),
			cache: Object.freeze({ ttlSeconds: 1 }),
		});
		const copy = structuredClone(options);
		for (let time = 0; time < 2; time += 1) createOrgIdResolver(options).close();
		expect(options).toEqual(copy);
	});

	it("invalidate rejects text that isn't a DID, and accepts a DID URL", () => {
		expect(() => resolver.invalidate("hello")).toThrow(expect.objectContaining({ code: "did/syntax" }));
		expect(() => resolver.invalidate(`${did}#webserver`)).not.toThrow();
	});

	it("close only closes connections made by the resolver, and can be called twice", async () => {
		const own = createOrgIdResolver({ networks: [first()] });
		await own.resolve(did);
		own.close();
		own.close();
		expect((await own.resolve(did)).didDocument).toBeNull();
		const shared = createOrgIdResolver({ networks: [{ chainId: 31337, registry: network.registry }] });
		await shared.resolve(did);
		shared.close();
		expect((await shared.resolve(did)).didDocument?.id).toBe(did);
	});
});
