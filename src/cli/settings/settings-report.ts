/**
 * What a command says about the settings it takes from a file: the folder it runs in may be a stranger's.
 * @module
 */
import { formatValue } from "../../errors/errors.js";
import type { CliContext } from "../context.js";
import type { FileSettings } from "./settings-file.js";

/** A file and the settings that were taken from it; of a node's URL only the origin. */
type SettingsReport = { readonly file: string } & FileSettings;

const reports = new WeakMap<CliContext, SettingsReport>();

/** Prints the settings that a file decided, once per run. */
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

/** What every JSON document of this run contains if a file decided a setting. */
export function settingsReport(context: CliContext): { readonly settingsFile?: SettingsReport } {
	const settingsFile = reports.get(context);
	return settingsFile === undefined ? {} : { settingsFile };
}
