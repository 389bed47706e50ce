/**
 * Options of minters: one shape for each kind of token.
 * @module
 */
import { isAddress } from "ethers";
import * as z from "zod/mini";
import { PrivateKey } from "../keys/private-key.js";
import type { Signer } from "../keys/types.js";
import {
	anyFunction,
	nonEmptyString,
	objectWith,
	positiveInteger,
	stringOrStrings,
} from "../options/schemas.js";
import type { ScopeFormat } from "../profiles/orgid-claims.js";
import type { AccountSigner } from "../token/sign-account-token.js";

/** Options that minters of every kind have. */
export interface CommonMinterOptions {
	/** DIDs of the servers the tokens are for; `mint` can name others. */
	readonly audience?: string | readonly string[] | undefined;
	/** A token's life in whole seconds; 3,600 by default. */
	readonly ttlSeconds?: number | undefined;
	/** The longest life that may be asked for; 86,400 by default, as verifiers have it. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** The clock: seconds since the epoch; the system's by default. */
	readonly now?: (() => number) | undefined;
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

/** Options of `createMinter`, one shape per kind of token. */
export type MinterOptions = OrgIdMinterOptions | AccountMinterOptions;

/** Options of `createMinter` for the kinds of token that accounts sign. */
export type AccountMinterOptions =
	| OrgIdAccountMinterOptions
	| OrgIdEthMinterOptions
	| OrgIdEip712MinterOptions;

const PROFILES = '"orgid", "orgid-account", "orgid-eth" or "orgid-eip712"';
const ACCOUNT = "a PrivateKey or an account with signMessage and signTypedData (an ethers Signer)";
const REGISTRY = "the address of the registry contract, 0x and 40 hex digits";

const common = {
	issuer: nonEmptyString,
	audience: z.optional(stringOrStrings),
	ttlSeconds: z.optional(positiveInteger),
	maxLifetimeSeconds: z.optional(positiveInteger),
	now: z.optional(anyFunction),
};

const account = z.custom<PrivateKey | AccountSigner>(isAccount, ACCOUNT);

/** The shape of {@link MinterOptions}. */
export const minterOptionsSchema: z.ZodMiniType = z.discriminatedUnion(
	"profile",
	[
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
	],
	{ error: ({ input }) => (typeof input === "object" && input !== null ? PROFILES : "an object") },
);

function isAccount(value: unknown): boolean {
	if (value instanceof PrivateKey) return true;
	const members = (value ?? {}) as Readonly<Record<string, unknown>>;
	return ["signMessage", "signTypedData"].every((name) => typeof members[name] === "function");
}

function isRegistry(text: string): boolean {
	return text.startsWith("0x") && isAddress(text);
}
