/**
 * ioctl's folder and its `config.default`, which are read and never written.
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import * as v from "valibot";
import { Lexer, Parser, parseDocument } from "yaml";
import { ConfigError, formatValue } from "../../../errors/errors.js";
import type { CliContext } from "../../context.js";
import { fileError, readSettingsFile } from "../../files.js";
import { type IoPrefix, ioPrefix } from "./account.js";

/** The relevant part of ioctl's configuration. */
export interface IoctlConfig {
	/** The folder of `config.default`. */
	readonly folder: string;
	/** The folder of the keystore files. */
	readonly wallet: string;
	/** Addresses by alias. */
	readonly aliases: ReadonlyMap<string, string>;
	/** An address or an alias, if one is set. */
	readonly defaultAccount: string | undefined;
	readonly prefix: IoPrefix;
}

const FILE = "config.default";
/** ioctl's maps of maps need 4. More would overflow the stack of the YAML composer. */
const MAX_DEPTH = 16;
const MAX_ALIAS_COUNT = 16;

const text = v.string("text");
const texts = v.map(text, text, "a map");
/** An empty value or a null of YAML 1.2.2 section 10.2.1.1; Go reads them as a map without members. */
const noTexts = v.pipe(
	v.picklist(["", "null", "Null", "NULL", "~"]),
	v.transform(() => new Map<string, string>()),
);
const optionalTexts = v.optional(v.union([texts, noTexts], "a map of text"), new Map<string, string>());
const schema = v.object({
	wallet: v.optional(text),
	aliases: optionalTexts,
	defaultAccount: optionalTexts,
});

/** Reads ioctl's configuration; without `config.default`, ioctl's defaults apply. */
export function readIoctlConfig(context: CliContext, configDir: string | undefined): IoctlConfig {
	const folder = resolve(context.cwd, configDir ?? defaultFolder(context));
	assertFolder(folder, `ioctl's folder ${formatValue(folder)}`);
	const file = join(folder, FILE);
	const members = existsSync(file) ? parseMembers(context, file) : new Map();
	const parsed = v.safeParse(schema, Object.fromEntries(members));
	if (!parsed.success) {
		const [issue] = parsed.issues;
		throw invalid(file, `${v.getDotPath(issue)} must be ${issue.message}`);
	}
	const { wallet, aliases, defaultAccount } = parsed.output;
	return {
		folder,
		wallet: wallet ? resolve(context.cwd, wallet) : folder,
		aliases,
		defaultAccount: defaultAccount.get("addressOrAlias") || undefined,
		prefix: ioPrefix(context.env),
	};
}

/** A wrong path must not be treated as an empty folder. */
function assertFolder(path: string, what: string): void {
	try {
		if (!statSync(path).isDirectory()) throw new Error("not a folder");
	} catch (cause) {
		throw fileError(`read ${what}`, cause);
	}
}

function defaultFolder({ env }: CliContext): string {
	if (env["HOME"]) return join(env["HOME"], ".config", "ioctl", "default");
	throw new ConfigError("config/missing", "expected ioctl's folder: use --config-dir, or set HOME");
}

/** Every scalar is text, as Go reads it into strings; no tags, no merge keys, only one document. */
function parseMembers(context: CliContext, file: string): ReadonlyMap<unknown, unknown> {
	const source = readSettingsFile(context, file, formatValue(file)).text;
	if (isTooDeep(source)) throw invalid(file, `nested deeper than ${MAX_DEPTH}`);
	const document = parseDocument(source, { schema: "failsafe", prettyErrors: false });
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) {
		const line = source.slice(0, problem.pos[0]).split("\n").length;
		throw invalid(file, `not the YAML that ioctl writes (${problem.code}, line ${line})`);
	}
	let content: unknown;
	try {
		content = document.toJS({ mapAsMap: true, maxAliasCount: MAX_ALIAS_COUNT }) ?? new Map();
	} catch (cause) {
		throw invalid(file, "YAML aliases that can't be resolved, or too many", cause);
	}
	if (content instanceof Map) return content;
	throw invalid(file, "expected a map");
}

/** The composer recurses, but the parser in front of it has its own stack, so it can check the depth safely. */
function isTooDeep(source: string): boolean {
	const parser = new Parser();
	for (const lexeme of new Lexer().lex(source)) {
		for (const _ of parser.next(lexeme));
		if (parser.stack.length > MAX_DEPTH) return true;
	}
	return false;
}

function invalid(file: string, reason: string, cause?: unknown): ConfigError {
	return new ConfigError("config/invalid-file", `${formatValue(file)}: ${reason}`, { cause });
}
