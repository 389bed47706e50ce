/**
 * The layers of the code, as ARCHITECTURE.md describes them.
 * @module
 */

/** Lowest first. A file imports its own folder and lower layers, not the folder beside it. */
export const LAYERS: readonly (readonly string[])[] = [
	["src/errors"],
	["src/encoding", "src/caching"],
	["src/options", "src/network"],
	["src/keys", "src/observe"],
	["src/jws", "src/did"],
	["src/registry"],
	["src/document"],
	["src/resolver", "src/tokens"],
	["src/auth"],
	["src/http", "src/client", "src/testing"],
	["src/cli"],
	["src"],
	["inspector"],
];
