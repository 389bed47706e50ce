/**
 * Where tokens are put to the test: a sender, a receiver, the receiver's verifier on a counted resolver,
 * and a forger who holds the sender's key.
 * @module
 */
import type { Resolvable } from "did-resolver";
import { expect } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { type CountingResolver, countCalls } from "./counting-resolver.ts";
import { withEachBackend } from "./curve-backends.ts";
import { forgeToken, type Part } from "./forge-token.ts";
import { expectRefusal } from "./refusal.ts";
import { documentWith, knownResolverOf } from "./static-resolver.ts";
import { nowSeconds } from "./system-clock.ts";

/** What differs from a good token. */
export interface Change {
	/** The whole header, instead of the usual one. */
	readonly header?: Part;
	/** The whole payload, instead of the usual claims. */
	readonly payload?: Part;
	/** Who signs, instead of the sender. */
	readonly key?: Signer;
}

/** Members to set; undefined takes one away. */
export type Members = Readonly<Record<string, unknown>>;

/** An organization as far as its tokens go. */
export type Party = Pick<TestOrganization, "did" | "issuer" | "key" | "minter">;

/** The stage. */
export interface TokenStage<P extends Party = Party> {
	readonly sender: P;
	readonly receiver: P;
	readonly resolver: CountingResolver;
	readonly verifier: Verifier;
	/** The clock of everybody on the stage. */
	readonly clock: () => number;
	/** Another verifier of the receiver. */
	verifierWith(options?: Partial<VerifierOptions>, profile?: Partial<OrgIdProfileOptions>): Verifier;
	/** A good header with these members. */
	header(members?: Members): Record<string, unknown>;
	/** Good claims with these members. */
	claims(members?: Members): Record<string, unknown>;
	/** A token signed by the sender. */
	forge(change?: Change): Promise<string>;
	/** Whole seconds now. */
	now(): number;
	/** Verifies with the stage's verifier. */
	verify(token: string): Promise<VerifiedToken>;
	/**
	 * Expects the stage's verifier to reject with the code after that many resolver calls; and then also a verifier that
	 * knows the sender and remembers the sender's tokens, twice with each curve backend.
	 */
	refuse(token: string, code: ErrorCode | readonly ErrorCode[], calls?: number): Promise<OrgpassError>;
}

/** The stage on a chain. */
export interface ChainStage extends TokenStage<TestOrganization> {
	readonly network: Awaited<ReturnType<typeof startTestNetwork<2>>>;
	close(): Promise<void>;
}

/** Starts a network and the stage on it; about a second. */
export async function startChainStage(): Promise<ChainStage> {
	const network = await startTestNetwork({ organizations: 2 });
	const stage = await createStage(network.organizations, network.resolver, network.now);
	return { ...stage, network, close: () => network.close() };
}

/** The stage without a chain, for what is decided by the token alone: the documents stand in an object. */
export async function createOfflineStage(): Promise<TokenStage> {
	const parties = [await createParty("a1b2c3d4e5f60718"), await createParty("0f1e2d3c4b5a6978")] as const;
	const documents = parties.map(({ did, key }) => [did, documentWith(did, key.publicKey)] as const);
	return createStage(parties, knownResolverOf(Object.fromEntries(documents)), nowSeconds);
}

async function createParty(digits: string): Promise<Party> {
	const { privateKey: key } = await generateKeyPair();
	const did = `did:orgid:31337:0x${digits.repeat(4)}`;
	const issuer = `${did}#webserver`;
	return {
		did,
		issuer,
		key,
		minter: (options) => createOrgIdMinter({ key, issuer, now: nowSeconds, ...options }),
	};
}

async function createStage<P extends Party>(
	[sender, receiver]: readonly [P, P],
	realResolver: Resolvable,
	clock: () => number,
): Promise<TokenStage<P>> {
	const resolver = countCalls(realResolver);
	const verifierWith: TokenStage["verifierWith"] = (options, profile) =>
		createVerifier({
			profiles: [orgid({ audience: receiver.did, resolver, ...profile })],
			now: clock,
			...options,
		});
	const verifier = verifierWith();
	const now = (): number => Math.floor(clock());
	const header = (members: Members = {}): Record<string, unknown> => ({
		alg: "ES256K",
		typ: "JWT",
		kid: sender.issuer,
		...members,
	});
	const claims = (members: Members = {}): Record<string, unknown> => ({
		iss: sender.issuer,
		aud: receiver.did,
		iat: now(),
		exp: now() + 3_600,
		...members,
	});
	const forge: TokenStage["forge"] = (change = {}) =>
		forgeToken({ header: header(), payload: claims(), key: sender.key, ...change });
	const knowing = verifierWith({}, { resolver: realResolver });
	for (let time = 0; time < 2; time++) await knowing.verify(await forge());
	return {
		sender,
		receiver,
		resolver,
		verifier,
		clock,
		verifierWith,
		header,
		claims,
		now,
		forge,
		verify: (token) => verifier.verify(token),
		async refuse(token, code, calls) {
			resolver.reset();
			const error = await expectRefusal(() => verifier.verify(token), code);
			if (calls !== undefined) expect(resolver.calls()).toBe(calls);
			await expectSameRefusal(verifier, token, error);
			await withEachBackend(async () => {
				for (let time = 0; time < 2; time++) await expectRefusal(() => knowing.verify(token), code);
			});
			return error;
		},
	};
}

/** What explains a token must not say anything else than what refuses it. */
async function expectSameRefusal(verifier: Verifier, token: string, { code, message }: OrgpassError): Promise<void> {
	const { outcome, error, step, steps } = await verifier.explain(token);
	expect([outcome, error]).toMatchObject([OUTAGE_CODES.has(code) ? "failed" : "denied", { code, message }]);
	const refusing = steps.filter((one) => one.error === error);
	expect(refusing.map(({ name }) => name)).toEqual([step]);
	for (const { outcome, isAfterRefusal } of steps.slice(0, steps.indexOf(refusing[0] as never))) {
		expect([outcome, isAfterRefusal]).toEqual(["passed", false]);
	}
}
