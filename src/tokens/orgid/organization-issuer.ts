/**
 * What every profile of organizations is told, and how it reads `iss`.
 * @module
 */
import type { Resolvable } from "did-resolver";
import type * as z from "zod/mini";
import { array, optional } from "zod/mini";
import { type CanonicalDidUrl, type DidUrl, parseDidUrl, toCanonicalDidUrl } from "../../did/did-url.js";
import { DidError, formatValue, TokenError } from "../../errors/errors.js";
import { chainIdNumber, objectWith, stringOrStrings } from "../../options/schemas.js";

/** Options every profile of organizations has. */
export interface OrganizationProfileOptions {
	/** This server's own DID, or several; one of them must stand in `aud`, to the letter. */
	readonly audience: string | readonly string[];
	/** Where issuers' keys and accounts come from: `createOrgIdResolver`'s, or any did-resolver `Resolvable`. */
	readonly resolver: Resolvable;
	/** The chains whose organizations are accepted; all that the resolver knows where absent. */
	readonly chainIds?: readonly number[] | undefined;
}

/** The shape of {@link OrganizationProfileOptions}, to spread into a profile's own. */
export const ORGANIZATION_OPTIONS: {
	readonly audience: z.ZodMiniType<string | string[]>;
	readonly resolver: z.ZodMiniType<object>;
	readonly chainIds: z.ZodMiniOptional<z.ZodMiniArray<z.ZodMiniType<number>>>;
} = {
	audience: stringOrStrings,
	resolver: objectWith("resolve"),
	chainIds: optional(array(chainIdNumber, "an array of chain ids")),
};

/** Whether `iss` is a bare DID or names a key. */
export type IssuerForm = "did" | "did-url";

const EXPECTED: Readonly<Record<IssuerForm, string>> = {
	did: "did:orgid:<chain id>:0x<64 lower-case hex digits> without a fragment",
	"did-url": "did:orgid:<chain id>:0x<64 lower-case hex digits>#<key>",
};

/** Parses the issuer a token names. */
export type IssuerParser = (iss: unknown, form: IssuerForm) => CanonicalDidUrl;

/** Makes the parser of `iss` of one profile. */
export function createIssuerParser(
	chainIds: readonly number[] | undefined,
	defaultChainId: number | undefined,
): IssuerParser {
	const accepted = chainIds === undefined ? undefined : new Set(chainIds);
	return (iss, form) => {
		const issuer = toCanonicalDidUrl(parseIss(iss, form), defaultChainId);
		const { chainId } = issuer;
		if (accepted === undefined || accepted.has(chainId)) return issuer;
		throw new DidError("did/chain-unknown", `expected an issuer on ${[...accepted]}, got ${chainId}`, {
			details: { chainId },
		});
	};
}

function parseIss(iss: unknown, form: IssuerForm): DidUrl {
	let parts: DidUrl;
	try {
		parts = parseDidUrl(iss);
	} catch (cause) {
		throw issuerError(iss, form, cause);
	}
	if ((parts.fragment === undefined) !== (form === "did")) throw issuerError(iss, form);
	return parts;
}

function issuerError(iss: unknown, form: IssuerForm, cause?: unknown): TokenError {
	return new TokenError("token/issuer", `expected iss ${EXPECTED[form]}, got ${formatValue(iss)}`, { cause });
}
