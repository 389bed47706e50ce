/**
 * Converts the DER signatures of KMS, HSM and OpenSSL to the r||s of tokens.
 * @module
 */
import { copyBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { type DerReader, parseSequence } from "./formats/der.js";
import { isSignatureShape, SCALAR_LENGTH, SIGNATURE_LENGTH, toLowS } from "./secp256k1/curve.js";

/**
 * Converts a DER signature (RFC 3279 section 2.2.3), as AWS KMS, some PKCS#11 wrappers and OpenSSL return it, to the
 * 64 bytes r||s of a {@link Signer}, low-S.
 *
 * @example
 * ```ts
 * import { fromDerSignature } from "orgpass/keys";
 *
 * const der = new Uint8Array([0x30, 6, 2, 1, 7, 2, 1, 9]);
 * fromDerSignature(der)[31]; // => 7
 * fromDerSignature(der)[63]; // => 9
 * ```
 * @param der a SEQUENCE of two INTEGERs; not modified
 * @returns 64 bytes r||s
 * @throws TypeError if `der` isn't a Uint8Array
 * @throws {KeyError} `key/malformed` if it isn't strict DER, or r or s is out of range
 */
export function fromDerSignature(der: Uint8Array): Uint8Array {
	const bytes = copyBytes(der, "the signature");
	const signature = new Uint8Array(SIGNATURE_LENGTH);
	try {
		parseSequence(bytes, "the signature", (pair) => {
			readScalarInto(pair, signature.subarray(0, SCALAR_LENGTH));
			readScalarInto(pair, signature.subarray(SCALAR_LENGTH));
		});
	} catch (error) {
		throw new KeyError("key/malformed", "the signature is not DER", { cause: error });
	}
	if (!isSignatureShape(signature)) throw new KeyError("key/malformed", "the signature's r or s is out of range");
	return toLowS(signature);
}

function readScalarInto(pair: DerReader, target: Uint8Array): void {
	const digits = pair.readUnsignedInteger("an integer");
	if (digits.length > target.length) throw new SyntaxError("DER: the integer is too long");
	target.set(digits, target.length - digits.length);
}
