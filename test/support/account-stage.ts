/**
 * Where tokens that accounts sign are put to the test: an organization with an owner and a director, the
 * verifier of each kind, and a forger who holds the accounts and signs any bytes in the form of any kind.
 * @module
 */
import { type TypedDataDomain, type TypedDataField, Wallet } from "ethers";
import { expect } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { type CountingResolver, countCalls } from "./counting-resolver.ts";
import { type Part, toSegment } from "./forge-token.ts";
import { expectRefusal } from "./refusal.ts";
import { resolverOf, resultOf } from "./static-resolver.ts";
import { nowSeconds } from "./system-clock.ts";

/** The kinds of token that accounts sign. */
export const ACCOUNT_KINDS = ["orgid-account", "orgid-eth", "orgid-eip712"] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** Members to set; undefined takes one away. */
export type Members = Readonly<Record<string, unknown>>;

/** What signs: an ethers wallet, or a contract's way of signing typed data and messages. */
export interface FormSigner {
	signMessage(message: Uint8Array): Promise<string>;
	signTypedData(
		domain: TypedDataDomain,
		types: Record<string, TypedDataField[]>,
		value: Record<string, unknown>,
	): Promise<string>;
}

/** What to forge. */
export interface AccountForgery {
	readonly header?: Part;
	readonly payload?: Part;
	readonly signer?: FormSigner;
}

export const CHAIN_ID = 31_337;
export const DID = `did:orgid:${CHAIN_ID}:0x${"a1b2c3d4e5f60718".repeat(4)}`;
export const AUDIENCE = `did:orgid:${CHAIN_ID}:0x${"0f1e2d3c4b5a6978".repeat(4)}`;
export const REGISTRY = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
export const OWNER: Wallet = new Wallet(`0x${"21".repeat(32)}`);
export const DIRECTOR: Wallet = new Wallet(`0x${"22".repeat(32)}`);
export const STRANGER: Wallet = new Wallet(`0x${"23".repeat(32)}`);

/** A record as our resolver gives it, with whatever else is given. */
export function recordOf(members: Members = {}): Record<string, unknown> {
	const record = { did: DID, kind: "orgpass", chainId: CHAIN_ID, registry: REGISTRY, active: true, keys: [] };
	const accounts = { owner: OWNER.address, director: DIRECTOR.address, orgId: DID.split(":")[3] };
	return { ...record, ...accounts, blockNumber: 1, ...members };
}

/** A document that names the owner's account as `#wallet`, with whatever else is given. */
export function documentOf(members: Members = {}, method: Members = {}): { readonly id: string } {
	const wallet = {
		id: `${DID}#wallet`,
		type: "EcdsaSecp256k1RecoveryMethod2020",
		controller: DID,
		blockchainAccountId: `eip155:${CHAIN_ID}:${OWNER.address}`,
		...method,
	};
	return { id: DID, verificationMethod: [wallet], ...members } as { readonly id: string };
}

/** A resolver of one organization, as ours answers. */
export function accountResolver(record: object = recordOf(), document = documentOf()): CountingResolver {
	return countCalls({
		resolve: async (did) => (did === DID ? resultOf(document, { organization: record }) : resolverOf({}).resolve(did)),
	});
}

/** `iss` of a kind's good token. */
export function issuerOf(kind: AccountKind): string {
	return kind === "orgid-eip712" ? `${DID}#wallet` : DID;
}

/** A kind's good header with these members. */
export function headerOf(kind: AccountKind, members: Members = {}): Record<string, unknown> {
	const headers = {
		"orgid-account": { alg: "EIP712", typ: "orgid-account+jwt", kid: `${DID}#owner` },
		"orgid-eth": { alg: "ETH", typ: "JWT" },
		"orgid-eip712": { alg: "ES256", kid: "EcdsaSecp256k1RecoveryMethod2020", typ: "JWT" },
	};
	return { ...headers[kind], ...members };
}

