/**
 * Imports keys in every format; a {@link KeyImporter} supplies what differs between secp256k1 and RSA.
 * @module
 */
import { decryptPkcs8 } from "#encrypted-pem";
import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";
import { parseEcParameters } from "./formats/ec-der.js";
import type { UncheckedMembers } from "./formats/jwk.js";
import { type KeyFormat, wrapSyntaxError } from "./formats/key-format.js";
import { assertKeyType } from "./formats/key-types.js";
import { decodePemBody, type PemBlock } from "./formats/pem.js";
import { assertNotLegacyEncrypted, PRIVATE_LABELS, throwUnusableBlock } from "./formats/pem-labels.js";
import { expectedPrivateKey, expectedPublicKey } from "./key-classes.js";
import type { Password } from "./password.js";

/** Parses the public keys of one algorithm. A SyntaxError that it throws becomes `key/malformed`. */
export interface PublicKeyImporter<PublicKey> {
	readonly algorithm: KeyAlgorithm;
	/** By the label of the PEM block. */
	readonly publicPem: Readonly<Record<string, (der: Uint8Array) => PublicKey>>;
	/** Only called for a JWK without `d`. */
	publicJwk(jwk: UncheckedMembers): PublicKey;
	publicBytes(bytes: Uint8Array): PublicKey;
}

/** Parses the keys of one algorithm. A SyntaxError that it throws becomes `key/malformed`. */
export interface KeyImporter<PrivateKey, PublicKey> extends PublicKeyImporter<PublicKey> {
	/** By the label of the PEM block; `curve` is the one that an EC PARAMETERS block before it names. */
	readonly privatePem: Readonly<Record<string, (der: Uint8Array, curve?: string) => PrivateKey>>;
	privateJwk(jwk: UncheckedMembers): PrivateKey;
	privateBytes(bytes: Uint8Array): PrivateKey;
	keystore(keystore: UncheckedMembers, password: Password | undefined): Promise<PrivateKey>;
}

export async function importPrivate<PrivateKey>(
	importer: KeyImporter<PrivateKey, unknown>,
	key: KeyFormat,
	password: Password | undefined,
): Promise<PrivateKey> {
	switch (key.format) {
		case "pem":
			return importPrivatePem(importer, key.blocks, password);
		case "jwk":
			return wrapSyntaxError(() => importer.privateJwk(key.value));
		case "keystore":
			return importer.keystore(key.value, password);
		case "bytes":
			return importer.privateBytes(key.bytes);
		case "base64":
			throw new KeyError("key/unrecognized", "bare base64 is only for public keys: use PEM for a private key");
	}
}

export function importPublic<PublicKey>(importer: PublicKeyImporter<PublicKey>, key: KeyFormat): PublicKey {
	switch (key.format) {
		case "pem":
			return importPublicPem(importer, key.blocks);
		case "jwk":
			if (Object.hasOwn(key.value, "d")) throw expectedPublicKey();
			return wrapSyntaxError(() => importer.publicJwk(key.value));
		case "keystore":
			throw expectedPublicKey();
		case "bytes":
			return importer.publicBytes(key.bytes);
		case "base64":
			return wrapSyntaxError(() => spkiReader(importer)(key.bytes));
	}
}

function importPrivatePem<PrivateKey>(
	{ algorithm, privatePem, publicPem }: KeyImporter<PrivateKey, unknown>,
	blocks: readonly PemBlock[],
	password: Password | undefined,
): PrivateKey {
	const parameters = blocks.length > 1 && blocks[0]?.label === "EC PARAMETERS" ? blocks[0] : undefined;
	if (parameters !== undefined && algorithm === "RS256") throwUnusableBlock(parameters, algorithm);
	const block = onlyBlock(parameters === undefined ? blocks : blocks.slice(1));
	assertNotLegacyEncrypted(block);
	const { label } = block;
	if (label === "ENCRYPTED PRIVATE KEY") {
		const read = privatePem["PRIVATE KEY"] as (der: Uint8Array) => PrivateKey;
		return wrapSyntaxError(() => read(decryptPkcs8(decodePemBody(block), password)));
	}
	if (Object.hasOwn(publicPem, label)) throw expectedPrivateKey();
	const read = Object.hasOwn(privatePem, label) ? privatePem[label] : undefined;
	if (read === undefined) return throwUnusableBlock(block, algorithm);
	return wrapSyntaxError(() => {
		const der = decodePemBody(block);
		return read(der, parameters === undefined ? undefined : curveOf(parameters));
	});
}

function importPublicPem<PublicKey>(
	{ algorithm, publicPem }: PublicKeyImporter<PublicKey>,
	blocks: readonly PemBlock[],
): PublicKey {
	if (blocks.some(({ label }) => PRIVATE_LABELS.has(label))) throw expectedPublicKey();
	const [first] = blocks as readonly [PemBlock];
	const read = Object.hasOwn(publicPem, first.label) ? publicPem[first.label] : undefined;
	if (read === undefined) return throwUnusableBlock(first, algorithm);
	const block = onlyBlock(blocks);
	return wrapSyntaxError(() => read(decodePemBody(block)));
}

function spkiReader<PublicKey>({ publicPem }: PublicKeyImporter<PublicKey>): (der: Uint8Array) => PublicKey {
	return publicPem["PUBLIC KEY"] as (der: Uint8Array) => PublicKey;
}

function curveOf(parameters: PemBlock): string {
	const curve = parseEcParameters(decodePemBody(parameters));
	assertKeyType(curve, "ES256K");
	return curve;
}

function onlyBlock([block, ...others]: readonly PemBlock[]): PemBlock {
	if (block !== undefined && others.length === 0) return block;
	throw new KeyError("key/unrecognized", "the text contains several keys: provide one");
}
