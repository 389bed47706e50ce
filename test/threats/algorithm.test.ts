import { generateKeyPairSync, sign } from "node:crypto";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { forgeToken, hmacToken, toSegment, withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, methodOf, resolverOf } from "../support/static-resolver.ts";
import { createOfflineStage, type Members, type TokenStage } from "../support/token-stage.ts";
import { describeWithVectors } from "../vectors.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});
afterEach(() => vi.restoreAllMocks());

const P256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const SECP256K1 = generateKeyPairSync("ec", { namedCurve: "secp256k1" });

/** A token signed with Node, whatever the key. */
function nodeToken(header: object, payload: object, key = P256.privateKey): string {
	const input = `${toSegment(header)}.${toSegment(payload)}`;
	const signature = sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

describe("T1: alg none", () => {
	const spellings = ["none", "None", "NONE", "nOnE", " none", "none ", "n\u043ene", "none\u0000", ""];
	it.each(spellings.flatMap((alg) => [true, false].map((isKept) => [alg, isKept] as const)))(
		"T1: alg %j is rejected (signature kept: %s), without a request",
		async (alg, isKept) => {
			const fetched = vi.spyOn(globalThis, "fetch");
			const token = await stage.forge({ header: stage.header({ alg }) });
			const sent = isKept ? token : withSignature(token, new Uint8Array(0));
			await stage.refuse(sent, "token/algorithm", 0);
			expect(fetched).not.toHaveBeenCalled();
		},
	);

	it("T1: a valid token without its signature is rejected", async () => {
		await stage.refuse(withSignature(await stage.forge(), new Uint8Array(0)), "token/signature");
	});
});

describe("T2: variants of the algorithm name", () => {
	it.each<[unknown]>([
		["es256k"],
		["ES256k"],
		["Es256K"],
		["ES256K "],
		[" ES256K"],
		["ES256K\u0000"],
		["\u0415S256K"],
		["ES256K-R"],
		["ES256"],
		["RS256"],
		["EdDSA"],
		[["ES256K"]],
		[{ alg: "ES256K" }],
		[{ toString: "ES256K" }],
		[null],
		[0],
		[true],
		[[]],
		[undefined],
	])("T2: alg %j is rejected though signed with the right key", async (alg) => {
		await stage.refuse(await stage.forge({ header: stage.header({ alg }) }), "token/algorithm", 0);
	});
});

describe("T3: the public key as an HMAC secret", () => {
	it.each<[string, (key: PublicKey) => string | Uint8Array]>([
		["the PEM", (key) => exportPublicKey(key, "spki")],
		["the trimmed PEM", (key) => exportPublicKey(key, "spki").trim()],
		["the PEM without armor", (key) => exportPublicKey(key, "spki-base64")],
		["the JWK as JSON", (key) => JSON.stringify(exportPublicKey(key, "jwk"))],
		["the raw point", (key) => exportPublicKey(key, "bytes")],
		["the compressed point", (key) => exportPublicKey(key, "compressed-bytes")],
		["hexadecimal text", (key) => exportPublicKey(key, "hex")],
		["nothing", () => ""],
	])("T3: an HMAC keyed with %s is rejected as HS256 and as ES256K", async (_what, secretOf) => {
		const secret = secretOf(stage.sender.key.publicKey);
		const token = hmacToken(stage.header({ alg: "HS256" }), stage.claims(), secret);
		await stage.refuse(token, "token/algorithm", 0);
		await stage.refuse(hmacToken(stage.header(), stage.claims(), secret), "token/signature");
	});

	it.each<[string, Members, "did/key-not-found" | "did/document-invalid"]>([
		["no method", { verificationMethod: undefined }, "did/key-not-found"],
		["an empty array of methods", { verificationMethod: [] }, "did/key-not-found"],
		["a method without a key", { publicKeyJwk: undefined }, "did/document-invalid"],
		["an empty key", { publicKeyJwk: undefined, publicKeyHex: "" }, "did/document-invalid"],
		["a secret key (kty oct)", { publicKeyJwk: { kty: "oct", k: "" } }, "did/document-invalid"],
	])("T3: a document with %s is rejected instead of using an empty key", async (_what, members, code) => {
		const { sender, receiver } = stage;
		const { publicKey } = sender.key;
		const isDocument = "verificationMethod" in members;
		const document = isDocument
			? documentWith(sender.did, publicKey, members)
			: documentWith(sender.did, publicKey, {
					verificationMethod: [methodOf(sender.did, publicKey, members)],
				});
		const resolver = resolverOf({ [sender.did]: document });
		const verifier = createVerifier({ profiles: [orgid({ audience: receiver.did, resolver })] });
		for (const alg of ["ES256K", "HS256"]) {
			const token = hmacToken(stage.header({ alg }), stage.claims(), "");
			await expectRefusal(() => verifier.verify(token), alg === "ES256K" ? code : "token/algorithm");
		}
	});
});

describe("T21: another curve", () => {
	const p256Jwk = P256.publicKey.export({ format: "jwk" });

	function verifierOf(publicKeyJwk: object): ReturnType<typeof createVerifier> {
		const { sender, receiver } = stage;
		const method = methodOf(sender.did, sender.key.publicKey, { publicKeyJwk });
		const document = documentWith(sender.did, sender.key.publicKey, { verificationMethod: [method] });
		const resolver = resolverOf({ [sender.did]: document });
		return createVerifier({
			profiles: [orgid({ audience: receiver.did, resolver })],
			now: stage.clock,
		});
	}

	it("T21: an ES256K header with a P-256 key in the document is rejected", async () => {
		const token = nodeToken(stage.header(), stage.claims());
		const error = await expectRefusal(() => verifierOf(p256Jwk).verify(token), "did/document-invalid");
		expect(error.details).toEqual({ reason: "key/wrong-algorithm" });
	});

	it("T21: a genuine ES256 token of an organization is rejected, whatever its document contains", async () => {
		const token = nodeToken(stage.header({ alg: "ES256" }), stage.claims());
		await expectRefusal(() => verifierOf(p256Jwk).verify(token), "token/algorithm");
	});

	it("T21: a P-256 point declared as secp256k1 is rejected", async () => {
		const lie = { ...p256Jwk, crv: "secp256k1" };
		const token = nodeToken(stage.header(), stage.claims());
		const error = await expectRefusal(() => verifierOf(lie).verify(token), "did/document-invalid");
		expect(error.details).toEqual({ reason: "key/out-of-range" });
	});

	it("T22: ES256 with a secp256k1 key, as ioctl uses it, is rejected if iss is a DID", async () => {
		const jwk = SECP256K1.publicKey.export({ format: "jwk" });
		const payload = stage.claims();
		const ioctl = nodeToken(stage.header({ alg: "ES256" }), payload, SECP256K1.privateKey);
		await expectRefusal(() => verifierOf(jwk).verify(ioctl), "token/algorithm");
		const good = nodeToken(stage.header(), payload, SECP256K1.privateKey);
		expect((await verifierOf(jwk).verify(good)).issuer).toBe(stage.sender.did);
	});

	it("T22: ES256K is rejected if iss is a hexadecimal key", async () => {
		const iss = exportPublicKey(stage.sender.key.publicKey, "hex");
		const token = await stage.forge({
			header: stage.header({ kid: undefined }),
			payload: stage.claims({ iss }),
		});
		await stage.refuse(token, "token/issuer", 0);
	});
});

interface P1363Vectors {
	readonly testGroups: readonly { readonly publicKeyPem: string; readonly publicKeyJwk?: object }[];
}

describeWithVectors<P1363Vectors>(
	"T21: Wycheproof's P-256 keys",
	"wycheproof/ecdsa_secp256r1_sha256_p1363_test.json",
	({ testGroups }) => {
		it("T21: are rejected on import as PEM and as JWK", async () => {
			expect(testGroups.length).toBeGreaterThan(50);
			for (const { publicKeyPem, publicKeyJwk } of testGroups) {
				await expectRefusal(() => importPublicKey(publicKeyPem), "key/wrong-algorithm");
				if (publicKeyJwk === undefined) continue;
				await expectRefusal(() => importPublicKey(publicKeyJwk), "key/wrong-algorithm");
			}
		});
	},
);

describeWithVectors<{
	ethToken: { token: string };
	eip712Token: { token: string };
	ioctl: { nodeMade: string };
}>("T9: tokens of other kinds", "formats.json", ({ ethToken, eip712Token, ioctl }) => {
	it.each([
		["the ETH token", ethToken.token],
		["the EIP-712 token", eip712Token.token],
		["the ioctl token", ioctl.nodeMade],
	])("T9: %s from the vectors is rejected by the orgid profile", async (_what, token) => {
		await stage.refuse(token, "token/algorithm", 0);
	});
});

it("the unmodified token is accepted", async () => {
	const token = await forgeToken({
		header: stage.header(),
		payload: stage.claims(),
		key: stage.sender.key,
	});
	expect((await stage.verify(token)).keyId).toBe(stage.sender.issuer);
});
