/**
 * The tables "What each accepts" of the pages in docs/migrating: a token, what another library does with it, and what
 * orgpass does.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../scripts/sources.ts";

/** Returns normally, or throws if a token is refused. */
export type Verify = (token: string) => unknown;

/** How the tokens of a table are made and verified. */
export interface Comparison {
	/** The page's file in docs/migrating. */
	readonly page: string;
	/** Makes the token of each row. */
	readonly tokens: Readonly<Record<string, () => string | Promise<string>>>;
	readonly theirs: Verify;
	readonly ours: Verify;
	/** What the table says about an error of the other library. */
	readonly nameError: (error: Error) => string;
}

const ROW = /^\| (.+?) \| (.+?) \| (.+?) \|$/gm;

/** Declares a test for each row: both sides do what the table says. */
export function testVerdicts({ page, tokens, theirs, ours, nameError }: Comparison): void {
	const rows = readRows(page);

	it("every row has a token, and every token a row", () => {
		expect(rows.map(([title]) => title)).toEqual(Object.keys(tokens));
	});

	// In their order: the last ones revoke the key, or deactivate the organization.
	describe("row", { shuffle: false }, () => {
		it.each(rows)("%s: %s, %s", async (title, expectedTheirs, expectedOurs) => {
			const token = (await tokens[title]?.()) ?? "";
			expect(await verdictOf(ours, token, ({ code }) => String(code))).toBe(expectedOurs);
			expect(await verdictOf(theirs, token, nameError)).toBe(expectedTheirs);
		});
	});
}

/** The rows of a page's table, without backticks around verdicts. */
function readRows(page: string): [string, string, string][] {
	const text = readFileSync(join(root, "docs/migrating", page), "utf8");
	const [, section = ""] = text.split("\n## What each accepts\n");
	const [, ...rows] = [...section.matchAll(ROW)];
	return rows.map(([, title = "", theirs = "", ours = ""]) => [
		title,
		theirs.replaceAll("`", ""),
		ours.replaceAll("`", ""),
	]);
}

async function verdictOf(
	verify: Verify,
	token: string,
	nameError: (error: Error & { readonly code?: unknown }) => string,
): Promise<string> {
	try {
		await verify(token);
		return "accepted";
	} catch (error) {
		if (error instanceof Error) return nameError(error);
		throw error;
	}
}
