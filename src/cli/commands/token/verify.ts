/** @module */
import { createVerifier } from "../../../auth/create-verifier.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { decodeToken } from "../../../jws/decode-token.js";
import type { Profile, RequiredGrant } from "../../../tokens/token-kind.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../options.js";
import type { Outcome } from "../../outcome.js";
import { toTimeLimits } from "../../time.js";
import { withLazyConnection } from "../../token-kinds/registry-connection.js";
import type { TokenKindDescriptor, VerifyFlags } from "../../token-kinds/token-kind.js";
import { acceptedOutcome, refusedOutcome } from "../../verified-outcome.js";
import { assertOptionsApply, kindsNamed } from "./kind-options.js";

/** Verifies a token as a server would, with the same verifier. */
export async function verify(
	context: CliContext,
	kinds: readonly TokenKindDescriptor[],
	flags: VerifyFlags,
	token: string,
): Promise<Outcome> {
	const accepted =
		flags.profile === undefined ? kinds.filter(({ isDefault }) => isDefault) : kindsNamed(kinds, flags.profile);
	assertOptionsApply(flags, "verifyOptions", accepted, kinds);
	assertCombinable(accepted);
	const required = toRequiredGrant(flags);
	return withLazyConnection(context, flags, async (connect) => {
		const profiles: Profile[] = [];
		for (const kind of accepted) profiles.push(await kind.createProfile({ context, flags, connect }));
		const verifier = createVerifier({ profiles, ...toTimeLimits(flags) });
		try {
			return acceptedOutcome(await verifier.verify(token, required), flags.now);
		} catch (error) {
			const kind = flags.profile === undefined ? await findKind(kinds, token) : undefined;
			const isAccepted = kind === undefined || accepted.includes(kind);
			return refusedOutcome(error, isAccepted ? undefined : `accept it with --profile ${kind.name}`);
		}
	});
}

function assertCombinable(accepted: readonly TokenKindDescriptor[]): void {
	for (const { name, excludes = [] } of accepted) {
		const other = accepted.find((kind) => excludes.includes(kind.name));
		if (other === undefined) continue;
		throw usageError(`expected --profile ${name} or ${other.name}, not both`);
	}
}

function toRequiredGrant({ scope, resource, operation, method, path }: VerifyFlags): RequiredGrant {
	if ((method === undefined) !== (path === undefined)) throw usageError("expected --method and --path together");
	const request = method === undefined || path === undefined ? undefined : { method, path };
	return { scope, resource, operation, request };
}

async function findKind(
	kinds: readonly TokenKindDescriptor[],
	token: string,
): Promise<TokenKindDescriptor | undefined> {
	try {
		const jws = decodeToken(token);
		for (const kind of kinds) if (await kind.recognizes(jws)) return kind;
		return undefined;
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}
