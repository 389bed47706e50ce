/**
 * The options that all profiles of organizations share, and their parser of `iss`.
 * @module
 */
import type { Resolvable } from "did-resolver";
import * as v from "valibot";
import { type CanonicalDidUrl, type DidUrl, parseDidUrl, toCanonicalDidUrl } from "../../did/did-url.js";
import { DidError, formatValue, TokenError } from "../../errors/errors.js";
import { objectWith, restriction, type Shape } from "../../options/schemas.js";
import { chainIdNumber, stringOrStrings } from "../../options/value-schemas.js";

/** Options of all profiles of organizations. */
export interface OrganizationProfileOptions {
	/** This server's own bare DID in lower case, or several; `aud` must contain one of these strings exactly. */
	readonly audience: string | readonly string[];
	/** Finds the issuers' keys and accounts: `createOrgIdResolver`'s result, or any did-resolver `Resolvable`. */
	readonly resolver: Resolvable;
	/** The chains whose organizations are accepted; not `undefined`. Default: all that the resolver supports. */
	readonly chainIds?: readonly number[];
}

/** The shape of {@link OrganizationProfileOptions}, to spread into a profile's own. */
export const ORGANIZATION_OPTIONS: Shape<OrganizationProfileOptions> = {
	audience: stringOrStrings,
	resolver: objectWith("resolve"),
	chainIds: restriction(v.array(chainIdNumber, "an array of chain ids")),
};

/** `iss` is a bare DID, or the DID URL of a key. */
type IssuerForm = "did" | "did-url";

const EXPECTED: Readonly<Record<IssuerForm, string>> = {
	did: "did:orgid:<chain id>:0x<64 lower-case hex digits> without a fragment",
	"did-url": "did:orgid:<chain id>:0x<64 lower-case hex digits>#<key>",
};

/** Parses the issuer a token names. */
export type IssuerParser = (iss: unknown, form: IssuerForm) => CanonicalDidUrl;

/** Creates a profile's parser of `iss`. */
export function createIssuerParser(
	chainIds: readonly number[] | undefined,
	defaultChainId: number | undefined,
): IssuerParser {
	const accepted = chainIds === undefined ? undefined : new Set(chainIds);
	return (iss, form) => {
		const issuer = toCanonicalDidUrl(parseIss(iss, form), defaultChainId);
		const { chainId } = issuer;
		if (accepted === undefined || accepted.has(chainId)) return issuer;
		const message = `expected an issuer on one of the chains ${[...accepted]}, got ${chainId}`;
		throw new DidError("did/chain-unknown", message, { details: { chainId } });
	};
}

function parseIss(iss: unknown, form: IssuerForm): DidUrl {
	let didUrl: DidUrl;
	try {
		didUrl = parseDidUrl(iss);
	} catch (cause) {
		throw issuerError(iss, form, cause);
	}
	if ((didUrl.fragment === undefined) !== (form === "did")) throw issuerError(iss, form);
	return didUrl;
}

function issuerError(iss: unknown, form: IssuerForm, cause?: unknown): TokenError {
	return new TokenError("token/issuer", `expected iss ${EXPECTED[form]}, got ${formatValue(iss)}`, { cause });
}
