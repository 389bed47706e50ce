/** @module */
import type { Explanation } from "../../../auth/explain/explanation.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { advisedMessage } from "../../advised-message.js";
import type { CliContext, Paint } from "../../context.js";
import { EXIT } from "../../exit-code.js";
import { exitCodeOf } from "../../exit-code-of.js";
import { adviceOn, type Outcome } from "../../outcome.js";
import { nowSeconds } from "../../time.js";
import type { TokenKindDescriptor, VerifyFlags } from "../../token-kinds/token-kind.js";
import { formatExplanation } from "./format-explanation.js";
import { kindsNamed } from "./kind-options.js";
import { findKind, withVerifier } from "./with-verifier.js";

/** Explains what `token verify` does with a token; without `--profile`, as the kind that the token claims to be. */
export async function explain(
	context: CliContext,
	kinds: readonly TokenKindDescriptor[],
	flags: VerifyFlags,
	token: string,
): Promise<Outcome> {
	const accepted = flags.profile === undefined ? await kindsOf(kinds, token) : kindsNamed(kinds, flags.profile);
	return withVerifier(context, { kinds, accepted }, flags, async (verifier, required) => {
		const explanation = await verifier.explain(token, required);
		const text = (paint: Paint): string => formatExplanation(explanation, nowSeconds(flags.now), paint);
		return { data: toData(explanation), text, exitCode: exitCodeOfExplanation(explanation) };
	});
}

async function kindsOf(kinds: readonly TokenKindDescriptor[], token: string): Promise<readonly TokenKindDescriptor[]> {
	const kind = await findKind(kinds, token);
	return kind === undefined ? kinds.filter(({ isDefault }) => isDefault) : [kind];
}

function toData({ error, steps, ...explanation }: Explanation): object {
	return {
		...explanation,
		...(error !== undefined && { error: toErrorData(error) }),
		steps: steps.map(({ error, ...step }) => ({ ...step, ...(error !== undefined && { error: toErrorData(error) }) })),
	};
}

/** An error without a code is a bug: its message may quote a secret. */
function toErrorData(error: Error): object {
	if (!isOrgpassError(error)) return { name: error.name };
	return { code: error.code, message: advisedMessage(error), advice: adviceOn(error) };
}

function exitCodeOfExplanation({ error }: Explanation): number {
	if (error === undefined) return EXIT.ok;
	return isOrgpassError(error) ? exitCodeOf(error.code) : EXIT.bug;
}
