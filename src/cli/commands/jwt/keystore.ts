/**
 * The account files in ioctl's wallet folder, looked through as go-ethereum does: by what they hold, not by name.
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "../../../encoding/hex.js";
import { parseJson } from "../../../encoding/json.js";
import { ConfigError, KeyError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import type { CliContext } from "../../context.js";
import { fileError, type ReadFile, readSettingsText } from "../../files.js";
import { formatAccount, toHexAddress } from "./account.js";
import type { IoctlConfig } from "./config.js";

const DIGITS = 40;

/** An account's file. */
export interface FoundKeystore extends ReadFile {
	readonly path: string;
}

/**
 * Finds an account's keystore: the first by path of all regular files that are no hidden ones and no backups of an
 * editor. Links, pipes and folders are passed over, as is what can't be read or is no keystore. A keystore whose
 * `address` was left out, which the standard allows and ioctl doesn't find, is taken by its name where there is no
 * other: go-ethereum's names end with the address.
 */
export function findKeystore(context: CliContext, config: IoctlConfig, account: Hex): FoundKeystore {
	const { wallet, prefix } = config;
	const wanted = toHexAddress(account);
	let nameless: FoundKeystore | undefined;
	for (const name of listFiles(wallet)) {
		const path = join(wallet, name);
		const file = readIfPossible(context, path);
		const owner = file === undefined ? undefined : ownerOf(file.text);
		if (file === undefined || owner === undefined) continue;
		if (owner.address === wanted) return { ...file, path };
		const isNamed = owner.address === undefined && toHexAddress(name.slice(-DIGITS)) === wanted;
		if (isNamed) nameless ??= { ...file, path };
	}
	if (nameless !== undefined) return nameless;
	const address = formatAccount(account, prefix);
	if (existsSync(join(wallet, `sm2sk-${address}.pem`))) {
		throw new KeyError("key/wrong-algorithm", `${address} has an SM2 key; a token is signed with secp256k1`, {
			details: { hint: "Sign with another account: ioctl account create makes one." },
		});
	}
	throw new ConfigError(
		"config/account-unknown",
		`${formatValue(wallet)} holds no keystore file of ${address}`,
	);
}

/** In the order of their bytes, as Go sorts paths. */
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

function readIfPossible(context: CliContext, path: string): ReadFile | undefined {
	try {
		return readSettingsText(context, path, formatValue(path));
	} catch {
		// Too large, gone by now, or not ours to read: another file may be the account's.
		return undefined;
	}
}

/** Whose keystore a text is; undefined for no keystore at all, and nothing is thrown whatever it holds. */
function ownerOf(text: string): { readonly address: Hex | undefined } | undefined {
	let value: unknown;
	try {
		value = parseJson(text);
	} catch {
		return undefined;
	}
	if (typeof value !== "object" || value === null) return undefined;
	const { address, crypto, Crypto } = value as Record<string, unknown>;
	if (typeof (crypto ?? Crypto) !== "object") return undefined;
	if (address === undefined) return { address: undefined };
	const found = typeof address === "string" ? toHexAddress(address) : undefined;
	return found === undefined ? undefined : { address: found };
}
