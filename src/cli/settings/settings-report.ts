/**
 * Reports the settings that a command takes from a file: the working directory may belong to someone else.
 * @module
 */
import { formatValue } from "../../errors/errors.js";
import type { CliContext } from "../context.js";
import type { FileSettings } from "./settings-file.js";

/** A file and the settings taken from it; only the origin of the node's URL. */
type SettingsReport = { readonly file: string } & FileSettings;

const reports = new WeakMap<CliContext, SettingsReport>();

/** Prints the settings taken from a file, once per run. */
export function reportDecisions(
	context: CliContext,
	file: string,
	{ rpcUrl, ...others }: { readonly [Name in keyof FileSettings]-?: FileSettings[Name] | undefined },
): void {
	const origin = rpcUrl === undefined ? undefined : (URL.parse(rpcUrl)?.origin ?? "not a URL");
	const settings = Object.entries({ rpcUrl: origin, ...others }).filter(([, value]) => value !== undefined);
	if (settings.length === 0 || reports.has(context)) return;
	reports.set(context, { file, ...Object.fromEntries(settings) });
	const list = settings.map(([name, value]) => `${name} ${formatValue(value)}`).join(", ");
	context.stderr(`${formatValue(file)} sets ${list}\n`);
}

/** Included in all JSON output of a run that takes a setting from a file. */
export function settingsReport(context: CliContext): { readonly settingsFile?: SettingsReport } {
	const settingsFile = reports.get(context);
	return settingsFile === undefined ? {} : { settingsFile };
}
