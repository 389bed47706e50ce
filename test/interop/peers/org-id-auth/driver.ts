/**
 * @windingtree/org.id-auth: its JOSE tokens, and its EIP-712 tokens by ethers 5, which it brings along.
 * @module
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { createRequire } from "node:module";
import { type Claims, servePeer, type Work } from "../node/serve-peer.ts";

interface Sdk {
	createAuthJWT(key: object, issuer: string, audience: string, scope: unknown, expiration: unknown): Promise<string>;
	createAuthJWTWithEthers: Sdk["createAuthJWT"];
	verifyAuthJWT(token: string, key: object, issuer: string, audience: string, scope: unknown): Promise<unknown>;
	verifyAuthJWTWithEthers(
		token: string,
		blockchainAccountId: string,
		issuer: string,
		audience: string,
		scope: unknown,
	): Promise<unknown>;
}

interface Ethers5 {
	readonly Wallet: new (privateKey: string) => object;
}

const require = createRequire(import.meta.url);
const sdk = require("@windingtree/org.id-auth/dist/tokens.js") as Sdk;
const ethers = createRequire(require.resolve("@windingtree/org.id-auth/dist/tokens.js"))("ethers") as Ethers5;

await servePeer({ packageName: "@windingtree/org.id-auth", mint, verify });

function mint({ profile, issuer, audience, read }: Work): (claims: Claims) => Promise<string> {
	if (profile === "orgid-eip712") {
		const wallet = new ethers.Wallet(`0x${read("private.hex")}`);
		return ({ scope, exp }) => sdk.createAuthJWTWithEthers(wallet, issuer, audience, toList(scope), exp);
	}
	const key = createPrivateKey(read("private.pem")).export({ format: "jwk" });
	return ({ scope }) => sdk.createAuthJWT(key, issuer, audience, toList(scope), "1h");
}

function verify({ profile, issuer, audience, read }: Work): (token: string) => Promise<unknown> {
	if (profile === "orgid-eip712") {
		// It takes exp for milliseconds, so an end in seconds lies in 1970 for it: its clock is set there.
		const seconds = Math.floor(Date.now() / 1_000);
		Date.now = () => seconds;
		const account = read("account");
		return (token) => sdk.verifyAuthJWTWithEthers(token, account, issuer, audience, ["book"]);
	}
	const key = createPublicKey(read("public.pem")).export({ format: "jwk" });
	return (token) => sdk.verifyAuthJWT(token, key, issuer, audience, ["book"]);
}

/** Its own verifier reads no scopes but those it was given as a list. */
function toList(scope: unknown): string[] {
	return String(scope).split(" ");
}
