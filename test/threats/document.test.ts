import type { DIDDocument } from "did-resolver";
import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, methodOf, resolverOf } from "../support/static-resolver.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
let did: string;
let issuer: string;
let token: string;
const stranger = await generateKeyPair();
beforeAll(async () => {
	stage = await createOfflineStage();
	({ did, issuer } = stage.sender);
	token = await stage.forge();
});

/** A verifier for which `document` is the sender's. */
function verifierOf(document: DIDDocument): Verifier {
	const resolver = resolverOf({ [did]: document });
	const profiles = [orgid({ audience: stage.receiver.did, resolver })];
	return createVerifier({ profiles, now: stage.clock });
}

/** The sender's method with other members. */
function method(members: object = {}): ReturnType<typeof methodOf> {
	return methodOf(did, stage.sender.key.publicKey, { ...members });
}

/** The sender's document with other members. */
function document(members: object = {}): DIDDocument {
	return documentWith(did, stage.sender.key.publicKey, { ...members });
}

it("a document alone is enough to verify a token, without a chain", async () => {
	const verified = await verifierOf(document()).verify(token);
	expect(verified).toMatchObject({ issuer: did, keyId: issuer });
	expect(verified).not.toHaveProperty("organization");
});

describe("T38: an authentication list is decisive", () => {
	const other = (): string => `${did}#other`;
	it.each<[string, () => unknown]>([
		["empty", () => []],
		["another key by name", () => [other()]],
		["another key embedded", () => [method({ id: other() })]],
		["the key's name without its #", () => ["webserver"]],
		["another key's fragment", () => ["#other", "##webserver"]],
		["the key's id as a suffix", () => [`x${issuer}`, `${issuer}x`]],
		["the bare DID", () => [did]],
		["the key in upper case", () => [issuer.toUpperCase()]],
		["the same fragment of another DID", () => [stage.receiver.issuer]],
		["null", () => null],
		["a string", () => issuer],
		["an object", () => ({ 0: issuer, length: 1 })],
		["junk", () => [null, 1, true, {}, [], [issuer]]],
	])("T38: authentication with %s rejects the key", async (_what, authenticationOf) => {
		const verifier = verifierOf(document({ authentication: authenticationOf() }));
		await expectRefusal(() => verifier.verify(token), "did/key-not-found");
	});

	it.each<[string, () => object]>([
		["by id", () => ({ authentication: [issuer] })],
		["by id without the chain", () => ({ authentication: [issuer.replace("31337:", "")] })],
		["by its fragment (DID Core 3.2.2)", () => ({ authentication: ["#webserver"] })],
		["by name, its own id a fragment", () => ({ verificationMethod: [method({ id: "#webserver" })] })],
		["by id among others", () => ({ authentication: [null, other(), issuer] })],
		["embedded in it and nowhere else", () => ({ verificationMethod: [], authentication: [method()] })],
		["without an authentication member", () => ({ authentication: undefined })],
		["in assertionMethod as well", () => ({ authentication: [issuer], assertionMethod: [issuer] })],
		["as a legacy publicKey", () => ({ verificationMethod: undefined, publicKey: [method()] })],
	])("T38: a key listed %s is accepted", async (_what, members) => {
		expect((await verifierOf(document(members())).verify(token)).keyId).toBe(issuer);
	});

	it("T38: a key in another relationship only is rejected", async () => {
		for (const name of ["assertionMethod", "keyAgreement", "capabilityInvocation"]) {
			const verifier = verifierOf(document({ verificationMethod: [], [name]: [method()] }));
			await expectRefusal(() => verifier.verify(token), "did/key-not-found");
		}
	});
});

describe("T38: keys of others", () => {
	it.each<[string, () => unknown]>([
		["of another DID", () => stage.receiver.did],
		["of the key itself", () => issuer],
		["missing", () => undefined],
		["null", () => null],
		["of two DIDs", () => [did]],
		["of the DID in upper case", () => did.toUpperCase()],
		["on another chain", () => did.replace("31337", "1")],
		["of the DID with a trailing space", () => `${did} `],
	])("T38: a controller %s rejects the key", async (_what, controllerOf) => {
		const verifier = verifierOf(document({ verificationMethod: [method({ controller: controllerOf() })] }));
		await expectRefusal(() => verifier.verify(token), "did/document-invalid");
	});

	it.each<[string, () => unknown]>([
		["of another DID", () => stage.receiver.issuer],
		["on another chain", () => issuer.replace("31337", "1")],
		["relative to a path", () => "/#webserver"],
		["bare", () => "webserver"],
		["missing", () => undefined],
		["null", () => null],
		["in an array", () => [issuer]],
		["with a query", () => issuer.replace("#", "?x=1#")],
	])("T38: a method whose id is %s doesn't match the key", async (_what, idOf) => {
		const verifier = verifierOf(document({ verificationMethod: [method({ id: idOf() })] }));
		await expectRefusal(() => verifier.verify(token), "did/key-not-found");
	});

	it("T38: a foreign key next to the right one has no effect", async () => {
		const foreign = methodOf(stage.receiver.did, stranger.publicKey);
		const verifier = verifierOf(document({ verificationMethod: [foreign, null, 1, method()] }));
		expect((await verifier.verify(token)).keyId).toBe(issuer);
		const forged = await stage.forge({ key: stranger.privateKey });
		await expectRefusal(() => verifier.verify(forged), "token/signature");
	});
});

