/**
 * `orgpass jwt`: tokens of IoTeX's ioctl, signed with its accounts, and verified.
 * @module
 */
import type { Command } from "commander";
import { IOCTL_OPERATIONS } from "../../../tokens/ioctl/ioctl-claims.js";
import { addCommand, type CommandHost } from "../../command.js";
import { readStdinText } from "../../key-source.js";
import { type SignFlags, sign } from "./sign.js";
import { type VerifyFlags, verify } from "./verify.js";

const CONFIG_DIR_FLAG = [
	"--config-dir <dir>",
	"ioctl's folder; $HOME/.config/ioctl/default by default",
] as const;
const NOW_FLAG = ["--now <time>", "seconds or ISO 8601, instead of the clock"] as const;
const NO_EFFECT = "taken as ioctl takes it, without effect";

/** Adds `jwt sign|verify`. */
export function addJwtCommands(program: Command, host: CommandHost): void {
	const jwt = program.command("jwt").description("tokens of IoTeX's ioctl: sign with its accounts, verify");

	addCommand<SignFlags>(jwt, host, {
		usage: "sign",
		description: "sign a token as ioctl jwt sign does; ioctl's folder is read, never written",
		flags: [
			[
				"--with-arguments <json>",
				'the claims, all of them text: {"exp":"1700003600","sub":"…","scope":"Read"}',
			],
			["-s, --signer <account>", "io1…, 0x… or an alias; ioctl's default account by default"],
			[
				"-P, --password <password>",
				"the account's password itself; better at the prompt or on standard input",
			],
			["-o, --output-format <format>", "json: ioctl's, with the text in it"],
			["-q, --quiet", "no warnings"],
			["--non-interactive", "never ask (IOCTL_NON_INTERACTIVE=1)"],
			CONFIG_DIR_FLAG,
			NOW_FLAG,
			["-y, --assume-yes", NO_EFFECT],
			["-w, --wait", NO_EFFECT],
			["-l, --gas-limit <number>", NO_EFFECT],
			["-p, --gas-price <number>", NO_EFFECT],
			["-n, --nonce <number>", NO_EFFECT],
		],
		example: `orgpass jwt sign --with-arguments '{"exp":"1700003600","sub":"https://…","scope":"Read"}' -s whale`,
		// It may wait at a prompt, where "still at it" would only stand in the way.
		isTalkative: true,
		run: ({ context, options }) => sign(context, options),
	});

	addCommand<VerifyFlags>(jwt, host, {
		usage: "verify <token>",
		description: "verify a token of ioctl (- reads it from standard input); exit code 1 if it is refused",
		flags: [
			["*--trusted-issuer <account>", "io1…, 0x…, a public key, or an alias of ioctl; may be repeated"],
			["--resource <text>", "what its sub must be, exactly"],
			["--operation <name>", `what its scope must be: ${IOCTL_OPERATIONS.join(", ")}`],
			["--allow-missing-exp", "take a token that never expires, too"],
			["--max-lifetime <duration>", "the longest life it may have; 24h by default"],
			["--clock-tolerance <duration>", "how far clocks may differ; 30s by default"],
			NOW_FLAG,
			CONFIG_DIR_FLAG,
		],
		example: "orgpass jwt verify - --trusted-issuer io1… --operation Read < token.jwt",
		run: async ({ context, options, operands: [token = ""] }) =>
			verify(context, options, token === "-" ? await readStdinText(context) : token),
	});
}
