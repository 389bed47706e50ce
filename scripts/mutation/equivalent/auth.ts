/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const AUTH: readonly EquivalentMutant[] = [
	{
		...{ file: "auth/create-verifier.ts", from: "replay === undefined", to: "false" },
		why: "without a store the clock is read in vain, and nothing is left to do after the verification but to return its result",
	},
	{
		...{ file: "auth/explain/document-step.ts", from: '""' },
		why: "a text always has a first part, and without # it is no organization's signer",
	},
	{
		...{ file: "auth/explain/explain-token.ts", from: "error === undefined || step === undefined" },
		why: "both are undefined, or neither: for the type only",
	},
	{
		...{ file: "auth/explain/explain-token.ts", from: "error === undefined", to: "false" },
		why: "there is a step exactly if there is an error: for the type only",
	},
	{
		...{ file: "auth/explain/explain-token.ts", from: "step === undefined", to: "false" },
		why: "there is a step exactly if there is an error: for the type only",
	},
	{
		...{ file: "auth/explain/explain-token.ts", from: "profile?.assertGrant" },
		why: "a verified token's profile is one of the verifier's: for the type only",
	},
	{
		...{ file: "auth/explain/judge.ts", from: "() => ({})" },
		why: "a step without facts has none",
	},
	{
		...{ file: "auth/explain/look-ups.ts", from: "ignoreRejection(ending);" },
		why: "an observer's run never rejects: in case it does",
	},
	{
		...{ file: "auth/explain/look-ups.ts", from: "end.cache !== undefined" },
		why: "there is no source without it either: for the type only",
	},
	{
		...{ file: "auth/explain/trace.ts", from: "error", to: "true" },
		why: "nobody asks whether undefined was thrown: toError has made an error of it",
	},
	{
		...{
			file: "auth/explain/trace.ts",
			from: "rank(step) < ORDER.indexOf(name)",
			to: "rank(step) <= ORDER.indexOf(name)",
		},
		why: "of the steps of one name only one is refused, and it is the last one that is added",
	},
	{
		...{ file: "auth/explain/trace.ts", from: '"policy/"' },
		why: "the status of other errors is 503 only if they are outages, which were excluded before",
	},
	{
		...{ file: "auth/explain/watched-profile.ts", from: "profile.assertGrant?.(...grant)" },
		why: "only asked if there is one: for the type only",
	},
	{
		...{ file: "auth/explain/watched-profile.ts", from: "resolved.assertValidity?.(limits)" },
		why: "only asked if there is one: for the type only",
	},
	{
		...{ file: "auth/explain/watched-profile.ts", from: "organization !== undefined", to: "true" },
		why: "a record that is undefined is none",
	},
	{
		...{ file: "auth/explain/watched-profile.ts", from: "isStale !== undefined", to: "true" },
		why: "undefined is the default",
	},
	{
		...{ file: "auth/observe-verification.ts", from: "claimed !== undefined", to: "true" },
		why: "an issuer that is undefined is none",
	},
	{
		...{
			file: "auth/policies/contract-lookup.ts",
			from: '(argument === "owner" ? owner : orgId).slice(2).toLowerCase()',
			to: '(argument === "owner" ? owner : orgId).slice(2).toUpperCase()',
		},
		why: "hexadecimal digits mean the same in any case",
	},
	{
		...{ file: "auth/policies/contract-lookup.ts", from: "/^0x[0-9a-f]{64}$/i", to: "/0x[0-9a-f]{64}$/i" },
		why: "what has anything else before 0x is no number for BigInt",
	},
	{
		...{ file: "auth/policies/membership.ts", from: "[]" },
		why: "what can be parsed has inputs and outputs: for the type only",
	},
	{
		...{ file: "auth/policies/membership.ts", from: '""' },
		why: "what can be parsed has a state mutability: for the type only",
	},
	{
		...{ file: "auth/policies/membership.ts", from: 'declared === undefined || type !== "function"' },
		why: "events, errors and what can't be parsed aren't view functions, which is checked next",
	},
	{
		...{ file: "auth/policies/membership.ts", from: "declared === undefined", to: "false" },
		why: "what can't be parsed is no view function, which is checked next",
	},
	{
		...{ file: "auth/policies/membership.ts", from: 'type !== "function"', to: "false" },
		why: "events and errors aren't view functions, which is checked next",
	},
	{
		...{ file: "auth/policies/membership.ts", from: "/^uint(\\d+)$/", to: "/uint(\\d+)$/" },
		why: "no other type of Solidity ends like this",
	},
	{
		...{ file: "auth/policies/membership.ts", from: "bits > 0", to: "bits >= 0" },
		why: "Solidity has no uint0, and the parser refuses it",
	},
	{
		...{ file: "auth/policies/organization.ts", from: "text.toLowerCase()" },
		why: "both addresses are normalized, in whichever case",
	},
	...["this.#timeAt(child + 1) < this.#timeAt(child)", "(this.#times[parent] as number) <= expiresAt"].map((from) => ({
		...{ file: "auth/replay/expiry-queue.ts", from, to: swapEqual(from) },
		why: "keys that expire at the same time have no order",
	})),
	{
		...{
			file: "auth/replay/expiry-queue.ts",
			from: "this.#timeAt(child) >= expiresAt",
			to: "this.#timeAt(child) > expiresAt",
		},
		why: "keys that expire at the same time have no order",
	},
	...["true", "child + 1 <= length"].map((to) => ({
		...{ file: "auth/replay/expiry-queue.ts", from: "child + 1 < length", to },
		why: "no time is less than that of a child that isn't there",
	})),
	{
		...{ file: "auth/replay/expiry-queue.ts", from: "child + 1", to: "child - 1" },
		why: "no time is less than that of a child that isn't there",
	},
	{
		...{ file: "auth/replay/spend-token.ts", from: "store.peek?.(key, expiresAt, now)" },
		why: "only asked if the store has it: for the type only",
	},
	{
		...{ file: "auth/replay/sqlite-store.ts", from: "removed.length > 0" },
		why: "the maximum of nothing is -Infinity, which changes nothing in the table: it costs time only",
	},
	{
		...{ file: "auth/replay/sqlite-store.ts", from: "errcode !== undefined", to: "true" },
		why: "undefined has no bits: for the type only",
	},
	...["true", "areNeeded || !origins.has(jws.claims)"].map((to) => ({
		...{ file: "auth/replay/token-use.ts", from: "areNeeded && !origins.has(jws.claims)", to },
		why: "only the same verifier sees the same claims again, with the same clock; what isn't needed takes memory only",
	})),
	{
		...{ file: "auth/replay/token-use.ts", from: "false", to: "true" },
		why: "origins that nobody needs take memory only",
	},
	{
		...{ file: "auth/replay/token-use.ts", from: "expiresAt === undefined", to: "false" },
		why: "undefined isn't finite: for the type only",
	},
	{
		...{ file: "auth/route-requirements.ts", from: "resource !== undefined || operation !== undefined", to: "true" },
		why: "a policy that requires nothing accepts every token",
	},
	{
		...{ file: "auth/select-profile.ts", from: "results.filter(isOrgpassError)", to: "results" },
		why: "if no issuer is known, all results are errors",
	},
	{
		...{ file: "auth/select-profile.ts", from: 'details?.["skipped"]' },
		why: "each error has details: for the type only",
	},
	{
		...{ file: "auth/select-profile.ts", from: "parsed[index]?.profile" },
		why: "each index is one of the list: for the type only",
	},
	{
		...{ file: "auth/verify-token.ts", from: "required === NO_REQUIREMENTS", to: "false" },
		why: "requiredPolicies gives no policy for no requirements: it costs time only",
	},
	{
		...{ file: "auth/verify-token.ts", from: "added.length === 0", to: "false" },
		why: "a copy of the list has the same policies: it costs time only",
	},
	{
		...{ file: "auth/verify-token.ts", from: "!isSame", to: "true" },
		why: "what is the same already is remembered again: it costs time only",
	},
	{
		...{ file: "auth/select-profile.ts", from: "false", to: "true" },
		why: "what two kinds recognize is always awaited, so what is remembered of it isn't used",
	},
	...["rules.profiles.filter(({ name }) => name === trace.profile)", "name === trace.profile"].map((from) => ({
		...{ file: "auth/explain/explain-token.ts", from, to: from.startsWith("rules") ? "rules.profiles" : "true" },
		why: "the other kinds don't know the issuer the second time either: it costs time only",
	})),
	{
		...{ file: "auth/verify-token.ts", from: "claims === undefined", to: "true" },
		why: "the clock is read again, although no time has passed",
	},
];

/** The same comparison, except of equal values. */
function swapEqual(code: string): string {
	return code.includes(" <= ") ? "this.#times[parent] as number < expiresAt" : code.replace(" < ", " <= ");
}
