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
import { parseEcJwk } from "./containers/ec-jwk.js";
import { requireSafeEncryption } from "./containers/encrypted-pkcs8.js";
import { requireKind } from "./containers/key-algorithms.js";
import { decryptKeystore } from "./containers/keystore.js";
import { decodePemBody, type PemBlock } from "./containers/pem.js";
import { refuseBlock, refuseLegacyEncryption } from "./containers/pem-labels.js";
import { type Container, orMalformed, readContainer } from "./containers/read-container.js";
import { fromEncodedPoint } from "./import-public-key.js";
import { importRsaPrivateKey } from "./import-rsa-key.js";
import { algorithmOption, passwordOption } from "./options.js";
import { type Password, requirePassword } from "./password.js";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import { isScalar, SCALAR_LENGTH, toUncompressed } from "./secp256k1.js";
import type { JwkInput, KeyAlgorithm, PrivateKeys, UncheckedMembers } from "./types.js";
import { publicKeyArrived } from "./wrong-half.js";

/** What {@link importPrivateKey} takes: text, the 32 bytes of the scalar, or a JWK or keystore. */
export type PrivateKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPrivateKey}. */
export interface ImportPrivateKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: Algorithm | undefined;
	/** Opens a keystore or an encrypted PEM. */
	readonly password?: Password | undefined;
}

const OPTIONS = z.strictObject({ algorithm: algorithmOption, password: passwordOption });

/** Inside of this file the algorithm of a secp256k1 key is a constant. */
const algorithm = "ES256K";

/**
 * Imports a private key. The container is recognized: PKCS#8 PEM (in Node also encrypted), JWK (object or
 * JSON); for ES256K also SEC 1 PEM (with or without a leading EC PARAMETERS block), keystore v3 (object or
 * JSON), 32 bytes as hexadecimal (with or without `0x`) or as they are; for RS256 also PKCS#1 PEM. PEM may
 * have `\n` for line breaks. The algorithm never is recognized: a key of another kind is refused. Its
 * numbers are checked: ES256K wants a scalar in range, RS256 2,048 to 8,192 bits, two primes that fit, and an
 * exponent of 65537 or more; a public half beside it must match.
 *
 * @example
 * ```ts
 * import { importPrivateKey, toAddress } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * toAddress(key.publicKey); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @example
 * ```ts
 * import { generateKeyPairSync } from "node:crypto";
 * import { importPrivateKey } from "orgpass/keys";
 *
 * const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
 * const key = await importPrivateKey(pem, { algorithm: "RS256" });
 * key.modulusLength; // => 2048
 * ```
 * @param input the key; never changed
 * @param options `algorithm`, `password`
 * @returns the key: a PrivateKey, or an RsaPrivateKey for `RS256`
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/weak`, `key/mismatch`, `key/private-expected`, `key/password-required`, `key/password-wrong`, `key/limits`,
 *   `key/unavailable`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5915, RFC 5958, RFC 7517, RFC 8017, RFC 8812, Web3 Secret Storage Definition
 */
export async function importPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	input: PrivateKeyInput,
	options: ImportPrivateKeyOptions<Algorithm> = {},
): Promise<PrivateKeys[Algorithm]> {
	checkOptions(OPTIONS, options, "importPrivateKey");
	const wanted: KeyAlgorithm = options.algorithm ?? "ES256K";
	const container = readContainer(input, wanted);
	const key =
		wanted === "RS256"
			? importRsaPrivateKey(container, options.password)
			: await importEcPrivateKey(container, options.password);
	return key as PrivateKeys[Algorithm];
}

async function importEcPrivateKey(container: Container, password: Password | undefined): Promise<PrivateKey> {
	switch (container.kind) {
		case "pem":
			return fromPem(container.blocks, password);
		case "jwk":
			return fromJwk(container.value);
		case "keystore":
			return fromKeystore(container.value, password);
		case "bytes":
			return fromBytes(container.bytes);
		case "base64":
			throw new KeyError("key/unrecognized", "bare base64 is for public keys: give a private key as PEM");
	}
}

function fromPem(blocks: readonly PemBlock[], password: Password | undefined): PrivateKey {
	const [parameters, block, ...others] = (
		blocks[0]?.label === "EC PARAMETERS" && blocks.length > 1 ? blocks : [undefined, ...blocks]
	) as [PemBlock | undefined, PemBlock, ...PemBlock[]];
	refuseLegacyEncryption(block);
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	switch (block.label) {
		case "EC PRIVATE KEY":
			return fromRaw(orMalformed(() => parseSec1(decodePemBody(block), algorithm, curveOf(parameters))));
		case "PRIVATE KEY":
			return fromRaw(orMalformed(() => parsePkcs8(decodePemBody(block), algorithm)));
		case "ENCRYPTED PRIVATE KEY":
			return fromEncrypted(block, password);
		case "PUBLIC KEY":
			throw publicKeyArrived();
		default:
			return refuseBlock(block, algorithm);
	}
}

function curveOf(parameters: PemBlock | undefined): string | undefined {
	if (parameters === undefined) return undefined;
	const curve = parseEcParameters(decodePemBody(parameters));
	requireKind(curve, algorithm);
	return curve;
}

function fromEncrypted(block: PemBlock, password: Password | undefined): PrivateKey {
	const der = orMalformed(() => decodePemBody(block));
	orMalformed(() => requireSafeEncryption(der));
	const opened = decryptPkcs8(der, requirePassword(password));
	return fromRaw(orMalformed(() => parsePkcs8(opened, algorithm)));
}

function fromJwk(jwk: UncheckedMembers): PrivateKey {
	const { scalar, xy } = orMalformed(() => parseEcJwk(jwk, Object.hasOwn(jwk, "d") ? "sign" : "verify"));
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
