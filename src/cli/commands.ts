/**
 * The commands of the command line. Each module is loaded when its command is named: `orgpass --version` needs none.
 * @module
 */
import type { Command } from "commander";
import type { CommandHost, CommandSummary } from "./command.js";

type AddCommands = (program: Command, host: CommandHost, summary: CommandSummary) => void;

interface TopLevelCommand extends CommandSummary {
	/** How the help of the program lists it. */
	readonly usage: string;
	readonly load: () => Promise<AddCommands>;
}

const COMMANDS: readonly TopLevelCommand[] = [
	{
		name: "keys",
		usage: "keys",
		description: "generate, inspect and convert secp256k1 and RSA keys",
		load: async () => (await import("./commands/keys.js")).addKeysCommands,
	},
	{
		name: "chain",
		usage: "chain [options]",
		description: "run a local chain with a registry until Ctrl-C",
		load: async () => (await import("./commands/chain.js")).addChainCommand,
	},
	{
		name: "registry",
		usage: "registry",
		description: "manage the registry contract",
		load: async () => (await import("./commands/registry.js")).addRegistryCommands,
	},
	{
		name: "org",
		usage: "org",
		description: "create, show and change organizations",
		load: async () => (await import("./commands/org/org.js")).addOrgCommands,
	},
	{
		name: "did",
		usage: "did",
		description: "resolve DIDs of organizations",
		load: async () => (await import("./commands/did.js")).addDidCommands,
	},
	{
		name: "document",
		usage: "document",
		description: "build, sign, hash and check ORG.JSON documents",
		load: async () => (await import("./commands/document/document.js")).addDocumentCommands,
	},
	{
		name: "token",
		usage: "token",
		description: "mint, verify, explain and decode tokens",
		load: async () => (await import("./commands/token/token.js")).addTokenCommands,
	},
	{
		name: "jwt",
		usage: "jwt",
		description: "sign tokens with ioctl's accounts, and verify ioctl's tokens",
		load: async () => (await import("./commands/jwt/jwt.js")).addJwtCommands,
	},
	{
		name: "inspector",
		usage: "inspector [options]",
		description: "serve a page that shows why tokens are accepted or refused until Ctrl-C",
		load: async () => (await import("./commands/inspector.js")).addInspectorCommand,
	},
	{
		name: "console",
		usage: "console [options]",
		description: "serve a page that creates organizations and manages their keys until Ctrl-C",
		load: async () => (await import("./commands/console.js")).addConsoleCommand,
	},
	{
		name: "doctor",
		usage: "doctor [options]",
		description: "check Node.js, the curve backend, the RPC node and the registry contract",
		load: async () => (await import("./commands/doctor.js")).addDoctorCommand,
	},
	{
		name: "demo",
		usage: "demo [options]",
		description: "run a demo with two organizations, a local chain and an HTTP server",
		load: async () => (await import("./commands/demo.js")).addDemoCommand,
	},
	{
		name: "completion",
		usage: "completion [options] <shell>",
		description: "print a script that completes commands in bash, zsh or fish",
		load: async () => (await import("./commands/completion.js")).addCompletionCommand,
	},
];

/** Adds all commands to the program, but loads only those that the arguments name; of the others, the help is enough. */
export async function addCommands(program: Command, host: CommandHost, argv?: readonly string[]): Promise<void> {
	for (const command of COMMANDS) {
		const { name, usage, description, load } = command;
		if (argv?.includes(name) !== false) (await load())(program, host, { name, description });
		else program.command(usage).description(description);
	}
}