describe("two keys with the same id", () => {
	it.each<[string, () => object]>([
		["the same key twice", () => ({ verificationMethod: [method(), method()] })],
		["two keys in one list", () => ({ verificationMethod: [method(), methodOf(did, stranger.publicKey)] })],
		[
			"one with the chain and one without",
			() => ({ verificationMethod: [method(), method({ id: issuer.replace("31337:", "") })] }),
		],
		["one in publicKey", () => ({ publicKey: [methodOf(did, stranger.publicKey)] })],
		["one embedded", () => ({ authentication: [methodOf(did, stranger.publicKey)] })],
		["one with another controller", () => ({ publicKey: [method({ controller: stage.receiver.did })] })],
	])("are rejected: %s", async (_what, members) => {
		const verifier = verifierOf(document(members()));
		for (const key of [stage.sender.key, stranger.privateKey]) {
			const own = await stage.forge({ key });
			await expectRefusal(() => verifier.verify(own), "did/document-invalid");
		}
	});
});

describe("T41: the document's id", () => {
	it.each<[string, () => unknown]>([
		["of another organization", () => stage.receiver.did],
		["missing", () => undefined],
		["null", () => null],
		["empty", () => ""],
		["in upper case", () => did.toUpperCase()],
		["with upper-case hex", () => did.replace(/[a-f]+/g, (digits) => digits.toUpperCase())],
		["on another chain", () => did.replace("31337", "1")],
		["of the key", () => issuer],
		["and a space", () => `${did} `],
		["in an array", () => [did]],
	])("T41: %s is rejected", async (_what, idOf) => {
		const verifier = verifierOf(document({ id: idOf() }));
		await expectRefusal(() => verifier.verify(token), "did/document-invalid");
	});

	it("T41: the short form of the id is accepted", async () => {
		const short = did.replace("31337:", "");
		const own = documentWith(short, stage.sender.key.publicKey, {
			authentication: [`${short}#webserver`],
		});
		expect((await verifierOf(own).verify(token)).keyId).toBe(issuer);
	});
});

describe("the key's format", () => {
	it.each<[string, object, ErrorCode]>([
		["no key", { publicKeyJwk: undefined }, "did/document-invalid"],
		["two keys", { publicKeyHex: `04${"11".repeat(64)}` }, "did/document-invalid"],
		["null", { publicKeyJwk: null }, "did/document-invalid"],
		["a number", { publicKeyJwk: 1 }, "did/document-invalid"],
		["an array", { publicKeyJwk: [] }, "did/document-invalid"],
		["an empty JWK", { publicKeyJwk: {} }, "did/document-invalid"],
		[
			"a point off the curve",
			{ publicKeyJwk: undefined, publicKeyHex: `04${"11".repeat(64)}` },
			"did/document-invalid",
		],
		["base58", { publicKeyJwk: undefined, publicKeyBase58: "z" }, "did/document-invalid"],
		["an account", { publicKeyJwk: undefined, blockchainAccountId: "eip155:1:0x" }, "did/document-invalid"],
	])("%s is rejected", async (_what, members, code) => {
		const verifier = verifierOf(document({ verificationMethod: [method(members)] }));
		await expectRefusal(() => verifier.verify(token), code);
	});

	it("a JWK that is private or for encryption is rejected", async () => {
		const { publicKeyJwk } = method();
		for (const members of [{ d: "AA" }, { use: "enc" }, { key_ops: ["deriveKey"] }, { alg: "ES256" }]) {
			const methods = [method({ publicKeyJwk: { ...publicKeyJwk, ...members } })];
			const verifier = verifierOf(document({ verificationMethod: methods }));
			await expectRefusal(() => verifier.verify(token), "did/document-invalid");
		}
	});
});
