/**
 * What a store of used tokens needs to know of a token.
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeBase64Url } from "../../encoding/base64.js";
import type { JsonObject } from "../../encoding/json.js";
import { TokenError } from "../../errors/errors.js";
import { MAX_CLOCK_TOLERANCE_SECONDS } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { partyOf } from "../party.js";

/** What a verified token doesn't show. */
interface Origin {
	readonly jws: CompactJws;
	/** The clock of the verifier. A route may ask its store long after the verification: after a slow upload, say. */
	readonly now: () => number;
}

/** The arguments of a store's `spend`. */
export interface TokenUse {
	readonly key: string;
	readonly expiresAt: number;
	readonly now: number;
}

/** By the claims, which copies of a verified token share. */
const origins = new WeakMap<JsonObject, Origin>();
let areNeeded = false;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Called by those that may ask a store of used tokens: until then, no verifier remembers where its tokens are from. */
export function needOrigins(): void {
	areNeeded = true;
}

/** Called for each token that is verified. */
export function rememberOrigin(jws: CompactJws, now: () => number): void {
	if (areNeeded && !origins.has(jws.claims)) origins.set(jws.claims, { jws, now });
}

/** Throws if the token doesn't expire: it would have to be remembered forever. */
export function toTokenUse(token: VerifiedToken): TokenUse {
	const { claims, expiresAt } = token;
	const origin = origins.get(claims);
	if (origin === undefined) {
		throw invalidOption("verifier", "one of createVerifier, or return its tokens, if a route has the option replay");
	}
	if (expiresAt === undefined || !Number.isFinite(expiresAt)) {
		const message = "expected the claim exp: a token that doesn't expire can't be limited to one use";
		throw new TokenError("token/claim-missing", message, { details: { claim: "exp" } });
	}
	// Verifiers with different tolerances, and machines whose clocks differ, can share a store.
	const keptUntil = expiresAt + MAX_CLOCK_TOLERANCE_SECONDS;
	const now = origin.now();
	// It may have expired since it was verified, and a store forgets what has expired.
	if (keptUntil <= now) throw new TokenError("token/expired", "expected exp in the future");
	return { key: toReplayKey(token, origin.jws), expiresAt: keptUntil, now };
}

/**
 * The same for all tokens of an issuer with the same `jti` (RFC 7519 section 4.1.7). Without `jti` it is the same for the
 * same header and payload: signatures can be rewritten, or made again.
 */
function toReplayKey(token: VerifiedToken, { signingInput }: CompactJws): string {
	const { jti } = token.claims;
	const hasId = typeof jti === "string" && jti !== "";
	const name = hasId ? ["jti", partyOf(token), jti] : ["token", partyOf(token), decoder.decode(signingInput)];
	return encodeBase64Url(sha256(encoder.encode(JSON.stringify(name))));
}
