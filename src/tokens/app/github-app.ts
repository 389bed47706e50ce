/** @module */
import type { Profile } from "../token-kind.js";
import { type AppProfileOptions, createAppProfile } from "./app-profile.js";

/**
 * Creates the profile of GitHub App tokens: RS256; `iss` is the app's id or client id, a number or a string; `iat` is
 * required, and `exp` is at most ten minutes from now. An `alg` claim must equal the header's.
 *
 * @example
 * ```ts
 * import { createGitHubAppMinter, createVerifier, generateKeyPair, githubApp } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
 * const minter = createGitHubAppMinter({ key: privateKey, issuer: 12345 });
 * const verifier = createVerifier({ profiles: [githubApp({ keys: { 12345: publicKey } })] });
 * (await verifier.verify(await minter.mint())).issuer; // => "12345"
 * ```
 * @param options the apps' public keys by their ids, and the server's own names
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/*` for a key that isn't an RSA public key of at least 2,048 bits
 */
export function githubApp(options: AppProfileOptions): Profile {
	return createAppProfile("github-app", options, "githubApp");
}
