/**
 * `orgpass jwt`: tokens of IoTeX's ioctl.
 * @module
 */
import { type Command, Option } from "commander";
import { IOCTL_OPERATIONS } from "../../../tokens/ioctl/ioctl-operations.js";
import { addCommand, type CommandHost, type CommandSummary } from "../../command.js";
import { IOCTL_TRUST_OPTIONS } from "../../ioctl-tokens.js";
import { option, parsed, suggest } from "../../options.js";
import { readStdinText } from "../../standard-input.js";
import { NOW_OPTION, TIME_LIMIT_OPTIONS } from "../../time.js";
import { parseSignArguments, parseUint64 } from "./arguments.js";
import { extractToken } from "./format-signed.js";
import { type SignFlags, sign } from "./sign.js";
import { type VerifyFlags, verify } from "./verify.js";

const CONFIG_DIR_OPTION = option(
	"--config-dir <dir>",
	"ioctl's configuration folder; default $HOME/.config/ioctl/default",
);

const IGNORED = "accepted for compatibility with ioctl; ignored";

/** ioctl options that don't affect a token. */
const IGNORED_OPTIONS = ["-y, --assume-yes", "-w, --wait", "-p, --gas-price <number>"].map((flags) =>
	option(flags, IGNORED),
);

/** ioctl also ignores these, but parses them as uint64. */
const IGNORED_NUMBERS = ["-l, --gas-limit <number>", "-n, --nonce <number>"].map((flags) =>
	parsed(flags, IGNORED, parseUint64),
);

export function addJwtCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const jwt = program.command(name).description(description);

	addCommand<SignFlags>(jwt, host, {
		usage: "sign",
		description: "sign a token as ioctl jwt sign does; ioctl's folder is read, never written",
		options: [
			parsed(
				"--with-arguments <json>",
				'the claims, all as text: {"exp":"1700003600","sub":"…","scope":"Read"}',
				parseSignArguments,
			),
			option("-s, --signer <account>", "io1…, 0x… or an alias; default: ioctl's default account"),
			option("-P, --password <password>", "the account's password; the prompt or standard input is safer"),
			new Option("-o, --output-format <format>", "ioctl's JSON, around the text").choices(["json"]).conflicts("json"),
			option("-q, --quiet", "print no warnings"),
			option("--non-interactive", "never prompt [env: IOCTL_NON_INTERACTIVE=1]"),
			CONFIG_DIR_OPTION,
			NOW_OPTION,
			...IGNORED_OPTIONS,
			...IGNORED_NUMBERS,
		],
		examples: [`orgpass jwt sign --with-arguments '{"exp":"1700003600","sub":"https://…","scope":"Read"}' -s whale`],
		run: ({ context, options }) => sign(context, options),
	});

	addCommand<VerifyFlags>(jwt, host, {
		usage: "verify <token>",
		description: "verify an ioctl token (- reads standard input); exit code 1 if it is refused",
		options: [
			...IOCTL_TRUST_OPTIONS,
			option("--resource <text>", "exact sub the token must have"),
			suggest(
				option("--operation <name>", `scope the token must have: ${IOCTL_OPERATIONS.join(", ")}`),
				IOCTL_OPERATIONS,
			),
			...TIME_LIMIT_OPTIONS,
			CONFIG_DIR_OPTION,
		],
		examples: ["orgpass jwt verify - --trusted-issuer io1… --operation Read < token.jwt"],
		run: async ({ context, options, operands: [token = ""] }) =>
			verify(context, options, extractToken(token === "-" ? await readStdinText(context) : token)),
	});
}
