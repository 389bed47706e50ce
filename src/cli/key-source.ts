/**
 * `KEY` on the command line: a file, `-` for standard input, `env:NAME`, or a `0x…` literal.
 * @module
 */
import { ConfigError, isOrgpassError, KeyError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import { importPrivateKey } from "../keys/import-private-key.js";
import { importPublicKey } from "../keys/import-public-key.js";
import type { PrivateKeys, PublicKeys } from "../keys/key-classes.js";
import { invalidOption } from "../options/invalid-option.js";
import type { CliContext } from "./context.js";
import { MAX_INPUT_BYTES, readTextFile } from "./files.js";

/** A key as it was found. */
export interface LoadedKey<Algorithm extends KeyAlgorithm = "ES256K"> {
	readonly publicKey: PublicKeys[Algorithm];
	/** Absent where only the public half was given. */
	readonly privateKey?: PrivateKeys[Algorithm];
}

interface Source {
	readonly text: string;
	/** What to tell the user if the text turns out to be a private key. */
	readonly warning?: string;
}

/** Loads a key, private or public; a private key lends its public half. */
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

/** Loads a private key. */
export async function loadPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	context: CliContext,
	source: string,
	passwordSource?: string,
	algorithm?: Algorithm,
): Promise<PrivateKeys[Algorithm]> {
	const { privateKey } = await loadKey(context, source, passwordSource, algorithm);
	if (privateKey !== undefined) return privateKey;
	throw new KeyError("key/private-expected", `expected a private key, got a public one`);
}

/** Finds a password: where the option says, in ORGPASS_PASSWORD, or by asking. */
export async function readPassword(
	context: CliContext,
	source: string | undefined,
	question: string,
): Promise<string> {
	const given =
		source === undefined ? context.env["ORGPASS_PASSWORD"] : (await readSource(context, source)).text;
	const password = given?.replace(/\r?\n$/, "") ?? (await context.askSecret(question));
	if (password) return password;
	throw new KeyError(
		"key/password-required",
		"expected a password: --password FILE, ORGPASS_PASSWORD, or a terminal",
	);
}

/** Reads all of standard input as text. */
export async function readStdinText(context: CliContext): Promise<string> {
	const bytes = await context.readStdin(MAX_INPUT_BYTES + 1);
	if (bytes.length > MAX_INPUT_BYTES) {
		throw new ConfigError("config/file", `standard input holds more than ${MAX_INPUT_BYTES} bytes`);
	}
	return new TextDecoder().decode(bytes).trim();
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
		throw invalidOption("key", "set", { label: `the environment variable${shown}` });
	}
	if (source.startsWith("0x")) {
		const warning = "a private key on the command line can be read by others; use a file, - or env:NAME";
		return { text: source, warning };
	}
	const { text, isExposed } = readTextFile(
		context,
		source,
		"the key file (a key is a file, -, env:NAME or 0x…)",
	);
	return isExposed
		? { text, warning: `others can read ${formatValue(source)}; run chmod 600 on it` }
		: { text };
}
