/**
 * `KEY` on the command line: a file, `-` for standard input, `env:NAME`, or a `0x…` literal.
 * @module
 */
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { ConfigError, formatValue, isOrgpassError, KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import { addKeyAdvice } from "../keys/formats/key-advice.js";
import { describeKey, isPhrase, type KeyRequest } from "../keys/formats/recognize-key.js";
import { importPrivateKey } from "../keys/import-private-key.js";
import { importPublicKey } from "../keys/import-public-key.js";
import type { PrivateKeys, PublicKeys } from "../keys/key-classes.js";
import type { Password } from "../keys/password.js";
import type { CliContext } from "./context.js";
import { readFile } from "./files.js";
import { KEY_AS_FILE_NAME } from "./options.js";
import { waitFor } from "./progress.js";
import { MAX_INPUT_BYTES, readStdinBytes } from "./standard-input.js";

const KEY_FILE = "the key file (a key is a file, -, env:NAME or 0x…)";
const PASSWORD_FILE = "the password file (a password comes from a file, - or env:NAME)";

export interface LoadedKey<Algorithm extends KeyAlgorithm = "ES256K"> {
	readonly publicKey: PublicKeys[Algorithm];
	/** Absent if a public key was given. */
	readonly privateKey?: PrivateKeys[Algorithm];
}

/** A key as it was given on the command line. */
export interface KeyArgument {
	readonly source: string;
	/** The option that it is the value of; absent for an operand. */
	readonly option?: string;
	/** The source of its password. */
	readonly password?: string | undefined;
	/** The option that the password is the value of: `--password` by default. */
	readonly passwordOption?: string;
}

/** The key of `--key`, with `--password`. */
export function toKeyArgument({ key, password }: { readonly key: string; readonly password?: string }): KeyArgument {
	return { source: key, option: "--key", password };
}

/** The key of an option that needs only its public key, with `--key-password`. */
export function toPublicKeyArgument(
	option: string,
	source: string,
	{ keyPassword }: { readonly keyPassword?: string },
): KeyArgument {
	return { source, option, password: keyPassword, passwordOption: "--key-password" };
}

/** The contents of a source that a command was given. */
interface Source {
	readonly text: string;
	/** The contents of a file or standard input. */
	readonly bytes?: Uint8Array;
	/** Printed if the text turns out to be a private key. */
	readonly warning?: string;
}

/** Loads a private or public key. */
export async function loadKey<Algorithm extends KeyAlgorithm = "ES256K">(
	context: CliContext,
	key: KeyArgument,
	algorithm?: Algorithm,
	expected: KeyRequest["expected"] = "public",
): Promise<LoadedKey<Algorithm>> {
	const { text, bytes, warning } = await readKeySource(context, key);
	try {
		return { publicKey: importPublicKey(text, { algorithm }) };
	} catch (error) {
		const isPrivate = isOrgpassError(error) && error.code === "key/public-expected";
		if (!isPrivate) {
			// Decoding replaces anything that isn't UTF-8, so advice needs the bytes.
			const isText = !text.includes("\ufffd") && !text.includes("\0");
			throw addKeyAdvice(error, isText ? text : bytes, { algorithm: algorithm ?? "ES256K", expected });
		}
	}
	if (warning !== undefined) context.stderr(`warning: ${warning}\n`);
	const privateKey = await importWithPassword(context, text, key, algorithm);
	return { publicKey: privateKey.publicKey as PublicKeys[Algorithm], privateKey };
}

export async function loadPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	context: CliContext,
	key: KeyArgument,
	algorithm?: Algorithm,
): Promise<PrivateKeys[Algorithm]> {
	const { privateKey } = await loadKey(context, key, algorithm, "private");
	if (privateKey !== undefined) return privateKey;
	throw new KeyError("key/private-expected", "expected a private key, got a public key");
}

/** Reads a key's password from its source, from ORGPASS_PASSWORD, or at a prompt; it may be empty. */
async function readPassword(
	context: CliContext,
	source: string | undefined,
	question: string,
	option?: string,
): Promise<Password> {
	if (source !== undefined) return readPasswordSource(context, source, option);
	const password = context.env["ORGPASS_PASSWORD"] || (await context.askSecret(question));
	if (password !== undefined) return password;
	throw missingPassword();
}

