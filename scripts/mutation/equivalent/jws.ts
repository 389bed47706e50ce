/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

const NEVER_COMPARES = "a comparison with undefined is false: for the type only";

export const JWS: readonly EquivalentMutant[] = [
	{ file: "jws/claims.ts", from: "exp !== undefined", to: "true", why: NEVER_COMPARES },
	{ file: "jws/claims.ts", from: "nbf !== undefined", to: "true", why: NEVER_COMPARES },
	{ file: "jws/claims.ts", from: "iat !== undefined", to: "true", why: NEVER_COMPARES },
	{ file: "jws/claims.ts", from: "exp === undefined", to: "false", why: NEVER_COMPARES },
	{
		...{ file: "jws/claims.ts", from: "audience.includes(aud as string)", to: "false" },
		why: "an audience of one name is found without a list of names: it costs time only",
	},
	{
		...{ file: "jws/decode-token.ts", from: "second < 0", to: "second <= 0" },
		why: "the second dot comes after the first",
	},
	{
		...{ file: "jws/header.ts", from: "typ === type", to: "false" },
		why: "equal types are also equal if the case is ignored: it costs time only",
	},
	{
		...{ file: "jws/scope.ts", from: "isScopeToken(scope) && !isJsonArray(scope)", to: "false" },
		why: "a text without spaces is split into itself: it costs time only",
	},
	{
		...{ file: "jws/scope.ts", from: "i < value.length", to: "i <= value.length" },
		why: "the character code after the end is NaN, which is in no range",
	},
	{
		...{ file: "jws/token-advice.ts", from: "text.slice(0, START_LENGTH)", to: "text" },
		why: "only the beginning is compared: the rest would take time alone",
	},
	{
		...{ file: "jws/token-advice.ts", from: "text.slice(-START_LENGTH)", to: "text" },
		why: "only the end is compared: the rest would take time alone",
	},
	{
		...{ file: "jws/token-advice.ts", from: "at > 0", to: "true" },
		why: "at the start there is other advice, and before it there is no character",
	},
	{
		...{ file: "jws/token-advice.ts", from: "at > 0", to: "at >= 0" },
		why: "at the start there is other advice, and before it there is no character",
	},
];
