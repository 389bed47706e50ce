/** The completion scripts in the shells that they are for. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { FORMATTERS, type Shell } from "../../src/cli/commands/completion.ts";
import type { CommandNode } from "../../src/cli/completion/command-tree.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { listCommands, loadProgram } from "../support/commander-program.ts";
import {
	BASH_COMPLETION,
	type CompletingShell,
	createBash,
	createBashWithPackage,
	createFish,
	createZsh,
	inTerminal,
} from "../support/shells.ts";
import { describeWithTool } from "../support/tools.ts";

const program = await loadProgram();

/** Lines and their last word once it is completed. */
const COMPLETED = [
	["orgpass ke", "keys"],
	["orgpass keys gen", "generate"],
	["orgpass org director acc", "accept"],
	["orgpass help tok", "token"],
	["orgpass help token mi", "mint"],
	["orgpass help org director se", "set"],
	["orgpass completion fi", "fish"],
	["orgpass token verify x --allow-missing-e", "--allow-missing-exp"],
	["orgpass org director set did:orgid:100:0x12 --non", "--none"],
	["orgpass token mint 'it is'=x --js", "--json"],
	["orgpass keys generate --algorithm RS", "RS256"],
	["orgpass keys generate --algorithm=RS", "--algorithm=RS256"],
	["orgpass keys generate --format keyst", "keystore"],
	["orgpass keys convert k.pem --to spki-", "spki-base64"],
	["orgpass token mint --profile vo", "vonage"],
	["orgpass token verify x --operation Cre", "Create"],
	["orgpass org list --network chi", "chiado"],
	["orgpass org list --kind orgp", "orgpass"],
	["orgpass keys generate --out web", "webserver.pem"],
	["orgpass keys generate --password=web", "--password=webserver.pem"],
	["orgpass keys inspect it", "it's a $key.pem"],
	["orgpass document hash two", "two words.json"],
	["orgpass org set-document did:orgid:100:0x12#k --document-file two", "two words.json"],
	["orgpass document build --did did:orgid:100:0x12 --key webserver=web", "webserver=webserver.pem"],
	["orgpass token verify x --app-keys ap", "apps/"],
] as const;

/** Lines with words that a shell would execute if it read them once more. */
const HOSTILE = [
	["orgpass keys convert --out '$(touch pwned)' web", "webserver.pem"],
	["orgpass token mint '\"a\"=$(touch pwned)' --js", "--json"],
	['orgpass org show "a\\`b" --js', "--json"],
	["orgpass org show \\$\\(touch\\ pwned\\) --js", "--json"],
	["orgpass org show 'a;b|c&d*' --js", "--json"],
	["orgpass keys generate --out '$(touch pwned)' --algorithm RS", "RS256"],
	["orgpass '$(touch pwned)' web", "web"],
	["orgpass document build --key '$(touch pwned)'=web", "$(touch pwned)=webserver.pem"],
] as const;

/** A command that is described with everything that a shell could misread. */
function createHostileTree(): CommandNode {
	const description = `it's "quoted": $(touch pwned) \`touch pwned\` \\ [brackets] 'and' <more> # \\'`;
	const value = { name: "a:b[c]", kind: "choice", choices: ["red", "green"] } as const;
	const option = {
		...{ flags: "--color <a:b[c]>", names: ["--color"], description, fullDescription: description },
		...{ isRepeatable: true, value },
	};
	const leaf: CommandNode = {
		...{ name: "paint", path: ["paint"], description, operands: [], options: [option], examples: [], commands: [] },
	};
	const other = { ...leaf, name: "draw", path: ["draw"] };
	return { ...leaf, name: "orgpass", path: [], options: [], commands: [leaf, other] };
}

/** Lines whose last word isn't the name of a file or a folder. */
const KEPT = [
	"orgpass org show web",
	"orgpass token mint --issuer web",
	"orgpass token verify x --app-keys web",
	"orgpass keys web",
	"orgpass help web",
	"orgpass help keys inspect web",
] as const;

const SHELLS: Readonly<Record<string, (folder: string, script: string) => CompletingShell>> = {
	bash: createBash,
	zsh: createZsh,
	fish: createFish,
};

