/**
 * Where tokens are put to the test: a real network, a sender, a receiver, the receiver's verifier on a
 * counted resolver, and a forger who holds the sender's key.
 * @module
 */
import { expect } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { VerifiedToken } from "../../src/auth/verified-token.ts";
import type { ErrorCode, OrgpassError } from "../../src/errors.ts";
import type { Signer } from "../../src/keys/types.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/profiles/orgid.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import type { TestOrganization } from "../../src/testing/test-organization.ts";
import { type CountingResolver, countCalls } from "./counting-resolver.ts";
import { forgeToken, type Part } from "./forge-token.ts";
import { expectRefusal } from "./refusal.ts";

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

/** The stage. */
export interface TokenStage {
	readonly network: TestNetwork<2>;
	readonly sender: TestOrganization;
	readonly receiver: TestOrganization;
	readonly resolver: CountingResolver;
	readonly verifier: Verifier;
	/** A further verifier of the receiver. */
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
	/** Expects the stage's verifier to refuse with the code, having asked the resolver so many times. */
	refuse(token: string, code: ErrorCode | readonly ErrorCode[], calls?: number): Promise<OrgpassError>;
	close(): Promise<void>;
}

/** Starts the stage; about a second. */
export async function startTokenStage(): Promise<TokenStage> {
	const network = await startTestNetwork({ organizations: 2 });
	const [sender, receiver] = network.organizations;
	const resolver = countCalls(network.resolver);
	const verifierWith: TokenStage["verifierWith"] = (options, profile) =>
		createVerifier({
			profiles: [orgid({ audience: receiver.did, resolver, ...profile })],
			now: network.now,
			...options,
		});
	const verifier = verifierWith();
	const now = (): number => Math.floor(network.now());
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
	return {
		network,
		sender,
		receiver,
		resolver,
		verifier,
		verifierWith,
		header,
		claims,
		now,
		forge: (change = {}) => forgeToken({ header: header(), payload: claims(), key: sender.key, ...change }),
		verify: (token) => verifier.verify(token),
		async refuse(token, code, calls) {
			resolver.reset();
			const error = await expectRefusal(() => verifier.verify(token), code);
			if (calls !== undefined) expect(resolver.calls()).toBe(calls);
			return error;
		},
		close: () => network.close(),
	};
}
