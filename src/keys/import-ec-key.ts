/**
 * secp256k1 keys from every container they come in.
 * @module
 */

import { KeyError } from "../errors/errors.js";
import { toAddressDigits } from "./addresses.js";
import { decryptPem } from "./decrypt-pem.js";
import { parseEcParameters, parsePkcs8, parseSec1, type RawPrivateKey } from "./formats/ec-der.js";
import { parseEcJwk } from "./formats/ec-jwk.js";
import type { UncheckedMembers } from "./formats/jwk-types.js";
import { requireKind } from "./formats/key-algorithms.js";
import { openSpki } from "./formats/key-info.js";
import { decryptKeystore } from "./formats/keystore.js";
import { decodePemBody, type PemBlock } from "./formats/pem.js";
import { PRIVATE_LABELS, refuseBlock, refuseLegacyEncryption } from "./formats/pem-labels.js";
import { type Container, orMalformed } from "./formats/read-container.js";
import type { Password } from "./password.js";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import { createPublicKey, type PublicKey } from "./public-key.js";
import { decodePoint, isScalar, POINT_LENGTH, SCALAR_LENGTH, toUncompressed } from "./secp256k1/curve.js";
import { privateKeyArrived, publicKeyArrived } from "./unexpected-key.js";

const COMPRESSED_LENGTH = 33;
const XY_LENGTH = 64;

/** Takes a secp256k1 private key out of its container. */
export async function importEcPrivateKey(
	container: Container,
	password: Password | undefined,
): Promise<PrivateKey> {
	switch (container.kind) {
		case "pem":
			return privateFromPem(container.blocks, password);
		case "jwk":
			return privateFromJwk(container.value);
		case "keystore":
			return fromKeystore(container.value, password);
		case "bytes":
			return privateFromBytes(container.bytes);
		case "base64":
			throw new KeyError("key/unrecognized", "bare base64 is for public keys: give a private key as PEM");
	}
}

/** Takes a secp256k1 public key out of its container. */
export function importEcPublicKey(container: Container): PublicKey {
	switch (container.kind) {
		case "pem":
			return publicFromPem(container.blocks);
		case "jwk":
			return publicFromJwk(container.value);
		case "base64":
			return publicFromSpki(() => container.bytes);
		case "bytes":
			return publicFromBytes(container.bytes);
		case "keystore":
			throw privateKeyArrived();
	}
}

/** Makes a key of an encoded point. */
export function fromEncodedPoint(encoded: Uint8Array): PublicKey {
	const [first = 0] = encoded;
	const isCompressed = encoded.length === COMPRESSED_LENGTH && (first === 2 || first === 3);
	if (!isCompressed && !(encoded.length === POINT_LENGTH && first === 4)) {
		throw new KeyError(
			"key/malformed",
			"a point is 02 or 03 and 32 bytes, or 04 and 64 bytes; hybrid points are refused",
		);
	}
	const point = decodePoint(encoded);
	if (point !== undefined) return createPublicKey(point);
	throw new KeyError("key/out-of-range", "the point is not on the curve secp256k1");
}

function privateFromPem(blocks: readonly PemBlock[], password: Password | undefined): PrivateKey {
	const [parameters, block, ...others] = (
		blocks[0]?.label === "EC PARAMETERS" && blocks.length > 1 ? blocks : [undefined, ...blocks]
	) as [PemBlock | undefined, PemBlock, ...PemBlock[]];
	refuseLegacyEncryption(block);
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	switch (block.label) {
		case "EC PRIVATE KEY":
			return fromRaw(orMalformed(() => parseSec1(decodePemBody(block), curveOf(parameters))));
		case "PRIVATE KEY":
			return fromRaw(orMalformed(() => parsePkcs8(decodePemBody(block))));
		case "ENCRYPTED PRIVATE KEY":
			return fromDecrypted(decryptPem(block, password));
		case "PUBLIC KEY":
			throw publicKeyArrived();
		default:
			return refuseBlock(block, "ES256K");
	}
}

function fromDecrypted(der: Uint8Array): PrivateKey {
	return fromRaw(orMalformed(() => parsePkcs8(der)));
}

function curveOf(parameters: PemBlock | undefined): string | undefined {
	if (parameters === undefined) return undefined;
	const curve = parseEcParameters(decodePemBody(parameters));
	requireKind(curve, "ES256K");
	return curve;
}

function privateFromJwk(jwk: UncheckedMembers): PrivateKey {
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

function privateFromBytes(bytes: Uint8Array): PrivateKey {
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

function publicFromPem(blocks: readonly PemBlock[]): PublicKey {
	if (blocks.some(({ label }) => PRIVATE_LABELS.has(label))) throw privateKeyArrived();
	const [block, ...others] = blocks as [PemBlock, ...PemBlock[]];
	if (block.label !== "PUBLIC KEY") refuseBlock(block, "ES256K");
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	return publicFromSpki(() => decodePemBody(block));
}

function publicFromSpki(decode: () => Uint8Array): PublicKey {
	return fromEncodedPoint(orMalformed(() => openSpki(decode(), "ES256K")));
}

function publicFromJwk(jwk: UncheckedMembers): PublicKey {
	if (Object.hasOwn(jwk, "d")) throw privateKeyArrived();
	return fromEncodedPoint(toUncompressed(orMalformed(() => parseEcJwk(jwk, "verify")).xy));
}

function publicFromBytes(bytes: Uint8Array): PublicKey {
	if (bytes.length === SCALAR_LENGTH) throw privateKeyArrived();
	if (bytes.length === XY_LENGTH) return fromEncodedPoint(toUncompressed(bytes));
	if (bytes.length === COMPRESSED_LENGTH || bytes.length === POINT_LENGTH) return fromEncodedPoint(bytes);
	throw new KeyError("key/unrecognized", "a public key is 33, 64 or 65 bytes");
}
