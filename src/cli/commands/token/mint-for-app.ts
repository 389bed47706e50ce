/**
 * `orgpass token mint` for apps: GitHub's, ICR's and Vonage's, with the app's RSA key.
 * @module
 */
import { createMinter } from "../../../tokens/create-minter.js";
import { ConfigError } from "../../../errors/errors.js";
import type { AppProfileName } from "../../../tokens/app/app-claims.js";
import type { CliIo } from "../../context.js";
import { loadPrivateKey } from "../../key-source.js";
import { readClaims } from "./claim-arguments.js";
import type { LifetimeSettings, MintFlags } from "./mint.js";
import { requireIssuer } from "./profiles.js";

/** Claims that are text even where the text looks like a number. */
const TEXT_CLAIMS = ["sub", "jti", "application_id"];

/**
 * Makes a token of an app.
 *
 * @param io the world
 * @param profile the kind of app
 * @param options who signs, for which app
 * @param lifetime for how long
 * @param claimTexts further claims; for Vonage also `application_id`, `sub`, `exp` and `acl`, as Nexmo's own
 * command line took them
 * @returns the token
 * @throws {OrgpassError} what `createMinter` and `mint` throw
 */
export async function mintForApp(
	io: CliIo,
	profile: AppProfileName | "vonage",
	options: MintFlags,
	lifetime: LifetimeSettings,
	claimTexts: readonly string[],
): Promise<string> {
	const claims = readClaims(claimTexts, TEXT_CLAIMS);
	const load = () => loadPrivateKey(io, options.key, options.password, "RS256");
	if (profile !== "vonage") {
		const issuer = requireIssuer(options);
		return createMinter({ profile, key: await load(), issuer, ...lifetime }).mint({ claims });
	}
	const { issuer: applicationId = claims["application_id"] } = options;
	if (typeof applicationId !== "string") {
		throw new ConfigError("config/usage", "expected --issuer <application id>, or application_id=<id>");
	}
	return createMinter({ profile, key: await load(), applicationId, ...lifetime }).mint({ claims });
}
