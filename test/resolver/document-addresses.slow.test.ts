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

describe.each(KINDS)("with a registry of kind %s, a document", (kind) => {
	it("may stand in the address itself, where the option allows it", async () => {
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

	it("may be in IPFS, as a URI or a bare CID, by the configured gateway alone", async () => {
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

	it("is looked for along redirects", async () => {
		const organization = await stage.create(kind, { uris: (url) => [url.replace("org.json", "old.json")] });
		const [, , , number] = organization.url.split("/");
		stage.server.serve(`/${number}/old.json`, "", { status: 302, headers: { location: "org.json" } });
		expect(await codeOf(stage.verify(organization.mint(), stage.resolver(kind)))).toBe("accepted");
	});
});

describe.each(KINDS)("with a registry of kind %s, an organization as it was", (kind) => {
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

	it("is asked for by block, whatever is known of later ones", async () => {
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

	it("leaves no trace in what is known of now", async () => {
		const { organization, before } = await createWithHistory();
		const resolver = stage.resolver(kind);
		await resolver.resolve(organization.did, { versionId: String(before.number) });
		expect(notes(await resolver.resolve(organization.did))).toBe("second");
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	});

	it("is asked for by time", async () => {
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

	it("is asked for in the query of a DID URL, where did-resolver hands it on", async () => {
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

	it("isn't there before it was created, nor in blocks still to come", async () => {
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

	it("whose document can't be had any more is an outage, not an organization without keys", async () => {
		const { organization, before } = await createWithHistory();
		organization.serve("{}", 503);
		const asked = { versionId: String(before.number) };
		const { didDocument, didResolutionMetadata } = await stage.resolver(kind).resolve(organization.did, asked);
		expect(didDocument).toBeNull();
		expect(didResolutionMetadata).toMatchObject({ code: "document/unreachable" });
	});
});

it("T48: one id on two chains is two organizations with a document each, in the cache too", async () => {
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
