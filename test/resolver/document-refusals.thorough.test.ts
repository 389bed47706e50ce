/** T40-T42 end to end: documents that are not the ones on chain, not of this organization, or not the newest. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import {
	codeOf,
	type DocumentStage,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { KINDS } from "../support/registry-kinds.ts";
import { someRows } from "../support/thorough.ts";

const HASHED = ["orgpass", "orgid-v1"] as const;
const OTHER = `did:orgid:31337:0x${"0b".repeat(32)}`;

interface Credential extends Record<string, unknown> {
	readonly credentialSubject: { readonly verificationMethod: object[] };
	readonly proof: { readonly jws: string };
}

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage();
});
afterAll(() => stage.close());

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const verdict = (organization: PublishedOrganization, kind: RegistryKind = organization.kind) =>
	codeOf(stage.verify(organization.mint(), stage.resolver(kind)));

/** What isn't even JSON says nothing about the document. */
const CHANGES: readonly (readonly [string, (body: string) => string | Uint8Array, ErrorCode])[] = [
	["a changed byte", (body) => body.replace("secp256k1", "secp256r1"), "document/hash-mismatch"],
	["a newline at the end", (body) => `${body}\n`, "document/hash-mismatch"],
	["a byte order mark", (body) => `\uFEFF${body}`, "document/hash-mismatch"],
	["reformatted JSON", (body) => JSON.stringify(JSON.parse(body)), "document/hash-mismatch"],
	["tabs", (body) => JSON.stringify(JSON.parse(body), null, "\t"), "document/hash-mismatch"],
	["a duplicate member", (body) => body.replace('"id"', '"id": "x",\n  "id"'), "document/hash-mismatch"],
	["no content", () => "", "document/unreachable"],
	["half of its bytes", (body) => body.slice(0, body.length / 2), "document/unreachable"],
];

const IDS: readonly (readonly [string, (did: string) => unknown, string])[] = [
	["of another organization", () => OTHER, "document/subject"],
	["of the same id on another chain", (did) => did.replace("31337", "100"), "document/subject"],
	["without an id", () => undefined, "document/subject"],
	["with an id in upper case", (did) => did.slice(0, -64) + did.slice(-64).toUpperCase(), "document/subject"],
	["with a DID URL as id", (did) => `${did}#webserver`, "document/subject"],
	["with a list as id", (did) => [did], "document/subject"],
];

describe.each(HASHED)("T40: with a hash on chain, in a %s registry", (kind) => {
	// By default each change with one of the kinds.
	it.each(someRows(CHANGES, HASHED.length, HASHED.indexOf(kind)))(
		"rejects a document with %s",
		async (_what, change, code) => {
			const organization = await stage.create(kind);
			const body = text(await organization.compose());
			const changed = change(body);
			expect(changed).not.toBe(body);
			organization.serve(changed);
			expect(await verdict(organization)).toBe(code);
			const { didResolutionMetadata } = await stage.resolver(kind).resolve(organization.did);
			expect(didResolutionMetadata).toMatchObject({
				error: OUTAGE_CODES.has(code) ? "internalError" : "invalidDidDocument",
				code,
			});
		},
	);

	it("accepts the pretty-printed hash of 2020-21 if allowed", async () => {
		const organization = await stage.create(kind);
		const pretty = await organization.compose();
		await organization.anchor(pretty);
		organization.serve(JSON.stringify(JSON.parse(text(pretty))));
		expect(await verdict(organization)).toBe("document/hash-mismatch");
		const documents = { allowHttp: true, allowPrivateAddresses: true, acceptPrettyPrintedHash: true };
		const lenient = stage.resolver(kind, { documents });
		expect(await codeOf(stage.verify(organization.mint(), lenient))).toBe("accepted");
	});

	it("T42: rejects the old document of a new hash, and accepts the new one", async () => {
		const organization = await stage.create(kind);
		const old = await organization.compose();
		stage.clock.now += 10;
		const resolver = stage.resolver(kind);
		const next = await organization.publish();
		organization.serve(old);
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/hash-mismatch");
		organization.serve(next);
		resolver.invalidate(organization.did);
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
	});

	it("tries backups if the first address fails or its hash differs", async () => {
		const first = stage.server.url(`/${kind}/first.json`);
		const second = stage.server.url(`/${kind}/second.json`);
		const organization = await stage.create(kind, { uris: (url) => [first, second, url] });
		expect(await verdict(organization)).toBe("accepted");
		for (const path of [first, second]) expect(stage.server.requests(new URL(path).pathname)).toBe(1);
		stage.server.serve(`/${kind}/first.json`, "{}");
		stage.server.serve(`/${kind}/second.json`, await organization.compose(), { status: 503 });
		expect(await verdict(organization)).toBe("accepted");
		organization.serve("{}");
		expect(await verdict(organization)).toBe("document/unreachable");
		stage.server.serve(`/${kind}/second.json`, "{}", { status: 404 });
		expect(await verdict(organization)).toBe("document/hash-mismatch");
		organization.serve(await organization.compose(), 404);
		stage.server.serve(`/${kind}/first.json`, "{}", { status: 404 });
		expect(await verdict(organization)).toBe("document/status");
	});
});

describe.each(KINDS)("T41: with a %s registry, a document", (kind) => {
	// By default each id with one of the kinds.
	it.each(someRows(IDS, KINDS.length, KINDS.indexOf(kind)))("is rejected %s", async (_what, id, code) => {
		const organization = await stage.create(kind);
		await organization.publish({ members: { id: id(organization.did) } });
		expect(await verdict(organization)).toBe(code);
	});
});

