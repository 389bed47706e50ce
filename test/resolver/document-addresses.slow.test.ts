/** Where documents may be, and organizations as they were. */
import { Resolver } from "did-resolver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashDocument } from "../../src/document/document-hash.ts";
import { startDocumentServer } from "../support/document-server.ts";
import { codeOf, type DocumentStage, LOCAL, startDocumentStage } from "../support/document-stage.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";
import { KINDS } from "../support/registry-kinds.ts";

const CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

describe.each(KINDS)("a document with a %s registry", (kind) => {
	it("can be a data: URI, if allowed", async () => {
		const organization = await stage.create(kind);
		const bytes = await organization.compose({ members: { note: "naïve" } });
		const hash = kind === "orgid-v3" ? {} : { hash: hashDocument(bytes) };
		for (const uri of [
			`data:application/json;base64,${Buffer.from(bytes).toString("base64")}`,
			`data:application/json,${encodeURIComponent(new TextDecoder().decode(bytes))}`,
		]) {
			// The registry of orgpass keeps 2 KiB of an address, as much as this document needs.
			await stage.registry(kind).setDocument(organization.orgId, { uris: [uri], ...hash });
			const resolver = stage.resolver(kind, { documents: { allowData: true } });
			expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
			const strict = stage.resolver(kind);
			expect(await codeOf(stage.verify(organization.mint(), strict))).toBe("document/uri-refused");
		}
	});

	it("can be in IPFS, as a URI or a bare CID, through the configured gateway only", async () => {
		const gateway = await startDocumentServer();
		let fetched = 0;
		for (const uri of [`ipfs://${CID}`, CID, `ipfs://${CID}/org.json`]) {
			const organization = await stage.create(kind, { uris: () => [uri] });
			const path = `/ipfs/${uri.replace("ipfs://", "")}`;
			gateway.serve(path, await organization.compose());
			const documents = { ipfsGateway: gateway.url("/") };
			const resolver = stage.resolver(kind, { documents });
			expect(await codeOf(stage.verify(organization.mint(), resolver)), uri).toBe("accepted");
			fetched += 1;
			expect(gateway.requests()).toBe(fetched);
			const strict = stage.resolver(kind, { documents: LOCAL });
			expect(await codeOf(stage.verify(organization.mint(), strict))).toBe("document/uri-refused");
		}
		await gateway.close();
	});

	it("is fetched through redirects", async () => {
		const organization = await stage.create(kind, { uris: (url) => [url.replace("org.json", "old.json")] });
		const [, , , number] = organization.url.split("/");
		stage.server.serve(`/${number}/old.json`, "", { status: 302, headers: { location: "org.json" } });
		expect(await codeOf(stage.verify(organization.mint(), stage.resolver(kind)))).toBe("accepted");
	});
});

