/**
 * Mints tokens of GitHub and ICR Apps, signed with the app's RSA key.
 * @module
 */
import * as v from "valibot";
import { encodeClaims } from "../../jws/encode-claims.js";
import { createClaimsSigner } from "../../jws/sign-token.js";
import { assertAlgorithm, type Signer, signerOption } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { createBuiltInMinter } from "../create-token-minter.js";
import { TOKEN_SHAPE } from "../extra-claims.js";
import { APP_ID, toAppId } from "../issuer-keys/app-id.js";
import { LIFETIME_SHAPE, type LifetimeOptions } from "../lifetime.js";
import type { Minter, TokenOptions } from "../token-kind.js";
import {
	APP_BACKDATE_SECONDS,
	type AppName,
	buildAppClaims,
	MAX_APP_LIFETIME_SECONDS,
	RSA_HEADER,
} from "./app-claims.js";

/**
 * Options of {@link createGitHubAppMinter} and {@link createIcrAppMinter}. `iat` is set 60 seconds back; the lifetime,
 * `exp` minus `iat`, is 540 seconds by default, more than 60 and at most 600.
 */
export interface AppMinterOptions extends LifetimeOptions {
	/** The app's RSA key, or a signer for it. */
	readonly key: Signer;
	/** The app's id or client id; a number stays a number in `iss`. */
	readonly issuer: string | number;
}

/** Options of one app token; its lifetime starts at `iat`. */
export interface AppTokenOptions extends TokenOptions {
	/** Extra claims; those the minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

const minterSchema = optionsSchema<AppMinterOptions>({
	key: signerOption("RS256"),
	issuer: v.custom<string | number>((value) => toAppId(value) !== undefined, APP_ID),
	...LIFETIME_SHAPE,
});

const tokenOptionsSchema = optionsSchema<AppTokenOptions>(TOKEN_SHAPE);

/** With `iat` a minute in the past, a token minted by a clock a minute fast still expires within ten minutes. */
const DEFAULT_LIFETIME_SECONDS = 540;

/**
 * Creates a minter of GitHub App tokens: RS256, `iss` is the app's id or client id, `iat` is a minute in the past.
 *
 * @example
 * ```ts
 * import { createGitHubAppMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair({ algorithm: "RS256" });
 * const minter = createGitHubAppMinter({ key: privateKey, issuer: 12345 });
 * decodeToken(await minter.mint()).claims["iss"]; // => 12345
 * ```
 * @param options the app's key and id, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/wrong-algorithm`
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
 */
export function createGitHubAppMinter(options: AppMinterOptions): Minter<AppTokenOptions> {
	assertOptions(minterSchema, options, "createGitHubAppMinter");
	return createAppMinter("github-app", options);
}

/**
 * Creates a minter of ICR App tokens: RS256, `iss` is the app's id, `alg` is also a claim, `iat` is a minute in the past.
 *
 * @example
 * ```ts
 * import { createIcrAppMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair({ algorithm: "RS256" });
 * const minter = createIcrAppMinter({ key: privateKey, issuer: "app-7" });
 * decodeToken(await minter.mint()).claims["alg"]; // => "RS256"
 * ```
 * @param options the app's key and id, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/wrong-algorithm`
 */
export function createIcrAppMinter(options: AppMinterOptions): Minter<AppTokenOptions> {
	assertOptions(minterSchema, options, "createIcrAppMinter");
	return createAppMinter("icr-app", options);
}

function createAppMinter(
	name: AppName,
	{ key, issuer, ...lifetimeOptions }: AppMinterOptions,
): Minter<AppTokenOptions> {
	assertAlgorithm(key, "RS256");
	const sign = createClaimsSigner(RSA_HEADER, key);
	return createBuiltInMinter<AppTokenOptions>(
		{
			defaultLifetimeSeconds: DEFAULT_LIFETIME_SECONDS,
			maxLifetimeSeconds: MAX_APP_LIFETIME_SECONDS,
			backdateSeconds: APP_BACKDATE_SECONDS,
			assertOptions: (options) => assertOptions(tokenOptionsSchema, options, "mint"),
			async mint({ claims }, { now, lifetimeSeconds }) {
				return sign(encodeClaims(buildAppClaims(name, { issuer, now, lifetimeSeconds, claims })));
			},
		},
		lifetimeOptions,
	);
}
