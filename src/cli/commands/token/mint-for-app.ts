/**
 * `orgpass token mint` for apps: GitHub's, ICR's and Vonage's, with the app's RSA key.
 * @module
 */

import { ConfigError } from "../../../errors/errors.js";
import { createGitHubAppMinter, createIcrAppMinter } from "../../../tokens/app/app-minter.js";
import { createVonageMinter } from "../../../tokens/vonage/vonage-minter.js";
import type { CliContext } from "../../context.js";
import { loadPrivateKey } from "../../key-source.js";
import { readClaims } from "./claim-arguments.js";
import type { LifetimeSettings, MintFlags } from "./mint-flags.js";
import { requireIssuer } from "./profiles.js";

/** Claims that are text even where the text looks like a number. */
const TEXT_CLAIMS = ["sub", "jti", "application_id"];

/** Makes a token of an app. */
export async function mintForApp(
	context: CliContext,
	profile: "github-app" | "icr-app" | "vonage",
	options: MintFlags,
	lifetime: LifetimeSettings,
	claimTexts: readonly string[],
): Promise<string> {
	const claims = readClaims(claimTexts, TEXT_CLAIMS);
	const load = () => loadPrivateKey(context, options.key, options.password, "RS256");
	if (profile !== "vonage") {
		const issuer = requireIssuer(options);
		const createMinter = profile === "github-app" ? createGitHubAppMinter : createIcrAppMinter;
		return createMinter({ key: await load(), issuer, ...lifetime }).mint({ claims });
	}
	const { issuer: applicationId = claims["application_id"] } = options;
	if (typeof applicationId !== "string") {
		throw new ConfigError("config/usage", "expected --issuer <application id>, or application_id=<id>");
	}
	return createVonageMinter({ key: await load(), applicationId, ...lifetime }).mint({ claims });
}
