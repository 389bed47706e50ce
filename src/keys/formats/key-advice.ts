/**
 * Recognizes common mistakes in keys, and says what to do about them. Used only after a key was refused. No message
 * contains any part of the input.
 * @module
 */
import { decodeBase64 } from "../../encoding/base64.js";
import { isBytes } from "../../encoding/bytes.js";
import { decodeHex } from "../../encoding/hex.js";
import { isJsonObject, parseJson } from "../../encoding/json.js";
import { isPath, MISSING_VALUES, QUOTES } from "../../encoding/mistaken-text.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { KeyError } from "../../errors/errors.js";
import { DER_COMMAND, type DerContent, PKCS12_COMMAND, recognizeDer } from "./der-content.js";
import { adviseOnObject } from "./key-object-advice.js";
import { stripWhitespace } from "./pem.js";
import { adviseOnPem } from "./pem-advice.js";
import { OPENSSH_PUBLIC_ADVICE } from "./pem-labels.js";
import { decodeAnyBase64, describeKey, isPhrase, type KeyRequest } from "./recognize-key.js";

type Advise = (text: string, request: KeyRequest) => string | undefined;

const MAX_LENGTH = 65_536;
const MAX_NAME_LENGTH = 1_024;
const CODES: ReadonlySet<string> = new Set(["key/unrecognized", "key/malformed", "key/wrong-algorithm"]);
const SEPARATORS = " \t\r\n:-_,";
const FILE_ENDINGS = [".pem", ".key", ".der", ".json", ".jwk", ".p12", ".pfx", ".crt", ".cer", ".pub", ".txt", ".p8"];

const SSH_STARTS = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
const TOKEN = "this is a token, not a key: pass the key that signs or verifies it";
const PHRASE =
	"this is a seed phrase: derive the account's private key, for example with ethers' `HDNodeWallet.fromPhrase(phrase).privateKey`, and pass that";

/** How other text begins that isn't a key. */
const OTHER_FORMATS: readonly (readonly [start: string, advice: string])[] = [
	[
		"PuTTY-User-Key-File-",
		"this is a PuTTY key: export it with `puttygen FILE -O private-openssh -o key`, then `ssh-keygen -p -m PEM -f key`",
	],
	[
		"---- BEGIN SSH2",
		"this is an SSH2 public key: convert it with `ssh-keygen -i -f FILE | ssh-keygen -e -m PKCS8 -f -`",
	],
	["did:", "this is a DID, not a key: pass the key itself"],
	["io1", "this is an account's address, not a key"],
	["xprv", "this is an extended private key (BIP 32): derive the account's key, and pass that"],
	["xpub", "this is an extended public key (BIP 32): derive the account's key, and pass that"],
	["http://", "this is a URL, not a key: download the key, and pass its text"],
	["https://", "this is a URL, not a key: download the key, and pass its text (for apps, use `keysFromJwks(url)`)"],
	["env:", "env:NAME is for the command line: in code, pass `process.env.NAME`"],
	["$", "this is the name of a variable that wasn't expanded: pass its value"],
];

/** In order: the first rule that recognizes the text decides. */
const RULES: readonly Advise[] = [
	adviseOnEncoding,
	adviseOnPem,
	adviseOnJson,
	adviseOnWrapping,
	adviseOnBase64,
	adviseOnHex,
	adviseOnOther,
	adviseOnFileName,
];

/** If the input is a common mistake, returns the error with advice as its message; otherwise, the same error. */
export function addKeyAdvice(error: unknown, input: unknown, request: KeyRequest): unknown {
	if (!(error instanceof KeyError) || !CODES.has(error.code)) return error;
	// Only a JWK can name its type or curve wrongly; for other keys, the message already names the type.
	const rules = error.code === "key/wrong-algorithm" ? [adviseOnJson] : RULES;
	const advice = undefinedOnError(() => advise(input, request, rules));
	if (advice === undefined) return error;
	return new KeyError(error.code, advice, { details: error.details, cause: error });
}

function advise(input: unknown, request: KeyRequest, rules: readonly Advise[]): string | undefined {
	if (isBytes(input)) return adviseOnBytes(input, request);
	if (typeof input !== "string") return adviseOnObject(input, request.expected);
	const text = input.slice(0, MAX_LENGTH).trim();
	for (const rule of rules) {
		const advice = rule(text, request);
		if (advice !== undefined) return advice;
	}
	return undefined;
}

