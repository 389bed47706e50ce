/**
 * The tokens that are sent: good ones, and forged ones of every sort.
 * @module
 */
import { createHmac, createPrivateKey, type KeyObject, randomUUID, sign } from "node:crypto";
import type { Identity } from "./organizations.ts";

const LIFETIME_SECONDS = 300;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** By PEM. */
const keys = new Map<string, KeyObject>();

/** Who a token says that it is from, and who it is for. */
export interface TokenContext {
	readonly identity: Identity;
	readonly chainId: number;
	readonly audience: string;
	/** A key that no organization has. */
	readonly attackerKey: string;
	/** The key of another organization. */
	readonly otherKey: string;
}

/** What is wrong with a token. Only `revoked` and `replayed` ones were good once. */
export type ForgeryName = keyof typeof FORGERIES;

type Claims = Readonly<Record<string, unknown>>;

const FORGERIES = {
	"another key": (context: TokenContext) => signed(context, {}, context.attackerKey),
	"another organization's key": (context: TokenContext) => signed(context, {}, context.otherKey),
	"changed claims": (context: TokenContext) => {
		const [header, , signature] = signed(context).split(".");
		return [header, encode(claimsOf(context)), signature].join(".");
	},
	"no signature": (context: TokenContext) => signed(context).replace(/[^.]+$/, ""),
	"a signature of zeros": (context: TokenContext) => signed(context).replace(/[^.]+$/, "A".repeat(86)),
	"alg none": (context: TokenContext) => `${encode({ alg: "none", typ: "JWT" })}.${encode(claimsOf(context))}.`,
	"alg HS256": (context: TokenContext) => {
		const input = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claimsOf(context))}`;
		return `${input}.${createHmac("sha256", "secret").update(input).digest("base64url")}`;
	},
	"another audience": (context: TokenContext) => signed(context, { aud: didOf(10, "0c".repeat(32)) }),
	expired: (context: TokenContext) => signed(context, { iat: nowSeconds() - 1_000, exp: nowSeconds() - 700 }),
	"not valid yet": (context: TokenContext) => signed(context, { nbf: nowSeconds() + 200 }),
	"issued in the future": (context: TokenContext) =>
		signed(context, { iat: nowSeconds() + 200, exp: nowSeconds() + 500 }),
	"an unknown key": (context: TokenContext) => signed(context, { iss: `${issuerOf(context)}-${randomUUID()}` }),
	"an unknown organization": (context: TokenContext) =>
		signed(context, { iss: `${didOf(context.chainId, randomHash())}#webserver` }),
	"an unknown chain": (context: TokenContext) =>
		signed(context, { iss: `${didOf(5, context.identity.orgId.slice(2))}#webserver` }),
	garbage: () => `${randomHash()}.${randomHash()}.${randomHash()}`,
} as const;

/** What can be wrong with a token. */
export const FORGERY_NAMES: readonly ForgeryName[] = Object.keys(FORGERIES) as ForgeryName[];

/** Makes a token that must not be accepted. */
export function forge(name: ForgeryName, context: TokenContext): string {
	return FORGERIES[name](context);
}

/** Makes a good token, as long as its key is valid. */
export function signed(context: TokenContext, claims: Claims = {}, pem: string = context.identity.key): string {
	const input = `${encode({ alg: "ES256K", typ: "JWT" })}.${encode({ ...claimsOf(context), ...claims })}`;
	const key = keys.get(pem) ?? createPrivateKey(pem);
	keys.set(pem, key);
	const signature = sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" });
	return `${input}.${signature.toString("base64url")}`;
}

/** The same token with the other S of its signature. */
export function twinOf(token: string): string {
	const [header, payload, signature = ""] = token.split(".");
	const bytes = Buffer.from(signature, "base64url");
	const s = ORDER - BigInt(`0x${bytes.toString("hex", 32)}`);
	bytes.write(s.toString(16).padStart(64, "0"), 32, "hex");
	return [header, payload, bytes.toString("base64url")].join(".");
}

function claimsOf(context: TokenContext): Claims {
	const [iat, jti] = [nowSeconds(), randomUUID()];
	return { iss: issuerOf(context), aud: context.audience, iat, exp: iat + LIFETIME_SECONDS, jti, scope: "book" };
}

function issuerOf({ identity, chainId }: TokenContext): string {
	return `${didOf(chainId, identity.orgId.slice(2))}#${identity.fragment}`;
}

function didOf(chainId: number, hash: string): string {
	return `did:orgid:${chainId}:0x${hash}`;
}

function randomHash(): string {
	return (randomUUID() + randomUUID()).replaceAll("-", "");
}

function nowSeconds(): number {
	return Math.floor(Date.now() / 1_000);
}

function encode(part: object): string {
	return Buffer.from(JSON.stringify(part)).toString("base64url");
}
