/**
 * The part of an ethers `Signer` that is used to send transactions.
 * @module
 */

/**
 * An account that sends transactions: a `Signer` of any copy of ethers 6, connected to a provider, or your own object. An
 * object's errors are recognized if they have the codes of ethers.
 */
export interface TransactionAccount {
	readonly provider: ChainNode | null;
	/** How long `sendTransaction` may take, in milliseconds; 30 seconds by default. A wallet waits for a person. */
	readonly sendTimeoutMs?: number;
	/** Sends a transaction, unless it would revert; without `to`, it creates a contract. */
	sendTransaction(transaction: TransactionData): Promise<SentTransaction>;
}

/** An account's node, such as an ethers 6 `Provider`. */
export interface ChainNode {
	getNetwork(): Promise<{ readonly chainId: bigint | number }>;
}

/** A transaction to send; bytes and numbers are `0x` and hex digits. */
export interface TransactionData {
	readonly to?: string;
	readonly data: string;
	/** The only chain that it may be signed for: an account may have changed its chain since it was asked. */
	readonly chainId?: `0x${string}`;
}

/** A transaction that a node accepted. */
export interface SentTransaction {
	readonly hash: string;
	/** Waits until the transaction is in a block. */
	wait(confirmations: number, timeoutMs: number): Promise<MinedTransaction | null>;
}

/** The receipt of a transaction. */
export interface MinedTransaction {
	readonly hash: string;
	readonly blockNumber: number;
	readonly gasUsed: bigint;
	readonly contractAddress: string | null;
	/** Also those of other contracts: a contract account may send several transactions in one. */
	readonly logs: readonly TransactionLog[];
}

/** An event in a receipt. */
export interface TransactionLog {
	/** The contract that logged it. */
	readonly address: string;
	readonly topics: readonly string[];
	readonly data: string;
}