function adviseOnBytes(bytes: Uint8Array, { expected }: KeyRequest): string | undefined {
	const start = String.fromCharCode(...bytes.subarray(0, 64));
	if (start.startsWith("\xfe\xed\xfe\xed")) {
		return "this is a Java keystore: convert it to PKCS#12 with `keytool -importkeystore -srckeystore FILE -destkeystore key.p12 -deststoretype PKCS12`";
	}
	const content = recognizeDer(bytes);
	if (content !== undefined) {
		const { what, command } = content;
		return missingPrivateKey(content, expected) ?? `this is ${what} in binary form: convert it with \`${command}\``;
	}
	const isText = [...start].every((character) => character >= " " || "\t\r\n".includes(character));
	if (!isText || start.length <= 32) return adviseOnEncoding(start);
	return "these are the bytes of a text file: pass PEM files as text, for example with `new TextDecoder().decode(bytes)`";
}

/** Advice for a public key where a private one is needed. */
function missingPrivateKey({ what, label }: DerContent, expected: KeyRequest["expected"]): string | undefined {
	return expected === "private" && label.endsWith("PUBLIC KEY")
		? `this is ${what}, but a private key is needed: use the file of the private key`
		: undefined;
}

/** For files read with the wrong encoding: UTF-16, or binary files read as text. */
function adviseOnEncoding(text: string): string | undefined {
	if (text === "")
		return "the key is empty, expected text such as PEM (-----BEGIN …): check that the file or variable has a value";
	if (MISSING_VALUES.has(text))
		return "this isn't a key, but a missing value converted to text: check where it comes from";
	const encoding = findUtf16(text);
	if (encoding !== undefined) {
		return `the key is in UTF-16 (PowerShell writes that): save it as UTF-8, for example with \`iconv -f ${encoding} -t UTF-8 FILE > key.pem\``;
	}
	const isBinary = [...text.slice(0, 16)].some((character) => character === "\ufffd" || character < "\t");
	if (!isBinary) return undefined;
	return text.startsWith("0")
		? `this is a binary file (DER or PKCS#12): convert DER with \`${DER_COMMAND}\`, PKCS#12 with \`${PKCS12_COMMAND}\``
		: undefined;
}

/** Every other character is NUL, possibly after a byte order mark that was misread. */
function findUtf16(text: string): string | undefined {
	const hasMark = ["\ufffd\ufffd", "\xff\xfe", "\xfe\xff"].includes(text.slice(0, 2));
	const start = text.slice(hasMark ? 2 : 0, hasMark ? 18 : 16);
	const first = start.indexOf("\0");
	if (start.length < 15 || first < 0 || first > 1) return undefined;
	for (let at = 0; at < start.length; at++) if ((start[at] === "\0") !== (at % 2 === first)) return undefined;
	return hasMark ? "UTF-16" : first === 0 ? "UTF-16BE" : "UTF-16LE";
}

function adviseOnJson(text: string, { expected }: KeyRequest): string | undefined {
	if (text.startsWith("{\\")) return "the JSON's quotes are escaped: remove the backslashes";
	if (!text.startsWith("{") && !text.startsWith("[")) return undefined;
	const value = undefinedOnError(() => parseJson(text));
	return isJsonObject(value) || Array.isArray(value) ? adviseOnObject(value, expected) : undefined;
}

/** For keys in quotes, after a name, or after something else. */
function adviseOnWrapping(text: string): string | undefined {
	if (text.startsWith("-----BEGIN ")) return undefined;
	const first = text[0] as string;
	if (QUOTES.includes(first)) {
		const end = QUOTES.includes(text.at(-1) as string) ? -1 : text.length;
		const inside = text.slice(1, end).trim();
		const key = describeKey(inside);
		if (key === "a PEM") return "the PEM has a quote before -----BEGIN: remove the quotes";
		if (key !== undefined) return `this is ${key} in quotes: remove the quotes`;
		if (inside.startsWith("{\\")) return "this is JSON in quotes, with escaped quotes inside: pass `JSON.parse(text)`";
		if (isPhrase(inside)) return PHRASE;
	}
	const at = text.slice(0, 64).search(/[=:]/);
	const name = text.slice(0, Math.max(at, 0)).trim();
	const value = text.slice(at + 1).trim();
	const isNamed = at > 0 && /^[\w .-]+$/.test(name);
	const key = isNamed ? (describeKey(value) ?? describeKey(value.slice(1, -1))) : undefined;
	if (key !== undefined) return `this is ${key} after a name: pass only the value, without the name and quotes`;
	if (!text.includes("-----BEGIN ")) return undefined;
	return "there is text before -----BEGIN, such as a quote or a header: remove it";
}

