/**
 * The kinds of token by their names, and what minting and verifying read alike.
 * @module
 */
import { parseDidUrl } from "../../../did/did-url.js";
import { ConfigError } from "../../../errors/errors.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { lowerCaseDid } from "../../organization.js";

/** The names of the kinds of token. */
export const PROFILE_NAMES = [
	"orgid",
	"orgid-account",
	"orgid-eth",
	"orgid-eip712",
	"ioctl",
	"github-app",
	"icr-app",
	"vonage",
] as const;

/** The name of a kind of token. */
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** The kinds of organizations' tokens. */
export type OrganizationProfileName = Extract<ProfileName, "orgid" | `orgid-${string}`>;

/** Tells the kinds of organizations' tokens. */
export function isOrganizationProfile(name: ProfileName): name is OrganizationProfileName {
	return name === "orgid" || name.startsWith("orgid-");
}

/** Their names, ours first. */
export const ORGANIZATION_PROFILES: readonly OrganizationProfileName[] =
	PROFILE_NAMES.filter(isOrganizationProfile);

/** Reads the name of a kind of token. */
export function parseProfile(text: string): ProfileName {
	const name = PROFILE_NAMES.find((one) => one === text);
	if (name !== undefined) return name;
	throw invalidOption("profile", `one of ${PROFILE_NAMES.join(", ")}`, { label: "--profile" });
}

/** Reads for whom a token is. */
export function readAudience({ audience }: { readonly audience?: string[] }): string[] {
	if (audience === undefined) throw new ConfigError("config/usage", "expected --audience <did>");
	return audience.map(lowerCaseDid);
}

/** Tells the kind of token that an issuer's name suits: an organization's account, or a key of it. */
export function profileOfIssuer(issuer: string | undefined): OrganizationProfileName {
	const { fragment = "owner" } = parseDidUrl(lowerCaseDid(requireIssuer({ issuer })));
	return fragment === "owner" || fragment === "director" ? "orgid-account" : "orgid";
}

/** Reads who the token is from. */
export function requireIssuer({ issuer }: { readonly issuer?: string | undefined }): string {
	if (issuer !== undefined) return issuer;
	throw new ConfigError("config/usage", "expected --issuer: a DID URL, or for apps the app's id");
}

/** Refuses flags that mean nothing for a kind of token: they would be ignored. */
export function refuseFlags<Flags extends object>(
	profile: string,
	flags: Flags,
	names: readonly (keyof Flags & string)[],
): void {
	const given = names.find((name) => flags[name] !== undefined);
	if (given === undefined) return;
	const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
	throw new ConfigError("config/usage", `--${flag} means nothing for --profile ${profile}`);
}
