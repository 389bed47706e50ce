/**
 * `orgpass token`: mint, verify, explain and decode tokens.
 * @module
 */
import { type Command, Option } from "commander";
import { IOCTL_OPERATIONS } from "../../../tokens/ioctl/ioctl-operations.js";
import { addCommand, type CommandHost, type CommandSummary } from "../../command.js";
import type { CliContext } from "../../context.js";
import { option, parsed, repeatableChoice, required, suggest } from "../../options.js";
import { PASSWORD_OPTION } from "../../password-options.js";
import { readStdinText } from "../../standard-input.js";
import { NOW_OPTION, parseDuration, TIME_LIMIT_OPTIONS } from "../../time.js";
import type { MintFlags, TokenKindDescriptor, VerifyFlags } from "../../token-kinds/token-kind.js";
import { TOKEN_KINDS } from "../../token-kinds/token-kinds.js";
import { optionsOf } from "./kind-options.js";

export function addTokenCommands(
	program: Command,
	host: CommandHost,
	{ name, description }: CommandSummary,
	kinds: readonly TokenKindDescriptor[] = TOKEN_KINDS,
): void {
	const token = program.command(name).description(description);
	const names = kinds.map(({ name }) => name);

	addCommand<MintFlags>(token, host, {
		usage: "mint [claims...]",
		description: "mint a token; extra claims are claim=value, where the value is JSON or text",
		options: [
			required("--key <key>", "private key: of the organization or its account, of ioctl, or an app's RSA key"),
			new Option("--profile <name>", "kind of token, by default chosen by the issuer").choices(names),
			...optionsOf(kinds, "mintOptions"),
			parsed("--ttl <duration>", "lifetime, such as 30s, 15m or 24h; default 1h, less for apps", parseDuration),
			parsed("--max-lifetime <duration>", "longest lifetime to allow; default 24h", parseDuration),
			option("--server-date <date>", "Date header of the server's last response: use its clock"),
			NOW_OPTION,
			PASSWORD_OPTION,
		],
		examples: ["orgpass token mint --key k.pem --issuer did:orgid:…#webserver --audience did:orgid:… --scope book"],
		async run({ context, options, rest }) {
			const { mint } = await import("./mint.js");
			return mint(context, kinds, options, rest);
		},
	});

	addVerifyAndExplain(token, host, kinds);

	addCommand(token, host, {
		usage: "decode <token>",
		description: "show a token's header and claims without verifying them (- reads standard input)",
		examples: ["orgpass token decode eyJhbGciOiJFUzI1NksifQ…", "orgpass token decode - < token.jwt"],
		async run({ context, operands: [token = ""] }) {
			const { decode } = await import("./decode.js");
			return decode(kinds, await readToken(context, token));
		},
	});
}

function addVerifyAndExplain(token: Command, host: CommandHost, kinds: readonly TokenKindDescriptor[]): void {
	const names = kinds.map(({ name }) => name);
	const defaults = kinds.filter(({ isDefault }) => isDefault).map(({ name }) => name);

	addCommand<VerifyFlags>(token, host, {
		usage: "verify <token>",
		description: "verify a token (- reads standard input); exit code 1 if it is refused",
		options: [
			repeatableChoice("--profile <name>", `kind of token to accept, by default ${defaults}; may be repeated`, names),
			...requirementsOf(kinds),
		],
		examples: ["orgpass token verify - --audience did:orgid:… < token.jwt"],
		async run({ context, options, operands: [token = ""] }) {
			const { verify } = await import("./verify.js");
			return verify(context, kinds, options, await readToken(context, token));
		},
	});

	addCommand<VerifyFlags>(token, host, {
		usage: "explain <token>",
		description: "show each step of verifying a token, and what to do about the one that refuses it",
		options: [
			repeatableChoice("--profile <name>", "kind of token to accept, by default what the token claims to be", names),
			...requirementsOf(kinds),
		],
		examples: ["orgpass token explain - --audience did:orgid:… < token.jwt"],
		async run({ context, options, operands: [token = ""] }) {
			const { explain } = await import("./explain.js");
			return explain(context, kinds, options, await readToken(context, token));
		},
	});
}

/** What a verification may require, besides the kinds to accept. */
function requirementsOf(kinds: readonly TokenKindDescriptor[]): readonly Option[] {
	return [
		option("--scope <scopes>", "scopes the token must have"),
		option("--resource <text>", "exact sub the token must have"),
		suggest(option("--operation <name>", "operation the token's scope must be, such as Read"), IOCTL_OPERATIONS),
		...optionsOf(kinds, "verifyOptions"),
		...TIME_LIMIT_OPTIONS,
	];
}

async function readToken(context: CliContext, operand: string): Promise<string> {
	return operand === "-" ? readStdinText(context) : operand;
}
