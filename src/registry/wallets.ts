/**
 * The accounts of private keys, over the nodes of a registry. They are ethers wallets; ethers is loaded for the first.
 * @module
 */
import type { Provider } from "ethers";
import type { PrivateKey } from "../keys/private-key.js";
import type { Connection } from "./connection.js";
import type { TransactionAccount } from "./transaction-account.js";

export interface Wallets {
	/** Returns the account of a private key. */
	load(key: PrivateKey): Promise<TransactionAccount>;
	close(): void;
}

export function createWallets({ provider, chainId }: Connection): Wallets {
	let loading: Promise<Provider> | undefined;
	return { load, close };

	async function load(key: PrivateKey): Promise<TransactionAccount> {
		loading ??= import("./ethers-provider.js").then(({ toEthersProvider }) => toEthersProvider(provider, chainId));
		const { toWallet } = await import("./wallet.js");
		return toWallet(key, await loading);
	}

	function close(): void {
		void loading?.then((loaded) => {
			if (loaded !== provider) loaded.destroy();
		});
	}
}
