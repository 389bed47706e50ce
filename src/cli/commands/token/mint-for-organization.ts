/**
 * `orgpass token mint` for organizations: with a key of theirs, or with the owner's or director's account.
 * @module
 */

import { formatDidUrl, parseDidUrl } from "../../../did/did-url.js";
import { toAddress } from "../../../keys/addresses.js";
import { createMinter } from "../../../tokens/create-minter.js";
import type { AccountMinterOptions, OrgIdMinterOptions } from "../../../tokens/orgid/organization-minter.js";
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
	const minter = createMinter({
		...(await readSigner(context, profile, issuer, options)),
		audience: only !== undefined && second === undefined ? only : audience,
		...lifetime,
	});
	return minter.mint({ claims: readClaims(claimTexts), ...(scope === undefined ? {} : { scope }) });
}

/** Who signs, in the shape of the kind of token; for orgpass's own form the registry is part of what is signed. */
async function readSigner(
	context: CliContext,
	profile: OrganizationProfileName,
	issuer: string,
	options: MintFlags,
): Promise<OrgIdMinterOptions | AccountMinterOptions> {
	const key = await loadPrivateKey(context, options.key, options.password);
	if (profile === "orgid") return { profile, key, issuer, scopeFormat: options.scopeFormat ?? "text" };
	if (profile !== "orgid-account") return { profile, key, issuer };
	parseDidUrl(issuer);
	return withRegistry(context, options, async (registry, { chainId }) => {
		const { address } = registry;
		const { orgId, did, fragment } = parseTypedDid(issuer, chainId);
		const role = fragment === "director" ? "director" : "owner";
		const account = toAddress(key.publicKey);
		if ((await registry.read(orgId))?.[role] !== account) {
			context.stderr(`warning: ${account} is not the ${role} of ${did}: nobody will accept the token now\n`);
		}
		const name = formatDidUrl({ chainId, orgId, ...(fragment === undefined ? {} : { fragment }) });
		return { profile, key, issuer: name, registry: address };
	});
}
