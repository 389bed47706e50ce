/**
 * RSA keys from every container they come in.
 * @module
 */

import { KeyError } from "../errors/errors.js";
import { decryptPem } from "./decrypt-pem.js";
import type { UncheckedMembers } from "./formats/jwk-types.js";
import { decodePemBody, type PemBlock } from "./formats/pem.js";
import { PRIVATE_LABELS, refuseBlock, refuseLegacyEncryption } from "./formats/pem-labels.js";
import { type Container, orMalformed } from "./formats/read-container.js";
import {
	parseRsaPkcs8,
	parseRsaPrivateKey,
	parseRsaPublicKey,
	parseRsaSpki,
	type RawRsaPrivateKey,
} from "./formats/rsa-der.js";
import { parseRsaPrivateJwk, parseRsaPublicJwk } from "./formats/rsa-jwk.js";
import type { Password } from "./password.js";
import {
	type RsaPrivateNumbers,
	type RsaPublicNumbers,
	requireSafePrivateNumbers,
	requireSafePublicNumbers,
} from "./rsa-components.js";
import { createRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
import { createRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";
import { privateKeyArrived, publicKeyArrived } from "./unexpected-key.js";

/** Takes an RSA private key out of its container. */
export function importRsaPrivateKey(container: Container, password: Password | undefined): RsaPrivateKey {
	switch (container.kind) {
		case "pem":
			return privateFromPem(container.blocks, password);
		case "jwk":
			return privateFromJwk(container.value);
		case "keystore":
			throw new KeyError(
				"key/wrong-algorithm",
				"a keystore holds a secp256k1 key: ask for the algorithm ES256K",
			);
		case "bytes":
			throw refuseBytes();
		case "base64":
			throw new KeyError("key/unrecognized", "bare base64 is for public keys: give a private key as PEM");
	}
}

/** Takes an RSA public key out of its container. */
export function importRsaPublicKey(container: Container): RsaPublicKey {
	switch (container.kind) {
		case "pem":
			return publicFromPem(container.blocks);
		case "jwk":
			if (Object.hasOwn(container.value, "d")) throw privateKeyArrived();
			return toPublicKey(orMalformed(() => parseRsaPublicJwk(container.value)));
		case "keystore":
			throw privateKeyArrived();
		case "bytes":
			throw refuseBytes();
		case "base64":
			return toPublicKey(orMalformed(() => parseRsaSpki(container.bytes)));
	}
}

/** Makes a private key of numbers, once they have been checked. */
export function toRsaPrivateKey(numbers: RsaPrivateNumbers): RsaPrivateKey {
	requireSafePrivateNumbers(numbers);
	return createRsaPrivateKey(numbers);
}

function privateFromPem(blocks: readonly PemBlock[], password: Password | undefined): RsaPrivateKey {
	const block = onlyBlock(blocks);
	refuseLegacyEncryption(block);
	switch (block.label) {
		case "RSA PRIVATE KEY":
			return fromRaw(orMalformed(() => parseRsaPrivateKey(decodePemBody(block))));
		case "PRIVATE KEY":
			return fromRaw(orMalformed(() => parseRsaPkcs8(decodePemBody(block))));
		case "ENCRYPTED PRIVATE KEY":
			return fromDecrypted(decryptPem(block, password));
		case "PUBLIC KEY":
		case "RSA PUBLIC KEY":
			throw publicKeyArrived();
		default:
			return refuseBlock(block, "RS256");
	}
}

function fromDecrypted(der: Uint8Array): RsaPrivateKey {
	return fromRaw(orMalformed(() => parseRsaPkcs8(der)));
}

function privateFromJwk(jwk: UncheckedMembers): RsaPrivateKey {
	if (Object.hasOwn(jwk, "d")) return toRsaPrivateKey(orMalformed(() => parseRsaPrivateJwk(jwk)));
	orMalformed(() => parseRsaPublicJwk(jwk));
	throw publicKeyArrived();
}

function fromRaw({ numbers, half }: RawRsaPrivateKey): RsaPrivateKey {
	const key = toRsaPrivateKey(numbers);
	if (half === undefined || (half.n === numbers.n && half.e === numbers.e)) return key;
	throw new KeyError("key/mismatch", "the public half stored beside the private key is of another key");
}

function publicFromPem(blocks: readonly PemBlock[]): RsaPublicKey {
	if (blocks.some(({ label }) => PRIVATE_LABELS.has(label))) throw privateKeyArrived();
	const block = onlyBlock(blocks);
	switch (block.label) {
		case "PUBLIC KEY":
			return toPublicKey(orMalformed(() => parseRsaSpki(decodePemBody(block))));
		case "RSA PUBLIC KEY":
			return toPublicKey(orMalformed(() => parseRsaPublicKey(decodePemBody(block))));
		default:
			return refuseBlock(block, "RS256");
	}
}

function toPublicKey(numbers: RsaPublicNumbers): RsaPublicKey {
	requireSafePublicNumbers(numbers);
	return createRsaPublicKey(numbers);
}

function onlyBlock([block, ...others]: readonly PemBlock[]): PemBlock {
	if (block?.label === "EC PARAMETERS") refuseBlock({ ...block, label: "EC PRIVATE KEY" }, "RS256");
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	return block as PemBlock;
}

function refuseBytes(): KeyError {
	return new KeyError("key/unrecognized", "an RSA key is given as PEM or JWK, not as hexadecimal or bytes");
}
