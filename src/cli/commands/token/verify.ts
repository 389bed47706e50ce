/** @module */
import type { CliContext } from "../../context.js";
import type { Outcome } from "../../outcome.js";
import type { TokenKindDescriptor, VerifyFlags } from "../../token-kinds/token-kind.js";
import { acceptedOutcome, refusedOutcome } from "../../verified-outcome.js";
import { kindsNamed } from "./kind-options.js";
import { findKind, withVerifier } from "./with-verifier.js";

const EXPLAIN = "orgpass token explain, with the same options, shows each step";

/** Verifies a token as a server would, with the same verifier. */
export async function verify(
	context: CliContext,
	kinds: readonly TokenKindDescriptor[],
	flags: VerifyFlags,
	token: string,
): Promise<Outcome> {
	const accepted =
		flags.profile === undefined ? kinds.filter(({ isDefault }) => isDefault) : kindsNamed(kinds, flags.profile);
	return withVerifier(context, { kinds, accepted }, flags, async (verifier, required) => {
		try {
			return acceptedOutcome(await verifier.verify(token, required), flags.now);
		} catch (error) {
			const kind = flags.profile === undefined ? await findKind(kinds, token) : undefined;
			const isAccepted = kind === undefined || accepted.includes(kind);
			return refusedOutcome(error, isAccepted ? EXPLAIN : `accept it with --profile ${kind.name}`);
		}
	});
}
