/**
 * Checks the tests themselves: each asserts something, and none depends on the machine's clock or speed.
 * @module
 */
import { ALLOWED_TIMES } from "./allowed-times.ts";
import { readSources, report } from "./sources.ts";
import { findMissingAssertions } from "./test-assertions.ts";
import { findRealTimes } from "./test-times.ts";

// What check-docs.ts extracts from the documentation shows what users write.
const sources = readSources("test").filter(({ path }) => !path.startsWith("test/generated/"));
const allowed = Object.keys(ALLOWED_TIMES).length;
report(
	"test-rules",
	[...findMissingAssertions(sources), ...findRealTimes(sources, ALLOWED_TIMES)],
	`${sources.length} files, ${allowed} of them may set timers or read a clock`,
);