async function openShell(name: string, create = SHELLS[name], script?: string): Promise<CompletingShell> {
	const world = createCliWorld();
	for (const file of ["webserver.pem", "two words.json", "it's a $key.pem"]) world.write(file, "");
	mkdirSync(world.path("apps"));
	const printed = script ?? (await world.run(["completion", name])).stdout;
	return (create as NonNullable<typeof create>)(world.folder, printed);
}

for (const name of Object.keys(SHELLS)) {
	const probe = name === "fish" ? [name, "-c", "exit 0"] : ["script", ...inTerminal(`${name} -c 'exit 0'`)];
	describeWithTool(`completion in ${name}`, probe[0] as string, probe.slice(1), () => {
		let shell: CompletingShell;
		beforeAll(async () => {
			shell = await openShell(name);
		});

		it("of commands, options, their values, and files", () => {
			const completed = shell.complete(COMPLETED.map(([line]) => line)).map((words) => words.at(-1));
			const withSlash = completed.map((word) => (word === "apps" ? "apps/" : word));
			expect(withSlash).toEqual(COMPLETED.map(([, word]) => word));
		});

		it("offers no files where none is expected", () => {
			expect(shell.complete(KEPT).map((words) => words.at(-1))).toEqual(KEPT.map(() => "web"));
		});

		it("executes nothing that was typed", () => {
			expect(shell.complete(HOSTILE.map(([line]) => line)).map((words) => words.at(-1))).toEqual(
				HOSTILE.map(([, word]) => word),
			);
			expect(existsSync(join(shell.folder, "pwned"))).toBe(false);
		});

		it("takes descriptions literally", async () => {
			const hostile = await openShell(name, SHELLS[name], FORMATTERS[name as Shell](createHostileTree()));
			const lines = ["orgpass pa", "orgpass paint --col", "orgpass paint --color gr"];
			const words = hostile.complete(lines).map((completed) => completed.at(-1)?.replace(/=$/, ""));
			expect(words).toEqual(["paint", "--color", "green"]);
			expect(hostile.list(["orgpass "])).toEqual([["draw", "help", "paint"]]);
			expect(existsSync(join(hostile.folder, "pwned"))).toBe(false);
		});

		it("offers all commands", () => {
			const nouns = listCommands(program).filter(({ command }) => command.commands.length > 0);
			const lines = nouns.map(({ path }) => ["orgpass", ...path, ""].join(" "));
			const names = nouns.map(({ command, path }) => [
				...command.commands.map((child) => child.name()),
				...(path.length === 0 ? ["help"] : []),
			]);
			expect(shell.list(lines)).toEqual(names.map((list) => list.sort()));
		});

		it("offers all options of every command", () => {
			const all = listCommands(program);
			const lines = all.map(({ path }) => ["orgpass", ...path, "--"].join(" "));
			const options = all.map(({ command }) => [...command.options.flatMap(({ long }) => long ?? []), "--help"]);
			const listed = shell.list(lines).map((words) => words.map((word) => word.replace(/=$/, "")));
			expect(listed).toEqual(options.map((list) => list.sort()));
		});
	});
}

describeWithTool("completion in zsh, sourced by .zshrc", "script", inTerminal("zsh -c 'exit 0'"), () => {
	it("completes", async () => {
		const shell = await openShell("zsh", (folder, script) => createZsh(folder, script, true));
		expect(shell.complete(["orgpass keys gen"])).toEqual([["keys", "generate"]]);
	});
});

describeWithTool("completion in bash, loaded by bash-completion", "test", ["-r", BASH_COMPLETION], () => {
	it("completes", async () => {
		const shell = await openShell("bash", createBashWithPackage);
		expect(shell.complete(["orgpass keys gen"])).toEqual([["keys", "generate"]]);
	});
});

it("is refused for other shells, with the names of those it knows", async () => {
	const world: CliWorld = createCliWorld();
	expectRefusal(await world.run(["completion", "tcsh", "--json"]), 2, "config/invalid-option", /bash, zsh, fish/);
	expect((await world.run(["completion", "bash", "--json"])).json).toMatchObject({
		shell: "bash",
		script: expect.stringContaining("complete -F _orgpass orgpass"),
	});
	world.remove();
});
