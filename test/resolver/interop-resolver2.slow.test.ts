/**
 * Winding Tree's own resolver of 1.x (`@windingtree/org.id-resolver` 2.4.2) and ours, on
 * their contract and on ours.
 */
import { createRequire } from "node:module";
import type { VerificationMethod } from "did-resolver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importVerificationKey } from "../../src/did/verification-method.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import {
	codeOf,
	type DocumentChange,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";

/** As much of a resolution of theirs as is looked at here. */
interface TheirResolution {
	readonly didDocument: {
		readonly id: string;
		readonly publicKey: readonly { readonly id: string; readonly publicKeyPem: string }[];
	};
	readonly organization: Readonly<Record<string, unknown>>;
	readonly checks: readonly { readonly type: string; readonly passed: boolean }[];
}

interface TheirResolver {
	resolve(did: string): Promise<TheirResolution>;
	registerFetchMethod(method: object): void;
}

interface TheirModule {
	readonly OrgIdResolver: new (options: { web3: object; orgId: string }) => TheirResolver;
	readonly httpFetchMethod: object;
}

const require = createRequire(import.meta.url);

let stage: DocumentStage;
let theirs: TheirModule;
let web3: { readonly currentProvider: unknown };
beforeAll(async () => {
	stage = await startDocumentStage(["orgid-v1", "orgpass"]);
	theirs = require("@windingtree/org.id-resolver") as TheirModule;
	const Web3 = require("web3") as new (url: string) => typeof web3;
	web3 = new Web3(stage.network.rpcUrl);
});
afterAll(() => stage.close());

const shortOf = ({ did }: PublishedOrganization): string => did.replace("31337:", "");

function theirResolver(kind: RegistryKind): TheirResolver {
	const resolver = new theirs.OrgIdResolver({ web3, orgId: stage.address(kind) });
	resolver.registerFetchMethod(theirs.httpFetchMethod);
	return resolver;
}

/** A document as their tools wrote it in 2021: no chain in its ids, two keys, a legal entity. */
async function documentOf(organization: PublishedOrganization): Promise<DocumentChange> {
	const id = shortOf(organization);
	const { publicKey: spare } = await generateKeyPair();
	const keyOf = (fragment: string, key: typeof spare) => ({
		...{ id: `${id}#${fragment}`, type: "secp256k1", controller: id },
		publicKeyPem: exportPublicKey(key, "spki-base64"),
	});
	return {
		methods: [keyOf("webserver", organization.publicKey), keyOf("spare", spare)],
		members: {
			id,
			legalEntity: {
				...{ legalName: "Acme, Corp.", registryCode: "US12345567", legalType: "GmBH" },
				registeredAddress: {
					...{ country: "CZ", locality: "Jihlava", postalCode: "71354", streetAddress: "3150 Main St." },
				},
			},
		},
	};
}

describe.each(["orgid-v1", "orgpass"] as const)("an organization in a %s registry", (kind) => {
	async function create(): Promise<PublishedOrganization> {
		const organization = await stage.create(kind);
		await organization.publish(await documentOf(organization));
		return organization;
	}
	const keysOf = (methods: readonly VerificationMethod[]) =>
		methods.map((method) => [method.id.split("#")[1], exportPublicKey(importVerificationKey(method), "hex")]);

	it("has the same keys in both resolvers", async () => {
		const organization = await create();
		const their = await theirResolver(kind).resolve(shortOf(organization));
		const passed = their.checks.filter((check) => check.passed).map(({ type }) => type);
		expect(passed).toEqual(expect.arrayContaining(["DID_SYNTAX", "ORGID", "DID_DOCUMENT"]));
		const { didDocument, didDocumentMetadata } = await stage.resolver(kind).resolve(organization.did);
		const lent = didDocument?.verificationMethod?.filter(({ id }) => didDocument.authentication?.includes(id));
		const theirKeys = their.didDocument.publicKey.map(({ id, publicKeyPem }) => [
			id.split("#")[1],
			exportPublicKey(importPublicKey(publicKeyPem), "hex"),
		]);
		expect(theirKeys.map(([name]) => name)).toEqual(["webserver", "spare"]);
		expect(keysOf(lent ?? [])).toEqual(theirKeys);
		expect(didDocumentMetadata).toMatchObject({
			organization: {
				owner: their.organization["owner"],
				active: their.organization["isActive"],
				document: { uris: [their.organization["orgJsonUri"]], hash: their.organization["orgJsonHash"] },
			},
		});
		expect(await codeOf(stage.verify(organization.mint(), stage.resolver(kind)))).toBe("accepted");
	});

	it("with a tampered document fails their check and is rejected by ours", async () => {
		const organization = await create();
		const bytes = await organization.compose(await documentOf(organization));
		organization.serve(new TextDecoder().decode(bytes).replace("Acme", "Evil"));
		const { checks } = await theirResolver(kind).resolve(shortOf(organization));
		expect(checks.find(({ type }) => type === "DID_DOCUMENT")?.passed).toBe(false);
		const verdict = await codeOf(stage.verify(organization.mint(), stage.resolver(kind)));
		expect(verdict).toBe("document/hash-mismatch");
	});

	it("is deactivated and has a director in both resolvers", async () => {
		const organization = await create();
		const [, director] = stage.network.accounts;
		const registry = stage.registry(kind);
		await registry.transferDirectorship(organization.orgId, director.address as `0x${string}`);
		await registry.connect(director).acceptDirectorship(organization.orgId);
		await registry.setActive(organization.orgId, false);
		const { organization: their } = await theirResolver(kind).resolve(shortOf(organization));
		expect(their).toMatchObject({
			isActive: false,
			director: director.address,
			isDirectorshipAccepted: true,
		});
		expect(await stage.registry(kind).read(organization.orgId)).toMatchObject({
			active: false,
			director: director.address,
		});
	});

	it("is unknown to both resolvers if it doesn't exist", async () => {
		const absent = `0x${"0c".repeat(32)}`;
		await expect(theirResolver(kind).resolve(`did:orgid:${absent}`)).rejects.toThrow(/not found/i);
		const { didResolutionMetadata } = await stage.resolver(kind).resolve(`did:orgid:31337:${absent}`);
		expect(didResolutionMetadata.error).toBe("notFound");
	});

	it("is resolved correctly under concurrency, unlike with theirs", async () => {
		const [first, second] = [await create(), await create()];
		const shared = theirResolver(kind);
		const their = await Promise.all([first, second].map((one) => shared.resolve(shortOf(one))));
		const [a, b] = their.map(({ didDocument }) => didDocument.id);
		expect(a).toBe(b);
		const resolver = stage.resolver(kind);
		const ours = await Promise.all([first, second].map(({ did }) => resolver.resolve(did)));
		expect(ours.map(({ didDocumentMetadata }) => didDocumentMetadata["orgJson"])).toMatchObject([
			{ id: shortOf(first) },
			{ id: shortOf(second) },
		]);
	});
});
