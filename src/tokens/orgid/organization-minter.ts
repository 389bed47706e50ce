/**
 * What the minters of organizations' tokens share, for keys and for accounts.
 * @module
 */
import * as v from "valibot";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema, type Shape } from "../../options/schemas.js";
import { nonEmptyString, stringOrStrings } from "../../options/value-schemas.js";
import { createBuiltInMinter } from "../create-token-minter.js";
import { TOKEN_SHAPE } from "../extra-claims.js";
import { LIFETIME_SHAPE, type LifetimeOptions } from "../lifetime.js";
import type { Minter, TokenOptions } from "../token-kind.js";
import { assertAudienceOption } from "./organization-audience.js";

/** Options of minters of organizations' tokens. The lifetime is 3,600 seconds by default, 86,400 at most. */
export interface OrganizationMinterOptions extends LifetimeOptions {
	/** DIDs of the servers the tokens are for; `mint` can name others. */
	readonly audience?: string | readonly string[] | undefined;
}

/** Options of one organization's token. */
export interface OrganizationTokenOptions extends TokenOptions {
	/** The servers it is for, instead of the minter's audience. */
	readonly audience?: string | readonly string[] | undefined;
	/** The scopes it grants: space-delimited, or an array. */
	readonly scope?: string | readonly string[] | undefined;
	/** Extra claims; those the minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** The parts of one token to mint; times are in seconds. */
export interface OrganizationTokenParts extends OrganizationTokenOptions {
	readonly audience: string | readonly string[];
	readonly now: number;
	readonly lifetimeSeconds: number;
}

/** The shape of {@link OrganizationMinterOptions} and of an issuer, to spread into a minter's own. */
export const ORGANIZATION_MINTER_SHAPE: Shape<OrganizationMinterOptions & { issuer: unknown }> = {
	issuer: nonEmptyString,
	audience: v.optional(stringOrStrings),
	...LIFETIME_SHAPE,
};

const tokenOptionsSchema = optionsSchema<OrganizationTokenOptions>({
	...TOKEN_SHAPE,
	audience: v.optional(stringOrStrings),
	scope: v.optional(v.union([v.string(), v.array(v.string())], "a string or an array of strings")),
});

const DEFAULT_LIFETIME_SECONDS = 3_600;

export function createOrganizationMinter(
	{ audience, lifetimeSeconds, maxLifetimeSeconds, now, serverDate }: OrganizationMinterOptions,
	sign: (parts: OrganizationTokenParts) => Promise<string>,
): Minter<OrganizationTokenOptions> {
	assertAudienceOption(audience ?? []);
	const defaultAudience = typeof audience === "object" ? [...audience] : audience;
	return createBuiltInMinter<OrganizationTokenOptions>(
		{
			defaultLifetimeSeconds: DEFAULT_LIFETIME_SECONDS,
			assertOptions(options) {
				assertOptions(tokenOptionsSchema, options, "mint");
				assertAudienceOption(options.audience ?? []);
			},
			async mint({ audience = defaultAudience, scope, claims }, time) {
				if (audience === undefined) throw invalidOption("audience", "given to the minter or to mint");
				return sign({ audience, now: time.now, lifetimeSeconds: time.lifetimeSeconds, scope, claims });
			},
		},
		{ lifetimeSeconds, maxLifetimeSeconds, now, serverDate },
	);
}
