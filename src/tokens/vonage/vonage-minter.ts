/**
 * Mints Vonage tokens, signed with the application's RSA key.
 * @module
 */
import * as v from "valibot";
import { encodeClaims } from "../../jws/encode-claims.js";
import { createClaimsSigner } from "../../jws/sign-token.js";
import { assertAlgorithm, type Signer, signerOption } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema } from "../../options/schemas.js";
import { RSA_HEADER } from "../app/app-claims.js";
import { createBuiltInMinter } from "../create-token-minter.js";
import { TOKEN_SHAPE } from "../extra-claims.js";
import { isUuid, UUID } from "../issuer-keys/app-id.js";
import { LIFETIME_SHAPE, type LifetimeOptions } from "../lifetime.js";
import type { Minter, TokenOptions } from "../token-kind.js";
import {
	buildVonageClaims,
	DEFAULT_VONAGE_LIFETIME_SECONDS,
	MAX_VONAGE_LIFETIME_SECONDS,
	type VonageClaims,
} from "./vonage-claims.js";

/** Options of {@link createVonageMinter}. The lifetime is 900 seconds by default, 86,400 at most. */
export interface VonageMinterOptions extends LifetimeOptions {
	/** The application's RSA key, or a signer for it. */
	readonly key: Signer;
	/** The application's id, a UUID; written in lower case. */
	readonly applicationId: string;
}

/** Options of one Vonage token. */
export interface VonageTokenOptions extends TokenOptions {
	/** The claims: `sub`, `acl`, `exp`, `nbf`, `jti` and extra ones. */
	readonly claims?: VonageClaims | undefined;
}

const minterSchema = optionsSchema<VonageMinterOptions>({
	key: signerOption("RS256"),
	applicationId: v.custom<string>(isUuid, `the application's id, ${UUID}`),
	...LIFETIME_SHAPE,
});

const tokenOptionsSchema = optionsSchema<VonageTokenOptions>(TOKEN_SHAPE);

/**
 * Creates a minter of Vonage tokens: RS256, with `application_id`, `iat`, `jti`, `exp` and the claims given to `mint`.
 *
 * @example
 * ```ts
 * import { createVonageMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair({ algorithm: "RS256" });
 * const minter = createVonageMinter({ key: privateKey, applicationId: "aaaaaaaa-bbbb-cccc-dddd-0123456789ab" });
 * const acl = { paths: { "/v1/users/**": { methods: ["GET"] } } };
 * decodeToken(await minter.mint({ claims: { sub: "alice", acl } })).claims["sub"]; // => "alice"
 * ```
 * @param options the application's key and id, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option`, also for an invalid access control list, and
 * `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/wrong-algorithm`
 * @see https://developer.vonage.com/en/getting-started/concepts/authentication
 */
export function createVonageMinter(options: VonageMinterOptions): Minter<VonageTokenOptions> {
	assertOptions(minterSchema, options, "createVonageMinter");
	const { key, applicationId, ...lifetimeOptions } = options;
	assertAlgorithm(key, "RS256");
	const sign = createClaimsSigner(RSA_HEADER, key);
	return createBuiltInMinter<VonageTokenOptions>(
		{
			defaultLifetimeSeconds: DEFAULT_VONAGE_LIFETIME_SECONDS,
			maxLifetimeSeconds: MAX_VONAGE_LIFETIME_SECONDS,
			assertOptions(options) {
				assertOptions(tokenOptionsSchema, options, "mint");
				if (options.claims?.exp === undefined || options.lifetimeSeconds === undefined) return;
				throw invalidOption("lifetimeSeconds", "absent if the claims have exp");
			},
			async mint({ claims = {} }, time) {
				return sign(encodeClaims(buildVonageClaims(applicationId, time, claims)));
			},
		},
		lifetimeOptions,
	);
}
