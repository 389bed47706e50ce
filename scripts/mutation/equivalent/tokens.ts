/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const TOKENS: readonly EquivalentMutant[] = [
	{
		...{ file: "tokens/create-token-minter.ts", from: "serverOffsets.size === 0", to: "false" },
		why: "without a server's clock none is found: it costs time only",
	},
	{
		...{ file: "tokens/create-token-minter.ts", from: "token.length > DEFAULT_MAX_TOKEN_BYTES", to: "true" },
		why: "whatever is minted and isn't too large can be decoded: it costs time only",
	},
	{
		...{
			file: "tokens/create-token-minter.ts",
			from: "token.length > DEFAULT_MAX_TOKEN_BYTES",
			to: "token.length >= DEFAULT_MAX_TOKEN_BYTES",
		},
		why: "whatever is minted and isn't too large can be decoded: it costs time only",
	},
	{
		...{
			file: "tokens/ioctl/ioctl-claims.ts",
			from: "!Number.isSafeInteger(expiresAt) || !Number.isSafeInteger(issuedAt)",
			to: "true",
		},
		why: "good claims pass the check: it costs time only",
	},
	{
		...{ file: "tokens/ioctl/ioctl.ts", from: "!isOrgpassError(error)", to: "false" },
		why: "a key that can't be parsed is the only error",
	},
	{
		...{ file: "tokens/ioctl/trusted-issuers.ts", from: "!isOrgpassError(error)", to: "false" },
		why: "a key that can't be imported is the only error",
	},
	{
		...{ file: "tokens/issuer-keys/issuer-keys.ts", from: 'typeof keys === "function"', to: "true" },
		why: "nothing is registered for keys that aren't a function: for the type only",
	},
	{
		...{ file: "tokens/issuer-keys/issuer-keys.ts", from: "error instanceof KeyError", to: "true" },
		why: "a key that can't be imported is the only error",
	},
	{
		...{ file: "tokens/issuer-keys/keys-from-folder.ts", from: "error instanceof KeyError", to: "true" },
		why: "a key that can't be imported is the only error",
	},
	{
		...{ file: "tokens/issuer-keys/keys-from-jwks.ts", from: "!isOrgpassError(error)", to: "false" },
		why: "an entry that can't be used is the only error",
	},
	...["at > 0 && at % KEYS_AT_ONCE === 0", "at > 0", "at % KEYS_AT_ONCE === 0", "at % KEYS_AT_ONCE"].map((from) => ({
		...{ file: "tokens/issuer-keys/keys-from-jwks.ts", from },
		why: "how often other work may run in between",
	})),
	{
		...{ file: "tokens/issuer-keys/keys-from-jwks.ts", from: '"set"' },
		why: "there is only one key, whatever it is",
	},
	...["tokens/orgid-account/account-minter.ts", "tokens/orgid/orgid-minter.ts"].map((file) => ({
		...{ file, from: '"text"', to: '""' },
		why: "a scope that isn't written as JSON is written as text; the option's values are checked before",
	})),
	{
		...{ file: "tokens/orgid-account/account-profile.ts", from: "organization === undefined", to: "false" },
		why: "a record that is undefined is none",
	},
	{
		...{ file: "tokens/orgid-account/account-profile.ts", from: "assertValidity === undefined", to: "false" },
		why: "a check that is undefined is none",
	},
	{
		...{ file: "tokens/orgid/orgid.ts", from: "organization === undefined", to: "false" },
		why: "a record that is undefined is none",
	},
	{
		...{
			file: "tokens/orgid-account/orgid-eth.ts",
			from: "owner?.account.toLowerCase() === director?.account.toLowerCase()",
			to: "false",
		},
		why: "the same account twice is found as the owner, who is asked first",
	},
	...["owner?.account.toLowerCase()", "director?.account.toLowerCase()"].map((from) => ({
		...{ file: "tokens/orgid-account/orgid-eth.ts", from },
		why: "if the same account isn't recognized, it is asked twice, and found as the owner, who is asked first",
	})),
	{
		...{ file: "tokens/orgid-account/account-signature.ts", from: "address === undefined", to: "false" },
		why: "what is 0x and 40 hex digits has an address: for the type only",
	},
	{
		...{ file: "tokens/orgid-account/sign-account-token.ts", from: 'typeof text === "string"', to: "true" },
		why: "decodeHex refuses what isn't text as well",
	},
	{
		...{ file: "tokens/orgid/known-issuers.ts", from: "Object.freeze(this);" },
		why: "its members are private or for reading only, and nobody gets it but the verifier",
	},
	{
		...{ file: "tokens/orgid/known-issuers.ts", from: "signer === text", to: "false" },
		why: "which of two equal texts is kept: it takes memory only",
	},
	{
		...{ file: "tokens/orgid/organization-minter.ts", from: "[]" },
		why: "no audience and one that is no DID are both good",
	},
	{
		...{ file: "tokens/app/app-minter.ts", from: '"github-app"' },
		why: "only ICR's tokens have a claim of their own",
	},
	{
		...{ file: "tokens/orgid/resolution-error.ts", from: "true", to: "false" },
		why: "only the names are read: the type has all of them listed",
	},
	{
		...{ file: "tokens/orgid/resolution-error.ts", from: '"did/"' },
		why: "the codes of all other domains were looked for before",
	},
	{
		...{ file: "tokens/vonage/acl-filters.ts", from: "[]" },
		why: "a parameter of this name would have to be filtered",
	},
	{
		...{ file: "tokens/vonage/acl-path.ts", from: "[-1, 0]" },
		why: "undefined isn't at least 0 either, and the place to resume at is set with the last **",
	},
	{
		...{ file: "tokens/vonage/acl-path.ts", from: "code < 0xa0", to: "code <= 0xa0" },
		why: "NFKC has replaced U+00A0 by a space",
	},
	...['typeof value === "object" && value !== null', 'typeof value === "object"', "value !== null"].map((from) => ({
		...{ file: "tokens/vonage/acl.ts", from, to: "true" },
		why: "a WeakSet has no value that isn't an object: for the type only",
	})),
	{
		...{
			file: "tokens/vonage/acl.ts",
			from: 'typeof value === "object" && value !== null',
			to: 'typeof value === "object" || value !== null',
		},
		why: "a WeakSet has no value that isn't an object: for the type only",
	},
	{
		...{ file: "tokens/orgid/known-issuers.ts", from: "resolution?.derive" },
		why: "only asked of resolvers that have it: for the type only",
	},
	{
		...{ file: "tokens/orgid/known-issuers.ts", from: "resolution === undefined", to: "false" },
		why: "what is remembered of other resolvers' issuers is looked up again: it takes memory only",
	},
	{
		...{ file: "tokens/orgid/known-issuers.ts", from: "organization === undefined" },
		why: "which of two equal texts is kept: it takes memory only; resolvers that have these issuers give their records",
	},
	{
		...{ file: "tokens/vonage/vonage-claims.ts", from: "start !== undefined", to: "true" },
		why: "undefined isn't after anything: for the type only",
	},
	{
		...{ file: "tokens/vonage/vonage-claims.ts", from: "!(cause instanceof TokenError)", to: "false" },
		why: "a list that can't be parsed is the only error",
	},
	{
		...{ file: "tokens/vonage/vonage-claims.ts", from: "parsedAcls.set(claims, acl);" },
		why: "a list is parsed again to the same rules: it costs time only",
	},
];
