/**
 * Checks the tests themselves: each asserts something.
 * @module
 */
import { readSources, report } from "./sources.ts";
import { findMissingAssertions } from "./test-assertions.ts";

const sources = readSources("test");
report("test-rules", findMissingAssertions(sources), `${sources.length} files`);
