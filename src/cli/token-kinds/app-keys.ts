/**
 * The public keys of apps, for the kinds of token that are signed with an app's RSA key.
 * @module
 */
import { resolve } from "node:path";
import type { Option } from "commander";
import { formatValue } from "../../errors/errors.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import type { IssuerKeys } from "../../tokens/issuer-keys/issuer-keys.js";
import type { CliContext } from "../context.js";
import { observeWaits } from "../observe-waits.js";
import { option, repeatable, usageError } from "../options.js";

export interface AppKeyFlags {
	readonly audience?: string[];
	readonly appKey?: string[];
	readonly appKeys?: string;
}

/** The options of {@link AppKeyFlags}, without the audience. */
export const APP_KEY_OPTIONS: readonly Option[] = [
	repeatable("--app-key <id=key>", "an app's public key, such as 12345=app.pem; may be repeated"),
	option("--app-keys <place>", "all apps' keys: a folder of <id>.pem files, or the https URL of a JWK Set").conflicts(
		"appKey",
	),
];

async function keysFromUrl(context: CliContext, url: string): Promise<IssuerKeys> {
	const { keysFromJwks } = await import("../../tokens/issuer-keys/keys-from-jwks.js");
	return keysFromJwks(url, { observer: observeWaits(context) });
}

export async function loadAppKeys(context: CliContext, { appKey, appKeys }: AppKeyFlags): Promise<IssuerKeys> {
	if (appKeys !== undefined) {
		if (appKeys.includes("://")) return keysFromUrl(context, appKeys);
		const { keysFromFolder } = await import("../../tokens/issuer-keys/keys-from-folder.js");
		return keysFromFolder(resolve(context.cwd, appKeys));
	}
	if (appKey === undefined) throw usageError("expected --app-key <id=key> or --app-keys <folder or URL>");
	const { APP_ID, toAppId } = await import("../../tokens/issuer-keys/app-id.js");
	const { loadKey } = await import("../key-source.js");
	const keys = new Map<string, RsaPublicKey[]>();
	for (const text of appKey) {
		const at = text.indexOf("=");
		if (at < 1) throw usageError("expected --app-key <id=key>, such as 12345=app.pem");
		const id = toAppId(text.slice(0, at));
		if (id === undefined) throw usageError(`expected ${APP_ID}, got --app-key ${formatValue(text.slice(0, at))}`);
		const { publicKey } = await loadKey(context, { source: text.slice(at + 1), option: "--app-key" }, "RS256");
		keys.set(id, [...(keys.get(id) ?? []), publicKey]);
	}
	return keys;
}
