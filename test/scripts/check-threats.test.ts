import { describe, expect, it } from "vitest";
import { comparePromises, promisesOf } from "../../scripts/check-threats.ts";

const SECURITY = `# Security

- **Not this.**

## What orgpass promises

- **A is kept.** B holds: at \`v1.2\`,
  whatever (RFC 1) happens. ioctl has C.
- **D** has E.

[Tests](tests.md).

## What orgpass doesn't promise

- F.
`;
const SENTENCES = ["A is kept.", "B holds: at `v1.2`, whatever (RFC 1) happens.", "ioctl has C.", "D has E."];
const rowsOf = (names: readonly string[]) => names.map((name, at) => ({ place: `page.md:${at + 3}` as const, name }));

it("the promises are the sentences of the bullets in one section", () => {
	expect(promisesOf(SECURITY)).toEqual(SENTENCES);
});

describe("the rows of the promises", () => {
	it("are the sentences in their order", () => {
		expect(comparePromises(SENTENCES, rowsOf(SENTENCES))).toEqual([]);
	});

	it("lack a sentence that was added or changed", () => {
		expect(comparePromises([...SENTENCES, "G."], rowsOf(SENTENCES))).toEqual([expect.stringContaining('"G."')]);
	});

	it("have one too many if a sentence was taken back", () => {
		const [, ...rest] = SENTENCES;
		expect(comparePromises(rest, rowsOf(SENTENCES))).toEqual([expect.stringMatching(/^page\.md:3: .*"A is kept\."$/)]);
	});

	it("aren't in order if two are exchanged", () => {
		const [a = "", b = "", ...rest] = SENTENCES;
		expect(comparePromises(SENTENCES, rowsOf([b, a, ...rest]))).toHaveLength(2);
	});
});
