/**
 * The formats that each kind of key is written in, and what is shown of it.
 * @module
 */
import { ConfigError, KeyError } from "../errors/errors.js";
import { toAddress, toIoAddress } from "../keys/addresses.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import { exportKeystore, exportPrivateKey } from "../keys/export-private-key.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import type { EcPublicJwk, RsaPublicJwk } from "../keys/formats/jwk-types.js";
import type { PrivateKey } from "../keys/private-key.js";
import type { PublicKey } from "../keys/public-key.js";
import type { RsaPrivateKey } from "../keys/rsa-private-key.js";
import type { RsaPublicKey } from "../keys/rsa-public-key.js";
import { invalidOption } from "../options/invalid-option.js";
import type { CliContext } from "./context.js";
import { readPassword } from "./key-source.js";

const PRIVATE_FORMATS = ["sec1", "pkcs8", "jwk", "hex", "keystore"] as const;
const RSA_PRIVATE_FORMATS = ["pkcs1", "pkcs8", "jwk"] as const;
const PUBLIC_FORMATS = ["spki", "spki-base64", "jwk", "hex", "compressed-hex"] as const;
const RSA_PUBLIC_FORMATS = ["spki", "spki-base64", "pkcs1", "jwk"] as const;
const ENCRYPTED_FORMATS: readonly string[] = ["keystore", "pkcs8"];

/** The formats of an algorithm's keys, the usual one first. */
const FORMATS: Readonly<
	Record<KeyAlgorithm, { readonly private: readonly string[]; readonly public: readonly string[] }>
> = {
	ES256K: { private: PRIVATE_FORMATS, public: PUBLIC_FORMATS },
	RS256: { private: RSA_PRIVATE_FORMATS, public: RSA_PUBLIC_FORMATS },
};

/** What the help says of the formats of private keys. */
export const PRIVATE_FORMATS_HELP: string = `${PRIVATE_FORMATS.join(", ")}; for RS256 ${RSA_PRIVATE_FORMATS.join(", ")}`;

/** What the help says of the formats of public keys. */
export const PUBLIC_FORMATS_HELP: string = `${PUBLIC_FORMATS.join(", ")}; for RS256 ${RSA_PUBLIC_FORMATS.join(", ")}`;

/** What `keys inspect` shows of a key. */
export interface KeyFacts {
	/** `secp256k1` or `RSA`. */
	readonly kind: string;
	readonly private: boolean;
	readonly thumbprint: string;
	readonly publicKeyJwk: EcPublicJwk | RsaPublicJwk;
	readonly publicKeyPem: string;
	/** Of a secp256k1 key, as the two addresses. */
	readonly publicKeyHex?: string;
	readonly address?: string;
	readonly ioAddress?: string;
	/** Of an RSA key: its bits. */
	readonly modulusLength?: number;
}

/** A key as text, and the format that is. */
export interface EncodedKey {
	readonly format: string;
	readonly text: string;
}

/** Tells what may be shown of a key. */
export function factsOf(key: PublicKey | RsaPublicKey, isPrivate: boolean): KeyFacts {
	if (key.algorithm === "RS256") {
		return {
			kind: "RSA",
			private: isPrivate,
			modulusLength: key.modulusLength,
			publicKeyJwk: exportPublicKey(key, "jwk"),
			publicKeyPem: exportPublicKey(key, "spki"),
			thumbprint: key.thumbprint,
		};
	}
	return {
		kind: key.curve,
		private: isPrivate,
		publicKeyHex: exportPublicKey(key, "hex"),
		publicKeyJwk: exportPublicKey(key, "jwk"),
		publicKeyPem: exportPublicKey(key, "spki"),
		thumbprint: key.thumbprint,
		address: toAddress(key),
		ioAddress: toIoAddress(key),
	};
}

/** Checks the format a new key is to have, before one is made. */
export function newKeyFormat(
	algorithm: KeyAlgorithm,
	format: string | undefined,
	hasPassword: boolean,
): string {
	const known = FORMATS[algorithm].private;
	// The forms of `openssl ecparam -genkey` and of `openssl genpkey`.
	const chosen = oneOf(known, format ?? (algorithm === "RS256" ? "pkcs8" : "sec1"), "format");
	if (!hasPassword || ENCRYPTED_FORMATS.includes(chosen)) return chosen;
	const encrypted = ENCRYPTED_FORMATS.filter((name) => known.includes(name));
	throw new ConfigError("config/usage", `--password goes with --format ${encrypted.join(" or ")}`);
}

/** Writes a private key for `keys convert`. */
export async function convertPrivate(
	context: CliContext,
	key: PrivateKey | RsaPrivateKey,
	to: string,
): Promise<EncodedKey> {
	const formats = FORMATS[key.algorithm];
	if (!formats.private.includes(to) && formats.public.includes(to)) {
		throw new KeyError(
			"key/public-expected",
			`${to} is a format of public keys; add --public to convert that half`,
		);
	}
	const format = oneOf(formats.private, to, "to");
	return { format, text: await encodePrivate(context, key, format, undefined) };
}

/** Writes a private key. */
export async function encodePrivate(
	context: CliContext,
	key: PrivateKey | RsaPrivateKey,
	format: string,
	passwordSource: string | undefined,
): Promise<string> {
	if (format === "pkcs8" && passwordSource !== undefined) {
		const password = await readPassword(context, passwordSource, "");
		return key.algorithm === "RS256"
			? exportPrivateKey(key, "pkcs8", { password })
			: exportPrivateKey(key, "pkcs8", { password });
	}
	if (key.algorithm === "RS256") {
		return asText(exportPrivateKey(key, format as (typeof RSA_PRIVATE_FORMATS)[number]));
	}
	if (format === "keystore") {
		const password = await readPassword(context, passwordSource, "New password of the keystore: ");
		return JSON.stringify(await exportKeystore(key, password));
	}
	return asText(exportPrivateKey(key, format as Exclude<(typeof PRIVATE_FORMATS)[number], "keystore">));
}

/** Writes a public key for `keys convert`. */
export function encodePublic(key: PublicKey | RsaPublicKey, to: string): EncodedKey {
	const format = oneOf(FORMATS[key.algorithm].public, to, "to");
	const exported =
		key.algorithm === "RS256"
			? exportPublicKey(key, format as (typeof RSA_PUBLIC_FORMATS)[number])
			: exportPublicKey(key, format as (typeof PUBLIC_FORMATS)[number]);
	return { format, text: asText(exported) };
}

/** Checks that an option is one of several names. */
export function oneOf<Name extends string>(names: readonly Name[], text: string, option: string): Name {
	if ((names as readonly string[]).includes(text)) return text as Name;
	throw invalidOption(option, `one of ${names.join(", ")}`, { label: `--${option}` });
}

function asText(exported: string | object): string {
	return typeof exported === "string" ? exported : JSON.stringify(exported);
}
