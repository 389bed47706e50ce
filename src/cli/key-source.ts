/**
 * `KEY` on the command line: a file, `-` for standard input, `env:NAME`, or a `0x…` literal.
 * @module
 */
import type { Option } from "commander";
import { ConfigError, formatValue, isOrgpassError, KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import { importPrivateKey } from "../keys/import-private-key.js";
import { importPublicKey } from "../keys/import-public-key.js";
import type { PrivateKeys, PublicKeys } from "../keys/key-classes.js";
import type { CliContext } from "./context.js";
import { MAX_INPUT_BYTES, readFile } from "./files.js";
import { option } from "./options.js";

export interface LoadedKey<Algorithm extends KeyAlgorithm = "ES256K"> {
	readonly publicKey: PublicKeys[Algorithm];
	/** Absent if a public key was given. */
	readonly privateKey?: PrivateKeys[Algorithm];
}

interface Source {
	readonly text: string;
	/** Printed if the text turns out to be a private key. */
	readonly warning?: string;
}

export const PASSWORD_OPTION: Option = option(
	"--password <source>",
	"password of the private key: a file, - or env:NAME",
);

/** `--key-password`, if `--password` belongs to another key. */
export const KEY_PASSWORD_OPTION: Option = option(
	"--key-password <source>",
	"password of that key, if it is an encrypted private key: a file, - or env:NAME",
);

/** Loads a private or public key. */
export async function loadKey<Algorithm extends KeyAlgorithm = "ES256K">(
	context: CliContext,
	source: string,
	passwordSource?: string,
	algorithm?: Algorithm,
): Promise<LoadedKey<Algorithm>> {
	const { text, warning } = await readSource(context, source);
	try {
		return { publicKey: importPublicKey(text, { algorithm }) };
	} catch (error) {
		const isPrivate = isOrgpassError(error) && error.code === "key/public-expected";
		if (!isPrivate) throw error;
	}
	if (warning !== undefined) context.stderr(`warning: ${warning}\n`);
	const privateKey = await importWithPassword(context, text, passwordSource, algorithm);
	return { publicKey: privateKey.publicKey as PublicKeys[Algorithm], privateKey };
}

export async function loadPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	context: CliContext,
	source: string,
	passwordSource?: string,
	algorithm?: Algorithm,
): Promise<PrivateKeys[Algorithm]> {
	const { privateKey } = await loadKey(context, source, passwordSource, algorithm);
	if (privateKey !== undefined) return privateKey;
	throw new KeyError("key/private-expected", "expected a private key, got a public key");
}

/** Reads a password from its source, from ORGPASS_PASSWORD, or at a prompt. */
export async function readPassword(context: CliContext, source: string | undefined, question: string): Promise<string> {
	const given = source === undefined ? context.env["ORGPASS_PASSWORD"] : (await readSource(context, source)).text;
	const password = given?.replace(/\r?\n$/, "") ?? (await context.askSecret(question));
	if (password) return password;
	throw new KeyError(
		"key/password-required",
		"expected a password: use --password FILE, ORGPASS_PASSWORD, or a terminal",
	);
}

/** Reads standard input as text. */
export async function readStdinText(context: CliContext): Promise<string> {
	return new TextDecoder().decode(await readStdinBytes(context, MAX_INPUT_BYTES)).trim();
}

export async function readStdinBytes(context: CliContext, maxBytes: number): Promise<Uint8Array> {
	const bytes = await context.readStdin(maxBytes + 1);
	if (bytes.length <= maxBytes) return bytes;
	throw new ConfigError("config/file", `standard input is larger than ${maxBytes} bytes`);
}

async function importWithPassword<Algorithm extends KeyAlgorithm>(
	context: CliContext,
	text: string,
	passwordSource: string | undefined,
	algorithm: Algorithm | undefined,
): Promise<PrivateKeys[Algorithm]> {
	if (passwordSource === undefined) {
		try {
			return await importPrivateKey(text, { algorithm });
		} catch (error) {
			const needsPassword = isOrgpassError(error) && error.code === "key/password-required";
			if (!needsPassword) throw error;
		}
	}
	const password = await readPassword(context, passwordSource, "Password of the key: ");
	return importPrivateKey(text, { algorithm, password });
}

async function readSource(context: CliContext, source: string): Promise<Source> {
	if (source === "-") return { text: await readStdinText(context) };
	if (source.startsWith("env:")) {
		const name = source.slice(4);
		const text = context.env[name];
		if (text) return { text };
		const shown = /^[A-Z][A-Z0-9_]{0,39}$/.test(name) ? ` ${name}` : "";
		throw new ConfigError("config/invalid-option", `the environment variable${shown} is not set`);
	}
	if (source.startsWith("0x")) {
		const warning = "a private key on the command line can be read by others; use a file, - or env:NAME";
		return { text: source, warning };
	}
	const what = "the key file (a key is a file, -, env:NAME or 0x…)";
	const { text, isExposed } = readFile(context, source, what);
	return isExposed ? { text, warning: `others can read ${formatValue(source)}; run chmod 600 on it` } : { text };
}
