/**
 * `orgpass token verify`.
 * @module
 */
import { createVerifier, type VerifyOptions } from "../../../auth/create-verifier.js";
import { ConfigError, isOrgpassError } from "../../../errors/errors.js";
import { decodeToken } from "../../../jws/decode-token.js";
import { createProvider } from "../../../registry/rpc-provider.js";
import { createOrgIdResolver } from "../../../resolver/resolver.js";
import type { Profile } from "../../../tokens/token-kind.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import { withRegistry } from "../../organization.js";
import { type DocumentFetchFlags, documentOptions } from "../../settings/document-fetching.js";
import { createClock, readTimeLimits, type TimeLimitFlags } from "../../time.js";
import { acceptance, refusal } from "../../verified-outcome.js";
import {
	type ChainContext,
	isAppProfile,
	organizationProfile,
	type TrustFlags,
	trustedProfiles,
	untrustingProfiles,
} from "./accepted-profiles.js";
import type { ProfileName } from "./profiles.js";
import {
	isOrganizationProfile,
	ORGANIZATION_PROFILES,
	parseProfile,
	readAudience,
	refuseFlags,
} from "./profiles.js";

/** The flags of `token verify`. */
export interface VerifyFlags extends CommonFlags, DocumentFetchFlags, TimeLimitFlags, TrustFlags {
	readonly profile?: string[];
	readonly acceptMilliseconds?: boolean;
	readonly scope?: string;
	readonly resource?: string;
	readonly operation?: string;
	readonly method?: string;
	readonly path?: string;
}

/** The flags that only some kinds of token know: elsewhere they would be demands that nobody meets. */
const FLAGS_OF_KINDS: readonly (readonly [
	flags: readonly (keyof VerifyFlags & string)[],
	isFor: (name: ProfileName) => boolean,
])[] = [
	[["audience"], (name) => name !== "ioctl"],
	[["acceptMilliseconds"], (name) => name === "orgid-eip712"],
	[["trustedIssuer", "allowMissingExp"], (name) => name === "ioctl"],
	[["appKey", "appKeys"], isAppProfile],
	[["method", "path"], (name) => name === "vonage"],
	[
		["allowHttp", "allowPrivateAddresses", "allowData", "ipfsGateway", "acceptPrettyHash"],
		isOrganizationProfile,
	],
];

/** Verifies a token as a server would, with the same verifier. */
export async function verify(context: CliContext, options: VerifyFlags, token: string): Promise<Outcome> {
	const names = (options.profile ?? ["orgid"]).map(parseProfile);
	for (const [flags, isFor] of FLAGS_OF_KINDS) {
		if (!names.some(isFor)) refuseFlags(names.join(", "), options, flags);
	}
	const judge = createJudge(options, token);
	const trusted = await trustedProfiles(context, names, options);
	const organizations = names.filter(isOrganizationProfile);
	if (organizations.length === 0) return judge(trusted, []);
	const audience = readAudience(options);
	return withRegistry(context, options, async (registry, chain) => {
		const { chainId, rpcUrl } = chain;
		const now = createClock(options.now);
		const resolver = createOrgIdResolver({
			...{ networks: [{ chainId, registry }], defaultChainId: chainId },
			documents: documentOptions(options, chain),
			...(now === undefined ? {} : { now }),
		});
		const provider = createProvider(rpcUrl, chainId);
		const { acceptMilliseconds = false } = options;
		const context: ChainContext = { common: { audience, resolver }, chainId, provider, acceptMilliseconds };
		const profiles = organizations.map((name) => organizationProfile(name, context));
		const all = [
			...ORGANIZATION_PROFILES.map((name) => organizationProfile(name, context)),
			...untrustingProfiles(),
		];
		try {
			return await judge([...profiles, ...trusted], options.profile === undefined ? all : []);
		} finally {
			provider.destroy();
		}
	});
}

/** Holds the token against profiles; `others` are kinds that a hint may name. */
function createJudge(
	options: VerifyFlags,
	token: string,
): (profiles: readonly Profile[], others: readonly Profile[]) => Promise<Outcome> {
	const times = readTimeLimits(options);
	const asked = readAsked(options);
	return async (profiles, others) => {
		const verifier = createVerifier({ profiles, ...times });
		try {
			return acceptance(await verifier.verify(token, asked));
		} catch (error) {
			const kind = kindOf(token, others);
			return refusal(
				error,
				kind === undefined || kind === "orgid" ? undefined : `accept it with --profile ${kind}`,
			);
		}
	};
}

function readAsked({ scope, resource, operation, method, path }: VerifyFlags): VerifyOptions {
	if ((method === undefined) !== (path === undefined)) {
		throw new ConfigError("config/usage", "expected --method and --path together");
	}
	const request = method === undefined || path === undefined ? undefined : { method, path };
	return { scope, resource, operation, request };
}

/** The kind that a token says it is of, accepted or not. */
function kindOf(token: string, profiles: readonly Profile[]): ProfileName | undefined {
	try {
		const jws = decodeToken(token);
		return profiles.find((profile) => profile.recognizes(jws))?.name as ProfileName | undefined;
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}
