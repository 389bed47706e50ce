/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const RESOLVER: readonly EquivalentMutant[] = [
	{
		...{ file: "resolver/did-document.ts", from: "from === -Infinity && until === Infinity", to: "false" },
		why: "a period without an end is written again, which takes memory only",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "started += 1", to: "started -= 1" },
		why: "the numbers only have to differ",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "record.document?.uris", to: "record.document.uris" },
		why: "only a record with a document gets there: for the type only",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "record.document?.hash", to: "record.document.hash" },
		why: "only a record with a document gets there: for the type only",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "document.hash === undefined", to: "false" },
		why: "no document is kept under a hash that is undefined: for the type only",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "previous === undefined", to: "false" },
		why: "without an earlier entry there is no earlier document, which is checked next: for the type only",
	},
	{
		...{ file: "resolver/document-loader.ts", from: "-Infinity", to: "+Infinity" },
		why: "either is infinitely far from any time",
	},
	{
		...{ file: "resolver/organization-store.ts", from: '""', to: '"Stryker was here!"' },
		why: "neither text is the name of a key",
	},
	{
		...{ file: "resolver/record-entries.ts", from: "entry?.record !== undefined", to: "true" },
		why: "each of these entries has a record: for the type only",
	},
	{
		...{ file: "resolver/record-entries.ts", from: "entry?.record", to: "entry.record" },
		why: "each name that is listed has an entry: for the type only",
	},
	{
		...{ file: "resolver/record-entries.ts", from: "confirmedAt !== undefined", to: "true" },
		why: "undefined is later than no time: for the type only",
	},
	{
		...{ file: "resolver/record-entries.ts", from: "confirmedAt > readAt", to: "confirmedAt >= readAt" },
		why: "if both are the same, so is the age",
	},
	{
		...{ file: "resolver/revocation-checks.ts", from: "pending !== undefined", to: "true" },
		why: "no check that is undefined has ended: for the type only",
	},
	{
		...{ file: "resolver/revocation-checks.ts", from: "oldest !== undefined", to: "true" },
		why: "a map of so many names has an oldest one: for the type only",
	},
	{
		...{ file: "resolver/seen-facts.ts", from: "blockNumber > minBlock(did)", to: "blockNumber >= minBlock(did)" },
		why: "the same number is written again",
	},
	{
		file: "resolver/seen-facts.ts",
		...{ from: "(blocks.peek(did) ?? 0) > head", to: "(blocks.peek(did) ?? 0) >= head" },
		why: "the same number is written again, in the order of use",
	},
	// resolver/sharing
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "listener?.onChanged", to: "listener.onChanged" },
		why: "the cache listens before anything can be heard: for the type only",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "listener?.onRevoked", to: "listener.onRevoked" },
		why: "the cache listens before anything can be heard: for the type only",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "listener?.onReset", to: "listener.onReset" },
		why: "the cache listens before anything can be heard: for the type only",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: '""', to: '"Stryker was here!"' },
		why: "a text that is split has a first part: for the type only",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "waitMs < LOCK_MS", to: "waitMs <= LOCK_MS" },
		why: "none of the waits is as long as a lock",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "silentMs < SILENCE_MS", to: "silentMs <= SILENCE_MS" },
		why: "no sum of waits is as long as the longest silence",
	},
	{
		...{ file: "resolver/sharing/shared-records.ts", from: "silentMs >= SILENCE_MS", to: "silentMs > SILENCE_MS" },
		why: "no sum of waits is as long as the longest silence",
	},
	{
		...{ file: "resolver/sharing/store-guard.ts", from: "replies += 1", to: "replies -= 1" },
		why: "it counts only whether the number has changed",
	},
];
