/**
 * Which account a word means: an address, an alias of ioctl's configuration, or its default account.
 * @module
 */
import type { Hex } from "../../../encoding/hex.js";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { looksLikeAlias, parseAccount, toHexAddress } from "./account.js";
import type { IoctlConfig } from "./config.js";

const HD_WALLET = "hdw::";

/** Finds the account that signs. */
export function resolveSigner(config: IoctlConfig, signer: string | undefined): Hex {
	const name = signer || config.defaultAccount;
	if (name !== undefined) {
		refuseHdWallet(name);
		return looksLikeAlias(name) ? readAlias(config, name) : readAddress(config, name, "the signer");
	}
	throw new ConfigError("config/missing", "expected a signer: ioctl's configuration has no default account", {
		details: { hint: "Give --signer, or set it: ioctl config set defaultacc ADDRESS|ALIAS." },
	});
}

/** Puts an account in the place of an alias. */
export function resolveTrusted(name: string, readConfig: () => IoctlConfig): string {
	refuseHdWallet(name);
	if (looksLikeAlias(name)) return readAlias(readConfig(), name);
	return name.startsWith("0x") ? name : (toHexAddress(name) ?? name);
}

function readAlias(config: IoctlConfig, alias: string): Hex {
	const address = config.aliases.get(alias);
	if (address !== undefined) return readAddress(config, address, `the alias ${formatValue(alias)}`);
	throw new ConfigError(
		"config/account-unknown",
		`expected an address or an alias: ioctl's configuration in ${formatValue(config.folder)} has no alias ${formatValue(alias)}`,
	);
}

/** A broken address is never shown: a private key may stand in its place. */
function readAddress({ prefix }: IoctlConfig, text: string, what: string): Hex {
	const account = parseAccount(text, prefix);
	if (account !== undefined) return account;
	const details = { hint: "Check the address; with IOTEX_NETWORK_TYPE=testnet they begin with it1." };
	throw invalidOption("account", `40 hexadecimal digits or ${prefix}1…, 41 characters with a good checksum`, {
		label: what,
		details,
	});
}

function refuseHdWallet(name: string): void {
	if (!name.toLowerCase().startsWith(HD_WALLET)) return;
	const details = { hint: "Put the account's key into ioctl's keystore: ioctl account import key." };
	throw invalidOption(
		"account",
		"in a keystore: accounts of ioctl's HD wallet (hdw::…) are not opened here",
		{
			label: "the account",
			details,
		},
	);
}
