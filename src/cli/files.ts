/**
 * Files, read and written so that nothing is followed, overwritten or left half-written by surprise.
 * @module
 */

import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describe } from "../encoding/display.js";
import { ConfigError } from "../errors.js";
import type { CliIo } from "./io.js";

/** The most that is read of a key, a token or a configuration file. */
export const MAX_INPUT_BYTES = 65_536;

/** A small file's text and whether others than its owner can read it. */
export interface ReadFile {
	readonly text: string;
	readonly isExposed: boolean;
}

/**
 * Reads a small text file.
 *
 * @param io for the working directory
 * @param file its path
 * @returns its text
 * @throws {ConfigError} `config/file`
 */
export function readTextFile(io: CliIo, file: string): ReadFile {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(resolve(io.cwd, file), "r");
		const stats = fstatSync(descriptor);
		if (!stats.isFile() && !stats.isFIFO()) throw new Error("not a file");
		if (stats.size > MAX_INPUT_BYTES) throw new Error(`larger than ${MAX_INPUT_BYTES} bytes`);
		const isExposed = process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0;
		return { text: readFileSync(descriptor, "utf8"), isExposed };
	} catch (cause) {
		throw fileError("read", file, cause);
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
}

/**
 * Writes a file that only its owner can read (mode 0600), whole or not at all. An existing file, or a link,
 * is never written through.
 *
 * @param io for the working directory
 * @param file its path
 * @param text what to write
 * @param isForced replace an existing file
 * @throws {ConfigError} `config/file-exists`, `config/file`
 */
export function writeSecretFile(io: CliIo, file: string, text: string, isForced: boolean): void {
	const path = resolve(io.cwd, file);
	const target = isForced ? join(dirname(path), `.${basename(path)}.${randomUUID()}`) : path;
	try {
		writeFileSync(target, text, { mode: 0o600, flag: "wx" });
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
			rmSync(target, { force: true });
			throw fileError("write", file, cause);
		}
		throw new ConfigError("config/file-exists", `${describe(file)} exists already; --force replaces it`, {
			cause,
		});
	}
	if (!isForced) return;
	try {
		renameSync(target, path);
	} catch (cause) {
		rmSync(target, { force: true });
		throw fileError("write", file, cause);
	}
}

function fileError(verb: string, file: string, cause: unknown): ConfigError {
	const { code, message } = cause as NodeJS.ErrnoException;
	return new ConfigError("config/file", `can't ${verb} ${describe(file)}: ${code ?? message}`, { cause });
}
