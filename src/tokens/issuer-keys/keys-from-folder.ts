/**
 * Issuers' keys from a folder of PEM files.
 * @module
 */
import { readKeyFolder } from "#key-folder";
import { formatValue, isOrgpassError, KeyError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { type IssuerKeyLookup, withSubject } from "./issuer-keys.js";
import type { KeyFile } from "./key-file.js";

/** After this long the folder is read again. */
const MAX_AGE_MS = 60_000;
/** An unknown issuer has it read again no sooner than this. */
const COOLDOWN_MS = 10_000;

/**
 * Makes the look-up of keys in a folder: `<issuer>.pem`, or for several keys of one issuer `<issuer>/` with any
 * number of `.pem` files. Only in Node. The folder is read when a key is first asked for, again after a minute,
 * and for an issuer that isn't there at most every ten seconds; names come from the folder's listing alone, so
 * no token can name a file outside.
 *
 * @example
 * ```ts
 * import { githubApp, keysFromFolder } from "orgpass/tokens";
 *
 * githubApp({ keys: keysFromFolder("/etc/orgpass/apps") }).name; // => "github-app"
 * ```
 * @param path of the folder
 * @returns the look-up, for the `keys` of a profile; it throws `key/unreachable` when the folder can't be read,
 * and `key/*` for an issuer one of whose files holds no good RSA public key
 * @throws {ConfigError} `config/invalid-option` for a path that is no text
 */
export function keysFromFolder(path: string): IssuerKeyLookup {
	if (typeof path !== "string" || path === "")
		throw invalidOption("path", "a non-empty string", { subject: "keysFromFolder" });
	let keys: ReadonlyMap<string, readonly (RsaPublicKey | KeyError)[]> = new Map();
	let imported: ReadonlyMap<string | undefined, RsaPublicKey | KeyError> = new Map();
	let readAt = Number.NEGATIVE_INFINITY;
	let reading: Promise<void> | undefined;

	return async function keysFromFiles(issuer, keyId) {
		if (age() > MAX_AGE_MS) await read();
		if (!keys.has(issuer) && age() > COOLDOWN_MS) await read();
		const found = keys.get(issuer);
		const broken = found?.find((key) => key instanceof KeyError);
		if (broken !== undefined) {
			withSubject(`a key of ${formatValue(issuer)} in the folder`, () => {
				throw broken;
			});
		}
		return (found as readonly RsaPublicKey[] | undefined)?.filter(
			({ thumbprint }) => keyId === undefined || thumbprint === keyId,
		);
	};

	function age(): number {
		return performance.now() - readAt;
	}

	function read(): Promise<void> {
		reading ??= readOnce().finally(() => {
			reading = undefined;
		});
		return reading;
	}

	async function readOnce(): Promise<void> {
		let files: readonly KeyFile[];
		try {
			files = await readKeyFolder(path);
		} catch (cause) {
			if (isOrgpassError(cause)) throw cause;
			throw new KeyError("key/unreachable", "the folder of keys can't be read", { cause });
		}
		// Strangers can have the folder read again: what stands there as before isn't parsed again.
		const texts = new Set(files.map(({ text }) => text));
		const fresh = new Map([...texts].map((text) => [text, imported.get(text) ?? importText(text)]));
		const byIssuer = Map.groupBy(files, ({ issuer }) => issuer);
		const keysOf = (ofIssuer: readonly KeyFile[]) =>
			ofIssuer.map(({ text }) => fresh.get(text) as RsaPublicKey | KeyError);
		keys = new Map([...byIssuer].map(([issuer, ofIssuer]) => [issuer, keysOf(ofIssuer)]));
		imported = fresh;
		readAt = performance.now();
	}
}

function importText(text: string | undefined): RsaPublicKey | KeyError {
	if (text === undefined) return new KeyError("key/unreachable", "the file can't be read");
	try {
		return importPublicKey(text, { algorithm: "RS256" });
	} catch (error) {
		if (error instanceof KeyError) return error;
		throw error;
	}
}
