/**
 * EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018): its parameters, checked
 * before any key is derived.
 * @module
 */
import { KeyError } from "../../errors/errors.js";
import { DerReader, encodeDer, TAG } from "./der.js";
import { assertSafeScrypt, MAX_ITERATIONS } from "./kdf-limits.js";

const PBES2 = "1.2.840.113549.1.5.13";
const PBKDF2 = "1.2.840.113549.1.5.12";
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
/** AES-128, -192, -256 and triple DES, all in CBC mode: what OpenSSL opens without its legacy provider. */
const CIPHERS: ReadonlySet<string> = new Set([
	"2.16.840.1.101.3.4.1.2",
	"2.16.840.1.101.3.4.1.22",
	"2.16.840.1.101.3.4.1.42",
	"1.2.840.113549.3.7",
]);

const OID_PBES2 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const OID_PBKDF2 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const OID_HMAC_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
const OID_AES_256_CBC = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];
const NULL = [TAG.null, 0];

/** For new files: OWASP's figure for PBKDF2-HMAC-SHA-256 (OpenSSL's own default is 2,048). */
export const PBKDF2_ITERATIONS = 600_000;
/** {@link PBKDF2_ITERATIONS} in DER. */
const PBKDF2_ITERATIONS_DER = [TAG.integer, 3, 0x09, 0x27, 0xc0];

/** The parts of a key encrypted with PBKDF2-HMAC-SHA-256 and AES-256-CBC. */
export interface Pbes2Parts {
	readonly salt: Uint8Array;
	/** 16 bytes. */
	readonly iv: Uint8Array;
	readonly ciphertext: Uint8Array;
}

/** Rejects an encrypted key with an unsupported scheme or unsafe derivation parameters. */
export function assertSafeEncryption(der: Uint8Array): void {
	const outer = new DerReader(der);
	const info = outer.readInside("the encrypted key");
	outer.end("the encrypted key");
	const scheme = info.readInside("the encryption scheme");
	if (scheme.readObjectIdentifier("the encryption scheme") !== PBES2) throw unsupported();
	const pbes2 = scheme.readInside("the PBES2 parameters");
	const kdf = pbes2.readInside("the key derivation");
	const cipher = pbes2.readInside("the cipher");
	if (!CIPHERS.has(cipher.readObjectIdentifier("the cipher"))) throw unsupported();
	const name = kdf.readObjectIdentifier("the key derivation");
	const parameters = kdf.readInside("the key derivation's parameters");
	parameters.read(TAG.octetString, "the salt");
	if (name === PBKDF2) {
		const iterations = parameters.readSmallInteger("the iteration count");
		if (iterations > MAX_ITERATIONS) {
			throw new KeyError("key/limits", `PBKDF2 with more than ${MAX_ITERATIONS} iterations is not supported`);
		}
	} else if (name === SCRYPT) {
		const n = parameters.readSmallInteger("the cost");
		const r = parameters.readSmallInteger("the block size");
		assertSafeScrypt({ n, r, p: parameters.readSmallInteger("the parallelization") });
	} else throw unsupported();
}

/** Encodes an EncryptedPrivateKeyInfo. */
export function encodeEncryptedPkcs8({ salt, iv, ciphertext }: Pbes2Parts): Uint8Array<ArrayBuffer> {
	const kdfParameters = encodeDer(
		TAG.sequence,
		encodeDer(TAG.octetString, salt),
		PBKDF2_ITERATIONS_DER,
		encodeDer(TAG.sequence, OID_HMAC_SHA256, NULL),
	);
	const kdf = encodeDer(TAG.sequence, OID_PBKDF2, kdfParameters);
	const cipher = encodeDer(TAG.sequence, OID_AES_256_CBC, encodeDer(TAG.octetString, iv));
	const scheme = encodeDer(TAG.sequence, OID_PBES2, encodeDer(TAG.sequence, kdf, cipher));
	return encodeDer(TAG.sequence, scheme, encodeDer(TAG.octetString, ciphertext));
}

function unsupported(): KeyError {
	return new KeyError(
		"key/unrecognized",
		"the key's encryption scheme is not supported: rewrite it with `openssl pkcs8 -topk8 -v2 aes-256-cbc`",
	);
}
