/**
 * Mints ORGiD tokens, signed with a key of the organization.
 * @module
 */
import * as v from "valibot";
import { encodeClaims } from "../../jws/encode-claims.js";
import { createClaimsSigner } from "../../jws/sign-token.js";
import { assertAlgorithm, type Signer, signerOption } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import type { Minter } from "../token-kind.js";
import {
	createOrganizationMinter,
	ORGANIZATION_MINTER_SHAPE,
	type OrganizationMinterOptions,
	type OrganizationTokenOptions,
} from "./organization-minter.js";
import { assertIssuer, buildOrgIdClaims, type ScopeFormat } from "./orgid-claims.js";

/** Options of {@link createOrgIdMinter}. */
export interface OrgIdMinterOptions extends OrganizationMinterOptions {
	/** The private key, or a signer for it. */
	readonly key: Signer;
	/** DID URL of the key: `did:orgid:<chain id>:0x…#webserver`. */
	readonly issuer: string;
	/** How scopes are written: space-delimited `text`, the default, or `json` for Winding Tree's SDK. */
	readonly scopeFormat?: ScopeFormat | undefined;
}

const schema = optionsSchema<OrgIdMinterOptions>({
	key: signerOption("ES256K"),
	...ORGANIZATION_MINTER_SHAPE,
	scopeFormat: v.optional(v.picklist(["text", "json"], '"text" or "json"')),
});

/**
 * Creates a minter of ORGiD tokens: header `{"alg":"ES256K","typ":"JWT","kid":<iss>}`, claims `iss`, `aud`, `iat`,
 * `exp`, `jti` and those given to `mint`. Every signature is verified before the token is returned.
 *
 * @example
 * ```ts
 * import { createOrgIdMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const minter = createOrgIdMinter({ key: privateKey, issuer, audience });
 * const { header, claims } = decodeToken(await minter.mint({ scope: ["book"], claims: { sub: "order-1" } }));
 * header; // => { alg: "ES256K", typ: "JWT", kid: issuer }
 * [claims["scope"], claims["sub"]]; // => ["book", "order-1"]
 * ```
 * @param options the key, its DID URL, the audience, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` for a missing audience, a lifetime that is too long
 * or a reserved claim, and `key/signing-fault` for a signer that fails
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/wrong-algorithm` for a key of another algorithm
 * @throws {DidError} `did/syntax` for an issuer that isn't a DID URL
 * @see RFC 7515, RFC 7519, RFC 8812
 */
export function createOrgIdMinter(options: OrgIdMinterOptions): Minter<OrganizationTokenOptions> {
	assertOptions(schema, options, "createOrgIdMinter");
	const { key, issuer, scopeFormat = "text" } = options;
	assertIssuer(issuer);
	assertAlgorithm(key, "ES256K");
	const sign = createClaimsSigner({ alg: "ES256K", typ: "JWT", kid: issuer }, key);
	return createOrganizationMinter(options, (parts) =>
		sign(encodeClaims(buildOrgIdClaims({ ...parts, issuer, scopeFormat }))),
	);
}