/** Reads the password of a new key, which must not be empty. */
export async function readNewPassword(
	context: CliContext,
	source: string | undefined,
	question: string,
): Promise<Password> {
	const password = await readPassword(context, source, question);
	if (password.length > 0) return password;
	throw missingPassword();
}

async function importWithPassword<Algorithm extends KeyAlgorithm>(
	context: CliContext,
	text: string,
	{ password: source, passwordOption }: KeyArgument,
	algorithm: Algorithm | undefined,
): Promise<PrivateKeys[Algorithm]> {
	if (source === undefined) {
		try {
			return await importPrivateKey(text, { algorithm });
		} catch (error) {
			const needsPassword = isOrgpassError(error) && error.code === "key/password-required";
			if (!needsPassword) throw error;
		}
	}
	const password = await readPassword(context, source, "Password of the key: ", passwordOption);
	return waitFor(context, "the key to be decrypted", () => importPrivateKey(text, { algorithm, password }));
}

/** An empty environment variable means an empty password. */
async function readPasswordSource(context: CliContext, source: string, option = "--password"): Promise<Password> {
	if (source.startsWith("env:") && context.env[source.slice(4)] === "") return "";
	const { text, bytes } = await readSource(context, source, option, PASSWORD_FILE);
	return bytes === undefined ? text : decodePassword(bytes);
}

/** Strips a byte order mark and one line ending; bytes that aren't text are used unchanged. */
function decodePassword(bytes: Uint8Array): Password {
	const [first, second] = bytes;
	const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
	const encoding = isUtf16 ? (first === 0xff ? "utf-16le" : "utf-16be") : "utf-8";
	const text = undefinedOnError(() => new TextDecoder(encoding, { fatal: true }).decode(bytes));
	if (text !== undefined) return text.replace(/\r?\n$/, "");
	const line = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
	return line.length < bytes.length && line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

function missingPassword(): KeyError {
	return new KeyError(
		"key/password-required",
		"expected a password: use --password FILE, ORGPASS_PASSWORD, or a terminal",
	);
}

async function readKeySource(context: CliContext, { source, option }: KeyArgument): Promise<Source> {
	try {
		return await readSource(context, source, option, KEY_FILE);
	} catch (error) {
		const advice = adviseOnSource(context, source);
		throw advice === undefined ? error : new ConfigError("config/file", named(option, advice), { cause: error });
	}
}

/** Advice for a source that can't be read, without repeating it. */
function adviseOnSource({ env }: CliContext, source: string): string | undefined {
	if (source === "") return "the name of the key file is empty: check that the variable it comes from has a value";
	if (describeKey(source.trim()) !== undefined || isPhrase(source)) {
		return KEY_AS_FILE_NAME;
	}
	if (Object.hasOwn(env, source)) return "expected the name of a file, got that of a variable: pass env:NAME";
	return source.startsWith("~/") ? "the shell didn't expand ~ in the name of the key file: write $HOME" : undefined;
}

/** Says which option a message is about. */
function named(option: string | undefined, message: string): string {
	return option === undefined ? message : `${option}: ${message}`;
}

async function readSource(
	context: CliContext,
	source: string,
	option: string | undefined,
	what: string,
): Promise<Source> {
	if (source === "-") {
		const bytes = await readStdinBytes(context, MAX_INPUT_BYTES);
		return { text: new TextDecoder().decode(bytes), bytes };
	}
	if (source.startsWith("env:")) {
		const name = source.slice(4);
		const text = Object.hasOwn(context.env, name) ? context.env[name] : undefined;
		if (text) return { text };
		const shown = /^[A-Z][A-Z0-9_]{0,39}$/.test(name) ? ` ${name}` : "";
		throw new ConfigError("config/invalid-option", named(option, `the environment variable${shown} is not set`));
	}
	if (source.startsWith("0x")) {
		const warning = "a private key on the command line can be read by others; use a file, - or env:NAME";
		return { text: source, warning };
	}
	const { text, bytes, isExposed } = readFile(context, source, what, { option });
	return { text, bytes, ...(isExposed && { warning: `others can read ${formatValue(source)}; run chmod 600 on it` }) };
}
