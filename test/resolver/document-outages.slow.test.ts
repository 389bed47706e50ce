/** Documents that are down, changed or raced: what goes on working, what doesn't, and what comes back. */
import { id } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import {
	codeOf,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { startSlowServer } from "../support/slow-server.ts";

const GET_KEY = id("getKey(bytes32,string)").slice(0, 10);

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

const pathOf = ({ url }: PublishedOrganization): string => new URL(url).pathname;
const requestsFor = (organization: PublishedOrganization): number => stage.server.requests(pathOf(organization));

/** Adds a key on chain and gives a minter of its tokens. */
async function addKeyOnChain(organization: PublishedOrganization, fragment: string): Promise<() => Promise<string>> {
	const { privateKey, publicKey } = await generateKeyPair();
	await stage.registry(organization.kind).addKey(organization.orgId, { fragment, publicKey });
	return () => organization.mint(privateKey, `${organization.did}#${fragment}`);
}

/** The calls of one lookup of an unlisted key; our registry is asked whether it was revoked. */
const CALLS = { orgpass: 2, "orgid-v1": 1, "orgid-v3": 3 } as const;

describe.each(KINDS)("an unavailable document with a %s registry", (kind) => {
	it("is an outage for its keys, and is fetched again after the negative TTL", async () => {
		const organization = await stage.create(kind);
		const body = await organization.compose();
		const resolver = stage.resolver(kind);
		const verdict = () => codeOf(stage.verify(organization.mint(), resolver));
		organization.serve("{}", 503);
		expect(await verdict()).toBe("document/unreachable");
		expect(OUTAGE_CODES.has("document/unreachable")).toBe(true);
		organization.serve(body);
		const before = requestsFor(organization);
		stage.clock.now += 4;
		// Without a hash, a new document may list the key.
		if (kind === "orgid-v3") return expect(await verdict()).toBe("accepted");
		expect(await verdict()).toBe("document/unreachable");
		expect(requestsFor(organization)).toBe(before);
		stage.clock.now += 1;
		expect(await verdict()).toBe("accepted");
	});

	it("T52: with staleIfErrorSeconds, the earlier document of an unchanged record is used", async () => {
		const organization = await stage.create(kind);
		const body = await organization.compose();
		const resolver = stage.resolver(kind, { cache: { staleIfErrorSeconds: 600 } });
		const verdict = () =>
			stage.verify(organization.mint(), resolver).then(
				({ stale = false }) => ({ stale }),
				({ code }) => code,
			);
		expect(await verdict()).toEqual({ stale: false });
		// A document with a hash is never fetched again.
		const stale = kind === "orgid-v3";
		organization.serve("{}", 503);
		stage.clock.now += 60;
		expect(await verdict()).toEqual({ stale });
		const before = requestsFor(organization);
		for (let i = 0; i < 3; i++) expect(await verdict()).toEqual({ stale });
		expect(requestsFor(organization)).toBe(before);
		stage.clock.now += 300;
		expect(await verdict()).toEqual({ stale });
		organization.serve(body);
		stage.clock.now += 60;
		await verdict();
		expect(await verdict()).toEqual({ stale: false });
		organization.serve("{}", 503);
		stage.clock.now += 700;
		expect(await verdict()).toEqual(stale ? "document/unreachable" : { stale });
	});

	it("T52: an earlier document isn't used instead of an invalid or a changed one", async () => {
		if (kind !== "orgid-v3") return;
		const organization = await stage.create(kind);
		const resolver = stage.resolver(kind, { cache: { staleIfErrorSeconds: 600 } });
		const verdict = () => codeOf(stage.verify(organization.mint(), resolver));
		expect(await verdict()).toBe("accepted");
		organization.serve("{}", 200);
		stage.clock.now += 60;
		expect(await verdict()).toMatch(/^document\//);
		organization.serve("{}", 503);
		stage.clock.now += 60;
		expect(await verdict()).toBe("document/unreachable");
	});

	it("is an outage if the connection is refused", async () => {
		const organization = await stage.create(kind, { uris: () => ["http://127.0.0.1:2/"] });
		const verifying = stage.verify(organization.mint(), stage.resolver(kind));
		expect(await codeOf(verifying)).toBe("document/unreachable");
	});

	it("is an internalError in did-resolver's terms, not notFound", async () => {
		const organization = await stage.create(kind);
		organization.serve("{}", 500);
		const { didDocument, didResolutionMetadata } = await stage.resolver(kind).resolve(organization.did);
		expect(didDocument).toBeNull();
		expect(didResolutionMetadata).toMatchObject({ error: "internalError", code: "document/unreachable" });
	});

	it("isn't fetched again while its record is cached", async () => {
		const organization = await stage.create(kind);
		const resolver = stage.resolver(kind);
		for (let i = 0; i < 3; i++) await stage.verify(organization.mint(), resolver);
		expect(requestsFor(organization)).toBe(1);
		stage.clock.now += 60;
		organization.serve("{}", 503);
		const verdict = await codeOf(stage.verify(organization.mint(), resolver));
		expect(verdict).toBe(kind === "orgid-v3" ? "document/unreachable" : "accepted");
	});

	it("T61: is fetched once for fifty concurrent verifications", async () => {
		const slow = await startSlowServer();
		const organization = await stage.create(kind, { uris: () => [slow.url] });
		const first = await organization.compose();
		const resolver = stage.resolver(kind);
		const token = await organization.mint();
		const verdicts = Array.from({ length: 50 }, () => codeOf(stage.verify(token, resolver)));
		const finish = await slow.asked();
		finish(first);
		const seen = new Set(await Promise.all(verdicts));
		expect(seen).toEqual(new Set(["accepted"]));
		expect(slow.requests()).toBe(1);
		await slow.close();
	});
});

describe("on-chain keys next to a document", () => {
	const kind = "orgpass";

	it("keep working while the document is down, which the metadata reports", async () => {
		const organization = await stage.create(kind);
		const mint = await addKeyOnChain(organization, "chain");
		const resolver = stage.resolver(kind);
		organization.serve("{}", 503);
		expect(await codeOf(stage.verify(mint(), resolver))).toBe("accepted");
		const { didDocumentMetadata } = await resolver.resolve(organization.did);
		expect(didDocumentMetadata).toMatchObject({
			documentError: { code: "document/unreachable", message: expect.any(String) },
			methodSources: { [`${organization.did}#chain`]: "registry" },
		});
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/unreachable");
		organization.serve(await organization.compose());
		stage.clock.now += 5;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		expect((await resolver.resolve(organization.did)).didDocumentMetadata).not.toHaveProperty("documentError");
	});

	it("keep working if the document is forged", async () => {
		const organization = await stage.create(kind);
		const mint = await addKeyOnChain(organization, "chain");
		const resolver = stage.resolver(kind);
		organization.serve("{}");
		expect(await codeOf(stage.verify(mint(), resolver))).toBe("accepted");
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/hash-mismatch");
	});

	it("come first in the DID document, and both kinds verify", async () => {
		const organization = await stage.create(kind);
		const mint = await addKeyOnChain(organization, "chain");
		const resolver = stage.resolver(kind);
		const { didDocument } = await resolver.resolve(organization.did);
		const names = didDocument?.verificationMethod?.map(({ id }) => id.split("#")[1]);
		expect(names).toEqual(["chain", "webserver", "owner"]);
		for (const token of [mint(), organization.mint()])
			expect(await codeOf(stage.verify(token, resolver))).toBe("accepted");
	});

	it("are an error if a document key has the same fragment, until one of the two is removed", async () => {
		const organization = await stage.create(kind);
		const mint = await addKeyOnChain(organization, "webserver");
		const resolver = stage.resolver(kind);
		for (const token of [organization.mint, mint]) {
			await resolver.resolve(organization.did);
			expect(await codeOf(stage.verify(token(), resolver))).toBe("did/document-invalid");
		}
		const { didDocument, didResolutionMetadata } = await resolver.resolve(organization.did);
		expect(didDocument).toBeNull();
		expect(didResolutionMetadata).toMatchObject({
			error: "invalidDidDocument",
			code: "did/document-invalid",
		});
		await organization.publish({ methods: [] });
		resolver.invalidate(organization.did);
		expect(await codeOf(stage.verify(mint(), resolver))).toBe("accepted");
	});

	it("stay revoked if the document lists them again", async () => {
		const organization = await stage.create(kind, { methods: [] });
		const { privateKey, publicKey } = await generateKeyPair();
		const registry = stage.registry(kind);
		await registry.addKey(organization.orgId, { fragment: "old", publicKey });
		await registry.revokeKey(organization.orgId, "old");
		await organization.publish({ add: [{ fragment: "old", publicKey }] });
		const resolver = stage.resolver(kind);
		const token = await organization.mint(privateKey, `${organization.did}#old`);
		for (let i = 0; i < 3; i++) expect(await codeOf(stage.verify(token, resolver))).toBe("did/key-revoked");
		stage.clock.now += 61;
		const later = await organization.mint(privateKey, `${organization.did}#old`);
		expect(await codeOf(stage.verify(later, resolver))).toBe("did/key-revoked");
	});

	it("make a document key an outage while the node can't tell whether its fragment was revoked", async () => {
		const organization = await stage.create(kind);
		let isDown = true;
		const node = await startFakeNode((method, params) => {
			const isAboutKey = JSON.stringify(params).includes(GET_KEY);
			return isDown && isAboutKey ? { status: 503, body: "" } : passOn(stage.network.rpcUrl, method, params);
		});
		const networks = [{ chainId: 31337, rpcUrl: node.url, registry: stage.address(kind) }];
		const resolver = stage.resolver(kind, { networks });
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("registry/unreachable");
		isDown = false;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		await node.close();
	});

	it("stay revoked while another fragment is looked up concurrently", async () => {
		const organization = await stage.create(kind);
		const { privateKey, publicKey } = await generateKeyPair();
		const registry = stage.registry(kind);
		await registry.addKey(organization.orgId, { fragment: "old", publicKey });
		await registry.revokeKey(organization.orgId, "old");
		const resolver = stage.resolver(kind);
		await resolver.resolve(organization.did);
		await organization.publish({ add: [{ fragment: "old", publicKey }] });
		const token = organization.mint(privateKey, `${organization.did}#old`);
		const [, verdict] = await Promise.all([
			resolver.resolve(organization.did, { fragment: "another" }),
			codeOf(stage.verify(token, resolver)),
		]);
		expect(verdict).toBe("did/key-revoked");
	});
});

describe.each(KINDS)("a new document with a %s registry", (kind) => {
	/** Publishes a second key and gives a token of it. */
	async function publishKey(organization: PublishedOrganization, fragment: string): Promise<string> {
		const { privateKey, publicKey } = await generateKeyPair();
		stage.clock.now += 1;
		await organization.publish({ add: [{ fragment, publicKey }] });
		return organization.mint(privateKey, `${organization.did}#${fragment}`);
	}

	it("makes its new key available at once, before the TTL is over", async () => {
		const organization = await stage.create(kind);
		const resolver = stage.resolver(kind);
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		const token = await publishKey(organization, "fresh");
		expect(await codeOf(stage.verify(token, resolver))).toBe("accepted");
		expect(requestsFor(organization)).toBe(2);
	});

	it("is checked for ten times at most, then once per cooldown, whatever fragments are requested", async () => {
		const counter = await startRpcCounter(stage.network.rpcUrl);
		const organization = await stage.create(kind);
		const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address(kind) }];
		const resolver = stage.resolver(kind, { networks, cache: { refreshCooldownSeconds: 10 } });
		await resolver.resolve(organization.did);
		const attack = () =>
			Promise.all(Array.from({ length: 100 }, (_, i) => resolver.resolve(organization.did, { fragment: `x${i}` })));
		counter.reset();
		for (let round = 0; round < 12; round++) await attack();
		const calls = counter.count("eth_call");
		const fetched = requestsFor(organization);
		expect(calls).toBeLessThanOrEqual(10 * CALLS[kind] + 1);
		expect(fetched).toBeLessThanOrEqual(kind === "orgid-v3" ? 11 : 1);
		const token = await publishKey(organization, "fresh");
		expect(await codeOf(stage.verify(token, resolver))).toBe("registry/unreachable");
		stage.clock.now += 9;
		await attack();
		expect(await codeOf(stage.verify(token, resolver))).toBe("accepted");
		expect(counter.count("eth_call")).toBeLessThanOrEqual(calls + 2 * CALLS[kind]);
		expect(requestsFor(organization)).toBeLessThanOrEqual(fetched + 2);
		await counter.close();
	});

	it("T50: drops a removed key after the TTL, and at once after invalidate", async () => {
		for (const isInvalidated of [false, true]) {
			const organization = await stage.create(kind);
			const resolver = stage.resolver(kind);
			const verdict = () => codeOf(stage.verify(organization.mint(), resolver));
			expect(await verdict()).toBe("accepted");
			stage.clock.now += 1;
			await organization.publish({ methods: [] });
			expect(await verdict()).toBe("accepted");
			if (isInvalidated) resolver.invalidate(organization.did);
			else stage.clock.now += 59;
			expect(await verdict()).toBe("did/key-not-found");
		}
	});

	it("T51: isn't overwritten by a slow fetch of the old one", async () => {
		const slow = await startSlowServer();
		const organization = await stage.create(kind, { uris: () => [slow.url] });
		const old = await organization.compose();
		const resolver = stage.resolver(kind);
		const verdict = () => codeOf(stage.verify(organization.mint(), resolver));
		const slowly = verdict();
		const finishOld = await slow.asked();
		stage.clock.now += 1;
		const next = await organization.compose({ methods: [] });
		await organization.anchor(next);
		slow.answer(next);
		resolver.invalidate(organization.did);
		expect(await verdict()).toBe("did/key-not-found");
		finishOld(old);
		expect(["accepted", "did/key-not-found", "document/hash-mismatch", "document/rolled-back"]).toContain(await slowly);
		for (let i = 0; i < 3; i++) expect(await verdict()).toBe("did/key-not-found");
		await slow.close();
	});

	it("T48: isn't shared by two resolvers", async () => {
		const organization = await stage.create(kind);
		const [first, second] = [stage.resolver(kind), stage.resolver(kind)];
		expect(await codeOf(stage.verify(organization.mint(), first))).toBe("accepted");
		stage.clock.now += 1;
		await organization.publish({ methods: [] });
		expect(await codeOf(stage.verify(organization.mint(), second))).toBe("did/key-not-found");
		expect(await codeOf(stage.verify(organization.mint(), first))).toBe("accepted");
	});
});
