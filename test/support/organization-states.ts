/**
 * Organizations in any state on the stage of did-jwt, and a token of each of their keys.
 * @module
 */
import { base58 } from "@scure/base";
import fc from "fast-check";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { addOrganization, KEYS, mintToken, NOW, OWNER } from "./did-jwt-stage.ts";

const NAMES = ["a", "b", "c", "d", "owner", "director"] as const;
const FOREIGN = `did:orgid:31337:0x${"ee".repeat(32)}`;

type Members = Readonly<Record<string, unknown>>;

const rarely = fc.constantFrom(...Array<boolean>(7).fill(false), true);
const usually = rarely.map((value) => !value);
const keys = fc.constantFrom(...KEYS.slice(0, 3));
/** Seconds from now, well outside the tolerance of our verifier; 0 for none. */
const offsets = fc.constantFrom(0, 0, 0, -1_000, 1_000);
const dates = fc.constantFrom("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "soon", null);
const marks = fc.oneof(
	{ weight: 5, arbitrary: fc.constant({}) },
	fc
		.record({
			name: fc.constantFrom("revoked", "expires", "validUntil", "expirationDate", "validFrom", "deactivated"),
			date: dates,
		})
		.map(({ name, date }): Members => ({ [name]: date })),
	dates.map((invalidityDate): Members => ({ verificationMethodRevocation: { reason: "x", invalidityDate } })),
);

const multikey = (key: PrivateKey): string =>
	`z${base58.encode(Uint8Array.of(0xe7, 0x01, ...exportPublicKey(key.publicKey, "compressed-bytes")))}`;
const jwkOf = (key: PrivateKey, members: Members = {}): Members => ({
	publicKeyJwk: { ...exportPublicKey(key.publicKey, "jwk"), ...members },
});
/** The members of a method that hold its key, in good and bad forms. */
const FORMS: readonly ((key: PrivateKey) => Members)[] = [
	(key) => ({ type: "secp256k1", publicKeyPem: exportPublicKey(key.publicKey, "spki-base64") }),
	(key) => ({ publicKeyPem: exportPublicKey(key.publicKey, "spki") }),
	(key) => ({ publicKeyHex: exportPublicKey(key.publicKey, "hex") }),
	(key) => ({ publicKeyHex: exportPublicKey(key.publicKey, "compressed-hex").slice(2) }),
	(key) => ({ publicKeyBase58: base58.encode(exportPublicKey(key.publicKey, "compressed-bytes")) }),
	(key) => ({ type: "Multikey", publicKeyMultibase: multikey(key) }),
	(key) => jwkOf(key),
	(key) => jwkOf(key, { exp: NOW + 1_000, nbf: NOW - 1_000, kid: "x", use: "sig" }),
	(key) => jwkOf(key, { exp: NOW - 1_000 }),
	(key) => jwkOf(key, { revoked: { revoked_at: NOW - 1_000 } }),
	(key) => jwkOf(key, { use: "enc" }),
	(key) => jwkOf(key, { alg: "ES256" }),
	(key) => jwkOf(key, { d: "AAAA" }),
	(key) => ({ ...jwkOf(key), publicKeyHex: exportPublicKey(key.publicKey, "hex") }),
	(key) => ({ publicKeyBase64: Buffer.from(exportPublicKey(key.publicKey, "bytes")).toString("base64") }),
	() => ({ type: "JsonWebKey2020", publicKeyJwk: { kty: "EC", crv: "secp256k1", x: "AAAA", y: "AAAA" } }),
	() => ({ type: "EcdsaSecp256k1RecoveryMethod2020", blockchainAccountId: `eip155:31337:${OWNER.address}` }),
	() => ({}),
];

const spellings = fc.constantFrom("did", "did", "short", "relative");
const idOf = (did: string, name: string, spelling: string): string =>
	`${spelling === "relative" ? "" : spelling === "short" ? did.replace("31337:", "") : did}#${name}`;

const methods = fc.uniqueArray(
	fc.record({
		name: fc.constantFrom(...NAMES),
		key: keys,
		form: fc.oneof(fc.constantFrom(...FORMS.slice(0, 8)), fc.constantFrom(...FORMS)),
		spelling: spellings,
		isForeign: rarely,
		isListed: usually,
		marks,
	}),
	{ minLength: 1, maxLength: 3, selector: ({ name }) => name },
);

const documents = fc.record({
	methods,
	hasList: fc.boolean(),
	list: fc.constantFrom("verificationMethod", "publicKey"),
	members: fc.oneof(
		{ weight: 8, arbitrary: fc.constant({}) },
		fc.constantFrom<Members>({ deactivated: false }, { expires: "soon" }, { validUntil: "2999-01-01T00:00:00Z" }),
	),
});

/** States of an organization; its tokens may be signed by a stranger. */
export const organizationStates = fc.record({
	kind: fc.constantFrom<RegistryKind>("orgpass", "orgpass", "orgid-v1", "orgid-v3"),
	active: usually,
	chainKeys: fc.uniqueArray(
		fc.record({
			fragment: fc.constantFrom("a", "e", "f", "e", "f", "owner", "director"),
			key: keys,
			validFrom: offsets,
			validUntil: offsets,
			isRevoked: rarely,
		}),
		{ maxLength: 2, selector: ({ fragment }) => fragment },
	),
	document: fc.option(documents, { freq: 6, nil: undefined }),
	credential: fc.record({
		issuedAt: fc.constantFrom(-2_000, -2_000, -2_000, 1_000),
		expiresAt: fc.constantFrom(undefined, undefined, 1_000, -1_000),
	}),
	stranger: rarely,
});

type State = typeof organizationStates extends fc.Arbitrary<infer T> ? T : never;

function membersOf(did: string, { methods, hasList, list, members }: NonNullable<State["document"]>): Members {
	const entries = methods.map(({ name, key, form, spelling, isForeign, marks }) => ({
		...{ id: idOf(did, name, spelling), type: "EcdsaSecp256k1VerificationKey2019" },
		...{ controller: isForeign ? FOREIGN : did, ...form(key), ...marks },
	}));
	const listed = methods.filter(({ isListed }) => isListed).map(({ name, spelling }) => idOf(did, name, spelling));
	return { [list]: entries, ...(hasList ? { authentication: listed } : {}), ...members };
}

/** Puts an organization on the stage, and mints a token with each of its keys, and with one that it doesn't have. */
export async function mintTokensOf(state: State): Promise<readonly string[]> {
	const { kind, active, chainKeys, document, credential, stranger } = state;
	const { issuedAt, expiresAt } = credential;
	const did = await addOrganization({
		...{ kind, active: active || kind === "orgid-v3", keys: kind === "orgpass" ? chainKeys : [] },
		...(document && { document: (id: string) => membersOf(id, document) }),
		credential: { issuedAt, ...(expiresAt !== undefined && { expiresAt }) },
	});
	const known = [
		...chainKeys.map(({ fragment, key }) => [fragment, key] as const),
		...(document?.methods ?? []).map(({ name, key }) => [name, key] as const),
	];
	const signed = [...known, ["unknown", KEYS[0]] as const];
	return Promise.all(
		signed.map(([name, key]) => mintToken(`${did}#${name}`, (stranger ? KEYS[3] : key) as PrivateKey)),
	);
}
