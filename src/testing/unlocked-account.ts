/** @module */
import type { JsonRpcProvider } from "ethers";
import type { TransactionAccount } from "../registry/transaction-account.js";

/** An account whose transactions the local chain signs and mines at once, which takes a fraction of a wallet's time. */
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
