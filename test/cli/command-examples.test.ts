import { expect, it } from "vitest";
import { findExamples } from "../../src/cli/command.ts";
import { assertRequiredOptions } from "../../src/cli/options.ts";
import { createCliWorld } from "../support/cli-world.ts";
import { listCommands, loadProgram } from "../support/commander-program.ts";

const program = await loadProgram();
const leaves = listCommands(program).filter(({ command }) => command.commands.length === 0);

/** The words of a command, without redirections. */
function toWords(example: string): readonly string[] {
	const [command = ""] = example.split(/ [<>] /);
	return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

it.each(leaves.map(({ command, path }) => [path.join(" "), command] as const))(
	"the help of %s has examples, which have its operands and options",
	async (path, command) => {
		const examples = findExamples(command);
		expect(examples.length).toBeGreaterThan(0);
		const world = createCliWorld();
		const { stdout } = await world.run(["help", ...path.split(" ")]);
		for (const example of examples) {
			expect(stdout).toContain(`\n  ${example}`);
			const [name, ...words] = toWords(example);
			expect([name, ...words].join(" ")).toMatch(new RegExp(`^orgpass ${path}(?: |$)`));
			let isRun = false;
			command.action(() => {
				isRun = true;
			});
			await program.parseAsync(words, { from: "user" });
			expect(isRun).toBe(true);
			assertRequiredOptions(command.options, command.opts());
		}
		world.remove();
	},
);

it("a noun's help has no examples of its own", () => {
	const nouns = listCommands(program).filter(({ command }) => command.commands.length > 0);
	for (const { command } of nouns) expect(findExamples(command)).toEqual([]);
});
