/**
 * Verification without waiting: a guard that verifies a token of a known issuer needs no promise, so the request's
 * handler is called at once.
 * @module
 */
import type { Awaitable } from "../encoding/awaitable.js";
import type { RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

interface AnyVerifier {
	verify(token: string, options?: RequiredGrant): Promise<VerifiedToken>;
}

/** As `verify`, but without a promise if nothing has to be awaited; then it also throws at once. */
export type VerifyPromptly = (token: string, options?: RequiredGrant) => Awaitable<VerifiedToken>;

/** By verifier: a method would also be on copies of a verifier whose `verify` was replaced. */
const byVerifier = new WeakMap<AnyVerifier, VerifyPromptly>();

export function registerPromptVerification(verifier: AnyVerifier, verifyPromptly: VerifyPromptly): void {
	byVerifier.set(verifier, verifyPromptly);
}

/** The `verify` of verifiers from outside `createVerifier`, such as wrapped ones, always waits. */
export function promptVerificationOf(verifier: AnyVerifier): VerifyPromptly {
	return byVerifier.get(verifier) ?? (async (token, options) => verifier.verify(token, options));
}
