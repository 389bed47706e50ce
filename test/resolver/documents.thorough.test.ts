/** Documents of real organizations, the same behaviour for every kind of registry. */
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import {
	codeOf,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { someRows, thorough } from "../support/thorough.ts";

const DAY = 86_400;
const FOREIGN = `did:orgid:31337:0x${"0b".repeat(32)}`;

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

/** A key's bytes, compressed, with the multicodec of secp256k1. */
function multikey(key: PublicKey): Uint8Array {
	return Uint8Array.from([0xe7, 0x01, ...Buffer.from(exportPublicKey(key, "compressed-hex").slice(2), "hex")]);
}

const FORMS: readonly (readonly [string, (key: PublicKey) => object])[] = [
	["publicKeyPem with armor", (key) => ({ publicKeyPem: exportPublicKey(key, "spki") })],
	["publicKeyPem as bare base64", (key) => ({ publicKeyPem: exportPublicKey(key, "spki-base64") })],
	["publicKeyJwk", (key) => ({ publicKeyJwk: exportPublicKey(key, "jwk") })],
	["publicKeyHex", (key) => ({ publicKeyHex: exportPublicKey(key, "hex").slice(2) })],
	["publicKeyHex, compressed", (key) => ({ publicKeyHex: exportPublicKey(key, "compressed-hex").slice(2) })],
	[
		"publicKeyBase58",
		(key) => ({ publicKeyBase58: base58.encode(Buffer.from(exportPublicKey(key, "hex").slice(2), "hex")) }),
	],
	["publicKeyMultibase, z", (key) => ({ publicKeyMultibase: `z${base58.encode(multikey(key))}` })],
	["publicKeyMultibase, u", (key) => ({ publicKeyMultibase: `u${Buffer.from(multikey(key)).toString("base64url")}` })],
];

const REVOCATIONS: readonly (readonly [string, object, string])[] = [
	["past", { invalidityDate: "2020-01-01T00:00:00Z" }, "did/key-revoked"],
	["unreadable", { invalidityDate: "soon" }, "did/key-revoked"],
	["missing", { reason: "lost" }, "did/key-revoked"],
	["far in the future", { invalidityDate: "2099-01-01T00:00:00Z" }, "accepted"],
];

describe.each(KINDS)("documents with a %s registry", (kind) => {
	const resolverOf = (options = {}) => stage.resolver(kind, options);
	const method = (organization: PublishedOrganization, members: object = {}) => ({
		id: organization.issuer,
		type: kind === "orgid-v3" ? "EcdsaSecp256k1VerificationKey2019" : "secp256k1",
		controller: organization.did,
		publicKeyJwk: exportPublicKey(organization.publicKey, "jwk"),
		...members,
	});
	/** The verdict on a token of an organization whose only key has these members. */
	async function verdictOn(methodMembers: object, members: object = {}): Promise<string> {
		const organization = await stage.create(kind);
		await organization.publish({ methods: [method(organization, methodMembers)], members });
		return codeOf(stage.verify(organization.mint(), resolverOf()));
	}

	it("provide a key that verifies tokens", async () => {
		const organization = await stage.create(kind);
		const resolver = resolverOf();
		const verified = await stage.verify(organization.mint(), resolver);
		expect(verified).toMatchObject({ issuer: organization.did, keyId: organization.issuer });
		const { didDocument, didDocumentMetadata } = await resolver.resolve(organization.did);
		expect(didDocument?.authentication).toContain(organization.issuer);
		expect(didDocumentMetadata).toMatchObject({
			canonicalId: organization.did,
			created: expect.any(String),
			updated: expect.any(String),
			organization: { kind, orgId: organization.orgId },
			methodSources: { [organization.issuer]: "document", [`${organization.did}#owner`]: "account" },
			orgJson: { id: organization.did },
		});
		expect(didDocumentMetadata).not.toHaveProperty("documentError");
		expect("credential" in didDocumentMetadata).toBe(kind === "orgid-v3");
	});

	// By default each form with one of the kinds.
	it.each(someRows(FORMS, KINDS.length, KINDS.indexOf(kind)))("provide a key in %s", async (_form, write) => {
		const organization = await stage.create(kind);
		const { publicKeyJwk: _, ...bare } = method(organization);
		await organization.publish({ methods: [{ ...bare, ...write(organization.publicKey) }] });
		expect(await codeOf(stage.verify(organization.mint(), resolverOf()))).toBe("accepted");
		const { privateKey } = await generateKeyPair();
		expect(await codeOf(stage.verify(organization.mint(privateKey), resolverOf()))).toBe("token/signature");
	});

	// By default only for one kind: how a document is read doesn't depend on the registry.
	if (thorough(0, 1) === 1 && kind !== "orgpass") return;

	it("can name the organization with or without a chain, and keys by fragment only", async () => {
		const organization = await stage.create(kind);
		const short = organization.did.replace("31337:", "");
		for (const spelling of [organization.did, short]) {
			for (const id of [`${spelling}#webserver`, "#webserver"]) {
				const methods = [method(organization, { id, controller: spelling })];
				await organization.publish({ methods, members: { id: spelling } });
				expect(await codeOf(stage.verify(organization.mint(), resolverOf())), id).toBe("accepted");
			}
		}
	});

	it("don't provide missing keys or ones with similar fragments", async () => {
		const organization = await stage.create(kind);
		for (const fragment of ["web", "ebserver", "webserver2", "Webserver", "__proto__"]) {
			const minted = organization.mint(organization.key, `${organization.did}#${fragment}`);
			expect(await codeOf(stage.verify(minted, resolverOf())), fragment).toBe("did/key-not-found");
		}
	});

	it("are dropped from the cache when the resolver is closed", async () => {
		const organization = await stage.create(kind);
		const networks = [{ chainId: 31337, registry: stage.registry(kind) }];
		const resolver = resolverOf({ networks });
		const fetched = () => stage.server.requests(new URL(organization.url).pathname);
		await resolver.resolve(organization.did);
		const before = fetched();
		resolver.close();
		await resolver.resolve(organization.did);
		expect(fetched()).toBe(before + 1);
	});

	it("T38: provide only the keys listed in authentication, if present", async () => {
		const organization = await stage.create(kind);
		const listOf = async (authentication: unknown) => {
			await organization.publish({ members: { authentication } });
			return codeOf(stage.verify(organization.mint(), resolverOf()));
		};
		expect(await listOf([organization.issuer])).toBe("accepted");
		expect(await listOf(["#webserver"])).toBe("accepted");
		for (const other of [[], [`${organization.did}#other`], [`${FOREIGN}#webserver`], "#webserver", null])
			expect(await listOf(other), String(other)).toBe("did/key-not-found");
	});

	it("T38: don't provide a key with a foreign controller or id", async () => {
		expect(await verdictOn({ controller: FOREIGN })).toBe("did/document-invalid");
		expect(await verdictOn({ id: `${FOREIGN}#webserver` })).toBe("did/key-not-found");
	});

	it.each(someRows(REVOCATIONS, 2, KINDS.indexOf(kind)))(
		"T37: handle a revocation date that is %s",
		async (_what, revocation, verdict) => {
			expect(await verdictOn({ verificationMethodRevocation: revocation })).toBe(verdict);
		},
	);

	it("T37: don't provide a key once the verifier's clock reaches its revocation, cached or not", async () => {
		const organization = await stage.create(kind);
		const invalidityDate = new Date((stage.clock.now + 30) * 1_000).toISOString();
		const revocation = { verificationMethodRevocation: { reason: "rotated", invalidityDate } };
		await organization.publish({ methods: [method(organization, revocation)] });
		const resolver = resolverOf();
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		stage.clock.now += 30;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("did/key-revoked");
		expect(await codeOf(stage.verify(organization.mint(), resolverOf()))).toBe("did/key-revoked");
	});

	it("T36: deactivate the organization with a deactivated member, and reactivate it without", async () => {
		const organization = await stage.create(kind);
		await organization.publish({ members: { deactivated: "2024-01-01T00:00:00Z" } });
		const resolver = resolverOf();
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("did/deactivated");
		expect((await resolver.resolve(organization.did)).didDocumentMetadata.deactivated).toBe(true);
		await organization.publish();
		resolver.invalidate(organization.did);
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	});

	it("are rejected if two keys have the same id", async () => {
		const organization = await stage.create(kind);
		const short = organization.issuer.replace("31337:", "");
		await organization.publish({ methods: [method(organization), method(organization, { id: short })] });
		expect(await codeOf(stage.verify(organization.mint(), resolverOf()))).toBe("did/document-invalid");
	});

	it("are accepted with a malformed key, but that key is rejected", async () => {
		const organization = await stage.create(kind);
		const broken = {
			id: `${organization.did}#broken`,
			publicKeyJwk: { kty: "EC", crv: "P-256", x: "", y: "" },
		};
		await organization.publish({ methods: [method(organization), method(organization, broken)] });
		const resolver = resolverOf();
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		const minted = organization.mint(organization.key, `${organization.did}#broken`);
		expect(await codeOf(stage.verify(minted, resolver))).toBe("did/document-invalid");
	});

	it("aren't fetched with documents: false", async () => {
		const organization = await stage.create(kind);
		const resolver = resolverOf({ documents: false });
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("did/key-not-found");
		expect((await resolver.resolve(organization.did)).didDocumentMetadata).not.toHaveProperty("orgJson");
		expect(stage.server.requests(new URL(organization.url).pathname)).toBe(0);
	});

	it("are rejected over http or from a local address by default, without a request", async () => {
		const organization = await stage.create(kind);
		for (const documents of [undefined, { allowPrivateAddresses: true }, { allowHttp: true }]) {
			const resolver = resolverOf({ documents });
			const code = documents?.allowHttp ? "document/address-refused" : "document/uri-refused";
			expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe(code);
		}
		expect(stage.server.requests(new URL(organization.url).pathname)).toBe(0);
	});
});

describe("the validity of a credential with an orgid-v3 registry", () => {
	it("is checked against the verifier's clock, cached or not", async () => {
		const organization = await stage.create("orgid-v3");
		const { now } = stage.clock;
		await organization.publish({ sign: { expiresAt: now + DAY } });
		const resolver = stage.resolver("orgid-v3", { cache: { ttlSeconds: 10 * DAY } });
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		stage.clock.now = now + DAY + 29;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		stage.clock.now = now + DAY + 30;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/expired");
		stage.clock.now = now;
	});

	it("starts at its issuance date", async () => {
		const organization = await stage.create("orgid-v3");
		await organization.publish({ sign: { now: stage.clock.now + 60 } });
		const resolver = stage.resolver("orgid-v3");
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/not-yet-valid");
		stage.clock.now += 30;
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	});
});
