/**
 * One way to define a command: its line in the help, its options, and a function from them to an outcome.
 * Printing, JSON, progress and exit codes are the same for all.
 * @module
 */
import type { Command } from "commander";
import { ERROR_CODES } from "../errors/codes.js";
import { isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { escapeText } from "../errors/format-value.js";
import { REGISTRY_KINDS } from "../registry/adapters/registry-kind.js";
import type { CliContext } from "./context.js";
import { EXIT, exitCodeOf } from "./exit-code.js";
import { NETWORK_NAMES, type NetworkFlags } from "./settings/network.js";

/** What a command has to say when it is done. */
export interface Outcome {
	/** For `--json`. */
	readonly data: object;
	/** For people; a line break is added, unless the text is exact. */
	readonly text: string;
	/** The text is a file's, to be redirected into one. */
	readonly isExact?: boolean;
	/** 0 where absent. */
	readonly exitCode?: number;
}

/** The flags every command takes. */
export interface CommonFlags extends NetworkFlags {
	readonly json?: boolean;
}

/** What a command's function gets. */
export interface CommandInput<Options> {
	readonly context: CliContext;
	readonly options: Options & CommonFlags;
	/** The named operands in their order. */
	readonly operands: readonly string[];
	/** Operands after the named ones, for commands that take any number. */
	readonly rest: readonly string[];
	/** Prints an outcome before the command is over, for one that then waits. */
	readonly announce: (outcome: Outcome) => void;
}

/** A command. */
export interface CommandSpec<Options> {
	/** Name and operands, as in `show <did>` or `mint [claims...]`. */
	readonly usage: string;
	readonly description: string;
	/** Flags and what they mean; a flag that may be repeated begins with `*`, a required one with `!`. */
	readonly flags?: readonly (readonly [flags: string, description: string])[];
	/** What stands in the help below the options. */
	readonly example?: string;
	/** The command tells of its progress itself. */
	readonly isTalkative?: boolean;
	readonly run: (input: CommandInput<Options>) => Promise<Outcome | undefined>;
}

/** How commands are hung below their noun, and where the exit code goes. */
export interface CommandHost {
	readonly context: CliContext;
	readonly setExitCode: (code: number) => void;
}

const SLOW_MS = 1_500;

/** Adds a command to its noun. */
export function addCommand<Options>(parent: Command, host: CommandHost, spec: CommandSpec<Options>): void {
	const command = parent.command(spec.usage).description(spec.description);
	for (const [flags, description] of spec.flags ?? []) {
		const name = flags.replace(/^[*!]/, "");
		if (flags.startsWith("*")) command.option(name, description, collect);
		else if (flags.startsWith("!")) command.requiredOption(name, `${description} (required)`);
		else command.option(name, description);
	}
	command
		.option("--json", "print one JSON document and nothing else")
		.option("--network <name>", `a known network: ${NETWORK_NAMES.join(", ")} (ORGPASS_NETWORK)`)
		.option("--rpc-url <url>", "JSON-RPC node (ORGPASS_RPC_URL)")
		.option("--registry <address>", "registry contract (ORGPASS_REGISTRY)")
		.option("--kind <kind>", `its kind, detected by default: ${REGISTRY_KINDS.join(", ")} (ORGPASS_KIND)`);
	if (spec.example !== undefined) command.addHelpText("after", `\nExample:\n  ${spec.example}`);
	command.action(async () => {
		const options = command.opts<Options & CommonFlags>();
		const operands = command.processedArgs as (string | string[] | undefined)[];
		const rest = operands.filter((operand) => Array.isArray(operand)).flat();
		const named = operands.filter((operand) => typeof operand === "string");
		const run: Run = (announce) =>
			spec.run({ context: host.context, options, operands: named, rest, announce });
		host.setExitCode(await report(host.context, options, spec.isTalkative === true, run));
	});
}

type Run = (announce: (outcome: Outcome) => void) => Promise<Outcome | undefined>;

/** Runs a command, prints its outcome or its failure, and tells the exit code. */
async function report(
	context: CliContext,
	flags: CommonFlags,
	isTalkative: boolean,
	run: Run,
): Promise<number> {
	const isJson = flags.json === true;
	const slow = setTimeout(() => isTalkative || context.stderr("still at it…\n"), SLOW_MS);
	const announce = ({ data, text, isExact = false }: Outcome): void => {
		clearTimeout(slow);
		context.stdout(isJson ? `${toJson(data)}\n` : isExact ? text : `${text}\n`);
	};
	try {
		const outcome = await run(announce);
		if (outcome !== undefined) announce(outcome);
		return outcome?.exitCode ?? EXIT.ok;
	} catch (error) {
		if (context.signal.aborted) return EXIT.interrupted;
		return isOrgpassError(error) ? printRefusal(context, isJson, error) : printBug(context, isJson, error);
	} finally {
		clearTimeout(slow);
	}
}

/** Writes a value as JSON of printable ASCII, which can't steer a terminal; big numbers become plain ones. */
export function toJson(value: unknown, indent?: number): string {
	const plain = (_: string, member: unknown): unknown =>
		typeof member === "bigint" ? Number(member) : member;
	return JSON.stringify(value, plain, indent).split("\n").map(escapeText).join("\n");
}

function printRefusal(context: CliContext, isJson: boolean, error: OrgpassError): number {
	const exitCode = exitCodeOf(error.code);
	const { code, message, details } = error;
	const hint = typeof details["hint"] === "string" ? details["hint"] : ERROR_CODES[code];
	if (isJson) context.stdout(`${toJson({ code, message })}\n`);
	else context.stderr(`orgpass: ${message} (${code})\n${hint}\n`);
	return exitCode;
}

/** Only the kind of a foreign error: its text may quote what nobody should see. */
function printBug(context: CliContext, isJson: boolean, error: unknown): number {
	const kind = error instanceof Error ? error.name : typeof error;
	const message = `this is a bug in orgpass (${kind}); please report it with the command you ran`;
	if (isJson) context.stdout(`${toJson({ code: "internal/bug", message })}\n`);
	else context.stderr(`orgpass: ${message}\n`);
	if (context.env["ORGPASS_DEBUG"] && error instanceof Error) context.stderr(`${error.stack}\n`);
	return EXIT.bug;
}

function collect(value: string, before: string[] | undefined): string[] {
	return [...(before ?? []), value];
}
