/**
 * What the labels of PEM blocks mean, and advice for blocks without a usable key.
 * @module
 */
import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import { assertKeyType } from "./key-types.js";
import type { PemBlock } from "./pem.js";

export const PRIVATE_LABELS: ReadonlySet<string> = new Set([
	"PRIVATE KEY",
	"ENCRYPTED PRIVATE KEY",
	"EC PRIVATE KEY",
	"RSA PRIVATE KEY",
	"DSA PRIVATE KEY",
	"OPENSSH PRIVATE KEY",
]);

/** The key types of labels that name one. */
const KEY_TYPES: ReadonlyMap<string, string> = new Map([
	["RSA PRIVATE KEY", "RSA"],
	["RSA PUBLIC KEY", "RSA"],
	["DSA PRIVATE KEY", "DSA"],
	["EC PRIVATE KEY", "EC"],
]);

const NO_SECP256K1 =
	"this is an OpenSSH key: OpenSSH doesn't support secp256k1, so create a key with `openssl ecparam -name secp256k1 -genkey -noout`";

/** For OpenSSH private key files (`OPENSSH PRIVATE KEY`). */
const OPENSSH_PRIVATE_ADVICE: Readonly<Record<KeyAlgorithm, string>> = {
	ES256K: NO_SECP256K1,
	RS256:
		"this is a private key in OpenSSH's own format: if it is an RSA key, convert a copy of it to PEM with `ssh-keygen -p -m PEM -f FILE`",
};

/** For OpenSSH public key lines (`ssh-rsa ...`). */
export const OPENSSH_PUBLIC_ADVICE: Readonly<Record<KeyAlgorithm, string>> = {
	ES256K: NO_SECP256K1,
	RS256:
		"this is a public key in OpenSSH's own format: if it is an RSA key, convert it to PEM with `ssh-keygen -e -m PKCS8 -f FILE`",
};

const ADVICE: ReadonlyMap<string, string> = new Map([
	["CERTIFICATE", "this is a certificate: extract its key with `openssl x509 -pubkey -noout`"],
	["CERTIFICATE REQUEST", "this is a certificate request: extract its key with `openssl req -pubkey -noout`"],
	["EC PARAMETERS", "these are only the curve's parameters: the block with the key is missing"],
]);

/** Throws an error with advice for a block that doesn't contain the expected key. */
export function throwUnusableBlock({ label }: PemBlock, algorithm: KeyAlgorithm): never {
	const keyType = label === "EC PARAMETERS" && algorithm === "RS256" ? "EC" : KEY_TYPES.get(label);
	if (keyType !== undefined) assertKeyType(keyType, algorithm);
	const advice = label === "OPENSSH PRIVATE KEY" ? OPENSSH_PRIVATE_ADVICE[algorithm] : ADVICE.get(label);
	throw new KeyError("key/unrecognized", advice ?? "a PEM block with this label contains no key");
}

/** Rejects OpenSSL's legacy encryption (RFC 1421 headers inside the block). */
export function assertNotLegacyEncrypted({ body }: PemBlock): void {
	if (!body.startsWith("Proc-Type:")) return;
	throw new KeyError(
		"key/unrecognized",
		"the key is encrypted in OpenSSL's legacy format: rewrite it with `openssl pkcs8 -topk8`",
	);
}
