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

it("an on-chain key or account doesn't wait for a slow document", async () => {
	const slow = await startSlowServer();
	const organization = await stage.create("orgpass", { uris: () => [slow.url] });
	const { privateKey, publicKey } = await generateKeyPair();
	await stage.registry("orgpass").addKey(organization.orgId, { fragment: "onchain", publicKey });
	const resolver = stage.resolver("orgpass", { documents: { ...LOCAL, timeoutSeconds: 3_600 } });
	const token = await organization.mint(privateKey, `${organization.did}#onchain`);
	const verifying = codeOf(stage.verify(token, resolver));
	await until(() => isWaiting(2_000));
	await pass(2_000);
	expect(await verifying).toBe("accepted");
	const { didDocumentMetadata } = await resolver.resolve(organization.did, { fragment: "owner" });
	expect(isWaiting(2_000)).toBe(false);
	expect(didDocumentMetadata["documentError"]).toMatchObject({ code: "document/unreachable" });
	expect(slow.requests()).toBe(1);

	slow.answer(await organization.compose());
	expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	expect(slow.requests()).toBe(1);
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
