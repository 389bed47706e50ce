/**
 * Defines a command: its help, its options, and the function that runs it.
 * @module
 */
import { type Command, Option } from "commander";
import { REGISTRY_KINDS } from "../registry/adapters/adapter.js";
import { NETWORK_NAMES } from "../registry/known-networks.js";
import { leavePlain } from "./colors.js";
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";
import { assertRequiredOptions, option } from "./options.js";
import { type Outcome, printFailure, printOutcome } from "./outcome.js";
import { startProgress, withProgress } from "./progress.js";
import type { NetworkFlags } from "./settings/settings-file.js";

export interface CommonFlags extends NetworkFlags {
	readonly json?: boolean;
	readonly quiet?: boolean;
}

export interface CommandInput<Flags> {
	readonly context: CliContext;
	readonly options: Flags & CommonFlags;
	/** The named operands, in order. */
	readonly operands: readonly string[];
	/** The values of a variadic operand. */
	readonly rest: readonly string[];
	/** Prints an outcome early, for a command that then keeps running. */
	readonly announce: (outcome: Outcome) => void;
}

export interface CommandSpec<Flags> {
	/** Name and operands, as in `show <did>` or `mint [claims...]`. */
	readonly usage: string;
	readonly description: string;
	readonly options?: readonly Option[];
	/** The values of the only operand, if only some words are allowed. */
	readonly operandChoices?: readonly string[];
	/** Shown in the help below the options, and in the man page. */
	readonly examples: readonly string[];
	readonly run: (input: CommandInput<Flags>) => Promise<Outcome | undefined>;
}

/** What the help of the program says about a command. */
export interface CommandSummary {
	readonly name: string;
	readonly description: string;
}

export interface CommandHost {
	readonly context: CliContext;
	readonly setExitCode: (code: number) => void;
	/** Creates the program with all commands, which takes longer than to run one. */
	readonly loadProgram: () => Promise<Command>;
}

const COMMON_OPTIONS: readonly Option[] = [
	option("--json", "print a single JSON document"),
	option("-q, --quiet", "show neither progress nor notes; errors and warnings are printed"),
	new Option("--network <name>", "known network [env: ORGPASS_NETWORK]").choices(NETWORK_NAMES),
	option("--rpc-url <url>", "JSON-RPC node [env: ORGPASS_RPC_URL]"),
	option("--registry <address>", "registry contract [env: ORGPASS_REGISTRY]"),
	new Option("--kind <kind>", "kind of registry, detected by default [env: ORGPASS_KIND]").choices(REGISTRY_KINDS),
];

const examplesOf = new WeakMap<Command, readonly string[]>();

/** The examples of a command; none if it only has commands of its own. */
export function findExamples(command: Command): readonly string[] {
	return examplesOf.get(command) ?? [];
}

export function addCommand<Flags>(parent: Command, host: CommandHost, spec: CommandSpec<Flags>): void {
	const command = parent.command(spec.usage).description(spec.description);
	const { options: own = [], operandChoices, examples } = spec;
	const options = [...own, ...COMMON_OPTIONS.filter(({ long }) => own.every((option) => option.long !== long))];
	for (const definition of options) command.addOption(definition);
	if (operandChoices !== undefined) command.registeredArguments[0]?.choices(operandChoices);
	examplesOf.set(command, examples);
	command.addHelpText("after", () => formatExamples(host.context, examples));
	command.action(async () => {
		const flags = command.opts<Flags & CommonFlags>();
		const operands = command.processedArgs as (string | string[] | undefined)[];
		const rest = operands.filter((operand) => Array.isArray(operand)).flat();
		const named = operands.filter((operand) => typeof operand === "string");
		host.setExitCode(
			await execute(host.context, flags, (context, announce) => {
				assertRequiredOptions(options, flags);
				return spec.run({ context, options: flags, operands: named, rest, announce });
			}),
		);
	});
}

function formatExamples({ paint = leavePlain }: CliContext, examples: readonly string[]): string {
	const title = examples.length === 1 ? "Example:" : "Examples:";
	return ["", paint("title", title), ...examples.map((example) => `  ${example}`)].join("\n");
}

/** Runs a command, prints its outcome or its failure, and returns the exit code. */
async function execute(
	surroundings: CliContext,
	{ json: isJson = false, quiet: isQuiet = false }: CommonFlags,
	run: (context: CliContext, announce: (outcome: Outcome) => void) => Promise<Outcome | undefined>,
): Promise<number> {
	const progress = isQuiet ? undefined : startProgress(surroundings);
	const context: CliContext = {
		...(progress === undefined ? surroundings : withProgress(surroundings, progress)),
		isQuiet,
	};
	const announce = (outcome: Outcome): void => {
		progress?.end();
		printOutcome(context, isJson, outcome);
	};
	try {
		const outcome = await run(context, announce);
		if (outcome !== undefined) announce(outcome);
		return outcome?.exitCode ?? EXIT.ok;
	} catch (error) {
		return context.signal.aborted ? EXIT.interrupted : printFailure(context, isJson, error);
	} finally {
		progress?.end();
	}
}
