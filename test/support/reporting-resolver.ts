/**
 * Resolvers that tell an explanation what they do, as those of `createOrgIdResolver` do: what a test says.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import { type KnownResolution, registerKnownResolution } from "../../src/did/known-resolution.ts";
import type { FinishedOperation } from "../../src/observe/observer.ts";
import { resolverWith } from "./static-resolver.ts";

/** What is looked up. */
export interface Report {
	readonly result: DIDResolutionResult;
	/** The registry's record, found even if the resolution fails. */
	readonly record?: object | undefined;
	/** What the look-up does, one after the other; what is still running goes on after it. */
	readonly operations?: readonly (FinishedOperation | Promise<FinishedOperation>)[];
}

/** Creates a resolver that reports this. */
export function reportingResolver({ result, record, operations = [] }: Report): Resolvable {
	const resolver = resolverWith(result);
	const copy: KnownResolution["copy"] = ({ observer, onRecord }) => ({
		async resolve() {
			if (record !== undefined) onRecord(record);
			for (const end of operations) void observer(async () => end, { operation: "verify" });
			return result;
		},
	});
	registerKnownResolution(resolver, { maxEntries: 10, derive: () => undefined, copy });
	return resolver;
}
