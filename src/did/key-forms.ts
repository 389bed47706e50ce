/**
 * The members of a verification method that hold a public key. Each accepts only its own form; nothing is guessed.
 * @module
 */
import { base58 } from "@scure/base";
import { decodeBase64Url } from "../encoding/base64.js";
import { decodeHex, isHexDigits } from "../encoding/hex.js";
import { isJsonObject } from "../encoding/json.js";
import { parseKeyFormat } from "../keys/formats/key-format.js";
import { EC_PUBLIC_IMPORTER, fromEncodedPoint } from "../keys/import-ec-public-key.js";
import { importPublic } from "../keys/import-key.js";
import type { PublicKey } from "../keys/public-key.js";

/** Longer than any key. */
const MAX_LENGTH = 2_048;
/** Base58 of an uncompressed point. Decoding takes quadratic time. */
const MAX_BASE58_LENGTH = 88;
/** The multicodec secp256k1-pub as a varint; the 33 bytes of a compressed point follow. */
const SECP256K1_CODE = [0xe7, 0x01];
const MULTIKEY_LENGTH = 35;

/** The multibase prefixes that are supported. */
const BASES: ReadonlyMap<string | undefined, (text: string) => Uint8Array> = new Map([
	["z", decodeBase58],
	["u", decodeBase64Url],
	["f", decodeLowerHex],
]);

/** A member of a verification method that holds a public key. */
export type KeyMember = "publicKeyJwk" | "publicKeyHex" | "publicKeyPem" | "publicKeyBase58" | "publicKeyMultibase";

const IMPORTERS: Readonly<Record<KeyMember, (value: unknown) => PublicKey>> = {
	publicKeyJwk: (value) => {
		if (isJsonObject(value) && Object.hasOwn(value, "kty") && !ArrayBuffer.isView(value)) return importKey(value);
		throw new SyntaxError("expected a JWK object");
	},
	publicKeyHex: (value) => {
		const text = expectText(value);
		if (isHexDigits(text)) return importKey(text);
		throw new SyntaxError("expected hex digits");
	},
	publicKeyPem: (value) => {
		const text = expectText(value);
		if (!isHexDigits(text) && !text.trimStart().startsWith("{")) return importKey(text);
		throw new SyntaxError("expected PEM, or base64 of DER");
	},
	publicKeyBase58: (value) => importKey(decodeBase58(expectText(value))),
	publicKeyMultibase: (value) => importMultikey(expectText(value)),
};

/** The members that hold a public key. */
export const KEY_MEMBERS: readonly KeyMember[] = Object.keys(IMPORTERS) as KeyMember[];

/** Imports the value of a member; throws a `SyntaxError` or a `KeyError`. */
export function importKeyMember(member: KeyMember, value: unknown): PublicKey {
	return IMPORTERS[member](value);
}

/** Without the advice about refused keys that users get: anyone can write a document. */
function importKey(input: unknown): PublicKey {
	return importPublic(EC_PUBLIC_IMPORTER, parseKeyFormat(input, "ES256K"));
}

/** The multicodec is required: without it, the bytes could be anything. */
function importMultikey(text: string): PublicKey {
	const decode = BASES.get(text[0]);
	if (decode === undefined) throw new SyntaxError("multibase: expected z (base58btc), u (base64url) or f (hex)");
	const bytes = decode(text.slice(1));
	if (bytes.length === MULTIKEY_LENGTH && SECP256K1_CODE.every((byte, at) => bytes[at] === byte)) {
		return fromEncodedPoint(bytes.subarray(SECP256K1_CODE.length));
	}
	throw new SyntaxError("multicodec: expected e7 01 (secp256k1-pub) and the 33 bytes of a compressed point");
}

function decodeBase58(text: string): Uint8Array {
	if (text.length > MAX_BASE58_LENGTH) throw new SyntaxError("base58: too long for a key");
	try {
		return base58.decode(text);
	} catch {
		throw new SyntaxError("base58: a character outside the alphabet");
	}
}

function decodeLowerHex(text: string): Uint8Array {
	if (text !== text.toLowerCase()) throw new SyntaxError("hex: expected lower-case digits");
	return decodeHex(text, "none");
}

function expectText(value: unknown): string {
	if (typeof value !== "string") throw new SyntaxError("expected text");
	if (value.length > MAX_LENGTH) throw new SyntaxError(`expected at most ${MAX_LENGTH} characters`);
	return value;
}
