/**
 * Other libraries that mint and verify ES256K tokens. Each gets its keys in the form that it is fastest with, and did-jwt
 * a resolver that answers at once.
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import { createJWT, ES256KSigner, hexToBytes, verifyJWT } from "did-jwt";
import type { Resolvable } from "did-resolver";
import jose2 from "jose2";
import * as jose5 from "jose5";
import { exportPrivateKey, exportPublicKey, type PrivateKey } from "orgpass/keys";
import { installedVersion } from "./installed-version.ts";

/** A key in the hands of a library. */
export interface PeerKey {
	mint(): unknown;
	/** Throws or rejects if it refuses the token. */
	verify(token: string): unknown;
}

export interface Peer {
	readonly name: string;
	/** Prepares an organization's key; `issuer` is its DID URL. */
	load(key: PrivateKey, issuer: string, audience: string): Promise<PeerKey>;
}

interface OrgIdAuth {
	createAuthJWT(key: KeyObject, issuer: string, audience: string, scope: string[], lifetime: string): Promise<string>;
	verifyAuthJWT(token: string, key: KeyObject, issuer: string, audience: string): Promise<unknown>;
}

const orgIdAuth = createRequire(import.meta.url)("@windingtree/org.id-auth/dist/tokens.js") as OrgIdAuth;
const LIFETIME_SECONDS = 3_600;

export const JOSE_5 = `jose ${installedVersion("jose5")}`;
export const DID_JWT = `did-jwt ${installedVersion("did-jwt")}`;

export const PEERS: readonly Peer[] = [
	{
		name: JOSE_5,
		async load(key, issuer, audience) {
			const [privateKey, publicKey] = [privateKeyObject(key), publicKeyObject(key)];
			return {
				mint: () =>
					new jose5.SignJWT({ scope: "book" })
						.setProtectedHeader({ alg: "ES256K", typ: "JWT", kid: issuer })
						.setIssuer(issuer)
						.setAudience(audience)
						.setIssuedAt()
						.setExpirationTime("1h")
						.sign(privateKey),
				verify: (token) => jose5.jwtVerify(token, publicKey, { audience }),
			};
		},
	},
	{
		name: `jose ${installedVersion("jose2")}`,
		async load(key, issuer, audience) {
			const privateKey = jose2.JWK.asKey(exportPrivateKey(key, "pkcs8"));
			const publicKey = jose2.JWK.asKey(exportPublicKey(key.publicKey, "spki"));
			const options = { issuer, audience, expiresIn: "1h", algorithm: "ES256K" };
			return {
				mint: () => jose2.JWT.sign({ scope: "book" }, privateKey, options),
				verify: (token) => jose2.JWT.verify(token, publicKey, { audience }),
			};
		},
	},
	{
		name: DID_JWT,
		async load(key, issuer, audience) {
			const signer = ES256KSigner(hexToBytes(exportPrivateKey(key, "hex").replace("0x", "")));
			const resolver = await createResolverOf(key, issuer);
			const options = { issuer, signer, expiresIn: LIFETIME_SECONDS };
			return {
				mint: () => createJWT({ aud: audience, scope: "book" }, options, { alg: "ES256K" }),
				verify: (token) => verifyJWT(token, { resolver, audience }),
			};
		},
	},
	{
		name: `org.id-auth ${installedVersion("@windingtree/org.id-auth")}`,
		async load(key, issuer, audience) {
			const [privateKey, publicKey] = [privateKeyObject(key), publicKeyObject(key)];
			return {
				mint: () => orgIdAuth.createAuthJWT(privateKey, issuer, audience, ["book"], "1h"),
				verify: (token) => orgIdAuth.verifyAuthJWT(token, publicKey, issuer, audience),
			};
		},
	},
];

async function createResolverOf(key: PrivateKey, issuer: string): Promise<Resolvable> {
	const [did = ""] = issuer.split("#");
	const method = { id: issuer, type: "JsonWebKey2020", controller: did };
	const didDocument = {
		id: did,
		verificationMethod: [{ ...method, publicKeyJwk: exportPublicKey(key.publicKey, "jwk") }],
		authentication: [issuer],
	};
	const result = { didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} };
	return { resolve: async () => result };
}

function privateKeyObject(key: PrivateKey): KeyObject {
	return createPrivateKey(exportPrivateKey(key, "pkcs8"));
}

function publicKeyObject(key: PrivateKey): KeyObject {
	return createPublicKey(exportPublicKey(key.publicKey, "spki"));
}
