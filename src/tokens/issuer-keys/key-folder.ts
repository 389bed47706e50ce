/**
 * Folders of keys where there is no file system.
 * @module
 */
import { KeyError } from "../../errors/errors.js";
import type { KeyFile } from "./key-file.js";

/** Refuses: only Node has files. */
export async function readKeyFolder(_path: string): Promise<readonly KeyFile[]> {
	throw new KeyError("key/unavailable", "a folder of keys needs Node: give the keys as a map or a JWK Set");
}
