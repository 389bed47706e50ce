/**
 * The tokens of organizations, signed with one of their keys, or with the owner's or director's account.
 * @module
 */
import { Option } from "commander";
import { formatDidUrl } from "../../did/did-url.js";
import type { PrivateKey } from "../../keys/private-key.js";
import type { OrganizationMinterOptions, OrganizationTokenOptions } from "../../tokens/orgid/organization-minter.js";
import type { OrgIdProfileOptions } from "../../tokens/orgid/orgid.js";
import type { Minter, Profile } from "../../tokens/token-kind.js";
import { option, usageError } from "../options.js";
import { DOCUMENT_FETCH_OPTIONS } from "../settings/document-fetching.js";
import { lowerCaseDid, parseTypedDid, parseTypedDidUrl } from "../typed-did.js";
import { parseClaims } from "./claim-arguments.js";
import { AUDIENCE_OPTION, ISSUER_OPTION, parseIssuer } from "./issuer-and-audience.js";
import type { RegistryConnection } from "./registry-connection.js";
import type { MintRequest, TokenKindDescriptor } from "./token-kind.js";

interface OrganizationMintFlags {
	readonly audience?: string[];
	readonly scope?: string;
	readonly scopeFormat?: "text" | "json";
}

interface OrganizationVerifyFlags {
	readonly audience?: string[];
	readonly allowMissingIat?: boolean;
	readonly acceptMilliseconds?: boolean;
}

type OrganizationMinter = Minter<OrganizationTokenOptions>;
type OrganizationDescriptor = TokenKindDescriptor<OrganizationMintFlags, OrganizationVerifyFlags>;

interface MinterOptions extends OrganizationMinterOptions {
	readonly key: PrivateKey;
	readonly issuer: string;
}

/** The options of all profiles of organizations' tokens. */
type ProfileOptions = Omit<OrgIdProfileOptions, "chainIds" | "requireIssuedAt">;

/** What differs between the kinds. */
interface OrganizationKind extends Pick<OrganizationDescriptor, "name" | "isDefault" | "suitsIssuer"> {
	readonly ownMintOptions?: readonly Option[];
	readonly ownVerifyOptions?: readonly Option[];
	createMinter(options: MinterOptions, request: MintRequest<OrganizationMintFlags>): Promise<OrganizationMinter>;
	createProfile(
		options: ProfileOptions,
		connection?: RegistryConnection,
		flags?: OrganizationVerifyFlags,
	): Promise<Profile>;
}

const ALLOW_MISSING_IAT = option(
	"--allow-missing-iat",
	"accept organizations' tokens without iat (orgid, orgid-account)",
);

export const ORGANIZATION_KINDS: readonly OrganizationDescriptor[] = [
	describeOrganizationKind({
		name: "orgid",
		isDefault: true,
		suitsIssuer: ({ fragment }) => !isAccountName(fragment),
		ownMintOptions: [
			new Option(
				"--scope-format <format>",
				"text (default), or json as Winding Tree's SDK reads it; orgid only",
			).choices(["text", "json"]),
		],
		async createMinter(options, { flags: { scopeFormat = "text" } }) {
			const { createOrgIdMinter } = await import("../../tokens/orgid/orgid-minter.js");
			return createOrgIdMinter({ ...options, scopeFormat });
		},
		ownVerifyOptions: [ALLOW_MISSING_IAT],
		async createProfile(options, _connection, { allowMissingIat = false } = {}) {
			const { orgid } = await import("../../tokens/orgid/orgid.js");
			return orgid({ ...options, requireIssuedAt: !allowMissingIat });
		},
	}),
	describeOrganizationKind({
		name: "orgid-account",
		suitsIssuer: ({ fragment }) => isAccountName(fragment),
		ownVerifyOptions: [ALLOW_MISSING_IAT],
		createMinter: createAccountMinter,
		async createProfile({ defaultChainId: _, ...options }, connection, { allowMissingIat = false } = {}) {
			const { orgidAccount } = await import("../../tokens/orgid-account/orgid-account.js");
			return orgidAccount({ ...options, ...accountOptions(connection), requireIssuedAt: !allowMissingIat });
		},
	}),
	describeOrganizationKind({
		name: "orgid-eth",
		createMinter: async (options) => (await loadAccountMinters()).createOrgIdEthMinter(options),
		async createProfile(options, connection) {
			const { orgidEth } = await import("../../tokens/orgid-account/orgid-eth.js");
			return orgidEth({ ...options, ...accountOptions(connection) });
		},
	}),
	describeOrganizationKind({
		name: "orgid-eip712",
		ownVerifyOptions: [
			option("--accept-milliseconds", "accept exp in milliseconds, as Winding Tree's SDK writes it (orgid-eip712)"),
		],
		createMinter: async (options) => (await loadAccountMinters()).createOrgIdEip712Minter(options),
		async createProfile(options, connection, { acceptMilliseconds = false } = {}) {
			const { orgidEip712 } = await import("../../tokens/orgid-account/orgid-eip712.js");
			return orgidEip712({ ...options, ...accountOptions(connection), acceptMilliseconds });
		},
	}),
];

