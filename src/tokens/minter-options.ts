/**
 * Options of minters: one shape for each kind of token.
 * @module
 */
import * as z from "zod/mini";
import type { AppProfileName } from "./app/app-claims.js";
import {
	APP_SCHEMA,
	type AppMinterOptions,
	type AppMintOptions,
	VONAGE_SCHEMA,
	type VonageMinterOptions,
	type VonageMintOptions,
} from "./app/app-minter.js";
import { IOCTL_SCHEMA, type IoctlMinterOptions, type IoctlMintOptions } from "./ioctl/ioctl-minter.js";
import {
	type AccountMinterOptions,
	type MintOptions,
	ORGANIZATION_SCHEMAS,
	type OrgIdMinterOptions,
} from "./orgid/organization-minter.js";
import { PROFILE_NAMES, type ProfileName } from "./token-kind.js";

/** Options of `createMinter`, one shape per kind of token. */
export type MinterOptions =
	| OrgIdMinterOptions
	| AccountMinterOptions
	| IoctlMinterOptions
	| AppMinterOptions
	| VonageMinterOptions;

/** What `mint` takes, by the kind of token. */
export type MintOptionsOf<Name extends ProfileName> = Name extends "ioctl"
	? IoctlMintOptions
	: Name extends AppProfileName
		? AppMintOptions
		: Name extends "vonage"
			? VonageMintOptions
			: MintOptions;

const PROFILES = `one of ${PROFILE_NAMES.map((name) => `"${name}"`).join(", ")}`;

/** The shape of {@link MinterOptions}. */
export const minterOptionsSchema: z.ZodMiniType = z.discriminatedUnion(
	"profile",
	[IOCTL_SCHEMA, APP_SCHEMA, VONAGE_SCHEMA, ...ORGANIZATION_SCHEMAS],
	{ error: ({ input }) => (typeof input === "object" && input !== null ? PROFILES : "an object") },
);
