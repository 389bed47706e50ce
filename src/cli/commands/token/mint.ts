/**
 * `orgpass token mint`.
 * @module
 */
import { decodeToken } from "../../../jws/decode-token.js";
import type { Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import { createClock, parseDuration } from "../../time.js";
import type { LifetimeSettings, MintFlags } from "./mint-flags.js";
import { mintForApp } from "./mint-for-app.js";
import { mintForIoctl } from "./mint-for-ioctl.js";
import { mintForOrganization } from "./mint-for-organization.js";
import { parseProfile, profileOfIssuer, refuseFlags } from "./profiles.js";

/** Makes a token. */
export async function mint(
	context: CliContext,
	options: MintFlags,
	claimTexts: readonly string[],
): Promise<Outcome> {
	const token = await mintOfKind(context, options, claimTexts);
	const { header, claims } = decodeToken(token);
	return { data: { token, header, claims, expiresAt: claims["exp"] }, text: token };
}

function mintOfKind(context: CliContext, options: MintFlags, claimTexts: readonly string[]): Promise<string> {
	const profile =
		options.profile === undefined ? profileOfIssuer(options.issuer) : parseProfile(options.profile);
	const lifetime = readLifetime(options);
	switch (profile) {
		case "ioctl":
			refuseFlags(profile, options, ["issuer", "audience", "scope", "scopeFormat"]);
			return mintForIoctl(context, options, lifetime, claimTexts);
		case "github-app":
		case "icr-app":
		case "vonage":
			refuseFlags(profile, options, ["audience", "scope", "scopeFormat", "resource", "operation"]);
			return mintForApp(context, profile, options, lifetime, claimTexts);
		default:
			refuseFlags(profile, options, [
				"resource",
				"operation",
				...(profile === "orgid" ? [] : ["scopeFormat" as const]),
			]);
			return mintForOrganization(context, profile, options, lifetime, claimTexts);
	}
}

function readLifetime({ ttl, maxLifetime, serverDate, now }: MintFlags): LifetimeSettings {
	const fixed = createClock(now);
	return {
		...(ttl === undefined ? {} : { lifetimeSeconds: parseDuration(ttl, "--ttl") }),
		...(maxLifetime === undefined
			? {}
			: { maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime") }),
		...(fixed === undefined ? {} : { now: fixed }),
		...(serverDate === undefined ? {} : { serverDate }),
	};
}
