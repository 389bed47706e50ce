/**
 * ethers 5, as clients of Winding Tree's servers had it: `personal_sign` for orgid-eth, and orgid-account
 * written by nothing but docs/account-tokens.md.
 * @module
 */
import { createRequire } from "node:module";
import { type Claims, servePeer, type Work } from "../node/serve-peer.ts";

interface Ethers5 {
	readonly Wallet: new (
		privateKey: string,
	) => {
		signMessage(message: string): Promise<string>;
		_signTypedData(domain: object, types: object, value: object): Promise<string>;
	};
	readonly utils: {
		verifyMessage(message: string, signature: Uint8Array): string;
		verifyTypedData(domain: object, types: object, value: object, signature: Uint8Array): string;
	};
}

const SDK = createRequire(import.meta.url).resolve("@windingtree/org.id-auth/dist/tokens.js");
const { Wallet, utils } = createRequire(SDK)("ethers") as Ethers5;

const TYPES = {
	Token: [
		{ name: "issuer", type: "string" },
		{ name: "audience", type: "string[]" },
		{ name: "scope", type: "string" },
		{ name: "expires", type: "uint64" },
		{ name: "token", type: "string" },
	],
};

await servePeer({ packageName: "@windingtree/org.id-auth/node_modules/ethers", mint, verify });

function mint({ profile, read }: Work): (claims: Claims) => Promise<string> {
	const wallet = new Wallet(`0x${read("private.hex")}`);
	return async (claims) => {
		const header =
			profile === "orgid-eth"
				? { alg: "ETH", typ: "JWT" }
				: { alg: "EIP712", typ: "orgid-account+jwt", kid: `${claims["iss"]}#owner` };
		const input = `${toBase64Url(header)}.${toBase64Url(claims)}`;
		const signature =
			profile === "orgid-eth"
				? await wallet.signMessage(input)
				: await wallet._signTypedData(domainOf(read), TYPES, messageOf(claims, input));
		return `${input}.${Buffer.from(signature.slice(2), "hex").toString("base64url")}`;
	};
}

function verify({ profile, issuer, audience, read }: Work): (token: string) => boolean {
	const address = read("account").split(":").at(-1);
	return (token) => {
		const [header = "", payload = "", end = "", ...rest] = token.split(".");
		const input = `${header}.${payload}`;
		const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
		const signature = Buffer.from(end, "base64url");
		const signer =
			profile === "orgid-eth"
				? utils.verifyMessage(input, signature)
				: utils.verifyTypedData(domainOf(read), TYPES, messageOf(claims, input), signature);
		const isMeant = claims.iss === issuer && claims.aud === audience && claims.exp > Date.now() / 1_000;
		return rest.length === 0 && isMeant && signer === address;
	};
}

function domainOf(read: Work["read"]): object {
	const [, chainId] = read("account").split(":");
	return { name: "orgpass", version: "1", chainId: Number(chainId), verifyingContract: read("registry") };
}

function messageOf(claims: Claims, token: string): object {
	const { iss: issuer, aud, scope = "", exp: expires } = claims;
	return { issuer, audience: [aud].flat(), scope, expires, token };
}

function toBase64Url(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
