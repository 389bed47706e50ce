/**
 * The tokens of GitHub Apps and ICR Apps, signed with the app's RSA key.
 * @module
 */
import type { createGitHubAppMinter } from "../../tokens/app/app-minter.js";
import type { githubApp } from "../../tokens/app/github-app.js";
import { APP_KEY_OPTIONS, type AppKeyFlags, loadAppKeys } from "./app-keys.js";
import { parseClaims } from "./claim-arguments.js";
import { AUDIENCE_OPTION, ISSUER_OPTION, parseIssuer } from "./issuer-and-audience.js";
import type { TokenKindDescriptor } from "./token-kind.js";

type AppDescriptor = TokenKindDescriptor<object, AppKeyFlags>;

/** Claims that are text even if the value looks like a number. */
const TEXT_CLAIMS = ["sub", "jti"];

/** The descriptors of apps' tokens; only the keys distinguish them, so they can't both be accepted. */
export const APP_KINDS: readonly AppDescriptor[] = [
	describeApp("github-app", ["icr-app"], {
		minter: async () => (await import("../../tokens/app/app-minter.js")).createGitHubAppMinter,
		profile: async () => (await import("../../tokens/app/github-app.js")).githubApp,
	}),
	describeApp("icr-app", ["github-app"], {
		minter: async () => (await import("../../tokens/app/app-minter.js")).createIcrAppMinter,
		profile: async () => (await import("../../tokens/app/icr-app.js")).icrApp,
	}),
];

function describeApp(
	name: string,
	excludes: readonly string[],
	load: { minter(): Promise<typeof createGitHubAppMinter>; profile(): Promise<typeof githubApp> },
): AppDescriptor {
	return {
		...{ name, excludes },
		mintOptions: [ISSUER_OPTION],
		verifyOptions: [AUDIENCE_OPTION, ...APP_KEY_OPTIONS],
		async mint({ context, flags, claims, lifetime }) {
			const issuer = parseIssuer(flags);
			const parsed = parseClaims(claims, TEXT_CLAIMS);
			const { loadPrivateKey, toKeyArgument } = await import("../key-source.js");
			const key = await loadPrivateKey(context, toKeyArgument(flags), "RS256");
			const createMinter = await load.minter();
			return createMinter({ key, issuer, ...lifetime }).mint({ claims: parsed });
		},
		async createProfile({ context, flags }) {
			const createProfile = await load.profile();
			return createProfile({ keys: await loadAppKeys(context, flags), audience: flags.audience });
		},
		recognizes: async (jws) => (await load.profile())({ keys: () => undefined }).recognizes(jws),
	};
}
