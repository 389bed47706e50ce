/**
 * Reports verifications and their steps.
 * @module
 */
import { type Facts, observe } from "../observe/observe.js";
import type { Observer, VerificationStep } from "../observe/observer.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/** How far a verification has come. */
export interface Progress {
	/** Ends the current step and begins the next one; the first one is `decode`. */
	begin(step: VerificationStep): void;
	/** The profile that checks the token, and the issuer that the token names. */
	candidate(profile: string, claimedIssuer?: string): void;
	/** The signature is the issuer's; begins the last step. */
	signedBy(issuer: string): void;
}

/** Runs a verification and reports it. */
export function observeVerification(
	observer: Observer,
	verify: (progress: Progress) => Promise<VerifiedToken>,
): Promise<VerifiedToken> {
	return observe(observer, { operation: "verify" }, async (facts) => {
		const { progress, end } = trackProgress(facts);
		try {
			const verified = await verify(progress);
			facts.outcome = "accepted";
			return verified;
		} finally {
			end();
		}
	});
}

/** A verification that exceeded its time limit goes on after `end`; its facts have been copied by then. */
function trackProgress(facts: Facts<"verify">): { readonly progress: Progress; readonly end: () => void } {
	const steps: Partial<Record<VerificationStep, number>> = {};
	let current: VerificationStep = "decode";
	let since = performance.now();
	let claimed: string | undefined;
	return { progress: { begin, candidate, signedBy }, end };

	function begin(step: VerificationStep): void {
		const now = performance.now();
		steps[current] = now - since;
		current = step;
		since = now;
	}

	function candidate(profile: string, claimedIssuer?: string): void {
		facts.profile = profile;
		claimed = claimedIssuer;
	}

	function signedBy(issuer: string): void {
		begin("policies");
		facts.issuer = issuer;
	}

	function end(): void {
		begin(current);
		if (claimed !== undefined && facts.issuer === undefined) facts.claimedIssuer = claimed;
		facts.steps = Object.freeze({ ...steps });
	}
}
