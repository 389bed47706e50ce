/** @module */
import type { OrgRecord } from "orgpass/registry";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Facts } from "../../components/facts.tsx";
import type { Connection } from "../../network.ts";
import { makeVisible } from "../../token-parts.ts";
import { isSameAddress } from "../address.ts";
import type { Change } from "../changes/change.ts";
import { accountOptions, registryOptions, toCommand } from "../command-text.ts";
import type { TransactionState } from "../use-transaction.ts";
import type { Account } from "../wallets/use-account.ts";
import { describeWrongChain } from "./account-panel.tsx";
import { Command } from "./command.tsx";
import { NextStep } from "./next-step.tsx";
import { TransactionProgress } from "./transaction-progress.tsx";

interface TransactionPanelProps {
	readonly state: TransactionState;
	readonly account: Account | undefined;
	readonly connection: Connection;
	readonly record: OrgRecord | undefined;
	/** Why the registry will refuse it, as far as that is known. */
	readonly refusal: string | undefined;
}

/** A transaction: in words, until it is signed; then how far it is, and what the registry says. */
export function TransactionPanel(props: TransactionPanelProps): JSX.Element | null {
	const { state, account, connection, record, refusal } = props;
	const { transaction } = state;
	const heading = useRef<HTMLHeadingElement>(null);
	const change = transaction?.change;
	useEffect(() => {
		if (change !== undefined) heading.current?.focus();
	}, [change]);
	if (transaction === undefined || change === undefined) return null;
	const { stage } = transaction;
	const signer = transaction.account ?? account;
	const isEnded = stage === "done" || stage === "failed";
	const command = [...change.command, ...registryOptions(connection), ...accountOptions(connection, signer)];
	return (
		<section class="transaction" aria-labelledby="transaction-title">
			<h2 id="transaction-title" tabIndex={-1} ref={heading}>
				{change.title}
			</h2>
			<Effects change={change} />
			<Facts
				facts={{
					...(change.did !== undefined && { organization: change.did }),
					...change.facts,
					account: signer?.address ?? "none yet",
					chain: `${connection.chainId}${connection.isLocal ? ", on this machine" : ""}`,
					registry: `${connection.registry}${record === undefined ? "" : ` (${record.kind})`}`,
				}}
				now={0}
			/>
			{stage === "review" ? (
				<Review {...{ state, change, account, connection, refusal }} />
			) : (
				<TransactionProgress transaction={transaction} wallet={signer?.wallet} />
			)}
			{isEnded && (
				<div class="actions">
					{stage === "failed" && (
						<button type="button" onClick={() => state.review(change)}>
							Review again
						</button>
					)}
					<button type="button" onClick={state.close}>
						Close
					</button>
				</div>
			)}
			{stage === "done" && transaction.confirmation?.isShown === true && (
				<NextStep
					{...{ change, connection }}
					did={transaction.confirmation.did}
					record={record}
					onReview={state.review}
				/>
			)}
			<h3>The command that does the same</h3>
			<Command text={toCommand(command)} />
		</section>
	);
}

function Effects({ change }: { readonly change: Change }): JSX.Element {
	return (
		<ul class="effects">
			{change.effects.map((effect) => (
				<li key={effect}>{makeVisible(effect)}</li>
			))}
		</ul>
	);
}

interface ReviewProps extends Omit<TransactionPanelProps, "record"> {
	readonly change: Change;
}

function Review({ state, change, account, connection, refusal }: ReviewProps): JSX.Element {
	const obstacle = findObstacle(change, account, connection);
	const send = (): void => {
		if (account !== undefined && obstacle === undefined) void state.send(connection.reader, account);
	};
	return (
		<>
			{refusal !== undefined && (
				<p class="notice" role="status">
					{refusal} The registry will refuse it.
				</p>
			)}
			<div class="actions">
				<button type="button" class="primary" aria-disabled={obstacle !== undefined} onClick={send}>
					{account?.wallet.isNode === true ? "Sign and send" : "Sign in the wallet"}
				</button>
				<button type="button" onClick={state.close}>
					Cancel
				</button>
				{obstacle !== undefined && <span class="aside">{obstacle}</span>}
			</div>
			<p class="aside">Nothing was sent yet.</p>
		</>
	);
}

function findObstacle(change: Change, account: Account | undefined, connection: Connection): string | undefined {
	if (account === undefined) return "Connect an account first.";
	const isOther = change.account !== undefined && !isSameAddress(change.account, account.address);
	return isOther ? `This is for the account ${change.account}.` : describeWrongChain(account, connection);
}
