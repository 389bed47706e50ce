/**
 * `orgpass token mint` for organizations: with a key of theirs, or with the owner's or director's account.
 * @module
 */

import { formatDidUrl, parseDidUrl } from "../../../did/did-url.js";
import { toAddress } from "../../../keys/addresses.js";
import type {
	OrganizationMinterOptions,
	OrganizationTokenOptions,
} from "../../../tokens/orgid/organization-minter.js";
import { createOrgIdMinter } from "../../../tokens/orgid/orgid-minter.js";
import {
	createOrgIdAccountMinter,
	createOrgIdEip712Minter,
	createOrgIdEthMinter,
} from "../../../tokens/orgid-account/account-minter.js";
import type { Minter } from "../../../tokens/token-kind.js";
import type { CliContext } from "../../context.js";
import { loadPrivateKey } from "../../key-source.js";
import { lowerCaseDid, parseTypedDid, withRegistry } from "../../organization.js";
import { readClaims } from "./claim-arguments.js";
import type { LifetimeSettings, MintFlags } from "./mint-flags.js";
import { type OrganizationProfileName, readAudience, requireIssuer } from "./profiles.js";

/** Makes a token of an organization. */
export async function mintForOrganization(
	context: CliContext,
	profile: OrganizationProfileName,
	options: MintFlags,
	lifetime: LifetimeSettings,
	claimTexts: readonly string[],
): Promise<string> {
	const { scope } = options;
	const issuer = lowerCaseDid(requireIssuer(options));
	const audience = readAudience(options);
	const [only, second] = audience;
	const minter = await createMinter(context, profile, issuer, options, {
		audience: only !== undefined && second === undefined ? only : audience,
		...lifetime,
	});
	return minter.mint({ claims: readClaims(claimTexts), ...(scope === undefined ? {} : { scope }) });
}

/** Makes the minter; for orgpass's own account tokens the registry is part of what is signed. */
async function createMinter(
	context: CliContext,
	profile: OrganizationProfileName,
	issuer: string,
	flags: MintFlags,
	options: OrganizationMinterOptions,
): Promise<Minter<OrganizationTokenOptions>> {
	const key = await loadPrivateKey(context, flags.key, flags.password);
	const { scopeFormat = "text" } = flags;
	if (profile === "orgid") return createOrgIdMinter({ key, issuer, scopeFormat, ...options });
	if (profile === "orgid-eth") return createOrgIdEthMinter({ key, issuer, ...options });
	if (profile === "orgid-eip712") return createOrgIdEip712Minter({ key, issuer, ...options });
	parseDidUrl(issuer);
	return withRegistry(context, flags, async (registry, { chainId }) => {
		const { address } = registry;
		const { orgId, did, fragment } = parseTypedDid(issuer, chainId);
		const role = fragment === "director" ? "director" : "owner";
		const account = toAddress(key.publicKey);
		if ((await registry.read(orgId))?.[role] !== account) {
			context.stderr(`warning: ${account} is not the ${role} of ${did}: nobody will accept the token now\n`);
		}
		const name = formatDidUrl({ chainId, orgId, ...(fragment === undefined ? {} : { fragment }) });
		return createOrgIdAccountMinter({ key, issuer: name, registry: address, ...options });
	});
}
