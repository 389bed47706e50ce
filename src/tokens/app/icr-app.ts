/**
 * Tokens of ICR Apps: like GitHub's, but the claims repeat the algorithm.
 * @module
 */
import type { Profile } from "../token-kind.js";
import { type AppProfileOptions, createAppProfile } from "./app-profile.js";

/**
 * Creates the profile of ICR App tokens: RS256; `iss` is the app's id; `iat` is required, and `exp` is at most ten
 * minutes from now. An `alg` claim must equal the header's. Each profile has its own keys: an ICR App's token isn't
 * accepted as a GitHub App's.
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
 * @param options the apps' public keys by their ids, and the server's own names
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/*` for a key that isn't an RSA public key of at least 2,048 bits
 */
export function icrApp(options: AppProfileOptions): Profile {
	return createAppProfile("icr-app", options, "icrApp");
}
