/** The man pages in the programs that show them. */
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { formatManPages } from "../../scripts/man-page.ts";
import { readManifest } from "../../scripts/sources.ts";
import { findExamples } from "../../src/cli/command.ts";
import { type CommandNode, toCommandTree } from "../../src/cli/completion/command-tree.ts";
import { HELP_NOTES } from "../../src/cli/help-notes.ts";
import { listCommands, loadProgram } from "../support/commander-program.ts";
import { describeWithTool } from "../support/tools.ts";

const FACTS = { version: "1.2.3", date: "2026-11-30", notes: HELP_NOTES };
const program = await loadProgram();
const pages = formatManPages(toCommandTree(program), FACTS);

/** What roff would interpret. */
const HOSTILE = [
	".TH NOT A REQUEST",
	"'it''s \"quoted\" and `quoted`",
	"a\\fBbackslash\\n and \\",
	"--two --dashes, 2-1 ~^ … 漢字 😀",
];

function createTree(description: string): CommandNode {
	const value = { name: "value", kind: "text", choices: [] } as const;
	const option = {
		...{ flags: "--flag <value>", names: ["--flag"], description, fullDescription: description },
		...{ isRepeatable: false, value },
	};
	const leaf: CommandNode = {
		...{ name: "do", path: ["do"], description, options: [option], examples: [description], commands: [] },
		operands: [{ ...value, isRequired: true, isVariadic: true }],
	};
	return { ...leaf, name: "orgpass", path: [], examples: [], commands: [leaf] };
}

const ALL = [
	...pages,
	...HOSTILE.flatMap((text, index) =>
		[...formatManPages(createTree(text), FACTS)].map(([name, page]) => [`${name}, hostile ${index}`, page] as const),
	),
];

describe("man pages", () => {
	it("are those that package.json lists", () => {
		expect(readManifest().man).toEqual([...pages.keys()].map((name) => `./dist/man/${name}`));
		expect([...pages.keys()]).toEqual(["orgpass.1", ...program.commands.map((noun) => `orgpass-${noun.name()}.1`)]);
	});

	it("of commands have notes on exit codes and settings", () => {
		for (const page of pages.values()) {
			for (const title of Object.keys(HELP_NOTES)) expect(page).toContain(`.SH ${title.toUpperCase()}\n`);
		}
	});
});

describeWithTool("man pages in groff", "groff", ["--version"], () => {
	it.each(ALL)("%s has no warnings", (_name, page) => {
		const { status, stderr } = spawnSync("groff", ["-man", "-ww", "-Kutf8", "-Tutf8", "-z"], { input: page });
		expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: "" });
	});
});

describeWithTool("man pages in mandoc", "mandoc", ["/dev/null"], () => {
	const render = (page: string): string => {
		const { stdout } = spawnSync("mandoc", ["-T", "utf8", "-O", "width=1000"], { input: page, encoding: "utf8" });
		// biome-ignore lint/suspicious/noControlCharactersInRegex: bold and italic text is overstruck
		return stdout.replace(/.\u0008/gu, "");
	};

	it.each(ALL)("%s has no warnings", (_name, page) => {
		const { stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning"], { input: page, encoding: "utf8" });
		expect(stdout).toBe("");
	});

	it.each(program.commands.map((noun) => [noun.name(), noun] as const))(
		"orgpass-%s shows every command with its options and examples, to be copied",
		(name, noun) => {
			const text = render(pages.get(`orgpass-${name}.1`) as string);
			const leaves = listCommands(noun, [name]).filter(({ command }) => command.commands.length === 0);
			expect(leaves.length).toBeGreaterThan(0);
			for (const { command, path } of leaves) {
				expect(text).toMatch(new RegExp(`^ +orgpass ${path.join(" ")}(?: |$)`, "m"));
				const lines = text.split("\n").map((line) => line.trim());
				for (const { flags } of command.options) {
					expect(lines.filter((line) => line === flags || line.startsWith(`${flags} `))).not.toEqual([]);
				}
				for (const example of findExamples(command)) expect(text).toContain(` ${example}\n`);
			}
		},
	);

	it.each(HOSTILE)("shows the text %j as it is", (text) => {
		const shown = render(formatManPages(createTree(text), FACTS).get("orgpass-do.1") as string);
		expect(shown.split("\n").filter((line) => line.trim() === text.trim())).toHaveLength(3);
	});
});
