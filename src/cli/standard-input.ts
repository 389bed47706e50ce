/** @module */
import { ConfigError } from "../errors/errors.js";
import type { CliContext } from "./context.js";

/** The size limit of keys, tokens and configuration files. */
export const MAX_INPUT_BYTES = 65_536;

/** Reads standard input as text. */
export async function readStdinText(context: CliContext): Promise<string> {
	return new TextDecoder().decode(await readStdinBytes(context, MAX_INPUT_BYTES)).trim();
}

export async function readStdinBytes(context: CliContext, maxBytes: number): Promise<Uint8Array> {
	const bytes = await context.readStdin(maxBytes + 1);
	if (bytes.length <= maxBytes) return bytes;
	throw new ConfigError("config/file", `standard input is larger than ${maxBytes} bytes`);
}
