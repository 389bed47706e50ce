/**
 * What the labels of PEM blocks mean, and what to say about those that hold no key of ours.
 * @module
 */

import { KeyError } from "../../errors/errors.js";
import type { KeyAlgorithm } from "../algorithm.js";
import { requireKind } from "./key-algorithms.js";
import { OPENSSH_PRIVATE_ADVICE } from "./openssh-advice.js";
import type { PemBlock } from "./pem.js";

/** The labels of private keys. */
export const PRIVATE_LABELS: ReadonlySet<string> = new Set([
	"PRIVATE KEY",
	"ENCRYPTED PRIVATE KEY",
	"EC PRIVATE KEY",
	"RSA PRIVATE KEY",
	"DSA PRIVATE KEY",
	"OPENSSH PRIVATE KEY",
]);

/** Labels that name an algorithm of their own. */
const KINDS: ReadonlyMap<string, string> = new Map([
	["RSA PRIVATE KEY", "RSA"],
	["RSA PUBLIC KEY", "RSA"],
	["DSA PRIVATE KEY", "DSA"],
	["EC PRIVATE KEY", "EC"],
]);

/** Known blocks that hold no key to import, with what to do. */
const ADVICE: ReadonlyMap<string, string> = new Map([
	["CERTIFICATE", "this is a certificate: take its key with `openssl x509 -pubkey -noout`"],
	["CERTIFICATE REQUEST", "this is a certificate request: take its key with `openssl req -pubkey -noout`"],
	["EC PARAMETERS", "these are only the curve's parameters: the block with the key is missing"],
]);

/** Refuses a block that holds no key of the wanted half, with what to do. */
export function refuseBlock({ label }: PemBlock, algorithm: KeyAlgorithm): never {
	const kind = KINDS.get(label);
	if (kind !== undefined) requireKind(kind, algorithm);
	if (label === "OPENSSH PRIVATE KEY")
		throw new KeyError("key/unrecognized", OPENSSH_PRIVATE_ADVICE[algorithm]);
	throw new KeyError("key/unrecognized", ADVICE.get(label) ?? "a PEM block of this label holds no key");
}

/** Refuses the encryption of old OpenSSL (RFC 1421 headers inside the block). */
export function refuseLegacyEncryption({ body }: PemBlock): void {
	if (!body.startsWith("Proc-Type:")) return;
	throw new KeyError(
		"key/unrecognized",
		"the key is encrypted in OpenSSL's old form: rewrite it with `openssl pkcs8 -topk8`",
	);
}
