/**
 * Signers for keys in a cloud KMS, an HSM or a signing service.
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import * as v from "valibot";
import { copyBytes, isBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { limitTime } from "../network/limit-time.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, optionsSchema } from "../options/schemas.js";
import { algorithmName, type KeyAlgorithm } from "./algorithm.js";
import { fromDerSignature } from "./der-signature.js";
import type { PublicKeys } from "./key-classes.js";
import { isPublicKey } from "./public-key.js";
import { isRsaPublicKey } from "./rsa-public-key.js";
import { isSignatureShape, toLowS } from "./secp256k1/curve.js";
import { verifyData } from "./sign.js";
import type { Signer } from "./signer.js";

/** Requests a signature from the device; `signal` aborts when the result is no longer needed. */
export type RemoteSign = (bytes: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** The format of a device's ES256K signatures: DER (RFC 3279), or r||s as in tokens. */
export type RemoteSignatureFormat = "der" | "raw";

/** The options that all remote signers share. */
export interface RemoteSignerBase<Algorithm extends KeyAlgorithm> {
	/** The algorithm of the key in the device. */
	readonly algorithm: Algorithm;
	/** The public key: every signature is verified with it before it is returned. */
	readonly publicKey: PublicKeys[Algorithm];
	/** The format of the device's signatures, only for ES256K. Default: `der`. */
	readonly signatureFormat?: RemoteSignatureFormat | undefined;
	/** The time limit for one signature, in milliseconds. Default: 10,000. */
	readonly timeoutMs?: number | undefined;
}

/** A device that signs a digest. */
export interface RemoteDigestSigner<Algorithm extends KeyAlgorithm> extends RemoteSignerBase<Algorithm> {
	/** Signs a SHA-256 digest of 32 bytes, without hashing it again. */
	readonly signDigest: RemoteSign;
	readonly signMessage?: undefined;
}

/** A device that hashes and signs a message. */
export interface RemoteMessageSigner<Algorithm extends KeyAlgorithm> extends RemoteSignerBase<Algorithm> {
	/** Signs the SHA-256 digest of the bytes, which the device computes. */
	readonly signMessage: RemoteSign;
	readonly signDigest?: undefined;
}

/** Options of {@link createRemoteSigner}: exactly one of `signDigest` and `signMessage`. */
export type RemoteSignerOptions<Algorithm extends KeyAlgorithm = KeyAlgorithm> =
	| RemoteDigestSigner<Algorithm>
	| RemoteMessageSigner<Algorithm>;

const DEFAULT_TIMEOUT_MS = 10_000;
/** An RSA signature of 8,192 bits; ES256K's are shorter in both formats. */
const MAX_SIGNATURE_LENGTH = 1_024;
/** The longest time that `setTimeout` supports. */
const MAX_TIMEOUT_MS = 2_147_483_647;
const SUBJECT = { subject: "createRemoteSigner" };

const OPTIONS = optionsSchema<RemoteSignerOptions>({
	algorithm: algorithmName,
	publicKey: v.optional(v.unknown()),
	signDigest: v.optional(anyFunction),
	signMessage: v.optional(anyFunction),
	signatureFormat: v.optional(v.picklist(["der", "raw"], '"der" or "raw"')),
	timeoutMs: v.optional(v.custom<number>(isTimeout, "a positive number of milliseconds")),
});

/**
 * Creates a {@link Signer} for a key that never leaves its device: AWS KMS (`Sign` with the message type `DIGEST`),
 * Google Cloud KMS (`asymmetricSign`), Azure Key Vault (`sign`), or an HSM with PKCS#11. Its signatures are converted
 * to the format of tokens (ES256K: r||s with a low S) and verified with the public key before they are returned. The
 * device gets a copy of the bytes, and its errors become the `cause` of ours.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync, sign } from "node:crypto";
 * import { createRemoteSigner, importPublicKey, signData, verifyData } from "orgpass/keys";
 *
 * // Stands in for the device: an HSM that hashes the message and returns DER.
 * const device = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
 * const signer = createRemoteSigner({
 *   algorithm: "ES256K",
 *   publicKey: importPublicKey(device.publicKey.export({ type: "spki", format: "pem" }).toString()),
 *   signMessage: async (bytes) => sign("sha256", bytes, device.privateKey),
 * });
 * const data = new TextEncoder().encode("data");
 * const signature = await signData(signer, data);
 * signature.length; // => 64
 * await verifyData(signer.publicKey, data, signature); // => true
 * ```
 * @param options `algorithm`, `publicKey`, one of `signDigest` and `signMessage`, `signatureFormat`,
 *   `timeoutMs`
 * @returns the signer, frozen; its `sign` throws `key/unreachable` if the device throws or is too slow, and
 *   `key/signing-fault` if the result isn't a signature that the public key verifies
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 3279 section 2.2.3, RFC 7518 section 3.3, RFC 8812 section 3.2
 */
export function createRemoteSigner<Algorithm extends KeyAlgorithm>(
	options: RemoteSignerOptions<Algorithm>,
): Signer & { readonly algorithm: Algorithm; readonly publicKey: PublicKeys[Algorithm] } {
	assertOptions(OPTIONS, options, "createRemoteSigner");
	const { algorithm, publicKey, signDigest, signMessage, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
	const request = signDigest ?? signMessage;
	if (request === undefined || (signDigest !== undefined && signMessage !== undefined)) {
		throw invalidOption("signDigest", "given if signMessage isn't, and absent if it is", SUBJECT);
	}
	assertPublicKeyFor(algorithm, publicKey);
	if (algorithm === "RS256" && options.signatureFormat !== undefined) {
		throw invalidOption("signatureFormat", 'absent unless the algorithm is "ES256K"', SUBJECT);
	}
	const format = algorithm === "RS256" ? "rsa" : options.signatureFormat;
	return Object.freeze({ algorithm, publicKey, sign });

	async function sign(bytes: Uint8Array): Promise<Uint8Array> {
		const data = copyBytes(bytes, "the data");
		const input = signDigest === undefined ? new Uint8Array(data) : sha256(data);
		const result = await requestSignature(request as RemoteSign, input, timeoutMs);
		const signature = toSignature(format, result);
		if (await verifyData(publicKey, data, signature)) return signature;
		throw signingFault("does not verify with its public key: it used another key or signed other bytes");
	}
}

function isTimeout(value: unknown): boolean {
	return typeof value === "number" && value > 0 && value <= MAX_TIMEOUT_MS;
}

function assertPublicKeyFor(algorithm: KeyAlgorithm, key: unknown): void {
	if (algorithm === "RS256" ? isRsaPublicKey(key) : isPublicKey(key)) return;
	const expected = algorithm === "RS256" ? "an RsaPublicKey" : "a PublicKey";
	throw invalidOption("publicKey", `${expected} for ${algorithm}: see importPublicKey`, SUBJECT);
}

async function requestSignature(sign: RemoteSign, bytes: Uint8Array, milliseconds: number): Promise<unknown> {
	const controller = new AbortController();
	const createError = (): KeyError =>
		new KeyError("key/unreachable", `the remote signer did not respond within ${milliseconds} ms`);
	const pending = Promise.resolve().then(() => sign(bytes, controller.signal));
	// The device's error may contain anything: it belongs in logs, not in our message.
	const settled = pending.catch((cause: unknown) => {
		throw new KeyError("key/unreachable", "the remote signer failed: see the cause", { cause });
	});
	try {
		return await limitTime(settled, milliseconds, createError);
	} finally {
		controller.abort();
	}
}

function toSignature(format: RemoteSignatureFormat | "rsa" | undefined, result: unknown): Uint8Array {
	// The length is checked before copying and parsing.
	if (!isBytes(result) || result.byteLength > MAX_SIGNATURE_LENGTH) {
		throw signingFault(`is not a Uint8Array of at most ${MAX_SIGNATURE_LENGTH} bytes`);
	}
	if (format === "rsa") return new Uint8Array(result);
	if (format === "raw") {
		if (isSignatureShape(result)) return toLowS(result);
		throw signingFault('is not 64 bytes r||s: is it DER (signatureFormat "der")?');
	}
	try {
		return fromDerSignature(result);
	} catch (cause) {
		throw signingFault('is not a DER signature: is it r||s (signatureFormat "raw")?', cause);
	}
}

function signingFault(problem: string, cause?: unknown): KeyError {
	return new KeyError("key/signing-fault", `the remote signer's result ${problem}`, { cause });
}
