/**
 * The tokens of GitHub Apps and ICR Apps, signed with the app's RSA key.
 * @module
 */
import { createGitHubAppMinter, createIcrAppMinter } from "../../tokens/app/app-minter.js";
import { githubApp } from "../../tokens/app/github-app.js";
import { icrApp } from "../../tokens/app/icr-app.js";
import { loadPrivateKey } from "../key-source.js";
import { APP_KEY_OPTIONS, type AppKeyFlags, loadAppKeys } from "./app-keys.js";
import { parseClaims } from "./claim-arguments.js";
import { AUDIENCE_OPTION, ISSUER_OPTION, parseIssuer } from "./issuer-and-audience.js";
import type { TokenKindDescriptor } from "./token-kind.js";

type AppDescriptor = TokenKindDescriptor<object, AppKeyFlags>;

/** Claims that are text even if the value looks like a number. */
const TEXT_CLAIMS = ["sub", "jti"];

/** The descriptors of apps' tokens; only the keys distinguish them, so they can't both be accepted. */
export const APP_KINDS: readonly AppDescriptor[] = [
	describeApp("github-app", ["icr-app"], createGitHubAppMinter, githubApp),
	describeApp("icr-app", ["github-app"], createIcrAppMinter, icrApp),
];

function describeApp(
	name: string,
	excludes: readonly string[],
	createMinter: typeof createGitHubAppMinter,
	createProfile: typeof githubApp,
): AppDescriptor {
	return {
		...{ name, excludes },
		mintOptions: [ISSUER_OPTION],
		verifyOptions: [AUDIENCE_OPTION, ...APP_KEY_OPTIONS],
		async mint({ context, flags, claims, lifetime }) {
			const issuer = parseIssuer(flags);
			const parsed = parseClaims(claims, TEXT_CLAIMS);
			const key = await loadPrivateKey(context, flags.key, flags.password, "RS256");
			return createMinter({ key, issuer, ...lifetime }).mint({ claims: parsed });
		},
		async createProfile({ context, flags }) {
			return createProfile({ keys: await loadAppKeys(context, flags), audience: flags.audience });
		},
		recognizes: createProfile({ keys: () => undefined }).recognizes,
	};
}
