/**
 * The verifier of the commands that verify tokens.
 * @module
 */
import { createVerifier, type Verifier } from "../../../auth/create-verifier.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { decodeToken } from "../../../jws/decode-token.js";
import type { Profile, RequiredGrant } from "../../../tokens/token-kind.js";
import type { CliContext } from "../../context.js";
import { usageError } from "../../options.js";
import { toTimeLimits } from "../../time.js";
import { withLazyConnection } from "../../token-kinds/registry-connection.js";
import type { TokenKindDescriptor, VerifyFlags } from "../../token-kinds/token-kind.js";
import { assertOptionsApply } from "./kind-options.js";

/** Creates a verifier that accepts these kinds, and closes its connection after `work`. */
export async function withVerifier<T>(
	context: CliContext,
	{
		kinds,
		accepted,
	}: { readonly kinds: readonly TokenKindDescriptor[]; readonly accepted: readonly TokenKindDescriptor[] },
	flags: VerifyFlags,
	work: (verifier: Verifier, required: RequiredGrant) => Promise<T>,
): Promise<T> {
	assertOptionsApply(flags, "verifyOptions", accepted, kinds);
	assertCombinable(accepted);
	const required = toRequiredGrant(flags);
	return withLazyConnection(context, flags, async (connect) => {
		const profiles: Profile[] = [];
		for (const kind of accepted) profiles.push(await kind.createProfile({ context, flags, connect }));
		return work(createVerifier({ profiles, ...toTimeLimits(flags) }), required);
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
	return {
		...(scope !== undefined && { scope }),
		...(resource !== undefined && { resource }),
		...(operation !== undefined && { operation }),
		...(method !== undefined && path !== undefined && { request: { method, path } }),
	};
}

/** Returns the kind that a token claims to be. */
export async function findKind(
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
