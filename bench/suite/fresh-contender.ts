/** @module */
import type { Verifier, VerifyOptions } from "orgpass";
import type { Contender } from "./measure.ts";

/** What a verifier gets. */
export interface FreshTokens {
	/** Each is verified once in a turn. */
	readonly tokens: readonly string[];
	/** Verified before each turn, so that the issuers are known. */
	readonly first: readonly string[];
}

/** Verifies tokens with a verifier that is new in each turn, so that it has seen none of them. */
export function createFreshContender(
	name: string,
	createVerifier: () => Verifier,
	{ tokens, first }: FreshTokens,
	required?: VerifyOptions,
): Contender {
	let verifier: Verifier;
	return {
		name,
		isOurs: true,
		async prepare() {
			verifier = createVerifier();
			for (const token of first) await verifier.verify(token, required);
		},
		run: (index) => verifier.verify(tokens[index] as string, required),
	};
}
