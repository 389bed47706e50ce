/**
 * Resolves an address, an alias or ioctl's default account.
 * @module
 */
import type { Hex } from "../../../encoding/hex.js";
import { ConfigError, formatValue } from "../../../errors/errors.js";
import { looksLikeAlias, parseAccount, toHexAddress } from "./account.js";
import type { IoctlConfig } from "./config.js";

const HD_WALLET = "hdw::";

export function resolveSigner(config: IoctlConfig, signer: string | undefined): Hex {
	const name = signer || config.defaultAccount;
	if (name !== undefined) {
		assertNotHdWallet(name);
		return looksLikeAlias(name) ? resolveAlias(config, name) : parseAddress(config, name, "the signer");
	}
	throw new ConfigError("config/missing", "expected a signer: ioctl's configuration has no default account", {
		details: { hint: "Use --signer, or set it: ioctl config set defaultacc ADDRESS|ALIAS." },
	});
}

/** Resolves the name of a trusted account; the configuration is read only for an alias. */
export function resolveTrusted(name: string, readConfig: () => IoctlConfig): string {
	assertNotHdWallet(name);
	if (looksLikeAlias(name)) return resolveAlias(readConfig(), name);
	return name.startsWith("0x") ? name : (toHexAddress(name) ?? name);
}

function resolveAlias(config: IoctlConfig, alias: string): Hex {
	const address = config.aliases.get(alias);
	if (address !== undefined) return parseAddress(config, address, `the alias ${formatValue(alias)}`);
	throw new ConfigError(
		"config/account-unknown",
		`expected an address or an alias: ioctl's configuration in ${formatValue(config.folder)} has no alias ${formatValue(alias)}`,
	);
}

/** Doesn't repeat an invalid address, which may be a private key. */
function parseAddress({ prefix }: IoctlConfig, text: string, what: string): Hex {
	const account = parseAccount(text, prefix);
	if (account !== undefined) return account;
	throw new ConfigError(
		"config/invalid-option",
		`${what} must be 40 hexadecimal digits, or ${prefix}1… with 41 characters and a valid checksum`,
		{ details: { hint: "Check the address; with IOTEX_NETWORK_TYPE=testnet it begins with it1." } },
	);
}

function assertNotHdWallet(name: string): void {
	if (!name.toLowerCase().startsWith(HD_WALLET)) return;
	throw new ConfigError("config/invalid-option", "accounts of ioctl's HD wallet (hdw::…) aren't supported", {
		details: { hint: "Import the account's key into ioctl's keystore: ioctl account import key." },
	});
}
