/**
 * Keys that stay where they are: a cloud KMS, an HSM, a signing service of one's own.
 * @module
 */
import { sha256 } from "@noble/hashes/sha2.js";
import pTimeout from "p-timeout";
import * as z from "zod/mini";
import { copyBytes, isBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction } from "../options/schemas.js";
import type { KeyAlgorithm } from "./algorithm.js";
import { fromDerSignature } from "./der-signature.js";
import type { PublicKeys } from "./key-classes.js";
import { algorithmName } from "./options.js";
import { isPublicKey } from "./public-key.js";
import { isRsaPublicKey } from "./rsa-public-key.js";
import { isSignatureShape, toLowS } from "./secp256k1/curve.js";
import { verifyData } from "./sign.js";
import type { Signer } from "./signer.js";

/** Asks the device for a signature; `signal` ends when its answer is no longer waited for. */
export type RemoteSign = (bytes: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

/** How a device writes the signatures of ES256K: DER (RFC 3279), or r||s as tokens have it. */
export type RemoteSignatureFormat = "der" | "raw";

/** What every remote signer has. */
export interface RemoteSignerBase<Algorithm extends KeyAlgorithm> {
	/** What the key in the device is for. */
	readonly algorithm: Algorithm;
	/** The key's public half: no signature leaves before it has been verified with it. */
	readonly publicKey: PublicKeys[Algorithm];
	/** For ES256K: how the device writes signatures; `der` unless told. */
	readonly signatureFormat?: RemoteSignatureFormat | undefined;
	/** How long the device has for one signature; 10,000 unless told. */
	readonly timeoutMs?: number | undefined;
}

/** A device that is given a digest. */
export interface RemoteDigestSigner<Algorithm extends KeyAlgorithm> extends RemoteSignerBase<Algorithm> {
	/** Signs the 32 bytes of a SHA-256 digest, which the device doesn't hash again. */
	readonly signDigest: RemoteSign;
	readonly signMessage?: undefined;
}

/** A device that hashes itself. */
export interface RemoteMessageSigner<Algorithm extends KeyAlgorithm> extends RemoteSignerBase<Algorithm> {
	/** Signs the bytes themselves: the device computes their SHA-256 digest. */
	readonly signMessage: RemoteSign;
	readonly signDigest?: undefined;
}

/** Options of {@link createRemoteSigner}: exactly one of `signDigest` and `signMessage`. */
export type RemoteSignerOptions<Algorithm extends KeyAlgorithm = KeyAlgorithm> =
	| RemoteDigestSigner<Algorithm>
	| RemoteMessageSigner<Algorithm>;

const DEFAULT_TIMEOUT_MS = 10_000;
/** An RSA signature of 8,192 bits; those of ES256K are shorter in both forms. */
const MAX_SIGNATURE_LENGTH = 1_024;
/** The longest that `setTimeout` waits. */
const MAX_TIMEOUT_MS = 2_147_483_647;
const TIMEOUT = "a positive number of milliseconds";

const OPTIONS = z.strictObject({
	algorithm: algorithmName,
	publicKey: z.unknown(),
	signDigest: z.optional(anyFunction),
	signMessage: z.optional(anyFunction),
	signatureFormat: z.optional(z.literal(["der", "raw"], '"der" or "raw"')),
	timeoutMs: z.optional(z.number(TIMEOUT).check(z.positive(TIMEOUT), z.lte(MAX_TIMEOUT_MS, TIMEOUT))),
});

/**
 * Makes a {@link Signer} of a key that can't be read, only asked: in AWS KMS (`Sign` with the message type
 * `DIGEST`), Google Cloud KMS (`asymmetricSign`), Azure Key Vault (`sign`), or an HSM behind PKCS#11. What it
 * answers is brought into the form of tokens (ES256K: r||s with a low S) and verified with the public key
 * before anybody gets it. The device sees a copy of the bytes, and its errors are only the `cause` of ours.
 *
 * @example
 * ```ts
 * import { generateKeyPairSync, sign } from "node:crypto";
 * import { createRemoteSigner, importPublicKey, signData, verifyData } from "orgpass/keys";
 *
 * // Stands for the device: an HSM that hashes itself and answers DER.
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
 * @returns the signer, frozen; its `sign` throws `key/unreachable` when the device throws or is too slow, and
 *   `key/signing-fault` when its answer is no signature of the public key
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 3279 section 2.2.3, RFC 7518 section 3.3, RFC 8812 section 3.2
 */
export function createRemoteSigner<Algorithm extends KeyAlgorithm>(
	options: RemoteSignerOptions<Algorithm>,
): Signer & { readonly algorithm: Algorithm; readonly publicKey: PublicKeys[Algorithm] } {
	checkOptions(OPTIONS, options, "createRemoteSigner");
	const { algorithm, publicKey, signDigest, signMessage, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
	const ask = signDigest ?? signMessage;
	if (ask === undefined || (signDigest !== undefined && signMessage !== undefined)) {
		throw invalidOption("signDigest", "given, or signMessage, and not both", {
			subject: "createRemoteSigner",
		});
	}
	requirePublicKeyFor(algorithm, publicKey);
	if (algorithm === "RS256" && options.signatureFormat !== undefined) {
		throw invalidOption("signatureFormat", 'given with the algorithm "ES256K" only', {
			subject: "createRemoteSigner",
		});
	}
	const form = algorithm === "RS256" ? "rsa" : (options.signatureFormat ?? "der");
	return Object.freeze({ algorithm, publicKey, sign });

	async function sign(bytes: Uint8Array): Promise<Uint8Array> {
		const data = copyBytes(bytes, "the data");
		const asked = signDigest === undefined ? new Uint8Array(data) : sha256(data);
		const answer = await askInTime(ask as RemoteSign, asked, timeoutMs);
		const signature = toSignature(form, answer);
		if (await verifyData(publicKey, data, signature)) return signature;
		throw new KeyError(
			"key/signing-fault",
			"the remote signer's answer does not verify with its public key: another key, or not the bytes it was given",
		);
	}
}

function requirePublicKeyFor(algorithm: KeyAlgorithm, key: unknown): void {
	if (algorithm === "RS256" ? isRsaPublicKey(key) : isPublicKey(key)) return;
	const kind = algorithm === "RS256" ? "an RsaPublicKey" : "a PublicKey";
	throw invalidOption("publicKey", `${kind} for ${algorithm}: see importPublicKey`, {
		subject: "createRemoteSigner",
	});
}

async function askInTime(ask: RemoteSign, bytes: Uint8Array, milliseconds: number): Promise<unknown> {
	const ending = new AbortController();
	const late = (): never => {
		throw new KeyError("key/unreachable", `the remote signer did not answer within ${milliseconds} ms`);
	};
	const asking = Promise.resolve().then(() => ask(bytes, ending.signal));
	// A device's own error may say anything: it is for logs, not for our message.
	const asked = asking.catch((cause: unknown) => {
		throw new KeyError("key/unreachable", "the remote signer failed: its error is the cause", { cause });
	});
	try {
		return await pTimeout(asked, { milliseconds, fallback: late });
	} finally {
		ending.abort();
	}
}

function toSignature(form: RemoteSignatureFormat | "rsa", answer: unknown): Uint8Array {
	// What is too long is refused before it is copied and read.
	if (!isBytes(answer) || answer.byteLength > MAX_SIGNATURE_LENGTH) {
		throw new KeyError(
			"key/signing-fault",
			`the remote signer's answer is no signature: at most ${MAX_SIGNATURE_LENGTH} bytes expected`,
		);
	}
	if (form === "rsa") return new Uint8Array(answer);
	if (form === "raw") {
		if (isSignatureShape(answer)) return toLowS(answer);
		throw new KeyError(
			"key/signing-fault",
			'the remote signer\'s answer is not 64 bytes r||s: is it DER (signatureFormat "der")?',
		);
	}
	try {
		return fromDerSignature(answer);
	} catch (cause) {
		throw new KeyError(
			"key/signing-fault",
			'the remote signer\'s answer is not a DER signature: is it r||s (signatureFormat "raw")?',
			{ cause },
		);
	}
}