describe.each(KINDS)("an earlier version of an organization in a %s registry", (kind) => {
	/** Two documents one after the other, each at an address of its own. */
	async function createWithHistory() {
		const organization = await stage.create(kind);
		const registry = stage.registry(kind);
		const before = await stage.network.provider.getBlock("latest");
		await stage.network.advanceTime(100);
		stage.clock.now += 100;
		const bytes = await organization.compose({ members: { note: "second" } });
		const url = stage.server.serve(`/second/${organization.orgId}.json`, bytes);
		const hash = kind === "orgid-v3" ? {} : { hash: hashDocument(bytes) };
		const { blockNumber } = await registry.setDocument(organization.orgId, { uris: [url], ...hash });
		const after = await stage.network.provider.getBlock(blockNumber);
		if (before === null || after === null) return expect.fail("a block is missing");
		return { organization, before, after };
	}
	const notes = (result: { didDocumentMetadata: object }) =>
		(result.didDocumentMetadata as { orgJson?: { note?: string } }).orgJson?.note;

	it("is resolved by block, whatever is cached", async () => {
		const { organization, before, after } = await createWithHistory();
		const resolver = stage.resolver(kind);
		expect(notes(await resolver.resolve(organization.did))).toBe("second");
		const then = await resolver.resolve(organization.did, { versionId: String(before.number) });
		expect(then.didResolutionMetadata).not.toHaveProperty("error");
		expect(then.didDocument?.authentication).toContain(organization.issuer);
		expect(then.didDocumentMetadata).toMatchObject({ versionId: String(before.number) });
		expect(then.didDocumentMetadata).not.toHaveProperty("documentError");
		expect(notes(then)).toBeUndefined();
		const now = await resolver.resolve(organization.did, { versionId: String(after.number) });
		expect(notes(now)).toBe("second");
	});

	it("isn't cached as the current one", async () => {
		const { organization, before } = await createWithHistory();
		const resolver = stage.resolver(kind);
		await resolver.resolve(organization.did, { versionId: String(before.number) });
		expect(notes(await resolver.resolve(organization.did))).toBe("second");
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	});

	it("is resolved by time", async () => {
		const { organization, before, after } = await createWithHistory();
		const resolver = stage.resolver(kind);
		const at = (seconds: number) =>
			resolver.resolve(organization.did, { versionTime: new Date(seconds * 1_000).toISOString() });
		expect(notes(await at(after.timestamp))).toBe("second");
		const then = await at(after.timestamp - 1);
		expect(then.didDocument?.authentication).toContain(organization.issuer);
		expect(notes(then)).toBeUndefined();
		expect((await at(before.timestamp - 1_000_000)).didResolutionMetadata["code"]).toBe("did/not-found");
	});

	it("is resolved with the query of a DID URL through did-resolver", async () => {
		const { organization, before, after } = await createWithHistory();
		const resolver = new Resolver({ ...stage.resolver(kind).plugin });
		const ask = (query: string) => resolver.resolve(`${organization.did}?${query}`);
		expect(notes(await ask("service=api"))).toBe("second");
		expect((await ask(`versionId=${before.number}`)).didDocumentMetadata).toMatchObject({
			versionId: String(before.number),
		});
		const time = (seconds: number) => new Date(seconds * 1_000).toISOString().replaceAll(":", "%3A");
		expect(notes(await ask(`service=api&versionTime=${time(after.timestamp - 1)}`))).toBeUndefined();
		expect(notes(await ask(`versionTime=${time(after.timestamp)}`))).toBe("second");
		for (const query of ["versionId=", "versionId=x", "versionId=1&versionId=2", "versionTime=%ff"])
			expect((await ask(query)).didResolutionMetadata["code"], query).toBe("did/syntax");
	});

	it("doesn't exist before its creation or in future blocks", async () => {
		const { organization, before } = await createWithHistory();
		const resolver = stage.resolver(kind);
		const code = async (asked: object) =>
			(await resolver.resolve(organization.did, asked)).didResolutionMetadata["code"];
		expect(await code({ versionId: String(before.number - 1) })).toBe("did/not-found");
		expect(await code({ versionId: "99999999" })).toBe("did/version-not-found");
		for (const versionId of ["", "latest", "-1", "0x1", "1e3", "1.5", {}])
			expect(await code({ versionId }), String(versionId)).toBe("did/syntax");
		for (const versionTime of ["", "soon", "2024-01-01", 5])
			expect(await code({ versionTime }), String(versionTime)).toBe("did/syntax");
		expect(await code({ versionId: "1", versionTime: "2024-01-01T00:00:00Z" })).toBe("did/syntax");
	});

	it("is an outage if its document is no longer available", async () => {
		const { organization, before } = await createWithHistory();
		organization.serve("{}", 503);
		const asked = { versionId: String(before.number) };
		const { didDocument, didResolutionMetadata } = await stage.resolver(kind).resolve(organization.did, asked);
		expect(didDocument).toBeNull();
		expect(didResolutionMetadata).toMatchObject({ code: "document/unreachable" });
	});
});

it("T48: the same id on two chains is two organizations with separate documents, also in the cache", async () => {
	const second = await startFakeNode((method, params) =>
		method === "eth_chainId" ? { result: "0x64" } : passOn(stage.network.rpcUrl, method, params),
	);
	const organization = await stage.create("orgpass");
	const twin = organization.did.replace("31337", "100");
	const registry = stage.address("orgpass");
	const resolver = stage.resolver("orgpass", {
		networks: [
			{ chainId: 31337, rpcUrl: stage.network.rpcUrl, registry },
			{ chainId: 100, rpcUrl: second.url, registry },
		],
	});
	const twinToken = () => organization.mint(organization.key, `${twin}#webserver`);
	for (let i = 0; i < 2; i++) {
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		expect(await codeOf(stage.verify(twinToken(), resolver))).toBe("document/subject");
	}
	await organization.publish({ members: { id: organization.did.replace("31337:", "") } });
	for (const did of [organization.did, twin]) resolver.invalidate(did);
	const documents = await Promise.all([organization.did, twin].map((did) => resolver.resolve(did)));
	expect(documents.map(({ didDocument }) => didDocument?.id)).toEqual([organization.did, twin]);
	await second.close();
});
