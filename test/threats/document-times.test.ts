/** Dates of documents end to end: which clock they are checked against, and what unusual dates do. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import {
	codeOf,
	type DocumentStage,
	LOCAL,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";

const V3 = "orgid-v3";
const PAST = "2020-01-01T00:00:00Z";
const UNREADABLE: readonly unknown[] = [{ toString: 1, valueOf: 1 }, ["2999-01-01T00:00:00Z"], "2999", null];
const successor = await generateKeyPair();

let stage: DocumentStage;
const open: OrgIdResolver[] = [];
beforeAll(async () => {
	stage = await startDocumentStage([V3]);
});
afterAll(async () => {
	for (const resolver of open) resolver.close();
	await stage.close();
});

/** A resolver with the default clock. */
function usualResolver(): OrgIdResolver {
	const networks = [{ chainId: 31337, rpcUrl: stage.network.rpcUrl, registry: stage.address(V3) }];
	const resolver = createOrgIdResolver({ networks, documents: LOCAL });
	open.push(resolver);
	return resolver;
}

/** An organization with a document signed by its own key, and a second key without marks. */
async function signedByOwnKey(marks: object): Promise<PublishedOrganization> {
	const organization = await stage.create(V3);
	const { issuer, did, key, publicKey } = organization;
	await stage.registry(V3).addDelegates(organization.orgId, [issuer]);
	const publicKeyJwk = exportPublicKey(publicKey, "jwk");
	await organization.publish({
		methods: [{ id: issuer, type: "JsonWebKey2020", controller: did, publicKeyJwk, ...marks }],
		add: [{ fragment: "second", publicKey: successor.publicKey }],
		members: { capabilityDelegation: [issuer] },
		sign: { verificationMethod: issuer, key },
	});
	return organization;
}

/** The verdict on a token of the key without marks. */
function verdict({ did, mint }: PublishedOrganization, resolver: OrgIdResolver): Promise<string> {
	return codeOf(stage.verify(mint(successor.privateKey, `${did}#second`), resolver));
}

describe("with the default clock", () => {
	it("T37: a key revoked years ago neither authenticates nor signs a document", async () => {
		const organization = await stage.create(V3);
		const { issuer, did, publicKey } = organization;
		const publicKeyJwk = exportPublicKey(publicKey, "jwk");
		const method = { id: issuer, type: "JsonWebKey2020", controller: did, publicKeyJwk, revoked: PAST };
		await organization.publish({ methods: [method] });
		const { didDocument } = await usualResolver().resolve(did);
		expect(didDocument?.authentication).toEqual([`${did}#owner1`]);
		const signed = await signedByOwnKey({ revoked: PAST });
		expect(await verdict(signed, usualResolver())).toBe("document/proof-unauthorized");
	});

	it("T56: a delegate whose own document is valid can sign another one", async () => {
		const [lender, organization] = [await stage.create(V3), await stage.create(V3)];
		await stage.registry(V3).addDelegates(organization.orgId, [lender.issuer]);
		await organization.publish({
			members: { capabilityDelegation: [lender.issuer] },
			sign: { verificationMethod: lender.issuer, key: lender.key },
		});
		expect(await codeOf(stage.verify(organization.mint(), usualResolver()))).toBe("accepted");
	});
});

describe("T37: a key with an expiry in its document", () => {
	it.each([PAST, ...UNREADABLE])("can't sign a document: %j", async (expires) => {
		const organization = await signedByOwnKey({ expires });
		expect(await verdict(organization, stage.resolver(V3))).toBe("document/proof-unauthorized");
	});

	it("can sign a document until then", async () => {
		const organization = await signedByOwnKey({ expires: "2999-01-01T00:00:00Z" });
		expect(await verdict(organization, stage.resolver(V3))).toBe("accepted");
	});

	it.each(UNREADABLE)("can't sign a token, even with an invalid date: %j", async (expires) => {
		const organization = await stage.create(V3);
		const { issuer, did, publicKey } = organization;
		const publicKeyJwk = exportPublicKey(publicKey, "jwk");
		const method = { id: issuer, type: "JsonWebKey2020", controller: did, publicKeyJwk, expires };
		await organization.publish({ methods: [method] });
		expect(await codeOf(stage.verify(organization.mint(), stage.resolver(V3)))).toBe("did/key-expired");
	});
});

describe("T42: a document dated in the future", () => {
	it("doesn't block later documents, of which an older one is rejected", async () => {
		const organization = await stage.create(V3);
		const resolver = stage.resolver(V3);
		const seen = async (bytes: Uint8Array): Promise<string> => {
			organization.serve(bytes);
			resolver.invalidate(organization.did);
			return codeOf(stage.verify(organization.mint(), resolver));
		};
		const old = await organization.compose();
		expect(await seen(await organization.compose({ members: { updated: "9999-12-31T23:59:59Z" } }))).toBe("accepted");
		const { now } = stage.clock;
		onTestFinished(() => void Object.assign(stage.clock, { now }));
		stage.clock.now += 60;
		expect(await seen(await organization.compose())).toBe("accepted");
		expect(await seen(old)).toBe("document/rolled-back");
	});
});
