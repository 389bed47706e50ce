/**
 * Tokens of ICR Apps: as GitHub's, with the algorithm once more among the claims.
 * @module
 */
import type { Profile } from "../token-kind.js";
import { type AppProfileOptions, createAppProfile } from "./app-profile.js";

/**
 * Makes the profile of ICR App tokens: RS256, `iss` the app's id, `iat` and `exp` at most ten minutes apart, and
 * `alg` among the claims, which must be the header's. The keys of these apps are a list of their own: a token
 * of an ICR App is none of a GitHub App.
 *
 * @example
 * ```ts
 * import { createIcrAppMinter, createVerifier, generateKeyPair, icrApp } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
 * const minter = createIcrAppMinter({ key: privateKey, issuer: "app-7" });
 * const verifier = createVerifier({ profiles: [icrApp({ keys: { "app-7": publicKey } })] });
 * (await verifier.verify(await minter.mint())).claims["alg"]; // => "RS256"
 * ```
 * @param options the apps' public keys by their ids, and the server's names
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/*` for a key that is no RSA public key of at least 2,048 bits
 */
export function icrApp(options: AppProfileOptions): Profile {
	return createAppProfile("icr-app", options, "icrApp");
}
