/**
 * Man pages from the commands of the command line: one for the program, and one for each of its commands.
 * @module
 */
import { type CommandNode, flatten, type OperandNode, type OptionNode } from "../src/cli/completion/command-tree.ts";

export interface ManPageFacts {
	readonly version: string;
	/** The day that the pages show. */
	readonly date: string;
	/** Paragraphs about all commands, by their titles. */
	readonly notes: Readonly<Record<string, string>>;
}

/** Writes the pages, by the names of their files. */
export function formatManPages(program: CommandNode, facts: ManPageFacts): ReadonlyMap<string, string> {
	const pages = [
		[program.name, formatProgram(program, facts)] as const,
		...program.commands.map((command) => [pageName(program, command), formatCommand(program, command, facts)] as const),
	];
	return new Map(pages.map(([name, page]) => [`${name}.1`, page]));
}

function formatProgram(program: CommandNode, facts: ManPageFacts): string {
	const leaves = flatten(program).filter(({ commands }) => commands.length === 0);
	return join([
		formatTitle(program.name, facts),
		...section("Name", [`${program.name} \\- organizations' keys and tokens, anchored on Ethereum`]),
		...section("Synopsis", [`.B ${program.name}`, ".I command", "[\\,\\fIoptions\\fP\\/]"]),
		...section("Description", [escapeLine(program.description)]),
		...section(
			"Commands",
			leaves.flatMap((leaf) => [".TP", `.B ${formatUsage(leaf)}`, escapeLine(leaf.description)]),
		),
		...section("Options", program.options.flatMap(formatOption)),
		...formatNotes(facts),
		...seeAlso(program.commands.map((command) => pageName(program, command))),
	]);
}

function formatCommand(program: CommandNode, noun: CommandNode, facts: ManPageFacts): string {
	const leaves = flatten(noun).filter(({ commands }) => commands.length === 0);
	const shared = findShared(program);
	const isShared = ({ flags }: OptionNode): boolean => shared.some((option) => option.flags === flags);
	const name = pageName(program, noun);
	const others = program.commands.filter((command) => command !== noun);
	return join([
		formatTitle(name, facts),
		...section("Name", [`${name.replaceAll("-", "\\-")} \\- ${escapeLine(noun.description)}`]),
		...section(
			"Synopsis",
			leaves.flatMap((leaf, index) => [
				...(index === 0 ? [] : [".br"]),
				`.B ${program.name} ${formatUsage(leaf)}`,
				"[\\,\\fIoptions\\fP\\/]",
			]),
		),
		...section(
			"Commands",
			leaves.flatMap((leaf) => [
				`.SS ${program.name} ${formatUsage(leaf)}`,
				escapeLine(leaf.description),
				...leaf.options.filter((option) => !isShared(option)).flatMap(formatOption),
				".PP",
				leaf.examples.length === 1 ? "Example:" : "Examples:",
				...[".PP", ".RS", ".nf", ...leaf.examples.map(escapeLine), ".fi", ".RE"],
			]),
		),
		...section("Options of every command", shared.flatMap(formatOption)),
		...formatNotes(facts),
		...seeAlso([program.name, ...others.map((command) => pageName(program, command))]),
	]);
}

/** The options that all commands have. */
function findShared(program: CommandNode): readonly OptionNode[] {
	const [first, ...leaves] = flatten(program).filter(({ commands }) => commands.length === 0);
	const has = (leaf: CommandNode, { names: [name] }: OptionNode): boolean =>
		leaf.options.some((option) => option.names[0] === name);
	return first?.options.filter((option) => leaves.every((leaf) => has(leaf, option))) ?? [];
}

function formatTitle(name: string, { date, version }: ManPageFacts): string {
	return `.TH ${name.toUpperCase()} 1 ${date} "orgpass ${version}" "User Commands"`;
}

function formatNotes({ notes }: ManPageFacts): readonly string[] {
	return Object.entries(notes).flatMap(([title, text]) => section(title, text.split("\n").map(escapeLine)));
}

function seeAlso(names: readonly string[]): readonly string[] {
	const lines = names.map((name, index) => `.BR ${name} (1)${index < names.length - 1 ? "," : ""}`);
	return section("See also", lines);
}

function section(title: string, lines: readonly string[]): readonly string[] {
	return [`.SH ${title.toUpperCase()}`, ...lines];
}

function formatUsage({ path, operands }: CommandNode): string {
	return escapeText([...path, ...operands.map(formatOperand)].join(" "));
}

function formatOperand({ name, isRequired, isVariadic }: OperandNode): string {
	const text = isVariadic ? `${name}...` : name;
	return isRequired ? `<${text}>` : `[${text}]`;
}

function formatOption({ flags, fullDescription, isRepeatable }: OptionNode): readonly string[] {
	const repeated = isRepeatable && !fullDescription.includes("repeated") ? "; may be repeated" : "";
	return [".TP", `.B ${escapeText(flags)}`, escapeLine(fullDescription + repeated)];
}

function pageName(program: CommandNode, { name }: CommandNode): string {
	return `${program.name}-${name}`;
}

/** A line of text, which isn't a request. */
function escapeLine(text: string): string {
	const escaped = escapeText(text);
	return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** Characters that roff would interpret or replace, so that a command can be copied from the page. */
function escapeText(text: string): string {
	const names: Readonly<Record<string, string>> = {
		...{ "\\": "\\e", "-": "\\-", "'": "\\(aq", '"': "\\(dq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti" },
	};
	const toName = (character: string): string =>
		names[character] ?? `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`;
	return text.replace(/[\\'"`^~-]|[^\x20-\x7e]/gu, toName);
}

function join(lines: readonly string[]): string {
	return `${lines.join("\n")}\n`;
}
