/** A resolver with a cache, watched or not, returns what one without a cache would have returned a moment ago. */
import { describe, it } from "vitest";
import { expectStates, faulty, honest, reorganized, type Step } from "../support/resolver-sequences.ts";

const TWICE: readonly Step[] = [0, 0].map((org) => ({ do: "resolve", org, fragment: undefined }));
/** The watcher reads the log of one branch; the organization is read on another, which goes without being seen. */
const UNSEEN_BRANCH: readonly Step[] = [
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "revert", blocks: 1 },
	{ do: "change", org: 1, fragment: undefined },
	{ do: "resolve", org: 1, fragment: undefined },
	{ do: "revert", blocks: 1 },
	{ do: "mine", blocks: 1 },
];

/** The same, and when the log is read next, the chain is more than a block longer. */
const LONGER_BRANCH: readonly Step[] = [
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "revert", blocks: 5 },
	{ do: "change", org: 1, fragment: undefined },
	{ do: "resolve", org: 1, fragment: undefined },
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "revert", blocks: 5 },
	{ do: "wait", seconds: 1 },
];

const EXAMPLES = [TWICE, UNSEEN_BRANCH, LONGER_BRANCH];

describe.each([
	["not watched", false],
	["watched", true],
])("a resolver whose networks are %s shows a state that the registry had within its limits", (_how, isWatched) => {
	it("T50: if its node is honest", () => expectStates(honest, { isWatched }, EXAMPLES));
	it("T50: if its node is slow and fails", () => expectStates(faulty, { isWatched }, EXAMPLES));
	it("T55: if its chain is reorganized", () => expectStates(reorganized, { isWatched }, EXAMPLES));
});
