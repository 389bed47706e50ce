/**
 * PEM armor (RFC 7468): read without regular expressions, written with lines of 64 characters.
 * @module
 */
import { decodeBase64, encodeBase64 } from "../../encoding/base64.js";
import { isTruncated } from "./der.js";

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";
const MAX_BLOCKS = 4;

/** For keys truncated by an environment file or a form. */
const TRUNCATED =
	"the key seems truncated: paste it whole, from its BEGIN to its END line; in an environment variable keep the line breaks, or write them as \\n";

export interface PemBlock {
	readonly label: string;
	/** Base64 without whitespace; not yet decoded. */
	readonly body: string;
}

/** Checks whether text starts like PEM. */
export function isPem(text: string): boolean {
	return text.startsWith(BEGIN);
}

/** Splits PEM text into its blocks. Only whitespace may surround them. */
export function parsePem(text: string): readonly PemBlock[] {
	const blocks: PemBlock[] = [];
	let rest = text;
	while (rest !== "") {
		if (!isPem(rest) || blocks.length === MAX_BLOCKS) throw new SyntaxError("PEM: text outside the armor");
		const labelEnd = rest.indexOf(DASHES, BEGIN.length);
		const label = rest.slice(BEGIN.length, labelEnd);
		const endLine = `${END}${label}${DASHES}`;
		const bodyStart = labelEnd + DASHES.length;
		const bodyEnd = labelEnd < 0 ? -1 : rest.indexOf(endLine, bodyStart);
		if (bodyEnd < 0) throw new SyntaxError(`PEM: the END line is missing, ${TRUNCATED}`);
		blocks.push({ label, body: stripWhitespace(rest.slice(bodyStart, bodyEnd)) });
		rest = rest.slice(bodyEnd + endLine.length).trimStart();
	}
	return blocks;
}

export function decodePemBody({ body }: PemBlock): Uint8Array<ArrayBuffer> {
	// Base64 comes in groups of four: with any other length, some of it is missing.
	if (body.length % 4 !== 0) throw new SyntaxError(`PEM: the base64 is incomplete, ${TRUNCATED}`);
	const bytes = decodeBase64(body);
	if (isTruncated(bytes)) throw new SyntaxError(`PEM: the data ends too early, ${TRUNCATED}`);
	return bytes;
}

/** Encodes one block with lines of 64 characters and a newline at the end. */
export function encodePem(label: string, bytes: Uint8Array): string {
	const body = encodeBase64(bytes).replace(/.{64}(?=.)/g, "$&\n");
	return `${BEGIN}${label}${DASHES}\n${body}\n${END}${label}${DASHES}\n`;
}

/** Removes spaces, tabs and line breaks. */
export function stripWhitespace(text: string): string {
	return text.split(/[ \t\r\n]/).join("");
}
