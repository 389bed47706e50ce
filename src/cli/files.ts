/**
 * Files: read up to a limit, and written whole, without following links or overwriting files unless forced.
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { ConfigError, formatValue } from "../errors/errors.js";
import type { CliContext } from "./context.js";
import { withDefaultSignals } from "./default-signals.js";
import { usageError } from "./options.js";
import { MAX_INPUT_BYTES } from "./standard-input.js";
import { assertNoSecretFile } from "./typed-secrets.js";

// An import would load all that node:fs exports.
const {
	closeSync,
	constants,
	existsSync,
	fstatSync,
	lstatSync,
	openSync,
	readlinkSync,
	readSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} = process.getBuiltinModule("node:fs");

/** Instead of the codes of common errors. */
const REASONS: ReadonlyMap<string | undefined, string> = new Map([
	["ENOENT", "no such file or folder"],
	["EACCES", "permission denied"],
]);

/** The content of a file, and who has access to it. */
export interface FileContent {
	readonly bytes: Buffer<ArrayBuffer>;
	readonly text: string;
	/** Other users can read the file. */
	readonly isExposed: boolean;
	/** The file belongs to the current user; so does the link, if a settings file is one. */
	readonly isOwn: boolean;
}

interface ReadOptions {
	readonly maxBytes?: number;
	readonly allowPipe?: boolean;
	/** The option that names the file, for the message of an error. */
	readonly option?: string | undefined;
}

/** Reads a file or a pipe of limited size. */
export function readFile(
	context: CliContext,
	file: string,
	what: string,
	{ maxBytes = MAX_INPUT_BYTES, allowPipe = true, option }: ReadOptions = {},
): FileContent {
	const path = resolve(context.cwd, file);
	const read = (): FileContent => readContent(path, maxBytes, allowPipe);
	try {
		return allowPipe && isPipe(path) ? withDefaultSignals(read) : read();
	} catch (cause) {
		throw fileError(`read ${what}`, cause, option);
	}
}

/** Reads a small file that commands look up automatically: never a pipe, which might block forever. */
export function readSettingsFile(context: CliContext, file: string, what: string): FileContent {
	const content = readFile(context, file, what, { allowPipe: false });
	return { ...content, isOwn: content.isOwn && !isForeignLink(resolve(context.cwd, file)) };
}

/** Whether another user made a link: it may lead to a file of the current user that is meant for another folder. */
export function isForeignLink(path: string): boolean {
	const stats = lstatSync(path);
	return stats.isSymbolicLink() && !belongsToUser(stats);
}

/** Refuses a file that another user put where the current one wants to write. */
export function assertOwnFile(context: CliContext, file: string): void {
	if (belongsToUser(lstatSync(resolve(context.cwd, file)))) return;
	throw new ConfigError("config/file", `${formatValue(file)} belongs to another user: not trusted`);
}

/** Finds files with a given name in a directory and its ancestors, nearest first. */
export function findUpwards(from: string, name: string): readonly string[] {
	const path = join(from, name);
	const parent = dirname(from);
	const above = parent === from ? [] : findUpwards(parent, name);
	return existsSync(path) ? [path, ...above] : above;
}

/** Writes a file with mode 0600. */
export function writeSecretFile(context: CliContext, file: string, text: string, isForced: boolean): void {
	if (file === "-") throw usageError("refusing to write a secret to standard output");
	writeFile(context, file, text, 0o600, isForced);
}

/** Writes a file with mode 0644. */
export function writePublicFile(context: CliContext, file: string, bytes: Uint8Array, isForced: boolean): void {
	writeFile(context, file, bytes, 0o644, isForced);
}

/** The error for a file or folder that can't be used. */
export function fileError(action: string, cause: unknown, option?: string): ConfigError {
	const { code, message } = cause as NodeJS.ErrnoException;
	const reason = REASONS.get(code) ?? code ?? message;
	const prefix = option === undefined ? "" : `${option}: `;
	return new ConfigError("config/file", `${prefix}can't ${action}: ${reason}`, { cause });
}

function isPipe(path: string): boolean {
	return undefinedOnError(() => statSync(path))?.isFIFO() === true;
}

function readContent(path: string, maxBytes: number, allowPipe: boolean): FileContent {
	let descriptor: number | undefined;
	try {
		// Without O_NONBLOCK, opening a pipe blocks until someone writes to it.
		const flags = constants.O_RDONLY | (allowPipe ? 0 : (constants.O_NONBLOCK ?? 0));
		descriptor = openSync(path, flags);
		const stats = fstatSync(descriptor);
		if (!stats.isFile() && !(allowPipe && stats.isFIFO())) throw new Error("not a file");
		const isExposed = process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0;
		const isOwn = belongsToUser(stats);
		const bytes = readBounded(descriptor, maxBytes);
		// TextDecoder drops the byte order mark that some editors write.
		const text = new TextDecoder().decode(bytes);
		return { bytes, text, isExposed, isOwn };
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
}

function belongsToUser({ uid }: { readonly uid: number }): boolean {
	return process.getuid === undefined || uid === process.getuid();
}

/** Reads a descriptor to its end; a pipe's size can't be checked beforehand. */
function readBounded(descriptor: number, maxBytes: number): Buffer<ArrayBuffer> {
	const buffer = Buffer.alloc(maxBytes + 1);
	let length = 0;
	let count: number;
	do {
		count = readSync(descriptor, buffer, length, buffer.length - length, null);
		length += count;
	} while (count > 0);
	if (length > maxBytes) throw new Error(`larger than ${maxBytes} bytes`);
	return buffer.subarray(0, length);
}

/** Creates the file, or replaces it if `isForced`; a link is replaced, not followed. */
function writeFile(
	context: CliContext,
	file: string,
	content: string | Uint8Array,
	mode: number,
	isForced: boolean,
): void {
	assertNoSecretFile(file);
	const path = resolve(context.cwd, file);
	const target = isForced ? join(dirname(path), `.orgpass-${crypto.randomUUID()}`) : path;
	try {
		if (isForced) assertReplaceable(path);
		writeFileSync(target, content, { mode, flag: "wx" });
		if (isForced) renameSync(target, path);
	} catch (cause) {
		const { code, syscall } = cause as NodeJS.ErrnoException;
		if (code === "EEXIST") {
			throw new ConfigError("config/file-exists", `${formatValue(file)} already exists; --force replaces it`, {
				cause,
			});
		}
		// The file is only partially written. If it can't be removed, the original error is still the one to report. If it
		// couldn't be opened, as with too many open files, a file with its name is someone else's.
		if (syscall !== "open") undefinedOnError(() => rmSync(target));
		throw fileError(`write ${formatValue(file)}`, cause);
	}
}

/** Replacing a device such as `/dev/null`, or a link to one such as `/dev/stdout`, would break it for everyone. */
function assertReplaceable(path: string): void {
	const stats = lstatSync(path, { throwIfNoEntry: false });
	if (stats === undefined || stats.isFile()) return;
	if (stats.isSymbolicLink() && !leadsToStream(path)) return;
	throw new Error("not a file");
}

/** The target of `/dev/stdout` may be a file, by way of `/proc/self/fd/1`. */
function leadsToStream(link: string): boolean {
	const target = undefinedOnError(() => statSync(link));
	const isStream = target !== undefined && !target.isFile() && !target.isDirectory();
	return isStream || readlinkSync(link).startsWith("/proc/");
}
