/** @module */
import type { VerifiedToken } from "../tokens/verified-token.js";

/** Names an issuer uniquely among all kinds of token: the ids of apps of different kinds may be equal. */
export function partyOf({ profile, issuer }: Pick<VerifiedToken, "profile" | "issuer">): string {
	return issuer.startsWith("did:") ? issuer : `${profile}:${issuer}`;
}
