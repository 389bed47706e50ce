/** @module */
import type { JSX } from "preact";
import { isCoded, useAdvice } from "../../advice.ts";
import { messageOf } from "../../components/steps.tsx";
import { makeVisible } from "../../token-parts.ts";
import type { Stage, Transaction } from "../use-transaction.ts";
import type { Wallet } from "../wallets/wallet.ts";
import { describeWalletCode } from "../wallets/wallet-error.ts";

interface ProgressProps {
	readonly transaction: Transaction;
	readonly wallet: Wallet | undefined;
}

/** How far a transaction is, and what came of it. Screen readers read each new state. */
export function TransactionProgress({ transaction, wallet }: ProgressProps): JSX.Element {
	const { stage, hash, blockNumber, confirmation, error } = transaction;
	const [outcome, title] = describe(transaction, wallet);
	return (
		<>
			<div class={`verdict ${outcome}`} role="status" data-stage={stage}>
				<p class="verdict-title">{title}</p>
				{confirmation !== undefined && <p>{makeVisible(confirmation.words)}</p>}
				{error !== undefined && !isRejection(error) && <Failure error={error} isSent={hash !== undefined} />}
			</div>
			{hash !== undefined && (
				<p class="aside">
					Transaction <code>{hash}</code>
					{blockNumber !== undefined && `, block ${blockNumber}`}
				</p>
			)}
		</>
	);
}

function Failure({ error, isSent }: { readonly error: Error; readonly isSent: boolean }): JSX.Element {
	const walletWords = isCoded(error) ? describeWalletCode(error.details["rpcCode"]) : undefined;
	const loaded = useAdvice(error);
	const advice = walletWords ?? loaded;
	return (
		<>
			<p>{messageOf(error)}</p>
			{isCoded(error) && advice !== undefined && <p class="advice">{advice}</p>}
			{isSent && <p class="advice">What the registry says now is shown with the organization.</p>}
		</>
	);
}

const WORDS: Readonly<Record<Exclude<Stage, "review" | "signing" | "done" | "failed">, string>> = {
	checking: "Asking whether the registry would accept it…",
	mining: "Sent. Waiting until it is in a block…",
	reading: "It is in a block. Reading what the registry says…",
};

function describe(
	{ stage, hash, error, confirmation }: Transaction,
	wallet: Wallet | undefined,
): readonly [outcome: string, title: string] {
	if (stage === "done") {
		return confirmation?.isShown === true
			? ["accepted", "Done"]
			: ["failed", "It is in a block, but the registry doesn't show the change"];
	}
	if (stage === "failed") return describeFailure(error, hash);
	if (stage === "signing") {
		const signer = wallet === undefined || wallet.isNode ? "the node" : wallet.name;
		return ["running", `Waiting for ${signer}${wallet?.isNode === false ? ": confirm it there" : ""}…`];
	}
	return ["running", stage === "review" ? "" : WORDS[stage]];
}

function describeFailure(error: Error | undefined, hash: string | undefined): readonly [string, string] {
	if (hash !== undefined) return ["failed", "It was sent, but it isn't confirmed"];
	return [
		"denied",
		error !== undefined && isRejection(error) ? "You refused in the wallet: nothing was sent" : "Nothing was sent",
	];
}

function isRejection(error: Error): boolean {
	return isCoded(error) && error.code === "registry/rejected";
}
