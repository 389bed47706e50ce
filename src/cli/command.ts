/**
 * Defines a command: its help, its options, and the function that runs it.
 * @module
 */
import { type Command, Option } from "commander";
import { REGISTRY_KINDS } from "../registry/adapters/adapter.js";
import { NETWORK_NAMES } from "../registry/known-networks.js";
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";
import { option } from "./options.js";
import { type Outcome, printFailure, printOutcome } from "./outcome.js";
import type { NetworkFlags } from "./settings/settings-file.js";

export interface CommonFlags extends NetworkFlags {
	readonly json?: boolean;
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
	/** Shown in the help below the options. */
	readonly example?: string;
	readonly reportsProgress?: boolean;
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
}

const SLOW_MS = 1_500;

const COMMON_OPTIONS: readonly Option[] = [
	option("--json", "print a single JSON document"),
	new Option("--network <name>", "known network [env: ORGPASS_NETWORK]").choices(NETWORK_NAMES),
	option("--rpc-url <url>", "JSON-RPC node [env: ORGPASS_RPC_URL]"),
	option("--registry <address>", "registry contract [env: ORGPASS_REGISTRY]"),
	new Option("--kind <kind>", "kind of registry, detected by default [env: ORGPASS_KIND]").choices(REGISTRY_KINDS),
];

export function addCommand<Flags>(parent: Command, host: CommandHost, spec: CommandSpec<Flags>): void {
	const command = parent.command(spec.usage).description(spec.description);
	for (const definition of [...(spec.options ?? []), ...COMMON_OPTIONS]) command.addOption(definition);
	if (spec.example !== undefined) command.addHelpText("after", `\nExample:\n  ${spec.example}`);
	command.action(async () => {
		const { context } = host;
		const options = command.opts<Flags & CommonFlags>();
		const operands = command.processedArgs as (string | string[] | undefined)[];
		const rest = operands.filter((operand) => Array.isArray(operand)).flat();
		const named = operands.filter((operand) => typeof operand === "string");
		host.setExitCode(
			await execute(context, options, spec.reportsProgress === true, (announce) =>
				spec.run({ context, options, operands: named, rest, announce }),
			),
		);
	});
}

/** Runs a command, prints its outcome or its failure, and returns the exit code. */
async function execute(
	context: CliContext,
	{ json: isJson = false }: CommonFlags,
	reportsProgress: boolean,
	run: (announce: (outcome: Outcome) => void) => Promise<Outcome | undefined>,
): Promise<number> {
	const slow = setTimeout(() => reportsProgress || context.stderr("still working…\n"), SLOW_MS);
	const announce = (outcome: Outcome): void => {
		clearTimeout(slow);
		printOutcome(context, isJson, outcome);
	};
	try {
		const outcome = await run(announce);
		if (outcome !== undefined) announce(outcome);
		return outcome?.exitCode ?? EXIT.ok;
	} catch (error) {
		return context.signal.aborted ? EXIT.interrupted : printFailure(context, isJson, error);
	} finally {
		clearTimeout(slow);
	}
}
