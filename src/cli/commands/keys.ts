/**
 * `orgpass keys`: generate, inspect and convert keys.
 * @module
 */
import type { Command } from "commander";
import { describe } from "../../encoding/display.js";
import { ConfigError, KeyError } from "../../errors.js";
import { toAddress, toIoAddress } from "../../keys/addresses.js";
import { exportKeystore, exportPrivateKey } from "../../keys/export-private-key.js";
import { exportPublicKey } from "../../keys/export-public-key.js";
import { generateKeyPair } from "../../keys/generate.js";
import type { PrivateKey } from "../../keys/private-key.js";
import type { PublicKey } from "../../keys/public-key.js";
import { thumbprint } from "../../keys/thumbprint.js";
import { addCommand, type CommandHost } from "../command.js";
import { writeSecretFile } from "../files.js";
import type { CliIo } from "../io.js";
import { loadKey, readPassword } from "../key-source.js";

const PRIVATE_FORMATS = ["sec1", "pkcs8", "jwk", "hex", "keystore"] as const;
const ENCRYPTED_FORMATS: readonly string[] = ["keystore", "pkcs8"];
const PUBLIC_FORMATS = ["spki", "spki-base64", "jwk", "hex", "compressed-hex"] as const;
const PASSWORD_FLAG = ["--password <source>", "the key's password: a file, - or env:NAME"] as const;

/** Adds `keys generate|inspect|convert`. */
export function addKeysCommands(program: Command, host: CommandHost): void {
	const keys = program.command("keys").description("generate, inspect and convert secp256k1 keys");

	addGenerate(keys, host);
	addInspect(keys, host);
	addConvert(keys, host);
}

function addGenerate(keys: Command, host: CommandHost): void {
	addCommand<{ out: string; format: string; force?: boolean; password?: string }>(keys, host, {
		usage: "generate",
		description: "make a private key and write it to a file only you can read",
		flags: [
			["!--out <file>", "where to write it"],
			["--format <format>", `${PRIVATE_FORMATS.join(", ")}; sec1 by default`],
			["--force", "replace an existing file"],
			["--password <source>", "encrypt with this password (keystore, pkcs8): a file, - or env:NAME"],
		],
		example: "orgpass keys generate --out webserver.pem",
		async run({ io, options }) {
			const format = oneOf(PRIVATE_FORMATS, options.format ?? "sec1", "format");
			if (options.password !== undefined && !ENCRYPTED_FORMATS.includes(format)) {
				throw new ConfigError(
					"config/usage",
					`--password goes with --format ${ENCRYPTED_FORMATS.join(" or ")}`,
				);
			}
			const { privateKey } = await generateKeyPair();
			const text = await encodePrivate(io, privateKey, format, options.password);
			writeSecretFile(io, options.out, `${text.trimEnd()}\n`, options.force === true);
			const facts = { file: options.out, format, ...inspect(privateKey.publicKey, true) };
			return {
				data: facts,
				text: `wrote ${describe(options.out)}\naddress ${facts.address}\nthumbprint ${facts.thumbprint}`,
			};
		},
	});
}

function addInspect(keys: Command, host: CommandHost): void {
	addCommand<{ password?: string }>(keys, host, {
		usage: "inspect <key>",
		description: "show a key's public half, thumbprint and addresses",
		flags: [PASSWORD_FLAG],
		async run({ io, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await loadKey(io, source, options.password);
			const facts = inspect(publicKey, privateKey !== undefined);
			const { publicKeyPem, publicKeyJwk, ...lines } = facts;
			const text = Object.entries(lines).map(([name, value]) => `${name.padEnd(14)}${value}`);
			return { data: facts, text: `${text.join("\n")}\n${publicKeyPem.trimEnd()}` };
		},
	});
}

function addConvert(keys: Command, host: CommandHost): void {
	addCommand<{ to: string; public?: boolean; out?: string; force?: boolean; password?: string }>(keys, host, {
		usage: "convert <key>",
		description: "write a key in another format",
		flags: [
			["!--to <format>", `private: ${PRIVATE_FORMATS.join(", ")}; public: ${PUBLIC_FORMATS.join(", ")}`],
			["--public", "only its public half"],
			["--out <file>", "write to a file only you can read, instead of standard output"],
			["--force", "replace an existing file"],
			PASSWORD_FLAG,
		],
		example: "orgpass keys convert webserver.pem --public --to spki",
		async run({ io, options, operands: [source = ""] }) {
			const { publicKey, privateKey } = await loadKey(io, source, options.password);
			const isPublic = options.public === true || privateKey === undefined;
			const { format, text } = isPublic
				? encodePublic(publicKey, options.to)
				: await convertPrivate(io, privateKey, options.to);
			const data = { format, private: !isPublic };
			if (options.out === undefined) {
				return {
					data: { ...data, key: text.startsWith("{") ? JSON.parse(text) : text },
					text: text.trimEnd(),
				};
			}
			writeSecretFile(io, options.out, `${text.trimEnd()}\n`, options.force === true);
			return { data: { ...data, file: options.out }, text: `wrote ${describe(options.out)}` };
		},
	});
}

function inspect(publicKey: PublicKey, isPrivate: boolean) {
	return {
		kind: publicKey.curve,
		private: isPrivate,
		publicKeyHex: exportPublicKey(publicKey, "hex"),
		publicKeyJwk: exportPublicKey(publicKey, "jwk"),
		publicKeyPem: exportPublicKey(publicKey, "spki"),
		thumbprint: thumbprint(publicKey),
		address: toAddress(publicKey),
		ioAddress: toIoAddress(publicKey),
	};
}

async function convertPrivate(
	io: CliIo,
	key: PrivateKey,
	to: string,
): Promise<{ format: string; text: string }> {
	if (!isOneOf(PRIVATE_FORMATS, to) && isOneOf(PUBLIC_FORMATS, to)) {
		throw new KeyError(
			"key/public-expected",
			`${to} is a format of public keys; add --public to convert that half`,
		);
	}
	const format = oneOf(PRIVATE_FORMATS, to, "to");
	return { format, text: await encodePrivate(io, key, format, undefined) };
}

async function encodePrivate(
	io: CliIo,
	key: PrivateKey,
	format: (typeof PRIVATE_FORMATS)[number],
	passwordSource: string | undefined,
): Promise<string> {
	if (format === "keystore") {
		const password = await readPassword(io, passwordSource, "New password of the keystore: ");
		return JSON.stringify(await exportKeystore(key, password));
	}
	if (format === "jwk") return JSON.stringify(exportPrivateKey(key, "jwk"));
	if (format === "pkcs8" && passwordSource !== undefined) {
		return exportPrivateKey(key, "pkcs8", { password: await readPassword(io, passwordSource, "") });
	}
	return exportPrivateKey(key, format);
}

function encodePublic(key: PublicKey, to: string): { format: string; text: string } {
	const format = oneOf(PUBLIC_FORMATS, to, "to");
	const text = format === "jwk" ? JSON.stringify(exportPublicKey(key, "jwk")) : exportPublicKey(key, format);
	return { format, text };
}

function oneOf<const Names extends readonly string[]>(
	names: Names,
	text: string,
	option: string,
): Names[number] {
	if (isOneOf(names, text)) return text;
	throw new ConfigError("config/invalid-option", `--${option} must be one of ${names.join(", ")}`, {
		details: { option },
	});
}

function isOneOf<const Names extends readonly string[]>(names: Names, text: string): text is Names[number] {
	return names.includes(text);
}
