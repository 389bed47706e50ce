/**
 * `orgpass token verify`.
 * @module
 */
import type { Provider } from "ethers";
import { createVerifier } from "../../../auth/create-verifier.js";
import type { VerifiedToken } from "../../../auth/verified-token.js";
import { ConfigError, isOrgpassError } from "../../../errors.js";
import { createOrgIdResolver } from "../../../orgid/resolver.js";
import type { OrganizationProfileOptions } from "../../../profiles/organization-issuer.js";
import { orgid } from "../../../profiles/orgid.js";
import { orgidAccount } from "../../../profiles/orgid-account.js";
import { orgidEip712 } from "../../../profiles/orgid-eip712.js";
import { orgidEth } from "../../../profiles/orgid-eth.js";
import type { Profile, ProfileName } from "../../../profiles/profile.js";
import { createProvider } from "../../../registry/rpc-provider.js";
import { decodeToken } from "../../../token/compact-jws.js";
import { type CommonFlags, type Outcome, toJson } from "../../command.js";
import { EXIT, exitCodeOf } from "../../exit-code.js";
import type { CliIo } from "../../io.js";
import { withRegistry } from "../../organization.js";
import { type DocumentFetchFlags, documentOptions } from "../../settings/document-fetching.js";
import { formatTime, parseDuration } from "../../time.js";
import { clock, PROFILE_NAMES, parseProfile, readAudience } from "./profiles.js";

/** The flags of `token verify`. */
export interface VerifyFlags extends CommonFlags, DocumentFetchFlags {
	readonly audience: string[];
	readonly profile?: string[];
	readonly acceptMilliseconds?: boolean;
	readonly scope?: string;
	readonly maxLifetime?: string;
	readonly clockTolerance?: string;
	readonly now?: string;
}

/**
 * Verifies a token as a server would, with the same verifier.
 *
 * @param io the world
 * @param options for whom the token must be, which kinds are accepted
 * @param token the token
 * @returns who sent it, or why it is refused
 * @throws {OrgpassError} for wrong usage and for outages
 */
export function verify(io: CliIo, options: VerifyFlags, token: string): Promise<Outcome> {
	const { maxLifetime = "24h", clockTolerance = "30s", scope } = options;
	const now = clock(options.now);
	const audience = readAudience(options);
	const times = {
		maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime"),
		clockToleranceSeconds: parseDuration(clockTolerance, "--clock-tolerance"),
		...(now === undefined ? {} : { now }),
	};
	const names = (options.profile ?? ["orgid"]).map(parseProfile);
	if (options.acceptMilliseconds && !names.includes("orgid-eip712")) {
		throw new ConfigError("config/usage", "--accept-milliseconds is for --profile orgid-eip712");
	}
	return withRegistry(io, options, async (registry, chain) => {
		const { chainId, rpcUrl } = chain;
		const resolver = createOrgIdResolver({
			...{ networks: [{ chainId, registry }], defaultChainId: chainId },
			documents: documentOptions(options, chain),
			...(now === undefined ? {} : { now }),
		});
		const provider = createProvider(rpcUrl, chainId);
		const common = { audience, resolver, chainIds: [chainId] };
		const { acceptMilliseconds = false } = options;
		const profiles = names.map((name) => toProfile(name, common, provider, acceptMilliseconds));
		const verifier = createVerifier({ profiles, ...times });
		try {
			const verified = await verifier.verify(token, scope === undefined ? {} : { scope });
			return { data: { valid: true, ...verified }, text: describeVerified(verified) };
		} catch (error) {
			const all = PROFILE_NAMES.map((name) => toProfile(name, common, provider, acceptMilliseconds));
			return refusal(error, options.profile === undefined ? kindOf(token, all) : undefined);
		} finally {
			provider.destroy();
		}
	});
}

/** Accounts that are contracts are asked through the command's own node. */
function toProfile(
	name: ProfileName,
	common: OrganizationProfileOptions & { readonly chainIds: readonly [number] | number[] },
	provider: Provider,
	acceptMilliseconds: boolean,
): Profile {
	const [defaultChainId] = common.chainIds;
	const withDefault = { ...common, ...(defaultChainId === undefined ? {} : { defaultChainId }) };
	if (name === "orgid") return orgid(withDefault);
	const providers = defaultChainId === undefined ? {} : { [defaultChainId]: provider };
	if (name === "orgid-account") return orgidAccount({ ...common, providers });
	if (name === "orgid-eth") return orgidEth({ ...withDefault, providers });
	return orgidEip712({ ...withDefault, providers, acceptMilliseconds });
}

/** The kind that a token says it is of, accepted or not. */
function kindOf(token: string, profiles: readonly Profile[]): ProfileName | undefined {
	try {
		const jws = decodeToken(token);
		return profiles.find((profile) => profile.recognizes(jws))?.name;
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

/**
 * A refused token is an answer of a command that verifies; anything else is its failure.
 *
 * @param error what the verifier threw
 * @param kind the kind of token it might be, where nobody said which to accept
 * @returns the answer
 * @throws what is no refusal, as it came
 */
export function refusal(error: unknown, kind: ProfileName | undefined): Outcome {
	if (!isOrgpassError(error) || exitCodeOf(error.code) !== EXIT.refused) throw error;
	const { code, message } = error;
	const hint = kind === undefined || kind === "orgid" ? "" : `\naccept it with --profile ${kind}`;
	return {
		data: { valid: false, code, message },
		text: `refused: ${message} (${code})${hint}`,
		exitCode: EXIT.refused,
	};
}

function describeVerified({ issuer, keyId, scopes, expiresAt, claims }: VerifiedToken): string {
	return [
		expiresAt === undefined ? "valid, without an end" : `valid until ${formatTime(expiresAt)}`,
		`issuer  ${issuer}`,
		`key     ${keyId}`,
		`scopes  ${scopes.join(" ") || "none"}`,
		toJson(claims, 2),
	].join("\n");
}
