/** @module */
import type { JSX } from "preact";
import type { Connection } from "../../network.ts";
import type { Account, AccountState } from "../wallets/use-account.ts";
import type { Wallet } from "../wallets/wallet.ts";

interface AccountPanelProps {
	readonly state: AccountState;
	readonly wallets: readonly Wallet[];
	readonly connection: Connection | undefined;
}

/** Who signs. */
export function AccountPanel({ state, wallets, connection }: AccountPanelProps): JSX.Element {
	const { account, problem, progress } = state;
	return (
		<section aria-labelledby="account-title">
			<h2 id="account-title">Account</h2>
			{account === undefined ? (
				<WalletList wallets={wallets} onConnect={state.connect} />
			) : (
				<ConnectedAccount state={state} account={account} />
			)}
			{account !== undefined && connection !== undefined && (
				<WrongChain account={account} connection={connection} onSwitch={() => state.switchChain(connection)} />
			)}
			<p class="aside" role="status">
				{progress}
			</p>
			{problem !== "" && (
				<p class="error denied" role="alert">
					{problem}
				</p>
			)}
		</section>
	);
}

interface WalletListProps {
	readonly wallets: readonly Wallet[];
	readonly onConnect: (wallet: Wallet) => void;
}

function WalletList({ wallets, onConnect }: WalletListProps): JSX.Element {
	if (wallets.length === 0) {
		return (
			<p class="aside">
				This browser has no wallet. Install one, or run <code>orgpass chain</code>, whose accounts need none.
			</p>
		);
	}
	return (
		<>
			<p class="aside">It signs what you do here, and pays for it.</p>
			<ul class="wallets">
				{wallets.map((wallet) => (
					<li key={wallet.id}>
						<button type="button" onClick={() => onConnect(wallet)}>
							{wallet.icon !== undefined && <img src={wallet.icon} alt="" width={16} height={16} />}
							{wallet.name}
						</button>
					</li>
				))}
			</ul>
		</>
	);
}

interface ConnectedAccountProps {
	readonly state: AccountState;
	readonly account: Account;
}

function ConnectedAccount({ state, account }: ConnectedAccountProps): JSX.Element {
	const { wallet, addresses, address } = account;
	return (
		<>
			<label class="field">
				{wallet.name}
				<select class="compact" value={address} onChange={({ currentTarget }) => state.choose(currentTarget.value)}>
					{addresses.map((known) => (
						<option key={known} value={known}>
							{known}
						</option>
					))}
				</select>
			</label>
			<div class="actions">
				<button type="button" onClick={state.disconnect}>
					Use another wallet
				</button>
			</div>
			{wallet.isNode && <p class="aside">The node signs without asking. Use these accounts for nothing but tests.</p>}
		</>
	);
}

interface WrongChainProps {
	readonly account: Account;
	readonly connection: Connection;
	readonly onSwitch: () => void;
}

function WrongChain({ account, connection, onSwitch }: WrongChainProps): JSX.Element | null {
	const problem = describeWrongChain(account, connection);
	if (problem === undefined) return null;
	return (
		<div class="notice" role="alert">
			<p>{problem}</p>
			{!account.wallet.isNode && (
				<button type="button" onClick={onSwitch}>
					Switch to chain {connection.chainId}
				</button>
			)}
		</div>
	);
}

/** Undefined if the account is on the registry's chain. */
export function describeWrongChain(
	{ wallet, chainId }: Account,
	{ chainId: expected }: Connection,
): string | undefined {
	if (chainId === expected) return undefined;
	const name = wallet.isNode ? "The node" : wallet.name;
	const actual = chainId === undefined ? "doesn't say which chain it is on" : `is on chain ${chainId}`;
	return `${name} ${actual}, but the registry is on chain ${expected}.`;
}
