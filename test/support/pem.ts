/**
 * PEM as OpenSSL writes it.
 * @module
 */
import { toPem } from "../keys/sample-keys.ts";

/** PEM with lines of 64 characters (RFC 7468 2). */
export function toWrappedPem(label: string, derHex: string): string {
	return toPem(label, derHex).replace(/^[\w+/=]{65,}$/m, (line) => line.replace(/.{64}(?=.)/g, "$&\n"));
}
