/**
 * `orgpass.json`: a project's settings, in the working directory or above.
 * @module
 */
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { parseJson } from "../../encoding/json.js";
import { ConfigError, formatValue } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { chainIdNumber, nonEmptyString } from "../../options/value-schemas.js";
import type { CliContext } from "../context.js";
import { findUpwards, readSettingsFile } from "../files.js";

export interface NetworkFlags {
	readonly network?: string;
	readonly rpcUrl?: string;
	readonly registry?: string;
	readonly kind?: string;
}

export interface FileSettings extends NetworkFlags {
	readonly chainId?: number;
}

const NAME = "orgpass.json";

const schema = optionsSchema<FileSettings>(
	{
		network: v.optional(nonEmptyString),
		rpcUrl: v.optional(nonEmptyString),
		registry: v.optional(nonEmptyString),
		kind: v.optional(nonEmptyString),
		chainId: v.optional(chainIdNumber),
	},
	"a JSON object",
);

/** Reads the nearest `orgpass.json`. */
export function readFileSettings(context: CliContext): { readonly path: string; readonly settings: FileSettings } {
	const [path] = findUpwards(context.cwd, NAME);
	if (path === undefined) return { path: NAME, settings: {} };
	const { text, isOwn } = readSettingsFile(context, path, NAME);
	if (!isOwn && dirname(path) !== resolve(context.cwd)) {
		throw new ConfigError("config/invalid-file", `${formatValue(path)} belongs to another user: not trusted`);
	}
	try {
		const settings = parseJson(text) as FileSettings;
		assertOptions(schema, settings, NAME);
		return { path, settings };
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unreadable";
		throw new ConfigError("config/invalid-file", `${formatValue(path)}: ${reason}`, { cause });
	}
}
