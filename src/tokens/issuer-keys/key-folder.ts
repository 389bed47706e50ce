/**
 * Folders of keys in runtimes without a file system.
 * @module
 */
import { KeyError } from "../../errors/errors.js";

export interface KeyFile {
	/** The issuer, from the name of the file or of its folder. */
	readonly issuer: string;
	/** PEM, one public key; undefined if the file can't be read. */
	readonly text: string | undefined;
}

/** Throws: only Node.js has files. */
export async function readKeyFolder(_path: string): Promise<readonly KeyFile[]> {
	throw new KeyError("key/unavailable", "a folder of keys needs Node.js: pass the keys as a map or a JWK Set");
}
