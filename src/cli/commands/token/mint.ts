/** @module */
import { decodeToken } from "../../../jws/decode-token.js";
import type { LifetimeOptions } from "../../../tokens/lifetime.js";
import type { CliContext } from "../../context.js";
import type { Outcome } from "../../outcome.js";
import { fixedClock } from "../../time.js";
import { parseIssuer } from "../../token-kinds/issuer-and-audience.js";
import type { MintFlags, TokenKindDescriptor } from "../../token-kinds/token-kind.js";
import { parseTypedDidUrl } from "../../typed-did.js";
import { assertOptionsApply, kindsNamed } from "./kind-options.js";

export async function mint(
	context: CliContext,
	kinds: readonly TokenKindDescriptor[],
	flags: MintFlags,
	claims: readonly string[],
): Promise<Outcome> {
	const chosen = flags.profile === undefined ? kindsOfIssuer(kinds, flags) : kindsNamed(kinds, [flags.profile]);
	const [kind] = chosen as readonly [TokenKindDescriptor];
	assertOptionsApply(flags, "mintOptions", chosen, kinds);
	const token = await kind.mint({ context, flags, claims, lifetime: toLifetimeOptions(flags) });
	const { header, claims: minted } = decodeToken(token);
	return { data: { token, header, claims: minted, expiresAt: minted["exp"] }, text: token };
}

function kindsOfIssuer(kinds: readonly TokenKindDescriptor[], flags: MintFlags): readonly TokenKindDescriptor[] {
	const issuer = parseTypedDidUrl(parseIssuer(flags));
	return kinds.filter((kind) => kind.suitsIssuer?.(issuer));
}

function toLifetimeOptions({ ttl, maxLifetime, serverDate, now }: MintFlags): LifetimeOptions {
	return {
		lifetimeSeconds: ttl,
		maxLifetimeSeconds: maxLifetime,
		now: fixedClock(now),
		serverDate,
	};
}
