/**
 * The password of the account that signs: from `-P`, ORGPASS_PASSWORD, a prompt, or a line of standard input.
 * @module
 */
import { KeyError } from "../../../errors/errors.js";
import type { CliContext } from "../../context.js";
import { MAX_INPUT_BYTES } from "../../standard-input.js";

export interface PasswordFlags {
	/** The password itself, as in ioctl; an empty one counts as none. */
	readonly password?: string;
	/** Never prompt. */
	readonly nonInteractive?: boolean;
	/** Print no warnings. */
	readonly quiet?: boolean;
}

const MAX_PASSWORD_BYTES = 1_024;
/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Reads the password of an account; as in ioctl, an empty answer is a password. */
export async function readSignerPassword(
	context: CliContext,
	flags: PasswordFlags,
	address: string,
): Promise<string | Uint8Array> {
	const password = await findPassword(context, flags, address);
	const length = typeof password === "string" ? Buffer.byteLength(password) : password.length;
	if (length <= MAX_PASSWORD_BYTES) return password;
	throw new KeyError("key/password-wrong", `expected a password of at most ${MAX_PASSWORD_BYTES} bytes, got ${length}`);
}

async function findPassword(
	context: CliContext,
	{ password, nonInteractive = false, quiet = false }: PasswordFlags,
	address: string,
): Promise<string | Uint8Array> {
	const { env, askSecret, isTerminal, signal, stderr } = context;
	if (password) {
		if (!quiet) {
			stderr("warning: others can see a password on the command line; use the prompt or standard input\n");
		}
		return password;
	}
	if (env["ORGPASS_PASSWORD"]) return env["ORGPASS_PASSWORD"];
	const mayPrompt = !nonInteractive && env["IOCTL_NON_INTERACTIVE"] !== "1";
	const answer = mayPrompt ? await askSecret(`Enter password for #${address}: `) : undefined;
	const line = answer ?? (isTerminal?.() || signal.aborted ? undefined : await readLine(context));
	if (line !== undefined) return line;
	throw new KeyError(
		"key/password-required",
		"expected a password: a line on standard input, ORGPASS_PASSWORD, --password, or a terminal",
	);
}

/** Reads the first line as bytes, without its byte order mark and line ending; undefined if there is no input. */
async function readLine(context: CliContext): Promise<Uint8Array | undefined> {
	const input = await context.readStdin(MAX_INPUT_BYTES);
	if (input.length === 0) return undefined;
	const bytes = BYTE_ORDER_MARK.every((byte, at) => input[at] === byte) ? input.subarray(3) : input;
	let end = bytes.indexOf(LINE_FEED);
	if (end < 0) end = bytes.length;
	while (bytes[end - 1] === CARRIAGE_RETURN) end--;
	return bytes.subarray(0, end);
}