/** Good claims of a kind with these members. */
export function claimsOf(kind: AccountKind, members: Members = {}): Record<string, unknown> {
	const now = nowSeconds();
	return { iss: issuerOf(kind), aud: AUDIENCE, iat: now, exp: now + 600, ...members };
}

/** A token of any header and payload, signed as its kind is; the digests are made here, not by the code under test. */
export async function forgeAccountToken(kind: AccountKind, forgery: AccountForgery = {}): Promise<string> {
	const { header = headerOf(kind), payload = claimsOf(kind), signer = OWNER } = forgery;
	return signAccountSegments(kind, signer, toSegment(header), toSegment(payload));
}

/** A token of two segments as they are, correctly signed over their text. */
export async function signAccountSegments(
	kind: AccountKind,
	signer: FormSigner,
	header: string,
	payload: string,
	domain: TypedDataDomain = {},
): Promise<string> {
	const input = `${header}.${payload}`;
	const bytes = await signInput(kind, signer, input, payload, domain);
	const text = kind === "orgid-eip712" ? bytes : Buffer.from(bytes.slice(2), "hex");
	return `${input}.${Buffer.from(text).toString("base64url")}`;
}

function signInput(
	kind: AccountKind,
	signer: FormSigner,
	input: string,
	payload: string,
	domain: TypedDataDomain,
): Promise<string> {
	if (kind === "orgid-eth") return signer.signMessage(new TextEncoder().encode(input));
	if (kind === "orgid-eip712") {
		const types = { Payload: [{ name: "payload", type: "string" }] };
		return signer.signTypedData({ name: "JWT", ...domain }, types, { payload: input });
	}
	const types = {
		Token: [
			{ name: "issuer", type: "string" },
			{ name: "audience", type: "string[]" },
			{ name: "scope", type: "string" },
			{ name: "expires", type: "uint64" },
			{ name: "token", type: "string" },
		],
	};
	const own = { name: "orgpass", version: "1", chainId: CHAIN_ID, verifyingContract: REGISTRY, ...domain };
	return signer.signTypedData(own, types, { ...shownOf(payload), token: input });
}

/** What a wallet shows; for claims that no typed data can hold, something. */
function shownOf(payload: string): Record<string, unknown> {
	let claims: Members = {};
	try {
		claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Members;
	} catch {
		// Refused for its form anyway.
	}
	const { iss, aud, exp, scope } = claims ?? {};
	const isExp = Number.isSafeInteger(exp) && (exp as number) >= 0;
	return {
		issuer: String(JSON.stringify(iss) ?? "").replaceAll('"', ""),
		audience: [aud].flat().map((one) => (typeof one === "string" ? one : "")),
		scope: typeof scope === "string" ? scope : "",
		expires: isExp ? exp : 0,
	};
}

/** The verifier of one kind. */
export function verifierOf(kind: AccountKind, options: Partial<VerifierOptions> = {}, profile: Members = {}): Verifier {
	return createVerifier({ profiles: [profileOf(kind, profile)], ...options });
}

/** The profile of one kind. */
export function profileOf(kind: AccountKind, members: Members = {}): Profile {
	const options = { audience: AUDIENCE, resolver: accountResolver(), ...members };
	if (kind === "orgid-account") return orgidAccount(options);
	return kind === "orgid-eth" ? orgidEth(options) : orgidEip712(options);
}

/** Expects a profile's verifier to reject after that many resolver calls. */
export async function refuseToken(
	kind: AccountKind,
	token: string,
	code: ErrorCode | readonly ErrorCode[],
	calls?: number,
): Promise<OrgpassError> {
	const resolver = accountResolver();
	const error = await expectRefusal(() => verifierOf(kind, {}, { resolver }).verify(token), code);
	if (calls !== undefined) expect(resolver.calls()).toBe(calls);
	return error;
}

/** Verifies with the verifier of a kind. */
export function verifyToken(kind: AccountKind, token: string): Promise<VerifiedToken> {
	return verifierOf(kind).verify(token);
}
