/**
 * Keeps secrets out of messages: keys and tokens typed where a DID, an address or a folder was expected.
 * @module
 */
import { basename } from "node:path";
import { ConfigError, escapeText } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";

/** PEM, PEM in base64, JWK, keystores, tokens, extended keys (BIP 32), URLs with credentials. */
const MARKS = /-----BEGIN|LS0tLS1|\bkty\b|ciphertext|eyJ|xprv|:\/\/[^/]*@/;
/** 64 digits, or roughly that if mistyped; addresses have 40, public keys at least 128. */
const HEX = /(?<![0-9a-f])[0-9a-f]{52,76}(?![0-9a-f])/i;
const SEPARATORS = /[\s:,_-]/g;
/** DER in base64 starts with M, from the tag of a SEQUENCE. */
const DER = /M[A-Za-z0-9+/_-]{59}/;
/** A seed phrase (BIP 39). */
const PHRASE = /^\s*(?:[a-z]{3,8}\s+){11,}[a-z]{3,8}\s*$/i;

/**
 * Other forms of 32 bytes, if they are a whole argument: base64, digits, WIF, a list of bytes. A key's name may look
 * the same, so these are hidden but not refused.
 */
const NUMBERS = [
	/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w+/-]{43}=?$/,
	/^\d{70,78}$/,
	/^[5KL][1-9A-HJ-NP-Za-km-z]{50,51}$/,
	/^\[?(?:\d{1,3},\s*){31,}\d{1,3}\]?$/,
];

/** Any run of this many characters of a secret is hidden. */
const LENGTH = 10;

/** Creates a function that hides whatever a message repeats of arguments that look like secrets. */
export function createSecretFilter(argv: readonly string[]): (message: string) => string {
	const isSecret = (text: string): boolean => mayBeSecret(text) || NUMBERS.some((form) => form.test(text.trim()));
	const secrets = argv.flatMap((word) => [word.replace(/^[\w-]*=/, ""), ...word.split("=")]).filter(isSecret);
	const parts = new Set<string>();
	for (const text of secrets.flatMap((secret) => [secret, escapeText(secret)])) {
		const lower = text.toLowerCase();
		for (let at = 0; at + LENGTH <= lower.length; at++) parts.add(lower.slice(at, at + LENGTH));
	}
	return (message) => hideParts(message, parts);
}

/** Rejects a name that looks like a private key: names are published. */
export function assertNoSecret(option: string, name: string): void {
	if (mayBeSecret(name)) throw invalidOption(option, "a name; this may be a private key");
}

/** Rejects a new file's name that may be a private key: anyone could list it. A name with a dot may contain a hash. */
export function assertNoSecretFile(file: string): void {
	const name = basename(file);
	if (name.includes(".") || !mayBeSecret(name)) return;
	throw new ConfigError("config/file", "expected the name of a file; this may be a private key");
}

/** An organization's id in a DID looks like a private key but isn't one. */
function mayBeSecret(text: string): boolean {
	const body = text.startsWith("did:") ? text.slice(text.indexOf("#") + 1 || text.length) : text;
	return (
		MARKS.test(body) || HEX.test(body.replace(SEPARATORS, "")) || HEX.test(body) || DER.test(body) || PHRASE.test(body)
	);
}

function hideParts(message: string, parts: ReadonlySet<string>): string {
	if (parts.size === 0) return message;
	const lower = message.toLowerCase();
	let shown = "";
	let hiddenUntil = 0;
	for (let at = 0; at < message.length; at++) {
		if (parts.has(lower.slice(at, at + LENGTH))) {
			if (at >= hiddenUntil) shown += "…";
			hiddenUntil = at + LENGTH;
		}
		if (at >= hiddenUntil) shown += message[at];
	}
	return shown;
}
