/** @module */
import type { JsonRpcProvider } from "ethers";
import type { TransactionAccount } from "../registry/transaction-account.js";

/** An account for which the local chain itself signs: much faster than a wallet. */
export function unlockedAccount(provider: JsonRpcProvider, from: string): TransactionAccount {
	return {
		provider,
		async sendTransaction(transaction) {
			const gas = `0x${(await provider.estimateGas({ from, ...transaction })).toString(16)}`;
			const hash: string = await provider.send("eth_sendTransaction", [{ from, gas, ...transaction }]);
			return { hash, wait: () => provider.getTransactionReceipt(hash) };
		},
	};
}
