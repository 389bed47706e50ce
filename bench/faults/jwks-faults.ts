/**
 * Faults of the host of a JWK Set that other hosts don't have.
 * @module
 */
import type { Fault } from "./fault.ts";

const REMOVED = "this is how a key is withdrawn";

function set(keys: unknown): NonNullable<Fault["alter"]> {
	return () => JSON.stringify({ keys });
}

/** Changes the only key of the set. */
function key(change: (key: Readonly<Record<string, unknown>>) => unknown): NonNullable<Fault["alter"]> {
	return (body) => {
		const { keys } = JSON.parse(body.toString()) as { readonly keys: readonly Readonly<Record<string, unknown>>[] };
		return JSON.stringify({ keys: keys.map(change) });
	};
}

/** The faults. */
export const JWKS_FAULTS: readonly Fault[] = [
	{ name: "`keys` isn't an array", alter: set({}), isStatement: true },
	{ name: "a set without keys", alter: set([]), isStatement: true, refusal: REMOVED },
	{
		name: "keys of another app only",
		alter: key((one) => ({ ...one, kid: "99999" })),
		isStatement: true,
		refusal: REMOVED,
	},
	{ name: "keys without a `kid`", alter: key(({ kid: _, ...one }) => one), isStatement: true, refusal: REMOVED },
	{ name: "an unreadable key", alter: key((one) => ({ ...one, n: "AQAB" })), isStatement: true, refusal: REMOVED },
	{
		name: "unreadable keys besides the right one",
		alter: (body) => body.toString().replace('"keys":[', '"keys":[null,7,{"kty":"oct"},'),
	},
	{ name: "30,000 keys", alter: set(Array(30_000).fill({})), isStatement: true },
];
