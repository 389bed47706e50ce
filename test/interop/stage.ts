/**
 * What stands on one side of the border: for each kind of token its keys, our minter and our verifier.
 * @module
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { VerifyOptions } from "../../src/auth/create-verifier.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import type { Kind } from "../support/token-kinds.ts";
import type { Claims, Files } from "./protocol.ts";

/** A key, and who signs with it. */
export interface Identity {
	/** What a peer is told about it. */
	readonly files: Files;
	/** Whether `iss` is a number, as the id of a GitHub App may be. */
	readonly isNumericIssuer?: boolean;
	/** A new token of ours, with that key; `scopeFormat` is for orgid alone. */
	mint(scopeFormat: "text" | "json"): Promise<string>;
	/** A new token's claims, for a peer to sign. */
	claims(): Claims;
}

/** One kind of token. */
export interface Stage {
	readonly profile: Kind;
	/** Whether signatures are r||s of secp256k1. */
	readonly isEcdsa: boolean;
	readonly identities: readonly Identity[];
	/** How many tokens cross in each direction, shared equally by the identities. */
	readonly tokenCount: number;
	/** This kind for a verifier of all kinds: it knows its own keys alone. */
	readonly judge: Profile;
	/** What such a verifier is told of the call. */
	readonly asked?: VerifyOptions;
	/** Our verifier of this kind, which knows the other kinds' keys as well where it can. */
	verify(token: string): Promise<VerifiedToken>;
}

/** Claims of every type that JSON has, other each time, so that signatures of all shapes occur. */
export function randomClaims(): Record<string, unknown> {
	return {
		sub: `order-${randomUUID()}`,
		note: `für „${randomBytes(randomInt(1, 24)).toString("hex")}“ 🛫 <&>/\\`,
		seats: randomInt(1 << 30),
		stops: [{ at: "ZRH", by: null }, { at: "東京" }],
		flexible: randomInt(2) === 1,
	};
}

/** Scopes, of which an organization's verifier may know the first. */
export function randomScopes(): string[] {
	return ["book", `order:${randomBytes(4).toString("hex")}`];
}
