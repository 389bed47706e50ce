/** What the resolver goes on knowing of an organization while its document is slow, gone or outdated. */
import { Resolver } from "did-resolver";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { codeOf, type DocumentStage, LOCAL, startDocumentStage } from "../support/document-stage.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { startSlowServer } from "../support/slow-server.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

/** An organization with a key on chain, whose document's host hangs. */
async function withHangingHost() {
	const slow = await startSlowServer();
	const organization = await stage.create("orgpass", { uris: () => [slow.url] });
	const { privateKey, publicKey } = await generateKeyPair();
	await stage.registry("orgpass").addKey(organization.orgId, { fragment: "onchain", publicKey });
	const resolver = stage.resolver("orgpass", { documents: { ...LOCAL, timeoutSeconds: 3_600 } });
	const verdict = async () =>
		codeOf(stage.verify(organization.mint(privateKey, `${organization.did}#onchain`), resolver));
	return { slow, organization, resolver, verdict };
}

it("T90: an on-chain key doesn't wait for a hanging host at all, an account once for two seconds", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	for (let i = 0; i < 3; i++) expect(await verdict()).toBe("accepted");
	expect(isWaiting(2_000)).toBe(false);
	const asOwner = () => resolver.resolve(organization.did, { fragment: "owner" });
	const resolving = asOwner();
	await until(() => isWaiting(2_000));
	await pass(2_000);
	for (const { didDocumentMetadata } of [await resolving, await asOwner()]) {
		expect(didDocumentMetadata["documentError"]).toMatchObject({ code: "document/unreachable" });
	}
	expect(isWaiting(2_000)).toBe(false);
	await until(() => slow.requests() > 0);
	expect(slow.requests()).toBe(1);

	slow.answer(await organization.compose());
	expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	expect(slow.requests()).toBe(1);
	await slow.close();
});

it("T90: an on-chain key whose record expires doesn't wait for a hanging host again", async () => {
	const { slow, verdict } = await withHangingHost();
	for (let i = 0; i < 3; i++) {
		expect(await verdict()).toBe("accepted");
		stage.clock.now += 61;
	}
	expect(isWaiting(2_000)).toBe(false);
	await slow.close();
});

it("T90: a bare DID and a document's key wait for the document, beside an on-chain key that doesn't", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	const settled: string[] = [];
	const bare = resolver.resolve(organization.did).then(({ didDocument }) => {
		settled.push("bare");
		return didDocument?.authentication;
	});
	const published = codeOf(stage.verify(organization.mint(), resolver)).then((code) => {
		settled.push("published");
		return code;
	});
	const finish = await slow.asked();
	expect(await verdict()).toBe("accepted");
	expect(settled).toEqual([]);
	finish(await organization.compose());
	expect(await bare).toEqual([`${organization.did}#onchain`, organization.issuer]);
	expect(await published).toBe("accepted");
	await slow.close();
});

it("a document that deactivates an organization counts for an on-chain key once it has been loaded", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	const document = await organization.compose({ members: { deactivated: "2026-01-01T00:00:00Z" } });
	await organization.anchor(document);
	expect(await verdict()).toBe("accepted");
	slow.answer(document);
	expect((await resolver.resolve(organization.did)).didDocumentMetadata.deactivated).toBe(true);
	const requests = slow.requests();
	for (const seconds of [0, 61, 61]) {
		stage.clock.now += seconds;
		expect(await verdict()).toBe("did/deactivated");
	}
	expect(slow.requests()).toBe(requests);
	await slow.close();
});

it("T90: an on-chain key stays deactivated while the host of a new document hangs", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	const document = await organization.compose({ members: { deactivated: "2026-01-01T00:00:00Z" } });
	await organization.anchor(document);
	const resolving = resolver.resolve(organization.did);
	(await slow.asked())(document);
	expect((await resolving).didDocumentMetadata.deactivated).toBe(true);
	const next = await organization.compose();
	await organization.anchor(next);
	stage.clock.now += 61;
	for (let i = 0; i < 2; i++) expect(await verdict()).toBe("did/deactivated");
	slow.answer(next);
	await resolver.resolve(organization.did);
	expect(await verdict()).toBe("accepted");
	await slow.close();
});

it("what a known document says against an on-chain key counts for every new record, without another request", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	const { publicKey } = await generateKeyPair();
	const document = await organization.compose({ add: [{ fragment: "onchain", publicKey }] });
	await organization.anchor(document);
	expect(await verdict()).toBe("accepted");
	slow.answer(document);
	expect((await resolver.resolve(organization.did)).didResolutionMetadata["code"]).toBe("did/document-invalid");
	const requests = slow.requests();
	for (const seconds of [0, 61, 61]) {
		stage.clock.now += seconds;
		expect(await verdict()).toBe("did/document-invalid");
	}
	expect(slow.requests()).toBe(requests);
	await slow.close();
});

