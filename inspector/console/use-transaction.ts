/**
 * A change on its way: shown, signed, sent, in a block, read again.
 * @module
 */
import { createWalletAccount, type Registry } from "orgpass/registry";
import { useRef, useState } from "preact/hooks";
import type { Change, Confirmation } from "./changes/change.ts";
import type { Account } from "./wallets/use-account.ts";
import type { WalletProvider } from "./wallets/wallet.ts";

const HASH = /^0x[\da-f]{64}$/i;

/** How far it is. */
export type Stage = "review" | "checking" | "signing" | "mining" | "reading" | "done" | "failed";

/** A change, and how far it is. */
export interface Transaction {
	readonly change: Change;
	readonly stage: Stage;
	/** The account that signs, once it was asked to. */
	readonly account?: Account;
	/** As soon as it was sent. */
	readonly hash?: string;
	readonly blockNumber?: number;
	readonly confirmation?: Confirmation;
	readonly error?: Error;
}

/** The transaction, and how to begin one. */
export interface TransactionState {
	readonly transaction: Transaction | undefined;
	readonly isBusy: boolean;
	/** Shows a change, which isn't sent yet. */
	review(change: Change): void;
	send(registry: Registry, account: Account): Promise<void>;
	close(): void;
}

/** `onEnd` is called after each attempt, with what the registry said if the transaction is in a block. */
export function useTransaction(onEnd: (confirmation: Confirmation | undefined) => void): TransactionState {
	const [transaction, setTransaction] = useState<Transaction>();
	const isSending = useRef(false);
	const stage = transaction?.stage;
	const isBusy = stage !== undefined && stage !== "review" && stage !== "done" && stage !== "failed";
	const report = (part: Partial<Transaction>): void => setTransaction((current) => current && { ...current, ...part });
	const send = async (registry: Registry, account: Account): Promise<void> => {
		if (transaction === undefined || isSending.current) return;
		isSending.current = true;
		const { change } = transaction;
		let confirmation: Confirmation | undefined;
		let isSent = false;
		setTransaction({ change, account, stage: "checking" });
		try {
			const wallet = observeSending(account.wallet.provider, (part) => {
				isSent = part.hash !== undefined;
				report(part);
			});
			const receipt = await change.send(registry.connect(createWalletAccount(wallet, account.address)));
			report({ stage: "reading", ...(receipt && { blockNumber: receipt.blockNumber, hash: receipt.transactionHash }) });
			confirmation = await change.confirm(registry, receipt, account.address);
			report({ stage: "done", confirmation });
		} catch (error) {
			confirmation = isSent ? await confirmReplaced(change, registry, account) : undefined;
			report(confirmation === undefined ? { stage: "failed", error: error as Error } : { stage: "done", confirmation });
		}
		isSending.current = false;
		onEnd(confirmation);
	};
	return {
		...{ transaction, isBusy, send },
		review: (change) => !isSending.current && setTransaction({ change, stage: "review" }),
		close: () => !isSending.current && setTransaction(undefined),
	};
}

/** If the user sent the transaction again with a higher fee, the registry shows the change nevertheless. */
async function confirmReplaced(
	{ did, confirm }: Change,
	registry: Registry,
	{ address }: Account,
): Promise<Confirmation | undefined> {
	if (did === undefined) return undefined;
	const confirmation = await confirm(registry, undefined, address).catch(() => undefined);
	return confirmation?.isShown === true ? confirmation : undefined;
}

/** Tells when the wallet is asked for the transaction, and what it has sent. */
function observeSending(provider: WalletProvider, report: (part: Partial<Transaction>) => void): WalletProvider {
	return {
		async request(call) {
			if (call.method !== "eth_sendTransaction") return provider.request(call);
			report({ stage: "signing" });
			const hash: unknown = await provider.request(call);
			report({ stage: "mining", hash: typeof hash === "string" && HASH.test(hash) ? hash : "unknown" });
			return hash;
		},
	};
}
