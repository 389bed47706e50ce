/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const DID: readonly EquivalentMutant[] = [
	{
		...{ file: "did/account-id.ts", from: "[]", to: '["Stryker was here"]' },
		why: "the first item is the whole match, which isn't used",
	},
	{
		...{ file: "did/account-id.ts", from: '""', to: '"Stryker was here!"' },
		why: "like the empty text, it is neither a chain id nor an address",
	},
	{
		...{ file: "did/did-url.ts", from: "text.length > MAX_CHAIN_ID_DIGITS", to: "false" },
		why: "a longer number without leading zeros isn't a safe integer: it costs time only",
	},
	{
		...{ file: "did/did-url.ts", from: "colon < 0", to: "false" },
		why: "without a colon, the id would begin where the prefix is",
	},
	{
		...{ file: "did/did-url.ts", from: "colon < 0", to: "colon <= 0" },
		why: "the colon is looked for after the prefix",
	},
	{
		...{ file: "did/key-forms.ts", from: '"ES256K"' },
		why: "the name of any algorithm but RS256 gives the same messages",
	},
	{
		...{ file: "did/verification-method.ts", from: 'typeof entry === "object"', to: "true" },
		why: "text has no id: for the type only",
	},
	{
		...{ file: "did/verification-method.ts", from: "[]", to: '["Stryker was here"]' },
		why: "no key has that id",
	},
];