it("T90: an account waits again for a host that timed out once it has answered", async () => {
	const { slow, organization, resolver, verdict } = await withHangingHost();
	const asOwner = () => resolver.resolve(organization.did, { fragment: "owner" });
	const resolving = asOwner();
	await until(() => isWaiting(2_000));
	await pass(2_000);
	await resolving;
	const document = await organization.compose({ members: { deactivated: "2026-01-01T00:00:00Z" } });
	await organization.anchor(document);
	stage.clock.now += 61;
	const again = asOwner();
	expect((await again).didDocumentMetadata.deactivated).toBeUndefined();
	for (const finish of [await slow.asked(), await slow.asked()]) finish(document);
	while ((await verdict()) !== "did/deactivated") await pass(0);
	const third = await organization.compose();
	await organization.anchor(third);
	stage.clock.now += 61;
	const recovered = asOwner();
	(await slow.asked())(third);
	expect((await recovered).didDocumentMetadata.deactivated).toBeUndefined();
	expect((await recovered).didDocumentMetadata).not.toHaveProperty("documentError");
	await slow.close();
});

it("with did-resolver, the fragment of a DID URL is looked up", async () => {
	const organization = await stage.create("orgid-v1");
	organization.serve("gone", 503);
	const universal = new Resolver({ ...stage.resolver("orgid-v1").plugin });
	expect(await universal.resolve(organization.did)).toMatchObject({
		didDocument: null,
		didResolutionMetadata: { code: "document/unreachable" },
	});
	expect(await universal.resolve(`${organization.did}#owner`)).toMatchObject({
		didDocument: { id: organization.did },
		didDocumentMetadata: { documentError: { code: "document/unreachable" } },
	});
	expect(await universal.resolve(`${organization.did}#not.a.key`)).toMatchObject({ didDocument: null });
});

it("P7: the time limit is shared by all addresses: a silent first one leaves time for the backup", async () => {
	const silent = await startSlowServer();
	const organization = await stage.create("orgid-v1", { uris: (url) => [silent.url, silent.url, url] });
	const documents = { ...LOCAL, timeoutSeconds: 60 };
	const verdict = () => codeOf(stage.verify(organization.mint(), stage.resolver("orgid-v1", { documents })));
	/** A third of the time for each address. */
	const waitTwice = async () => {
		const before = silent.requests();
		for (const count of [1, 2]) {
			await until(() => silent.requests() === before + count);
			passSeconds(20);
			await pass(20_000);
		}
	};
	const accepted = verdict();
	await waitTwice();
	expect(await accepted).toBe("accepted");
	expect(silent.requests()).toBe(2);
	organization.serve("{}", 404);
	const refused = verdict();
	await waitTwice();
	expect(await refused).toBe("document/unreachable");
	vi.restoreAllMocks();
	await silent.close();
});

it("a document key whose fragment was revoked on chain is dropped once that is known", async () => {
	const organization = await stage.create("orgpass");
	const registry = stage.registry("orgpass");
	const { publicKey } = await generateKeyPair();
	await registry.addKey(organization.orgId, { fragment: "webserver", publicKey });
	await registry.revokeKey(organization.orgId, "webserver");
	await organization.publish();
	const resolver = stage.resolver("orgpass");
	expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("did/key-revoked");
	const { didDocument } = await resolver.resolve(organization.did);
	expect(didDocument?.authentication).toEqual([]);
});

it.each(KINDS)("%s: a deactivated organization stays deactivated while its host is down", async (kind) => {
	const organization = await stage.create(kind);
	await organization.publish({ members: { deactivated: "2026-01-01T00:00:00Z" } });
	const resolver = stage.resolver(kind, { cache: { ttlSeconds: 60, maxEntries: 100 } });
	const isDeactivated = async () =>
		(await resolver.resolve(organization.did, { fragment: "owner" })).didDocumentMetadata.deactivated;
	expect(await isDeactivated()).toBe(true);
	organization.serve("gone", 503);
	await organization.anchor(new TextEncoder().encode("another document that nobody has seen"));
	stage.clock.now += 61;
	expect(await isDeactivated()).toBe(true);
	await organization.publish();
	stage.clock.now += 61;
	expect(await isDeactivated()).toBeUndefined();
});
