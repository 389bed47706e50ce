/**
 * `orgpass keys`: generate, inspect and convert keys.
 * @module
 */
import { type Command, Option } from "commander";
import { formatValue, KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../../keys/algorithm.js";
import { generateEcKey } from "../../keys/generate-ec-key.js";
import { MAX_MODULUS_BITS, MIN_MODULUS_BITS } from "../../keys/rsa-components.js";
import type { RsaPrivateKey } from "../../keys/rsa-private-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { addCommand, type CommandHost, type CommandSummary } from "../command.js";
import type { CliContext } from "../context.js";
import { writeSecretFile } from "../files.js";
import {
	convertPrivate,
	convertPublic,
	encodePrivate,
	factsOf,
	PRIVATE_FORMATS,
	PRIVATE_FORMATS_HELP,
	PUBLIC_FORMATS,
	PUBLIC_FORMATS_HELP,
	parseNewKeyFormat,
} from "../key-formats.js";
import type { LoadedKey } from "../key-source.js";
import { option, parsed, required, suggest, usageError } from "../options.js";
import { PASSWORD_OPTION } from "../password-options.js";
import { waitFor } from "../progress.js";

interface LoadFlags {
	readonly algorithm: KeyAlgorithm;
	readonly password?: string;
}

interface GenerateFlags extends LoadFlags {
	readonly out: string;
	readonly format?: string;
	readonly modulusLength?: number;
	readonly force?: boolean;
}

interface ConvertFlags extends LoadFlags {
	readonly to: string;
	readonly public?: boolean;
	readonly out?: string;
	readonly force?: boolean;
}

const ALGORITHM_OPTION = new Option("--algorithm <name>", "algorithm of the key, secp256k1 or RSA")
	.choices(["ES256K", "RS256"])
	.default("ES256K");
const FORCE_OPTION = option("--force", "replace an existing file");

/** The algorithm of a key that was given for another algorithm; a SEC1 label doesn't name the curve. */
const ALGORITHM_OF: ReadonlyMap<unknown, KeyAlgorithm> = new Map([
	["RSA", "RS256"],
	["secp256k1", "ES256K"],
	["EC", "ES256K"],
]);

/** Adds `keys generate|inspect|convert`. */
export function addKeysCommands(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	const keys = program.command(name).description(description);
	addGenerate(keys, host);
	addInspect(keys, host);
	addConvert(keys, host);
}

function addGenerate(keys: Command, host: CommandHost): void {
	addCommand<GenerateFlags>(keys, host, {
		usage: "generate",
		description: "generate a private key and write it to a file only you can read",
		options: [
			required("--out <file>", "output file"),
			ALGORITHM_OPTION,
			suggest(option("--format <format>", `${PRIVATE_FORMATS_HELP}; default sec1, for RS256 pkcs8`), PRIVATE_FORMATS),
			parsed("--modulus-length <bits>", "for RS256: 2048 (default) to 8192", parseModulusLength),
			FORCE_OPTION,
			option("--password <source>", "encrypt with this password (keystore, pkcs8): a file, - or env:NAME"),
		],
		examples: [
			"orgpass keys generate --out webserver.pem",
			"orgpass keys generate --out account.json --format keystore",
			"orgpass keys generate --out app.pem --algorithm RS256 --modulus-length 4096",
		],
		async run({ context, options }) {
			const { algorithm, out, password, modulusLength } = options;
			const format = parseNewKeyFormat(algorithm, options.format, password !== undefined);
			if (modulusLength !== undefined && algorithm !== "RS256") {
				throw usageError("--modulus-length requires --algorithm RS256");
			}
			const privateKey = algorithm === "RS256" ? await generateRsaKey(context, modulusLength) : generateEcKey();
			const text = await encodePrivate(context, privateKey, format, password);
			writeSecretFile(context, out, `${text.trimEnd()}\n`, options.force === true);
			const data = { file: out, format, ...factsOf(privateKey.publicKey, true) };
			const address = data.address === undefined ? "" : `address ${data.address}\n`;
			return { data, text: `wrote ${formatValue(out)}\n${address}thumbprint ${data.thumbprint}` };
		},
	});
}

async function generateRsaKey(context: CliContext, modulusLength: number | undefined): Promise<RsaPrivateKey> {
	const { generateKeyPair } = await import("../../keys/generate.js");
	const { privateKey } = await waitFor(context, "the key's prime numbers", () =>
		generateKeyPair({ algorithm: "RS256", modulusLength }),
	);
	return privateKey;
}

function addInspect(keys: Command, host: CommandHost): void {
	addCommand<LoadFlags>(keys, host, {
		usage: "inspect <key>",
		description: "show a key's public key, thumbprint and addresses",
		options: [ALGORITHM_OPTION, PASSWORD_OPTION],
		examples: ["orgpass keys inspect webserver.pem", "orgpass keys inspect env:WEBSERVER_KEY --json"],
		async run({ context, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await load(context, source, options);
			const data = factsOf(publicKey, privateKey !== undefined);
			const { publicKeyPem, publicKeyJwk, ...lines } = data;
			const text = Object.entries(lines).map(([name, value]) => `${name.padEnd(14)}${value}`);
			return { data, text: `${text.join("\n")}\n${publicKeyPem.trimEnd()}` };
		},
	});
}

function addConvert(keys: Command, host: CommandHost): void {
	addCommand<ConvertFlags>(keys, host, {
		usage: "convert <key>",
		description: "convert a key to another format",
		options: [
			suggest(required("--to <format>", `private: ${PRIVATE_FORMATS_HELP}; public: ${PUBLIC_FORMATS_HELP}`), [
				...new Set([...PRIVATE_FORMATS, ...PUBLIC_FORMATS]),
			]),
			ALGORITHM_OPTION,
			option("--public", "convert only the public key"),
			option("--out <file>", "write to a file only you can read instead of standard output"),
			FORCE_OPTION,
			PASSWORD_OPTION,
		],
		examples: [
			"orgpass keys convert webserver.pem --public --to spki",
			"orgpass keys convert webserver.pem --to jwk --out webserver.jwk",
		],
		async run({ context, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await load(context, source, options);
			const isPublic = options.public === true || privateKey === undefined;
			const { format, text } = isPublic
				? convertPublic(publicKey, options.to)
				: await convertPrivate(context, privateKey, options.to);
			const data = { format, private: !isPublic };
			if (options.out === undefined) {
				const key = text.startsWith("{") ? JSON.parse(text) : text;
				return { data: { ...data, key }, text: text.trimEnd() };
			}
			writeSecretFile(context, options.out, `${text.trimEnd()}\n`, options.force === true);
			return { data: { ...data, file: options.out }, text: `wrote ${formatValue(options.out)}` };
		},
	});
}

function parseModulusLength(text: string, option: string): number {
	const bits = /^[1-9][0-9]{3}$/.test(text) ? Number(text) : 0;
	if (bits % 8 === 0 && bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS) return bits;
	throw invalidOption(option, `a multiple of 8 from ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS}`);
}

/** Loads a key of the requested algorithm; if the key has another one, the error says how to request it. */
async function load(
	context: CliContext,
	source: string,
	{ algorithm, password }: LoadFlags,
): Promise<LoadedKey<KeyAlgorithm>> {
	const { loadKey } = await import("../key-source.js");
	try {
		return await loadKey(context, { source, password }, algorithm);
	} catch (error) {
		const actual = error instanceof KeyError ? error.details["actual"] : undefined;
		const other = ALGORITHM_OF.get(actual);
		if (other === undefined) throw error;
		throw new KeyError(
			"key/wrong-algorithm",
			`expected a key for ${algorithm}, got ${actual}: add --algorithm ${other}`,
			{ details: (error as KeyError).details, cause: error },
		);
	}
}
