/**
 * A file of a folder of keys.
 * @module
 */

/** A file of the folder, and whose key it holds. */
export interface KeyFile {
	/** The issuer that the file's name, or its folder's, spells. */
	readonly issuer: string;
	/** PEM, one public key; undefined where the file can't be read. */
	readonly text: string | undefined;
}
