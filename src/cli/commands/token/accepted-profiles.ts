/**
 * The profiles that `--profile` names, made of the command's other flags.
 * @module
 */
import { resolve } from "node:path";
import type { Provider } from "ethers";
import { ConfigError } from "../../../errors/errors.js";
import type { RsaPublicKey } from "../../../keys/rsa-public-key.js";
import { githubApp } from "../../../tokens/app/github-app.js";
import { icrApp } from "../../../tokens/app/icr-app.js";
import { type IoctlProfileOptions, ioctl } from "../../../tokens/ioctl/ioctl.js";
import type { IssuerKeys } from "../../../tokens/issuer-keys/issuer-keys.js";
import { keysFromFolder } from "../../../tokens/issuer-keys/keys-from-folder.js";
import { keysFromJwks } from "../../../tokens/issuer-keys/keys-from-jwks.js";
import type { OrganizationProfileOptions } from "../../../tokens/orgid/organization-issuer.js";
import { orgid } from "../../../tokens/orgid/orgid.js";
import { orgidAccount } from "../../../tokens/orgid-account/orgid-account.js";
import { orgidEip712 } from "../../../tokens/orgid-account/orgid-eip712.js";
import { orgidEth } from "../../../tokens/orgid-account/orgid-eth.js";
import type { Profile } from "../../../tokens/token-kind.js";
import { vonage } from "../../../tokens/vonage/vonage.js";
import type { CliContext } from "../../context.js";
import { loadKey } from "../../key-source.js";
import type { OrganizationProfileName, ProfileName } from "./profiles.js";

/** The flags that say whose tokens to accept, where no registry does. */
export interface TrustFlags {
	readonly audience?: string[];
	readonly trustedIssuer?: readonly string[] | undefined;
	readonly allowMissingExp?: boolean | undefined;
	readonly appKey?: string[];
	readonly appKeys?: string;
}

/** The same, for the command's specification. */
export const TRUST_FLAGS = [
	["*--trusted-issuer <account>", "whom to trust, io1…, 0x… or a public key; may be repeated (ioctl)"],
	["--allow-missing-exp", "take a token that never expires, too (ioctl)"],
	["*--app-key <id=key>", "an app's key, such as 12345=app.pem; may be repeated (apps and vonage)"],
	["--app-keys <place>", "all apps' keys: a folder of <id>.pem files, or a JWK Set's https URL"],
] as const;

const APP_FACTORIES = { "github-app": githubApp, "icr-app": icrApp, vonage };

/** What profiles of organizations are made of. */
export interface ChainContext {
	readonly common: Omit<OrganizationProfileOptions, "chainIds">;
	readonly chainId: number;
	/** Asks contracts about the signatures of owners that are contracts. */
	readonly provider: Provider;
	readonly acceptMilliseconds: boolean;
}

/** Makes the profile of a kind of organizations' tokens. */
export function organizationProfile(
	name: OrganizationProfileName,
	{ common, chainId, provider, acceptMilliseconds }: ChainContext,
): Profile {
	const options = { ...common, chainIds: [chainId] };
	const withDefault = { ...options, defaultChainId: chainId };
	const providers = { [chainId]: provider };
	if (name === "orgid") return orgid(withDefault);
	if (name === "orgid-account") return orgidAccount({ ...options, providers });
	if (name === "orgid-eth") return orgidEth({ ...withDefault, providers });
	return orgidEip712({ ...withDefault, providers, acceptMilliseconds });
}

/** Tells the kinds of tokens that an app's RSA key signs. */
export function isAppProfile(
	name: ProfileName,
): name is Extract<ProfileName, "github-app" | "icr-app" | "vonage"> {
	return Object.hasOwn(APP_FACTORIES, name);
}

/** Makes the profiles of the kinds that need no registry. */
export async function trustedProfiles(
	context: CliContext,
	names: readonly ProfileName[],
	flags: TrustFlags,
): Promise<readonly Profile[]> {
	const profiles: Profile[] = [];
	if (names.includes("ioctl")) profiles.push(ioctlProfile(flags));
	const apps = names.filter(isAppProfile);
	if (apps.length === 0) return profiles;
	if (names.includes("github-app") && names.includes("icr-app")) {
		throw new ConfigError(
			"config/usage",
			"expected --profile github-app or icr-app, got both: they are told apart by keys of their own",
		);
	}
	const { audience } = flags;
	const keys = await readAppKeys(context, flags);
	return [...profiles, ...apps.map((name) => APP_FACTORIES[name]({ keys, audience }))];
}

/**
 * Makes the profiles of the kinds that need no registry, trusting nobody: they can only tell a token's kind.
 */
export function untrustingProfiles(): readonly Profile[] {
	const keys = (): undefined => undefined;
	const apps = Object.values(APP_FACTORIES).map((create) => create({ keys }));
	return [ioctl({ trustedIssuers: () => false }), ...apps];
}

/** Makes the profile of ioctl's tokens. */
export function ioctlProfile(
	{ trustedIssuer, allowMissingExp = false }: TrustFlags,
	asked: Pick<IoctlProfileOptions, "resource" | "operation"> = {},
): Profile {
	if (trustedIssuer !== undefined) {
		return ioctl({ ...asked, trustedIssuers: trustedIssuer, requireExpiration: !allowMissingExp });
	}
	throw new ConfigError("config/usage", "expected --trusted-issuer: anybody can sign a token of this kind");
}

async function readAppKeys(context: CliContext, { appKey, appKeys }: TrustFlags): Promise<IssuerKeys> {
	if (appKey !== undefined && appKeys !== undefined) {
		throw new ConfigError("config/usage", "expected --app-key or --app-keys, got both");
	}
	if (appKeys !== undefined) {
		return appKeys.includes("://") ? keysFromJwks(appKeys) : keysFromFolder(resolve(context.cwd, appKeys));
	}
	if (appKey === undefined) {
		throw new ConfigError("config/usage", "expected --app-key <id=key> or --app-keys <folder or URL>");
	}
	const keys = new Map<string, RsaPublicKey[]>();
	for (const text of appKey) {
		const at = text.indexOf("=");
		if (at < 1) throw new ConfigError("config/usage", "expected --app-key <id=key>, such as 12345=app.pem");
		const id = text.slice(0, at);
		const { publicKey } = await loadKey(context, text.slice(at + 1), undefined, "RS256");
		keys.set(id, [...(keys.get(id) ?? []), publicKey]);
	}
	return keys;
}
