/**
 * Files, read and written so that nothing is followed, overwritten or left half-written by surprise.
 * @module
 */

import { randomUUID } from "node:crypto";
import {
	closeSync,
	constants,
	fstatSync,
	lstatSync,
	openSync,
	readSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import type { CliContext } from "./context.js";

/** The most that is read of a key, a token or a configuration file. */
export const MAX_INPUT_BYTES = 65_536;

/** A small file's text, whether others than its owner can read it, and whose it is. */
export interface ReadFile {
	readonly text: string;
	readonly isExposed: boolean;
	/** True for a file of the user who runs this. */
	readonly isOwn: boolean;
}

/** Reads a small text file. */
export function readTextFile(context: CliContext, file: string, what: string): ReadFile {
	const { bytes, ...facts } = readFileBytes(context, file, what, MAX_INPUT_BYTES);
	return { text: bytes.toString("utf8"), ...facts };
}

/**
 * Reads a file that commands look for by themselves, such as `orgpass.json`: never a pipe, on which nobody may
 * be writing.
 */
export function readSettingsText(context: CliContext, file: string, what: string): ReadFile {
	const { bytes, ...facts } = readFileBytes(context, file, what, MAX_INPUT_BYTES, true);
	return { text: bytes.toString("utf8"), ...facts };
}

/** Reads a file of limited size, or a pipe. */
export function readFileBytes(
	context: CliContext,
	file: string,
	what: string,
	maxBytes: number,
	isFileOnly = false,
): Omit<ReadFile, "text"> & { readonly bytes: Buffer<ArrayBuffer> } {
	let descriptor: number | undefined;
	try {
		// Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
		const flags = constants.O_RDONLY | (isFileOnly ? (constants.O_NONBLOCK ?? 0) : 0);
		descriptor = openSync(resolve(context.cwd, file), flags);
		const stats = fstatSync(descriptor);
		if (!stats.isFile() && (isFileOnly || !stats.isFIFO())) throw new Error("not a file");
		const isExposed = process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0;
		const isOwn = process.getuid === undefined || stats.uid === process.getuid();
		return { bytes: readBounded(descriptor, maxBytes), isExposed, isOwn };
	} catch (cause) {
		throw fileError(`read ${what}`, cause);
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
}

/**
 * Writes a file that only its owner can read (mode 0600), whole or not at all. An existing file, or a link,
 * is never written through.
 */
export function writeSecretFile(context: CliContext, file: string, text: string, isForced: boolean): void {
	if (file === "-")
		throw new ConfigError("config/usage", "a secret is written to a file, not to standard output");
	writeWhole(context, file, text, 0o600, isForced);
}

/** Writes a file for others to read (mode 0644), in the same way. */
export function writePublicFile(
	context: CliContext,
	file: string,
	bytes: Uint8Array,
	isForced: boolean,
): void {
	writeWhole(context, file, bytes, 0o644, isForced);
}

function writeWhole(
	context: CliContext,
	file: string,
	content: string | Uint8Array,
	mode: number,
	isForced: boolean,
): void {
	const path = resolve(context.cwd, file);
	if (isForced) refuseSpecial(path, file);
	const target = isForced ? join(dirname(path), `.orgpass-${randomUUID().slice(0, 8)}`) : path;
	try {
		writeFileSync(target, content, { mode, flag: "wx" });
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
			discard(target);
			throw fileError(`write ${formatValue(file)}`, cause);
		}
		throw new ConfigError("config/file-exists", `${formatValue(file)} exists already; --force replaces it`, {
			cause,
		});
	}
	if (!isForced) return;
	try {
		renameSync(target, path);
	} catch (cause) {
		discard(target);
		throw fileError(`write ${formatValue(file)}`, cause);
	}
}

/** Replacing a device such as `/dev/null` would take it away from everybody. */
function refuseSpecial(path: string, file: string): void {
	try {
		const stats = lstatSync(path, { throwIfNoEntry: false });
		if (stats === undefined || stats.isFile() || stats.isSymbolicLink()) return;
		throw new Error("not a file");
	} catch (cause) {
		throw fileError(`write ${formatValue(file)}`, cause);
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
function readBounded(descriptor: number, maxBytes: number): Buffer<ArrayBuffer> {
	const buffer = Buffer.alloc(maxBytes + 1);
	let length = 0;
	for (let count = -1; count !== 0 && length < buffer.length; length += count) {
		count = readSync(descriptor, buffer, length, buffer.length - length, null);
	}
	if (length > maxBytes) throw new Error(`larger than ${maxBytes} bytes`);
	return buffer.subarray(0, length);
}

/** The error for a file or folder that can't be used. */
export function fileError(what: string, cause: unknown): ConfigError {
	const { code, message } = cause as NodeJS.ErrnoException;
	return new ConfigError("config/file", `can't ${what}: ${code ?? message}`, { cause });
}
