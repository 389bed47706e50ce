/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const HTTP: readonly EquivalentMutant[] = [
	{
		...{ file: "http/bearer.ts", from: "claims !== undefined", to: "true" },
		why: "without a schema, the token is remembered for itself, which is what is used if nothing is remembered: it costs time only",
	},
	{
		...{
			file: "http/denial.ts",
			from: "/^(?:token|did|document|replay)\\//",
			to: "/(?:token|did|document|replay)\\//",
		},
		why: "a code has one slash, and no other domain ends with one of these words",
	},
	{
		...{ file: "http/guard.ts", from: '"orgpass"' },
		why: "the realm is part of challenges, and a denial with status 500 has none",
	},
	{
		...{ file: "http/guard.ts", from: "onDenied?.(decision, request)" },
		why: "the error for calling undefined is caught with those of onDenied",
	},
	{
		...{ file: "http/hono.ts", from: "Array.isArray(context.env?.incoming?.rawHeaders)", to: "false" },
		why: "in Node, Hono's getter throws, which is caught with the same result: it costs time only",
	},
	{
		...{ file: "http/hono.ts", from: "{ return undefined; }", to: "{}" },
		why: "a function without return returns undefined",
	},
	{
		...{ file: "http/node.ts", from: '""' },
		why: "Node sets the URL of each request to a server: for the type only",
	},
	{
		...{ file: "http/request-facts.ts", from: "at < rawHeaders.length", to: "at <= rawHeaders.length" },
		why: "after the last header there is no name, and what has no name is skipped",
	},
	{
		...{ file: "http/request-facts.ts", from: "name?.length !== AUTHORIZATION.length", to: "false" },
		why: "the names are compared next: the lengths are faster",
	},
	{
		...{ file: "http/request-facts.ts", from: "name?.length", to: "name.length" },
		why: "each index below the length has a name: for the type only",
	},
	{
		...{ file: "http/request-facts.ts", from: "pairs[0]?.[1]", to: "pairs[0][1]" },
		why: "each group has a pair: for the type only",
	},
	{
		...{ file: "http/request-memo.ts", from: "Object.isExtensible(request)", to: "false" },
		why: "the WeakMap remembers all requests as well: it costs time only",
	},
];
