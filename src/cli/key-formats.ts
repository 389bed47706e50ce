/**
 * The formats of keys, and what the commands show of a key.
 * @module
 */
import { KeyError } from "../errors/errors.js";
import { toAddress, toIoAddress } from "../keys/address.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import type { EcPublicJwk, RsaPublicJwk } from "../keys/formats/jwk.js";
import type { PrivateKey } from "../keys/private-key.js";
import { findPrivateKeyWriter } from "../keys/private-key-writers.js";
import type { PublicKey } from "../keys/public-key.js";
import type { RsaPrivateKey } from "../keys/rsa-private-key.js";
import type { RsaPublicKey } from "../keys/rsa-public-key.js";
import { invalidOption } from "../options/invalid-option.js";
import type { CliContext } from "./context.js";
import { usageError } from "./options.js";
import { waitFor } from "./progress.js";

interface Formats {
	readonly private: readonly string[];
	readonly public: readonly string[];
	/** The format of a new key. */
	readonly default: string;
}

const FORMATS: Readonly<Record<KeyAlgorithm, Formats>> = {
	ES256K: {
		private: ["sec1", "pkcs8", "jwk", "hex", "keystore"],
		public: ["spki", "spki-base64", "jwk", "hex", "compressed-hex"],
		// As `openssl ecparam -genkey` writes it.
		default: "sec1",
	},
	RS256: {
		private: ["pkcs1", "pkcs8", "jwk"],
		public: ["spki", "spki-base64", "pkcs1", "jwk"],
		// As `openssl genpkey` writes it.
		default: "pkcs8",
	},
};
const ENCRYPTED_FORMATS: readonly string[] = ["keystore", "pkcs8"];

export const PRIVATE_FORMATS: readonly string[] = allFormats("private");

export const PUBLIC_FORMATS: readonly string[] = allFormats("public");

export const PRIVATE_FORMATS_HELP: string = formatsHelp("private");

export const PUBLIC_FORMATS_HELP: string = formatsHelp("public");

/** What `keys inspect` shows of a key. */
export interface KeyFacts {
	/** `secp256k1` or `RSA`. */
	readonly kind: string;
	readonly private: boolean;
	readonly thumbprint: string;
	readonly publicKeyJwk: EcPublicJwk | RsaPublicJwk;
	readonly publicKeyPem: string;
	/** Only for secp256k1 keys, like the addresses. */
	readonly publicKeyHex?: string;
	readonly address?: string;
	readonly ioAddress?: string;
	/** Only for RSA keys, in bits. */
	readonly modulusLength?: number;
}

export interface EncodedKey {
	readonly format: string;
	readonly text: string;
}

// The format is checked against FORMATS, which the overloads can't see.
const exportPublic = exportPublicKey as unknown as (key: PublicKey | RsaPublicKey, format: string) => string | object;

/** Describes a key by its public key. */
export function factsOf(key: PublicKey | RsaPublicKey, isPrivate: boolean): KeyFacts {
	const { thumbprint } = key;
	if (key.algorithm === "RS256") {
		const { modulusLength } = key;
		const publicKeyJwk = exportPublicKey(key, "jwk");
		const publicKeyPem = exportPublicKey(key, "spki");
		return { kind: "RSA", private: isPrivate, modulusLength, publicKeyJwk, publicKeyPem, thumbprint };
	}
	return {
		kind: key.curve,
		private: isPrivate,
		publicKeyHex: exportPublicKey(key, "hex"),
		publicKeyJwk: exportPublicKey(key, "jwk"),
		publicKeyPem: exportPublicKey(key, "spki"),
		thumbprint,
		address: toAddress(key),
		ioAddress: toIoAddress(key),
	};
}

/** Parses the format of a new key before the key is generated. */
export function parseNewKeyFormat(algorithm: KeyAlgorithm, text: string | undefined, hasPassword: boolean): string {
	const formats = FORMATS[algorithm];
	const format = parseFormat(formats.private, text ?? formats.default, "--format");
	if (!hasPassword || ENCRYPTED_FORMATS.includes(format)) return format;
	const encrypted = ENCRYPTED_FORMATS.filter((name) => formats.private.includes(name));
	throw usageError(`--password requires --format ${encrypted.join(" or ")}`);
}

export async function convertPrivate(
	context: CliContext,
	key: PrivateKey | RsaPrivateKey,
	to: string,
): Promise<EncodedKey> {
	const formats = FORMATS[key.algorithm];
	if (!formats.private.includes(to) && formats.public.includes(to)) {
		throw new KeyError("key/public-expected", `${to} is a format of public keys; use --public to convert to it`);
	}
	const format = parseFormat(formats.private, to, "--to");
	return { format, text: await encodePrivate(context, key, format, undefined) };
}

/** Encodes a private key, encrypted if the format requires it or a password is given. */
export async function encodePrivate(
	context: CliContext,
	key: PrivateKey | RsaPrivateKey,
	format: string,
	passwordSource: string | undefined,
): Promise<string> {
	const isKeystore = format === "keystore" && key.algorithm === "ES256K";
	if (!isKeystore && (format !== "pkcs8" || passwordSource === undefined))
		return asText(findPrivateKeyWriter(key, format)());
	const { readNewPassword } = await import("./key-source.js");
	const { exportKeystore, exportPrivateKey } = await import("../keys/export-private-key.js");
	if (isKeystore) {
		const password = await readNewPassword(context, passwordSource, "New password of the keystore: ");
		return JSON.stringify(await waitFor(context, "the key to be encrypted", () => exportKeystore(key, password)));
	}
	const password = await readNewPassword(context, passwordSource, "");
	// The same for keys of both kinds, which the overloads can't see.
	return exportPrivateKey(key as PrivateKey, "pkcs8", { password });
}

export function convertPublic(key: PublicKey | RsaPublicKey, to: string): EncodedKey {
	const format = parseFormat(FORMATS[key.algorithm].public, to, "--to");
	return { format, text: asText(exportPublic(key, format)) };
}

function parseFormat(formats: readonly string[], text: string, option: string): string {
	if (formats.includes(text)) return text;
	throw invalidOption(option, `one of ${formats.join(", ")}`);
}

function allFormats(type: "private" | "public"): readonly string[] {
	return [...new Set(Object.values(FORMATS).flatMap((formats) => formats[type]))];
}

function formatsHelp(type: "private" | "public"): string {
	return `${FORMATS.ES256K[type].join(", ")}; for RS256 ${FORMATS.RS256[type].join(", ")}`;
}

function asText(exported: string | object): string {
	return typeof exported === "string" ? exported : JSON.stringify(exported);
}
