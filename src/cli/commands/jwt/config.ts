/**
 * Ioctl's own folder and its `config.default`, read and never written.
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Lexer, Parser, parseDocument } from "yaml";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import type { CliContext } from "../../context.js";
import { fileError, readSettingsText } from "../../files.js";
import { type IoPrefix, ioPrefix } from "./account.js";

/** What of ioctl's configuration matters for an account. */
export interface IoctlConfig {
	/** Where `config.default` stands. */
	readonly folder: string;
	/** Where the keystore files stand. */
	readonly wallet: string;
	/** Addresses by their names. */
	readonly aliases: ReadonlyMap<string, string>;
	/** An address or an alias; undefined where none is set. */
	readonly defaultAccount: string | undefined;
	/** What addresses of the network begin with. */
	readonly prefix: IoPrefix;
}

const FILE = "config.default";
/** Ioctl writes maps in a map: the parser's stack then is 4 high. A deeper one would exhaust the composer's. */
const MAX_DEPTH = 16;
const MAX_ALIAS_COUNT = 16;
/** YAML 1.2.2 section 10.2.1.1, and an empty value: what Go reads as a map without members. */
const NOTHING: ReadonlySet<unknown> = new Set(["", "null", "Null", "NULL", "~"]);

/** Reads ioctl's configuration. A folder without `config.default` has ioctl's defaults. */
export function readIoctlConfig(context: CliContext, folder: string | undefined): IoctlConfig {
	const place = resolve(context.cwd, folder ?? defaultFolder(context));
	requireFolder(place, `ioctl's folder ${formatValue(place)}`);
	const file = join(place, FILE);
	const members = existsSync(file) ? parseConfig(context, file) : new Map<unknown, unknown>();
	const wallet = textOf(members, "wallet", file);
	const aliases = mapOf(members, "aliases", file);
	const defaultAccount = mapOf(members, "defaultAccount", file);
	return {
		folder: place,
		wallet: wallet ? resolve(context.cwd, wallet) : place,
		aliases: new Map([...aliases].map(([name, address]) => [text(name, file), text(address, file)])),
		defaultAccount: textOf(defaultAccount, "addressOrAlias", file) || undefined,
		prefix: ioPrefix(context.env),
	};
}

/** A wrong path must not be taken for an empty folder. */
function requireFolder(path: string, what: string): void {
	try {
		if (!statSync(path).isDirectory()) throw new Error("not a folder");
	} catch (cause) {
		throw fileError(`read ${what}`, cause);
	}
}

function defaultFolder(context: CliContext): string {
	const home = context.env["HOME"];
	if (home) return join(home, ".config", "ioctl", "default");
	throw new ConfigError("config/missing", "expected ioctl's folder: give --config-dir, or set HOME");
}

function parseConfig(context: CliContext, file: string): ReadonlyMap<unknown, unknown> {
	const source = readSettingsText(context, file, formatValue(file)).text;
	if (isDeep(source)) throw invalid(file, `nested deeper than ${MAX_DEPTH}`);
	const content = parseYaml(source, file);
	if (content === null) return new Map();
	if (content instanceof Map) return content;
	throw invalid(file, "a map expected");
}

/** The parser keeps its own stack, the composer behind it takes the runtime's: depth is found out before it. */
function isDeep(source: string): boolean {
	const parser = new Parser();
	for (const lexeme of new Lexer().lex(source)) {
		for (const _ of parser.next(lexeme));
		if (parser.stack.length > MAX_DEPTH) return true;
	}
	return false;
}

/** Every scalar is text, as Go reads it into strings; no tags, no merging, no documents after the first. */
function parseYaml(source: string, file: string): unknown {
	const document = parseDocument(source, { schema: "failsafe", prettyErrors: false });
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) {
		const line = source.slice(0, problem.pos[0]).split("\n").length;
		throw invalid(file, `not the YAML that ioctl writes (${problem.code}, line ${line})`);
	}
	try {
		return document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIAS_COUNT }) as unknown;
	} catch (cause) {
		throw invalid(file, "YAML aliases that lead nowhere or to too much", cause);
	}
}

function mapOf(
	members: ReadonlyMap<unknown, unknown>,
	name: string,
	file: string,
): ReadonlyMap<unknown, unknown> {
	const value = members.get(name);
	if (value instanceof Map) return value;
	if (value === undefined || NOTHING.has(value)) return new Map();
	throw invalid(file, `${name} must be a map`);
}

function textOf(members: ReadonlyMap<unknown, unknown>, name: string, file: string): string | undefined {
	const value = members.get(name);
	return value === undefined ? undefined : text(value, file);
}

function text(value: unknown, file: string): string {
	if (typeof value === "string") return value;
	throw invalid(file, `text expected, got ${formatValue(value)}`);
}

function invalid(file: string, reason: string, cause?: unknown): ConfigError {
	return new ConfigError("config/invalid-file", `${formatValue(file)}: ${reason}`, { cause });
}