function adviseOnBase64(text: string, { expected }: KeyRequest): string | undefined {
	const bytes = decodeAnyBase64(text);
	if (bytes === undefined || describeKey(text) === "a hexadecimal key") return undefined;
	const content = recognizeDer(bytes);
	if (content !== undefined) {
		const { what, label } = content;
		const missing = missingPrivateKey(content, expected);
		if (missing !== undefined) return missing;
		// Public keys may be base64 without armor, so that isn't the problem.
		if (label === "PUBLIC KEY" && undefinedOnError(() => decodeBase64(stripWhitespace(text))) !== undefined)
			return undefined;
		if (label === "") return `this is ${what} in base64: decode it with \`base64 -d\`, then run \`${content.command}\``;
		return `this is ${what} in base64, not PEM: put -----BEGIN ${label}----- before it and -----END ${label}----- after it, on lines of their own`;
	}
	const inside = new TextDecoder().decode(bytes).trim();
	const key = describeKey(inside);
	if (key !== undefined) {
		return `this is ${key} encoded in base64: decode it first, with \`base64 -d\` or \`Buffer.from(text, "base64").toString()\``;
	}
	if (bytes.length !== 32) return undefined;
	return 'these are 32 bytes in base64: if that is the private key, write it as hexadecimal, with `Buffer.from(text, "base64").toString("hex")`';
}

function adviseOnHex(text: string, { expected }: KeyRequest): string | undefined {
	const isPrefixed = text.startsWith("0x") || text.startsWith("0X");
	const digits = Array.from(isPrefixed ? text.slice(2) : text)
		.filter((character) => !SEPARATORS.includes(character))
		.join("");
	const bytes = undefinedOnError(() => decodeHex(digits.length % 2 === 0 ? digits : `0${digits}`, "none"));
	if (bytes === undefined || bytes.length < 16) {
		return bytes !== undefined && isPrefixed && expected === "private" ? wrongDigits(digits) : undefined;
	}
	const content = recognizeDer(bytes);
	if (content !== undefined) {
		const { what, command } = content;
		return (
			missingPrivateKey(content, expected) ??
			`this is ${what} in hexadecimal: convert it with \`xxd -r -p HEXFILE > FILE\`, then \`${command}\``
		);
	}
	const key = describeKey(new TextDecoder().decode(bytes).trim());
	if (key !== undefined) return `this is ${key} encoded in hexadecimal: decode it first, with \`xxd -r -p\``;
	if (bytes.length === 20) return "this is an account's address, not a key";
	if (digits.length % 2 !== 0 || (digits.length < 64 && expected === "private")) return wrongDigits(digits);
	const isPlain = digits.length === text.length - (isPrefixed ? 2 : 0);
	if (!isPlain) return "the hexadecimal key has spaces, colons or other separators in it: remove them";
	return text.startsWith("0X") ? "the hexadecimal key begins with 0X: write 0x" : undefined;
}

function wrongDigits({ length }: string): string {
	return `expected 64 hexadecimal digits for a private key, got ${length}: check that none is missing`;
}

function adviseOnOther(text: string, { algorithm }: KeyRequest): string | undefined {
	const start = text.slice(0, 16).toLowerCase();
	if (start.startsWith("eyj") || start.startsWith("bearer ") || start.startsWith("authorization:")) return TOKEN;
	if (SSH_STARTS.some((name) => text.startsWith(name))) return OPENSSH_PUBLIC_ADVICE[algorithm];
	if (isPhrase(text)) return PHRASE;
	return OTHER_FORMATS.find(([start]) => text.startsWith(start))?.[1];
}

function adviseOnFileName(text: string): string | undefined {
	if (text.length > MAX_NAME_LENGTH || text.includes("\n")) return undefined;
	const name = QUOTES.includes(text[0] as string) ? text.slice(1, -1) : text;
	if (!isPath(name) && !FILE_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))) return undefined;
	return 'this is the name of a file, not a key: pass the file\'s contents, for example with `readFileSync(file, "utf8")`; on the command line, pass the file name itself as KEY';
}
