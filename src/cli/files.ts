/**
 * Files, read and written so that nothing is followed, overwritten or left half-written by surprise.
 * @module
 */

import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe } from "../encoding/display.js";
import { ConfigError } from "../errors.js";
import type { CliIo } from "./io.js";

/** The most that is read of a key, a token or a configuration file. */
export const MAX_INPUT_BYTES = 65_536;

/** A small file's text, whether others than its owner can read it, and whose it is. */
export interface ReadFile {
	readonly text: string;
	readonly isExposed: boolean;
	/** True for a file of the user who runs this. */
	readonly isOwn: boolean;
}

/**
 * Reads a small text file.
 *
 * @param io for the working directory
 * @param file its path; never shown, because a secret may stand where a path belongs
 * @param what it is, for the message
 * @returns its text
 * @throws {ConfigError} `config/file`
 */
export function readTextFile(io: CliIo, file: string, what: string): ReadFile {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(resolve(io.cwd, file), "r");
		const stats = fstatSync(descriptor);
		if (!stats.isFile() && !stats.isFIFO()) throw new Error("not a file");
		const isExposed = process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0;
		const isOwn = process.getuid === undefined || stats.uid === process.getuid();
		return { text: readBounded(descriptor), isExposed, isOwn };
	} catch (cause) {
		throw fileError(`read ${what}`, cause);
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
	if (file === "-")
		throw new ConfigError("config/usage", "a secret is written to a file, not to standard output");
	const path = resolve(io.cwd, file);
	const target = isForced ? join(dirname(path), `.orgpass-${randomUUID().slice(0, 8)}`) : path;
	try {
		writeFileSync(target, text, { mode: 0o600, flag: "wx" });
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
			discard(target);
			throw fileError(`write ${describe(file)}`, cause);
		}
		throw new ConfigError("config/file-exists", `${describe(file)} exists already; --force replaces it`, {
			cause,
		});
	}
	if (!isForced) return;
	try {
		renameSync(target, path);
	} catch (cause) {
		discard(target);
		throw fileError(`write ${describe(file)}`, cause);
	}
}

/** What was begun; where it can't be removed, it couldn't be made. */
function discard(path: string): void {
	try {
		rmSync(path, { force: true });
	} catch {
		// Told by the error that led here.
	}
}

/** No more than the limit, also of a pipe, whose size nobody knows. */
function readBounded(descriptor: number): string {
	const buffer = Buffer.alloc(MAX_INPUT_BYTES + 1);
	let length = 0;
	for (let count = -1; count !== 0 && length < buffer.length; length += count) {
		count = readSync(descriptor, buffer, length, buffer.length - length, null);
	}
	if (length > MAX_INPUT_BYTES) throw new Error(`larger than ${MAX_INPUT_BYTES} bytes`);
	return buffer.toString("utf8", 0, length);
}

/**
 * The error for a file or folder that can't be used.
 *
 * @param what was attempted
 * @param cause what the system said
 * @returns the error, to throw
 */
export function fileError(what: string, cause: unknown): ConfigError {
	const { code, message } = cause as NodeJS.ErrnoException;
	return new ConfigError("config/file", `can't ${what}: ${code ?? message}`, { cause });
}
