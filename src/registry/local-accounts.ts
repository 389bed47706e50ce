/**
 * The funded accounts of a local development chain.
 * @module
 */
import { HDNodeWallet, Mnemonic } from "ethers";

/** An account of the local chain; its key is public knowledge. */
export interface LocalAccount {
	/** `0x` and 40 hex digits. */
	readonly address: `0x${string}`;
	/** `0x` and 64 hex digits. */
	readonly privateKey: `0x${string}`;
}

/** The test mnemonic of Hardhat and Foundry. */
const TEST_PHRASE = "test test test test test test test test test test test junk";

const derived: LocalAccount[] = [];
let root: HDNodeWallet | undefined;

/** Derives the first accounts that every local chain funds. */
export function deriveAccounts(count: number): LocalAccount[] {
	root ??= HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(TEST_PHRASE), "m/44'/60'/0'/0");
	while (derived.length < count) {
		const { address, privateKey } = root.deriveChild(derived.length);
		derived.push(Object.freeze({ address: address as `0x${string}`, privateKey: privateKey as `0x${string}` }));
	}
	return derived.slice(0, count);
}
