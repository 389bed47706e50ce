/**
 * The output of `ioctl jwt sign`, byte for byte.
 * @module
 */
import { encodeGoJson } from "../../../tokens/ioctl/go-json.js";

export interface SignedToken {
	readonly token: string;
	/** `io1…`, or `it1…` on testnet. */
	readonly address: string;
	/** `0x04…`, the token's `iss`. */
	readonly publicKey: string;
	/** All arguments, including those that aren't in the token. */
	readonly claims: ReadonlyMap<string, string>;
}

export function formatSigned({ token, address, publicKey, claims }: SignedToken): string {
	return [
		`JWT token: ${token}`,
		"",
		"signed by:",
		"{",
		`  address: ${address}`,
		`  public key: ${publicKey}`,
		"}",
		"with following claims:",
		formatMap(claims),
	].join("\n");
}

/** Formats the text as `-o json` does. */
export function formatMessage(text: string): string {
	return `{\n  "messageType": "result",\n  "message": ${encodeGoJson(text)}\n}`;
}

/** Formats a map as Go does: indented by two spaces, sorted by the bytes of the names. */
function formatMap(members: ReadonlyMap<string, string>): string {
	const lines = [...members]
		.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
		.map(([name, value]) => `  ${encodeGoJson(name)}: ${encodeGoJson(value)}`);
	return `{\n${lines.join(",\n")}\n}`;
}
