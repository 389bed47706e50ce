/**
 * Private keys from every container they come in.
 * @module
 */

import * as z from "zod/mini";
import { decryptPkcs8 } from "#encrypted-pem";
import { KeyError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { toAddressDigits } from "./addresses.js";
import { parseEcParameters, parsePkcs8, parseSec1, type RawPrivateKey } from "./containers/ec-der.js";
import { requireSafeEncryption } from "./containers/encrypted-pkcs8.js";
import { parseJwk } from "./containers/jwk.js";
import { requireKind } from "./containers/key-algorithms.js";
import { decryptKeystore } from "./containers/keystore.js";
import { decodePemBody, type PemBlock } from "./containers/pem.js";
import { refuseBlock, refuseLegacyEncryption } from "./containers/pem-labels.js";
import { orMalformed, readContainer } from "./containers/read-container.js";
import { fromEncodedPoint } from "./import-public-key.js";
import { algorithmOption, passwordOption } from "./options.js";
import { type Password, requirePassword } from "./password.js";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import { isScalar, SCALAR_LENGTH, toUncompressed } from "./secp256k1.js";
import type { JwkInput, KeyAlgorithm, UncheckedMembers } from "./types.js";

/** What {@link importPrivateKey} takes: text, the 32 bytes of the scalar, or a JWK or keystore. */
export type PrivateKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPrivateKey}. */
export interface ImportPrivateKeyOptions {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: KeyAlgorithm | undefined;
	/** Opens a keystore or an encrypted PEM. */
	readonly password?: Password | undefined;
}

const OPTIONS = z.strictObject({ algorithm: algorithmOption, password: passwordOption });

/**
 * Imports a private key. The container is recognized: SEC 1 PEM (with or without a leading EC
 * PARAMETERS block), PKCS#8 PEM (in Node also encrypted), JWK (object or JSON), keystore v3 (object or
 * JSON), 32 bytes as hexadecimal (with or without `0x`) or as they are. PEM may have `\n` for line
 * breaks. The algorithm never is recognized: a key of another kind is refused. The scalar is checked
 * to be in range, and a public half beside it must match.
 *
 * @example
 * ```ts
 * import { importPrivateKey, toAddress } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * toAddress(key.publicKey); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @param input the key; never changed
 * @param options `algorithm`, `password`
 * @returns the key
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/mismatch`, `key/private-expected`, `key/password-required`, `key/password-wrong`, `key/limits`,
 *   `key/unavailable`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5915, RFC 5958, RFC 7517, RFC 8812, Web3 Secret Storage Definition
 */
export async function importPrivateKey(
	input: PrivateKeyInput,
	options: ImportPrivateKeyOptions = {},
): Promise<PrivateKey> {
	checkOptions(OPTIONS, options, "importPrivateKey");
	const { algorithm = "ES256K", password } = options;
	const container = readContainer(input);
	switch (container.kind) {
		case "pem":
			return fromPem(container.blocks, algorithm, password);
		case "jwk":
			return fromJwk(container.value, algorithm);
		case "keystore":
			return fromKeystore(container.value, password);
		case "bytes":
			return fromBytes(container.bytes);
		case "base64":
			throw new KeyError("key/unrecognized", "bare base64 is for public keys: give a private key as PEM");
	}
}

function fromPem(
	blocks: readonly PemBlock[],
	algorithm: KeyAlgorithm,
	password: Password | undefined,
): PrivateKey {
	const [parameters, block, ...others] = (
		blocks[0]?.label === "EC PARAMETERS" && blocks.length > 1 ? blocks : [undefined, ...blocks]
	) as [PemBlock | undefined, PemBlock, ...PemBlock[]];
	refuseLegacyEncryption(block);
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	switch (block.label) {
		case "EC PRIVATE KEY":
			return fromRaw(
				orMalformed(() => parseSec1(decodePemBody(block), algorithm, curveOf(parameters, algorithm))),
			);
		case "PRIVATE KEY":
			return fromRaw(orMalformed(() => parsePkcs8(decodePemBody(block), algorithm)));
		case "ENCRYPTED PRIVATE KEY":
			return fromEncrypted(block, algorithm, password);
		case "PUBLIC KEY":
			throw publicKeyArrived();
		default:
			return refuseBlock(block, algorithm);
	}
}

function curveOf(parameters: PemBlock | undefined, algorithm: KeyAlgorithm): string | undefined {
	if (parameters === undefined) return undefined;
	const curve = parseEcParameters(decodePemBody(parameters));
	requireKind(curve, algorithm);
	return curve;
}

function fromEncrypted(block: PemBlock, algorithm: KeyAlgorithm, password: Password | undefined): PrivateKey {
	const der = orMalformed(() => decodePemBody(block));
	orMalformed(() => requireSafeEncryption(der));
	const opened = decryptPkcs8(der, requirePassword(password));
	return fromRaw(orMalformed(() => parsePkcs8(opened, algorithm)));
}

function fromJwk(jwk: UncheckedMembers, algorithm: KeyAlgorithm): PrivateKey {
	const { scalar, xy } = orMalformed(() =>
		parseJwk(jwk, algorithm, Object.hasOwn(jwk, "d") ? "sign" : "verify"),
	);
	if (scalar === undefined) throw publicKeyArrived();
	return fromRaw({ scalar, points: [toUncompressed(xy)] });
}

async function fromKeystore(value: UncheckedMembers, password: Password | undefined): Promise<PrivateKey> {
	const { scalar, address } = await decryptKeystore(value, password);
	const key = fromRaw({ scalar, points: [] });
	if (address === undefined || address === toAddressDigits(key.publicKey)) return key;
	throw new KeyError("key/mismatch", "the keystore's address is not the address of its key");
}

function fromBytes(bytes: Uint8Array): PrivateKey {
	const [first = 0] = bytes;
	if (bytes.length === SCALAR_LENGTH) return fromRaw({ scalar: bytes, points: [] });
	if ((bytes.length === 33 && (first === 2 || first === 3)) || (bytes.length === 65 && first === 4)) {
		throw publicKeyArrived();
	}
	throw new KeyError("key/unrecognized", "a private key is 32 bytes");
}

function fromRaw({ scalar, points }: RawPrivateKey): PrivateKey {
	if (!isScalar(scalar)) throw new KeyError("key/out-of-range", "the private scalar is not in 1 to n - 1");
	const key = createPrivateKey(new Uint8Array(scalar));
	for (const point of points) {
		if (fromEncodedPoint(point).thumbprint === key.publicKey.thumbprint) continue;
		throw new KeyError("key/mismatch", "the public half stored beside the private key is of another key");
	}
	return key;
}

function publicKeyArrived(): KeyError {
	return new KeyError("key/private-expected", "a public key arrived where a private key is needed");
}
