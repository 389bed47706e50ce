/** @module */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NetworkForm } from "../components/network-form.tsx";
import { OrganizationCard } from "../components/organization-card.tsx";
import type { Network } from "../network.ts";
import { useClock } from "../use-clock.ts";
import { useConnection } from "../use-connection.ts";
import { useEvents } from "../use-events.ts";
import { findProposedDirector } from "./changes/set-director.ts";
import { foreseeRefusal } from "./changes/who-may.ts";
import { AccountPanel } from "./components/account-panel.tsx";
import { ChangeList } from "./components/change-list.tsx";
import { OrganizationPanel } from "./components/organization-panel.tsx";
import { TransactionPanel } from "./components/transaction-panel.tsx";
import { useOrganization } from "./use-organization.ts";
import { useTransaction } from "./use-transaction.ts";
import { useAccount } from "./wallets/use-account.ts";
import { useWallets } from "./wallets/use-wallets.ts";

export function App(props: { readonly network: Network | undefined }): JSX.Element {
	const { network, setNetwork, connection, problem } = useConnection(props.network);
	const { did, setDid, record, adapter, error, reload } = useOrganization(connection);
	const wallets = useWallets(connection);
	const accountState = useAccount(connection);
	const { account } = accountState;
	const followed = useEvents(connection, record, reload);
	const now = useClock();
	const [round, setRound] = useState(0);
	const state = useTransaction((confirmation) => {
		if (confirmation?.isShown === true) {
			setDid(confirmation.did);
			// What was entered isn't needed any more, and a private key least of all.
			setRound((count) => count + 1);
		}
		reload();
	});
	const { transaction, isBusy } = state;
	useEffect(state.close, [connection]);
	const proposedDirector = findProposedDirector(followed.events);
	const refusal =
		account && transaction && foreseeRefusal(transaction.change, record, proposedDirector, account.address);
	return (
		<>
			<header class="top" inert={isBusy}>
				<h1>
					orgpass <span>console</span>
				</h1>
				<NetworkForm network={network} problem={problem} onNetwork={setNetwork} />
			</header>
			<main>
				<div class="given" inert={isBusy}>
					<AccountPanel state={accountState} {...{ wallets, connection }} />
					{connection !== undefined && (
						<OrganizationPanel {...{ did, error, adapter, onDid: setDid, onReview: state.review }} />
					)}
					{record !== undefined && adapter !== undefined && (
						<ChangeList
							key={`${record.did} ${round}`}
							{...{ record, adapter, proposedDirector, onReview: state.review }}
							account={account?.address ?? ""}
						/>
					)}
				</div>
				<div class="result">
					{connection !== undefined && <TransactionPanel {...{ state, account, connection, record, refusal }} />}
					{record === undefined && transaction === undefined && <Introduction hasNode={connection !== undefined} />}
					{record !== undefined && (
						<OrganizationCard {...{ organization: record, followed, now }} isLocal={connection?.isLocal === true} />
					)}
				</div>
			</main>
		</>
	);
}

function Introduction({ hasNode }: { readonly hasNode: boolean }): JSX.Element {
	return (
		<div class="verdict empty">
			<p class="verdict-title">
				{hasNode
					? "Each change is shown here in words before it is signed, and afterwards what the registry says."
					: "Enter a node and a registry above."}
			</p>
		</div>
	);
}
