/**
 * The members a verification method keeps a public key in. Each holds a key of its own form and no other:
 * a key is never sniffed.
 * @module
 */
import { base58 } from "@scure/base";
import { decodeBase64Url } from "../encoding/base64url.js";
import { decodeHex } from "../encoding/hex.js";
import { fromEncodedPoint } from "../keys/import-ec-key.js";
import { importPublicKey } from "../keys/import-public-key.js";
import type { PublicKey } from "../keys/public-key.js";

/** A member of a verification method that holds a public key. */
export type KeyMember =
	| "publicKeyJwk"
	| "publicKeyHex"
	| "publicKeyPem"
	| "publicKeyBase58"
	| "publicKeyMultibase";

/** One form: whether a value has its shape, and the key of a value that has. */
interface KeyForm {
	readonly fits: (value: unknown) => boolean;
	readonly read: (value: never) => PublicKey;
}

/** Base58 of 65 bytes; decoding takes time that grows with the square. */
const MAX_BASE58_LENGTH = 90;
/** The code secp256k1-pub of the multicodec table, as a varint; 33 bytes of a compressed point follow. */
const SECP256K1_CODE = [0xe7, 0x01] as const;
const MULTIKEY_LENGTH = 35;

/** The bases of multibase that are read here. */
const BASES: Readonly<Record<string, (text: string) => Uint8Array>> = {
	z: decodeBase58,
	u: decodeBase64Url,
	f: decodeLowerHex,
};

const FORMS: Readonly<Record<KeyMember, KeyForm>> = {
	publicKeyJwk: {
		fits: (value) =>
			typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value),
		read: (jwk: object) => importPublicKey(jwk),
	},
	publicKeyHex: { fits: isHexDigits, read: (text: string) => importPublicKey(text) },
	publicKeyPem: {
		fits: (value) => typeof value === "string" && !isHexDigits(value) && !value.trimStart().startsWith("{"),
		read: (text: string) => importPublicKey(text),
	},
	publicKeyBase58: { fits: isText, read: (text: string) => importPublicKey(decodeBase58(text)) },
	publicKeyMultibase: { fits: isText, read: readMultibase },
};

/** The members of a verification method that are read. */
export const KEY_MEMBERS: readonly KeyMember[] = Object.keys(FORMS) as KeyMember[];

/** Tells whether a value has the shape of its member. */
export function fitsMember(member: KeyMember, value: unknown): boolean {
	return FORMS[member].fits(value);
}

/** Reads the key of a member. */
export function readMember(member: KeyMember, value: unknown): PublicKey {
	return FORMS[member].read(value as never);
}

/** The multicodec says what the bytes are; a point without it could be anything. */
function readMultibase(text: string): PublicKey {
	const decode = Object.hasOwn(BASES, text[0] as string) ? BASES[text[0] as string] : undefined;
	if (decode === undefined)
		throw new SyntaxError("multibase: expected z (base58btc), u (base64url) or f (hex)");
	const bytes = decode(text.slice(1));
	const [first, second] = bytes;
	if (bytes.length !== MULTIKEY_LENGTH || first !== SECP256K1_CODE[0] || second !== SECP256K1_CODE[1]) {
		throw new SyntaxError(
			"multicodec: expected e7 01 (secp256k1-pub) and the 33 bytes of a compressed point",
		);
	}
	return fromEncodedPoint(bytes.subarray(SECP256K1_CODE.length));
}

function decodeBase58(text: string): Uint8Array {
	if (text.length > MAX_BASE58_LENGTH) throw new SyntaxError("base58: the text is longer than any key's");
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

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "";
}

function isHexDigits(value: unknown): boolean {
	if (typeof value !== "string") return false;
	try {
		return decodeHex(value, "optional").length > 0;
	} catch {
		return false;
	}
}
