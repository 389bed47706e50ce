/**
 * Minters of organizations' tokens: signed with a key of the organization, or by an account of its.
 * @module
 */
import { isAddress } from "ethers";
import * as z from "zod/mini";
import { signToken } from "../../jws/sign-token.js";
import { PrivateKey } from "../../keys/private-key.js";
import type { Signer } from "../../keys/signer.js";
import { invalidOption } from "../../options/invalid-option.js";
import { nonEmptyString, objectWith, stringOrStrings } from "../../options/schemas.js";
import {
	ASKED_SHAPE,
	LIFETIME_SHAPE,
	type LifetimeOptions,
	type Maker,
	type Moment,
	requireAlgorithm,
} from "../minter.js";
import { buildAccountToken, parseAccountIssuer } from "../orgid-account/account-claims.js";
import {
	type AccountSigner,
	type AccountTokenForm,
	signAccountToken,
	toAccountSigner,
} from "../orgid-account/sign-account-token.js";
import { buildOrgIdToken, checkIssuer, type ScopeFormat } from "./orgid-claims.js";

/** Options that minters of organizations' tokens have; a life is 3,600 seconds by default, 86,400 at most. */
export interface CommonMinterOptions extends LifetimeOptions {
	/** DIDs of the servers the tokens are for; `mint` can name others. */
	readonly audience?: string | readonly string[] | undefined;
}

/** Options of `createMinter` for ORGiD tokens. */
export interface OrgIdMinterOptions extends CommonMinterOptions {
	/** The kind of token. */
	readonly profile: "orgid";
	/** The private key, or a signer that keeps it elsewhere. */
	readonly key: Signer;
	/** DID URL of the key: `did:orgid:<chain id>:0x…#webserver`. */
	readonly issuer: string;
	/** How scopes are written: space-delimited `text` by default, or `json`, which Winding Tree's SDK reads. */
	readonly scopeFormat?: ScopeFormat | undefined;
}

/** Options of `createMinter` for the tokens an organization's owner or director signs, in orgpass's form. */
export interface OrgIdAccountMinterOptions extends CommonMinterOptions {
	/** The kind of token. */
	readonly profile: "orgid-account";
	/** The account's private key, or the account: an ethers `Signer`, or an object of your own. */
	readonly key: PrivateKey | AccountSigner;
	/** The organization's DID with its chain: bare or with `#owner` for the owner, with `#director` for the director. */
	readonly issuer: string;
	/** Address of the registry contract the organization stands in. */
	readonly registry: string;
}

/** Options of `createMinter` for ETH tokens (`personal_sign`). */
export interface OrgIdEthMinterOptions extends CommonMinterOptions {
	/** The kind of token. */
	readonly profile: "orgid-eth";
	/** The account's private key, or the account: an ethers `Signer`, or an object of your own. */
	readonly key: PrivateKey | AccountSigner;
	/** The organization's bare DID. */
	readonly issuer: string;
}

/** Options of `createMinter` for EIP-712 tokens of Winding Tree's SDK. */
export interface OrgIdEip712MinterOptions extends CommonMinterOptions {
	/** The kind of token. */
	readonly profile: "orgid-eip712";
	/** The account's private key, or the account: an ethers `Signer`, or an object of your own. */
	readonly key: PrivateKey | AccountSigner;
	/** DID URL of the verification method that names the account. */
	readonly issuer: string;
}

/** Options of `createMinter` for the kinds of token that accounts sign. */
export type AccountMinterOptions =
	| OrgIdAccountMinterOptions
	| OrgIdEthMinterOptions
	| OrgIdEip712MinterOptions;

