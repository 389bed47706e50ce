/**
 * What `ioctl jwt sign` prints, byte for byte.
 * @module
 */
import { encodeGoJson } from "../../../tokens/ioctl/go-json.js";

/** A token and what ioctl says of it. */
export interface SignedToken {
	readonly token: string;
	/** `io1…`, or `it1…` on testnet. */
	readonly address: string;
	/** `0x04…`, the token's `iss`. */
	readonly publicKey: string;
	/** Every value is text; more than what the token holds, where more was given. */
	readonly claims: ReadonlyMap<string, string>;
}

/** Writes the text for people. */
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

/** Writes the text as `-o json` has it. */
export function formatMessage(text: string): string {
	return `{\n  "messageType": "result",\n  "message": ${encodeGoJson(text)}\n}`;
}

/** As Go marshals a map: indented by two spaces, by the bytes of the names. */
function formatMap(members: ReadonlyMap<string, string>): string {
	const lines = [...members]
		.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
		.map(([name, value]) => `  ${encodeGoJson(name)}: ${encodeGoJson(value)}`);
	return `{\n${lines.join(",\n")}\n}`;
}