describe("T40: without a hash on chain, in an orgid-v3 registry", () => {
	const kind = "orgid-v3";
	const edit = async (change: (credential: Credential) => void) => {
		const organization = await stage.create(kind);
		const credential = JSON.parse(text(await organization.compose())) as Credential;
		change(credential);
		organization.serve(JSON.stringify(credential, null, 2));
		return verdict(organization);
	};

	it("ignores whitespace, because the proof covers the members", async () => {
		expect(await edit(() => undefined)).toBe("accepted");
		const organization = await stage.create(kind);
		organization.serve(`${JSON.stringify(JSON.parse(text(await organization.compose())))}\n`);
		expect(await verdict(organization)).toBe("accepted");
	});

	it.each<[string, (credential: Credential) => void, string]>([
		["a changed member", (vc) => Object.assign(vc, { name: "Acme" }), "document/proof-invalid"],
		["an added key", (vc) => void vc.credentialSubject.verificationMethod.push({}), "document/proof-invalid"],
		["a changed issuer", (vc) => Object.assign(vc, { issuer: OTHER }), "document/subject"],
		["no proof", (vc) => Object.assign(vc, { proof: undefined }), "document/proof-missing"],
		["two proofs", (vc) => Object.assign(vc, { proof: [vc.proof] }), "document/proof-invalid"],
		["another purpose", (vc) => Object.assign(vc.proof, { proofPurpose: "authentication" }), "document/proof-invalid"],
		[
			"a flipped bit of its signature",
			(vc) => Object.assign(vc.proof, { jws: flipped(vc.proof.jws) }),
			"document/proof-invalid",
		],
	])("rejects a credential with %s", async (_what, change, code) => {
		expect(await edit(change)).toBe(code);
	});

	it("rejects a plain document without a credential", async () => {
		const organization = await stage.create(kind);
		organization.serve(JSON.stringify(JSON.parse(text(await organization.compose()))["credentialSubject"]));
		expect(await verdict(organization)).toBe("document/proof-missing");
	});

	it("rejects a credential that another account signed in the owner's name", async () => {
		const [, stranger] = stage.network.accounts;
		const organization = await stage.create(kind);
		await organization.publish({ sign: { key: stranger } });
		expect(await verdict(organization)).toBe("document/proof-invalid");
		const account = `eip155:31337:${stranger.address}`;
		const sign = { key: stranger, verificationMethod: `${organization.did}#stranger` };
		await organization.publish({ add: [{ fragment: "stranger", account }], sign });
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
	});

	it("rejects the old owner's credential after a transfer, and accepts the new owner's", async () => {
		const [, next] = stage.network.accounts;
		const organization = await stage.create(kind);
		const resolver = stage.resolver(kind);
		const resolve = () => codeOf(stage.verify(organization.mint(), resolver));
		expect(await resolve()).toBe("accepted");
		await stage.registry(kind).transferOwnership(organization.orgId, next.address as `0x${string}`);
		expect(await resolve()).toBe("accepted");
		stage.clock.now += 60;
		expect(await resolve()).toBe("document/proof-unauthorized");
		const account = `eip155:31337:${next.address}`;
		const sign = { key: next, verificationMethod: `${organization.did}#next` };
		await organization.publish({ add: [{ fragment: "next", account }], sign });
		resolver.invalidate(organization.did);
		expect(await resolve()).toBe("accepted");
	});

	it("T42: rejects an older credential at the same address, also after invalidate", async () => {
		const organization = await stage.create(kind);
		const old = await organization.compose();
		stage.clock.now += 10;
		const resolver = stage.resolver(kind);
		const { publicKey } = await generateKeyPair();
		await organization.publish({ methods: [replacement(organization, publicKey)] });
		const resolve = () => codeOf(stage.verify(organization.mint(), resolver));
		expect(await resolve()).toBe("token/signature");
		organization.serve(old);
		resolver.invalidate(organization.did);
		expect(await resolve()).toBe("document/rolled-back");
		stage.clock.now += 600;
		expect(await resolve()).toBe("document/rolled-back");
		expect(await codeOf(stage.verify(organization.mint(), stage.resolver(kind)))).toBe("accepted");
	});

	it("T42: rejects an older credential at a new address", async () => {
		const organization = await stage.create(kind);
		const old = await organization.compose();
		stage.clock.now += 10;
		const resolver = stage.resolver(kind);
		await organization.publish();
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("accepted");
		const moved = stage.server.serve(`/moved/${organization.orgId}.json`, old);
		await stage.registry(kind).setDocument(organization.orgId, { uris: [moved] });
		resolver.invalidate(organization.did);
		expect(await codeOf(stage.verify(organization.mint(), resolver))).toBe("document/rolled-back");
	});

	function replacement(organization: PublishedOrganization, key: Parameters<typeof exportPublicKey>[0]) {
		return {
			...{ id: organization.issuer, type: "EcdsaSecp256k1VerificationKey2019" },
			...{ controller: organization.did, publicKeyJwk: exportPublicKey(key, "jwk") },
		};
	}
});

/** The tenth character from the end in another case: another signature of the same form. */
function flipped(jws: string): string {
	const at = jws.length - 10;
	const character = jws[at] === "A" ? "B" : "A";
	return `${jws.slice(0, at)}${character}${jws.slice(at + 1)}`;
}