function describeOrganizationKind(kind: OrganizationKind): OrganizationDescriptor {
	const { ownMintOptions = [], ownVerifyOptions = [], createMinter, createProfile, ...facts } = kind;
	return {
		...facts,
		mintOptions: [
			ISSUER_OPTION,
			AUDIENCE_OPTION,
			option("--scope <scopes>", "space-delimited scopes that an organization's token grants"),
			...ownMintOptions,
		],
		verifyOptions: [AUDIENCE_OPTION, ...ownVerifyOptions, ...DOCUMENT_FETCH_OPTIONS],
		async mint(request) {
			const { context, flags, claims, lifetime } = request;
			const issuer = lowerCaseDid(parseIssuer(flags));
			parseTypedDidUrl(issuer);
			const [only, ...more] = parseAudience(flags);
			const audience = more.length === 0 ? only : [only as string, ...more];
			const { loadPrivateKey, toKeyArgument } = await import("../key-source.js");
			const key = await loadPrivateKey(context, toKeyArgument(flags));
			const minter = await createMinter({ key, issuer, audience, ...lifetime }, request);
			return minter.mint({ claims: parseClaims(claims), scope: flags.scope });
		},
		async createProfile({ flags, connect }) {
			const audience = parseAudience(flags);
			const connection = await connect();
			const { chainId, resolver } = connection;
			const options = { audience, resolver, chainIds: [chainId], defaultChainId: chainId };
			return createProfile(options, connection, flags);
		},
		/** Needs neither the token's audience nor its issuer. */
		async recognizes(jws) {
			const resolver = { resolve: () => Promise.reject(new Error("not connected")) };
			return (await createProfile({ audience: "did:orgid", resolver })).recognizes(jws);
		},
	};
}

function loadAccountMinters(): Promise<typeof import("../../tokens/orgid-account/account-minter.js")> {
	return import("../../tokens/orgid-account/account-minter.js");
}

/** For this kind, the registry is part of what is signed. */
async function createAccountMinter(
	options: MinterOptions,
	{ context, flags }: MintRequest,
): Promise<OrganizationMinter> {
	const { toAddress } = await import("../../keys/address.js");
	const { withRegistry } = await import("../organization.js");
	const { createOrgIdAccountMinter } = await loadAccountMinters();
	return withRegistry(context, flags, async (registry, { chainId }) => {
		const { orgId, did, fragment } = parseTypedDid(options.issuer, chainId);
		const role = fragment === "director" ? "director" : "owner";
		const account = toAddress(options.key.publicKey);
		if ((await registry.read(orgId))?.[role] !== account) {
			const hint = fragment === undefined ? `; to sign with a key of the organization, name it: ${did}#…` : "";
			const warning = `${account} is not the ${role} of ${did}: no verifier will accept the token now${hint}`;
			context.stderr(`warning: ${warning}\n`);
		}
		const issuer = formatDidUrl({ chainId, orgId, ...(fragment === undefined ? {} : { fragment }) });
		return createOrgIdAccountMinter({ ...options, issuer, registry: registry.address });
	});
}

function accountOptions(connection: RegistryConnection | undefined): {
	readonly providers?: Readonly<Record<number, RegistryConnection["provider"]>>;
} {
	return connection === undefined ? {} : { providers: { [connection.chainId]: connection.provider } };
}

function isAccountName(fragment = "owner"): boolean {
	return fragment === "owner" || fragment === "director";
}

function parseAudience({ audience }: { readonly audience?: string[] }): string[] {
	if (audience === undefined) throw usageError("expected --audience <did>");
	return audience.map(lowerCaseDid);
}
