/**
 * The output of `ioctl jwt sign`, byte for byte.
 * @module
 */
import { isJsonObject, parseJson } from "../../../encoding/json.js";
import { undefinedOnError } from "../../../encoding/undefined-on-error.js";
import { encodeGoJson } from "../../../tokens/ioctl/go-json.js";

const PREFIX = "JWT token: ";

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
		`${PREFIX}${token}`,
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

/**
 * Extracts the token from the output of `jwt sign`, including `-o json` and `--json`; returns other text unchanged. In
 * ioctl's output, the prompt for the password may come first.
 */
export function extractToken(text: string): string {
	const value = text.startsWith("{") ? undefinedOnError(() => parseJson(text)) : undefined;
	const { token, message } = isJsonObject(value) ? value : {};
	if (typeof token === "string") return token;
	const signed = typeof message === "string" ? message : text;
	const line = signed.split("\n").find((line) => line.startsWith(PREFIX));
	return line === undefined ? text : line.slice(PREFIX.length).trim();
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