/** Options of one organization's token. */
export interface MintOptions {
	/** For whom it is, instead of the minter's audience. */
	readonly audience?: string | readonly string[] | undefined;
	/** What it grants: space-delimited, or an array. */
	readonly scope?: string | readonly string[] | undefined;
	/** Its life in whole seconds, instead of the minter's. */
	readonly ttlSeconds?: number | undefined;
	/** Further claims; the registered ones a minter sets itself are refused. */
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** What one token says besides what its minter always says; times are seconds. */
interface TokenParts {
	readonly audience: string | readonly string[];
	readonly now: number;
	readonly ttlSeconds: number;
	readonly scope?: string | readonly string[] | undefined;
	readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

const ACCOUNT = "a PrivateKey or an account with signMessage and signTypedData (an ethers Signer)";
const REGISTRY = "the address of the registry contract, 0x and 40 hex digits";

const common = {
	issuer: nonEmptyString,
	audience: z.optional(stringOrStrings),
	...LIFETIME_SHAPE,
};

const account = z.custom<PrivateKey | AccountSigner>(isAccount, ACCOUNT);

/** The shapes of {@link OrgIdMinterOptions} and {@link AccountMinterOptions}. */
export const ORGANIZATION_SCHEMAS: readonly z.ZodMiniObject[] = [
	z.strictObject({
		profile: z.literal("orgid"),
		key: objectWith("sign"),
		...common,
		scopeFormat: z.optional(z.enum(["text", "json"], '"text" or "json"')),
	}),
	z.strictObject({
		profile: z.literal("orgid-account"),
		key: account,
		...common,
		registry: z.string(REGISTRY).check(z.refine(isRegistry, REGISTRY)),
	}),
	z.strictObject({ profile: z.literal("orgid-eth"), key: account, ...common }),
	z.strictObject({ profile: z.literal("orgid-eip712"), key: account, ...common }),
];

const askedSchema = z.strictObject(
	{
		...ASKED_SHAPE,
		audience: z.optional(stringOrStrings),
		scope: z.optional(z.union([z.string(), z.array(z.string())], "text or an array of strings")),
	},
	"an object",
);

const DEFAULT_TTL_SECONDS = 3_600;

/** Makes the maker of tokens that a key of the organization signs. */
export function createOrgIdMaker(options: OrgIdMinterOptions): Maker {
	const { key, issuer, scopeFormat = "text" } = options;
	checkIssuer(issuer);
	requireAlgorithm(key, "ES256K");
	return createMaker(options, (parts) =>
		signToken({ ...buildOrgIdToken({ ...parts, issuer, scopeFormat }), signer: key }),
	);
}

/** Makes the maker of tokens that an Ethereum account signs. */
export function createAccountMaker(options: AccountMinterOptions): Maker {
	const { profile: kind } = options;
	const issuer = parseAccountIssuer(kind, options.issuer);
	const signer = toAccountSigner(options.key);
	const form: AccountTokenForm =
		options.profile === "orgid-account"
			? { kind: "orgid-account", domain: { chainId: issuer.chainId as number, registry: options.registry } }
			: { kind: options.profile };
	return createMaker(options, async (parts) => {
		const { header, claims } = buildAccountToken(kind, issuer, parts);
		return signAccountToken(header, claims, signer, form);
	});
}

function createMaker(options: CommonMinterOptions, sign: (parts: TokenParts) => Promise<string>): Maker {
	const usualAudience = Array.isArray(options.audience) ? [...options.audience] : options.audience;
	return {
		askedSchema,
		defaultTtlSeconds: DEFAULT_TTL_SECONDS,
		async make({ audience = usualAudience, scope, claims }: MintOptions, { now, ttlSeconds }: Moment) {
			if (audience === undefined) throw invalidOption("audience", "given to createMinter or to mint");
			return sign({ audience, now, ttlSeconds, scope, claims });
		},
	};
}

function isAccount(value: unknown): boolean {
	if (value instanceof PrivateKey) return true;
	const members = (value ?? {}) as Readonly<Record<string, unknown>>;
	return ["signMessage", "signTypedData"].every((name) => typeof members[name] === "function");
}

function isRegistry(text: string): boolean {
	return text.startsWith("0x") && isAddress(text);
}
