/**
 * The password of the account that signs: as a flag, in ORGPASS_PASSWORD, at a prompt, or a line on standard input.
 * @module
 */
import { KeyError } from "../../../errors/errors.js";
import type { CliContext } from "../../context.js";
import { MAX_INPUT_BYTES } from "../../files.js";

/** Where a password may come from. */
export interface PasswordFlags {
	/** The password itself, as ioctl has it; an empty one means none. */
	readonly password?: string;
	/** Never ask. */
	readonly nonInteractive?: boolean;
	/** No warnings. */
	readonly quiet?: boolean;
}

/** No key is opened with more. */
const MAX_BYTES = 1_024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Finds the password of an account. An empty answer is a password, as it is for ioctl. */
export async function readSignerPassword(
	context: CliContext,
	flags: PasswordFlags,
	address: string,
): Promise<string | Uint8Array> {
	const password = await findPassword(context, flags, address);
	const length = typeof password === "string" ? Buffer.byteLength(password) : password.length;
	if (length <= MAX_BYTES) return password;
	throw new KeyError(
		"key/password-wrong",
		`expected a password of ${MAX_BYTES} bytes at most, got ${length}`,
	);
}

async function findPassword(
	context: CliContext,
	{ password, nonInteractive = false, quiet = false }: PasswordFlags,
	address: string,
): Promise<string | Uint8Array> {
	if (password) {
		if (!quiet) {
			context.stderr(
				"warning: others can see a password on the command line; use the prompt or standard input\n",
			);
		}
		return password;
	}
	const kept = context.env["ORGPASS_PASSWORD"];
	if (kept) return kept;
	const mayAsk = !nonInteractive && context.env["IOCTL_NON_INTERACTIVE"] !== "1";
	const answer = mayAsk ? await context.askSecret(`Enter password for #${address}: `) : undefined;
	if (answer !== undefined) return answer;
	const line = context.isTerminal || context.signal.aborted ? undefined : await readLine(context);
	if (line !== undefined) return line;
	throw new KeyError(
		"key/password-required",
		"expected a password: a line on standard input, ORGPASS_PASSWORD, --password, or a terminal to ask at",
	);
}

/** The first line, without its end; undefined where there is nothing at all. */
async function readLine(context: CliContext): Promise<Uint8Array | undefined> {
	const bytes = await context.readStdin(MAX_INPUT_BYTES);
	if (bytes.length === 0) return undefined;
	let end = bytes.indexOf(LINE_FEED);
	if (end < 0) end = bytes.length;
	while (bytes[end - 1] === CARRIAGE_RETURN) end--;
	return bytes.subarray(0, end);
}
