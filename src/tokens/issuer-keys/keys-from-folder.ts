/**
 * Issuers' keys from a folder of PEM files.
 * @module
 */
import { readKeyFolder } from "#key-folder";
import { formatValue, isOrgpassError, KeyError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { toAppId } from "./app-id.js";
import { type IssuerKeyLookup, keyErrorOf } from "./issuer-keys.js";
import type { KeyFile } from "./key-folder.js";

/** How long the folder's content is cached. */
const MAX_AGE_MS = 60_000;
/** How long after a read, an issuer that is unknown or has an invalid file doesn't cause another one. */
const COOLDOWN_MS = 10_000;

/**
 * Creates a lookup of keys in a folder: `<issuer>.pem`, or `<issuer>/` with any number of `.pem` files for an issuer
 * with several keys. Needs Node.js. The folder is read at the first lookup, again after a minute, and for an issuer that
 * is unknown or has an invalid file at most every 10 s. File names come only from the folder's listing: a token can't
 * name other files.
 *
 * @example
 * ```ts
 * import { githubApp, keysFromFolder } from "orgpass/tokens";
 *
 * githubApp({ keys: keysFromFolder("/etc/orgpass/apps") }).name; // => "github-app"
 * ```
 * @param path the folder's path
 * @returns the lookup, for the `keys` of a profile; it throws `key/unreachable` if the folder can't be read, and
 * `key/*` if one of the issuer's files doesn't contain a valid RSA public key
 * @throws {ConfigError} `config/invalid-option` if the path isn't a non-empty string
 */
export function keysFromFolder(path: string): IssuerKeyLookup {
	if (typeof path !== "string" || path === "")
		throw invalidOption("path", "a non-empty string", { subject: "keysFromFolder" });
	let keys: ReadonlyMap<string, readonly (RsaPublicKey | KeyError)[]> = new Map();
	let imported: ReadonlyMap<string | undefined, RsaPublicKey | KeyError> = new Map();
	let readAt = Number.NEGATIVE_INFINITY;
	let reading: Promise<void> | undefined;

	return function keysFromFiles(name, keyId) {
		const issuer = toAppId(name) ?? name;
		const isRead = age() <= MAX_AGE_MS && (isUsable(issuer) || age() <= COOLDOWN_MS);
		return isRead ? find(issuer, keyId) : read().then(() => find(issuer, keyId));
	};

	function find(issuer: string, keyId: string | undefined): readonly RsaPublicKey[] | undefined {
		const found = keys.get(issuer);
		const error = found?.find((key) => key instanceof KeyError);
		if (error !== undefined) throw keyErrorOf(`a key of ${formatValue(issuer)} in the folder`, error);
		return (found as readonly RsaPublicKey[] | undefined)?.filter(
			({ thumbprint }) => keyId === undefined || thumbprint === keyId,
		);
	}

	/** A file that is being written when the folder is read is invalid. */
	function isUsable(issuer: string): boolean {
		return keys.get(issuer)?.every((key) => !(key instanceof KeyError)) ?? false;
	}

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
		// Tokens of unknown issuers cause new reads, so unchanged files aren't parsed again.
		const texts = new Set(files.map(({ text }) => text));
		const fresh = new Map([...texts].map((text) => [text, imported.get(text) ?? importText(text)]));
		const byIssuer = Map.groupBy(files, ({ issuer }) => toAppId(issuer) ?? issuer);
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
