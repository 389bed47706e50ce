/**
 * Minters of tokens that an app signs with its RSA key: GitHub's, ICR's and Vonage's.
 * @module
 */
import * as z from "zod/mini";
import { signToken } from "../../jws/sign-token.js";
import type { Signer } from "../../keys/signer.js";
import { invalidOption } from "../../options/invalid-option.js";
import { objectWith } from "../../options/schemas.js";
import {
	ASKED_SHAPE,
	LIFETIME_SHAPE,
	type LifetimeOptions,
	type Maker,
	type Moment,
	requireAlgorithm,
} from "../minter.js";
import {
	buildVonageToken,
	DEFAULT_VONAGE_LIFETIME_SECONDS,
	isUuid,
	MAX_VONAGE_LIFETIME_SECONDS,
	type VonageClaims,
} from "../vonage/vonage-claims.js";
import {
	APP_BACKDATE_SECONDS,
	type AppProfileName,
	buildAppToken,
	DEFAULT_APP_LIFETIME_SECONDS,
	MAX_APP_LIFETIME_SECONDS,
	toAppId,
} from "./app-claims.js";

/**
 * Options of `createMinter` for tokens of GitHub and ICR Apps. `iat` is set 60 seconds back, and a life, `exp`
 * minus `iat`, is 540 seconds by default, more than 60 and 600 at most.
 */
export interface AppMinterOptions extends LifetimeOptions {
	/** The kind of token. */
	readonly profile: AppProfileName;
	/** The app's RSA key, or a signer that keeps it elsewhere. */
	readonly key: Signer;
	/** The app's id or client id; a number stays a number in `iss`. */
	readonly issuer: string | number;
}

/** Options of one app token. */
export interface AppMintOptions {
	/** Its life in whole seconds, from its `iat`, instead of the minter's. */
	readonly ttlSeconds?: number | undefined;
	/** Further claims; those a minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of `createMinter` for Vonage tokens; a life is 900 seconds by default, 86,400 at most. */
export interface VonageMinterOptions extends LifetimeOptions {
	/** The kind of token. */
	readonly profile: "vonage";
	/** The application's RSA key, or a signer that keeps it elsewhere. */
	readonly key: Signer;
	/** The application's id, a UUID. */
	readonly applicationId: string;
}

/** Options of one Vonage token. */
export interface VonageMintOptions {
	/** Its life in whole seconds, instead of the minter's. */
	readonly ttlSeconds?: number | undefined;
	/** The claims: `sub`, `acl`, `exp`, `nbf`, `jti` and further ones. */
	readonly claims?: VonageClaims | undefined;
}

const APP_ID =
	"the app's id: a whole number, or printable ASCII without spaces that is no DID and no account's address";
const UUID = "the application's id, a UUID in lower case";

/** The shape of {@link AppMinterOptions}. */
export const APP_SCHEMA: z.ZodMiniObject = z.strictObject({
	profile: z.enum(["github-app", "icr-app"]),
	key: objectWith("sign"),
	issuer: z.custom<string | number>((value) => toAppId(value) !== undefined, APP_ID),
	...LIFETIME_SHAPE,
});

/** The shape of {@link VonageMinterOptions}. */
export const VONAGE_SCHEMA: z.ZodMiniObject = z.strictObject({
	profile: z.literal("vonage"),
	key: objectWith("sign"),
	applicationId: z.custom<string>(isUuid, UUID),
	...LIFETIME_SHAPE,
});

const askedSchema = z.strictObject(ASKED_SHAPE, "an object");

/** Makes the maker of tokens of GitHub and ICR Apps. */
export function createAppMaker({ profile, key, issuer }: AppMinterOptions): Maker {
	requireAlgorithm(key, "RS256");
	return {
		askedSchema,
		defaultTtlSeconds: DEFAULT_APP_LIFETIME_SECONDS,
		longestLifetimeSeconds: MAX_APP_LIFETIME_SECONDS,
		backdateSeconds: APP_BACKDATE_SECONDS,
		async make({ claims }: AppMintOptions, { now, ttlSeconds }: Moment) {
			return signToken({ ...buildAppToken(profile, { issuer, now, ttlSeconds, claims }), signer: key });
		},
	};
}

/** Makes the maker of Vonage tokens. */
export function createVonageMaker({ key, applicationId }: VonageMinterOptions): Maker {
	requireAlgorithm(key, "RS256");
	return {
		askedSchema,
		defaultTtlSeconds: DEFAULT_VONAGE_LIFETIME_SECONDS,
		longestLifetimeSeconds: MAX_VONAGE_LIFETIME_SECONDS,
		make({ claims = {}, ttlSeconds: asked }: VonageMintOptions, moment: Moment) {
			if (claims.exp !== undefined && asked !== undefined) {
				throw invalidOption("ttlSeconds", "absent where the claims have exp");
			}
			return signToken({ ...buildVonageToken({ ...moment, applicationId, claims }), signer: key });
		},
	};
}
