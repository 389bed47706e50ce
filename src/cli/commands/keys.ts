/**
 * `orgpass keys`: generate, inspect and convert keys.
 * @module
 */
import type { Command } from "commander";
import { ConfigError, KeyError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import type { KeyAlgorithm } from "../../keys/algorithm.js";
import { generateKeyPair, type KeyPair } from "../../keys/generate.js";
import { MAX_MODULUS_BITS, MIN_MODULUS_BITS } from "../../keys/rsa-components.js";
import { invalidOption } from "../../options/invalid-option.js";
import { addCommand, type CommandHost } from "../command.js";
import type { CliContext } from "../context.js";
import { writeSecretFile } from "../files.js";
import {
	convertPrivate,
	encodePrivate,
	encodePublic,
	factsOf,
	newKeyFormat,
	oneOf,
	PRIVATE_FORMATS_HELP,
	PUBLIC_FORMATS_HELP,
} from "../key-formats.js";
import { type LoadedKey, loadKey } from "../key-source.js";

const ALGORITHMS: readonly KeyAlgorithm[] = ["ES256K", "RS256"];
const PASSWORD_FLAG = ["--password <source>", "the key's password: a file, - or env:NAME"] as const;
const ALGORITHM_FLAG = [
	"--algorithm <name>",
	"what the key is for: ES256K (secp256k1, the default) or RS256 (RSA)",
] as const;

/** What takes a kind of key that arrived; of SEC1's label not even the curve is known. */
const ALGORITHM_OF: ReadonlyMap<unknown, KeyAlgorithm> = new Map([
	["RSA", "RS256"],
	["secp256k1", "ES256K"],
	["EC", "ES256K"],
]);

interface GenerateFlags {
	readonly out: string;
	readonly algorithm?: string;
	readonly format?: string;
	readonly modulusLength?: string;
	readonly force?: boolean;
	readonly password?: string;
}

/** Adds `keys generate|inspect|convert`. */
export function addKeysCommands(program: Command, host: CommandHost): void {
	const keys = program.command("keys").description("generate, inspect and convert secp256k1 and RSA keys");

	addGenerate(keys, host);
	addInspect(keys, host);
	addConvert(keys, host);
}

function addGenerate(keys: Command, host: CommandHost): void {
	addCommand<GenerateFlags>(keys, host, {
		usage: "generate",
		description: "make a private key and write it to a file only you can read",
		flags: [
			["!--out <file>", "where to write it"],
			ALGORITHM_FLAG,
			["--format <format>", `${PRIVATE_FORMATS_HELP}; sec1 by default, for RS256 pkcs8`],
			["--modulus-length <bits>", "for RS256: 2048 to 8192, 2048 by default"],
			["--force", "replace an existing file"],
			["--password <source>", "encrypt with this password (keystore, pkcs8): a file, - or env:NAME"],
		],
		example: "orgpass keys generate --out webserver.pem",
		async run({ context, options }) {
			const algorithm = algorithmOf(options.algorithm);
			const format = newKeyFormat(algorithm, options.format, options.password !== undefined);
			const { privateKey, publicKey } = await generate(algorithm, options.modulusLength);
			const text = await encodePrivate(context, privateKey, format, options.password);
			writeSecretFile(context, options.out, `${text.trimEnd()}\n`, options.force === true);
			const facts = { file: options.out, format, ...factsOf(publicKey, true) };
			const address = facts.address === undefined ? "" : `address ${facts.address}\n`;
			return {
				data: facts,
				text: `wrote ${formatValue(options.out)}\n${address}thumbprint ${facts.thumbprint}`,
			};
		},
	});
}

function addInspect(keys: Command, host: CommandHost): void {
	addCommand<{ algorithm?: string; password?: string }>(keys, host, {
		usage: "inspect <key>",
		description: "show a key's public half, thumbprint and addresses",
		flags: [ALGORITHM_FLAG, PASSWORD_FLAG],
		async run({ context, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await load(context, source, options);
			const facts = factsOf(publicKey, privateKey !== undefined);
			const { publicKeyPem, publicKeyJwk, ...lines } = facts;
			const text = Object.entries(lines).map(([name, value]) => `${name.padEnd(14)}${value}`);
			return { data: facts, text: `${text.join("\n")}\n${publicKeyPem.trimEnd()}` };
		},
	});
}

function addConvert(keys: Command, host: CommandHost): void {
	addCommand<{
		to: string;
		algorithm?: string;
		public?: boolean;
		out?: string;
		force?: boolean;
		password?: string;
	}>(keys, host, {
		usage: "convert <key>",
		description: "write a key in another format",
		flags: [
			["!--to <format>", `private: ${PRIVATE_FORMATS_HELP}; public: ${PUBLIC_FORMATS_HELP}`],
			ALGORITHM_FLAG,
			["--public", "only its public half"],
			["--out <file>", "write to a file only you can read, instead of standard output"],
			["--force", "replace an existing file"],
			PASSWORD_FLAG,
		],
		example: "orgpass keys convert webserver.pem --public --to spki",
		async run({ context, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await load(context, source, options);
			const isPublic = options.public === true || privateKey === undefined;
			const { format, text } = isPublic
				? encodePublic(publicKey, options.to)
				: await convertPrivate(context, privateKey, options.to);
			const data = { format, private: !isPublic };
			if (options.out === undefined) {
				return {
					data: { ...data, key: text.startsWith("{") ? JSON.parse(text) : text },
					text: text.trimEnd(),
				};
			}
			writeSecretFile(context, options.out, `${text.trimEnd()}\n`, options.force === true);
			return { data: { ...data, file: options.out }, text: `wrote ${formatValue(options.out)}` };
		},
	});
}

function algorithmOf(text: string | undefined): KeyAlgorithm {
	return oneOf(ALGORITHMS, text ?? "ES256K", "algorithm");
}

async function generate(algorithm: KeyAlgorithm, bits: string | undefined): Promise<KeyPair<KeyAlgorithm>> {
	if (bits === undefined) return generateKeyPair({ algorithm });
	if (algorithm !== "RS256") {
		throw new ConfigError("config/usage", "--modulus-length goes with --algorithm RS256");
	}
	const modulusLength = /^[1-9][0-9]{3}$/.test(bits) ? Number(bits) : 0;
	if (modulusLength % 8 === 0 && modulusLength >= MIN_MODULUS_BITS && modulusLength <= MAX_MODULUS_BITS) {
		return generateKeyPair({ algorithm, modulusLength });
	}
	throw invalidOption("modulus-length", `a multiple of 8 from ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS}`, {
		label: "--modulus-length",
	});
}

/** Loads a key of the algorithm asked for; a refusal of another kind names the flag that would take it. */
async function load(
	context: CliContext,
	source: string,
	options: { readonly algorithm?: string; readonly password?: string },
): Promise<LoadedKey<KeyAlgorithm>> {
	const algorithm = algorithmOf(options.algorithm);
	try {
		return await loadKey(context, source, options.password, algorithm);
	} catch (error) {
		const actual = error instanceof KeyError ? error.details["actual"] : undefined;
		const other = ALGORITHM_OF.get(actual);
		if (other === undefined) throw error;
		throw new KeyError(
			"key/wrong-algorithm",
			`${algorithm} was asked for, the key is ${actual}: add --algorithm ${other}`,
			{ details: (error as KeyError).details, cause: error },
		);
	}
}
