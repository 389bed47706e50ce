/**
 * PEM as OpenSSL writes it.
 * @module
 */
import { createPrivateKey } from "node:crypto";
import { toPem } from "../keys/sample-keys.ts";

/** PEM with lines of 64 characters (RFC 7468 2). */
export function toWrappedPem(label: string, derHex: string): string {
	return toPem(label, derHex).replace(/^[\w+/=]{65,}$/m, (line) => line.replace(/.{64}(?=.)/g, "$&\n"));
}

/** The key encrypted with a password: by OpenSSL with 2,048 iterations, which is quick; `exportPrivateKey` takes 600,000. */
export function encryptPem(pem: string, passphrase: string): string {
	const cipher = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase } as const;
	return createPrivateKey(pem).export(cipher).toString();
}
