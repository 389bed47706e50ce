/**
 * The keystore files in ioctl's wallet folder, identified by their content, as go-ethereum does.
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "../../../encoding/hex.js";
import { parseJson } from "../../../encoding/json.js";
import { undefinedOnError } from "../../../encoding/undefined-on-error.js";
import { ConfigError, formatValue, KeyError } from "../../../errors/errors.js";
import type { CliContext } from "../../context.js";
import { type FileContent, fileError, readSettingsFile } from "../../files.js";
import { formatAccount, toHexAddress } from "./account.js";
import type { IoctlConfig } from "./config.js";

const ADDRESS_DIGITS = 40;

export interface FoundKeystore extends FileContent {
	readonly path: string;
}

/** Finds an account's keystore by its `address`, or else one without `address` whose file name ends with it. */
export function findKeystore(context: CliContext, config: IoctlConfig, account: Hex): FoundKeystore {
	const { wallet, prefix } = config;
	const expected = toHexAddress(account);
	let matchedByName: FoundKeystore | undefined;
	for (const name of listFiles(wallet)) {
		const path = join(wallet, name);
		// Skip files that are too large, deleted or unreadable: another one may be the account's.
		const file = undefinedOnError(() => readSettingsFile(context, path, formatValue(path)));
		const owner = file === undefined ? undefined : ownerOf(file.text);
		if (file === undefined || owner === undefined) continue;
		if (owner.address === expected) return { ...file, path };
		const isNamed = owner.address === undefined && toHexAddress(name.slice(-ADDRESS_DIGITS)) === expected;
		if (isNamed) matchedByName ??= { ...file, path };
	}
	if (matchedByName !== undefined) return matchedByName;
	const address = formatAccount(account, prefix);
	if (existsSync(join(wallet, `sm2sk-${address}.pem`))) {
		throw new KeyError("key/wrong-algorithm", `${address} has an SM2 key; tokens need a secp256k1 key`, {
			details: { hint: "Sign with another account: ioctl account create creates one." },
		});
	}
	throw new ConfigError("config/account-unknown", `${formatValue(wallet)} has no keystore file of ${address}`);
}

/** Lists files in the order of their bytes, as Go sorts paths. */
function listFiles(wallet: string): string[] {
	try {
		return readdirSync(wallet, { withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.startsWith(".") && !entry.name.endsWith("~"))
			.map(({ name }) => name)
			.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	} catch (cause) {
		throw fileError(`read ioctl's wallet folder ${formatValue(wallet)}`, cause);
	}
}

/** Returns a keystore's address, if it has one, or undefined if the text isn't a keystore; never throws. */
function ownerOf(text: string): { readonly address: Hex | undefined } | undefined {
	const value = undefinedOnError(() => parseJson(text));
	if (typeof value !== "object" || value === null) return undefined;
	const { address, crypto, Crypto } = value as Record<string, unknown>;
	if (typeof (crypto ?? Crypto) !== "object") return undefined;
	if (address === undefined || address === null || address === "") return { address: undefined };
	const found = typeof address === "string" ? toHexAddress(address) : undefined;
	return found === undefined ? undefined : { address: found };
}
