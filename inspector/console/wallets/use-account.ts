/**
 * The account that signs, and what its wallet reports about it.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../../network.ts";
import { isAddress } from "../address.ts";
import type { Wallet, WalletProvider } from "./wallet.ts";
import { describeWalletError } from "./wallet-error.ts";

/** An account that is connected to the page. */
export interface Account {
	readonly wallet: Wallet;
	/** The accounts that the wallet shares with the page; at least one. */
	readonly addresses: readonly string[];
	readonly address: string;
	/** The chain that the wallet is on; undefined if it doesn't say. */
	readonly chainId: number | undefined;
}

/** The account, and how to change it. */
export interface AccountState {
	readonly account: Account | undefined;
	/** Why there is none, or why a request failed. */
	readonly problem: string;
	/** What the page waits for. */
	readonly progress: string;
	connect(wallet: Wallet): Promise<void>;
	disconnect(): void;
	choose(address: string): void;
	switchChain(chain: Connection): Promise<void>;
}

const LOCKED = "The wallet is locked, or no longer shares an account with this page.";
/** EIP-3085: the wallet doesn't know the chain. */
const UNKNOWN_CHAIN = 4902;

export function useAccount(connection: Connection | undefined): AccountState {
	const [account, setAccount] = useState<Account>();
	const [problem, setProblem] = useState("");
	const [progress, setProgress] = useState("");
	const attempt = async (waiting: string, work: () => Promise<void>): Promise<void> => {
		setProblem("");
		setProgress(waiting);
		try {
			await work();
		} catch (error) {
			setProblem(describeWalletError(error));
		}
		setProgress("");
	};
	const connect = (wallet: Wallet): Promise<void> =>
		attempt(wallet.isNode ? "" : `Waiting for ${wallet.name}…`, async () => {
			const method = wallet.isNode ? "eth_accounts" : "eth_requestAccounts";
			const addresses = toAddresses(await wallet.provider.request({ method }));
			const [address] = addresses;
			if (address === undefined) throw new Error(LOCKED);
			setAccount({ wallet, addresses, address, chainId: await readChainId(wallet.provider) });
		});
	const disconnect = (): void => {
		setAccount(undefined);
		setProblem("");
	};
	useEffect(() => {
		if (account?.wallet.isNode === true) disconnect();
	}, [connection]);
	useWalletEvents(account?.wallet, setAccount, setProblem);
	return {
		...{ account, problem, progress, connect, disconnect },
		choose: (address) => setAccount((current) => current && { ...current, address }),
		switchChain: (chain) =>
			attempt(`Waiting for ${account?.wallet.name}…`, async () => {
				if (account === undefined) return;
				await switchChain(account.wallet.provider, chain);
				const chainId = await readChainId(account.wallet.provider);
				setAccount((current) => current && { ...current, chainId });
			}),
	};
}

type SetAccount = (change: (current: Account | undefined) => Account | undefined) => void;

/** A wallet tells when its user switches, locks or disconnects. */
function useWalletEvents(
	wallet: Wallet | undefined,
	setAccount: SetAccount,
	setProblem: (problem: string) => void,
): void {
	useEffect(() => {
		if (wallet === undefined) return undefined;
		const onAccounts = (accounts: unknown): void => {
			const addresses = toAddresses(accounts);
			const [address] = addresses;
			setProblem(address === undefined ? LOCKED : "");
			setAccount((current) => (address === undefined ? undefined : current && { ...current, addresses, address }));
		};
		const onChain = (chainId: unknown): void =>
			setAccount((current) => current && { ...current, chainId: toChainId(chainId) });
		const onConnect = (info: unknown): void => {
			setProblem("");
			onChain(Object(info).chainId);
		};
		const onDisconnect = (): void => {
			setAccount((current) => current && { ...current, chainId: undefined });
			setProblem("The wallet has lost its connection to the chain.");
		};
		const { provider } = wallet;
		const listeners = {
			accountsChanged: onAccounts,
			chainChanged: onChain,
			connect: onConnect,
			disconnect: onDisconnect,
		};
		for (const [event, listener] of Object.entries(listeners)) provider.on?.(event, listener);
		return () => {
			for (const [event, listener] of Object.entries(listeners)) provider.removeListener?.(event, listener);
		};
	}, [wallet]);
}

async function switchChain(provider: WalletProvider, { chainId, rpcUrl }: Connection): Promise<void> {
	const params = [{ chainId: `0x${chainId.toString(16)}` }];
	try {
		await provider.request({ method: "wallet_switchEthereumChain", params });
	} catch (error) {
		if (Object(error).code !== UNKNOWN_CHAIN) throw error;
		const { host } = new URL(rpcUrl);
		throw new Error(`The wallet doesn't know the chain ${chainId}. Add it there, with a node such as ${host}.`);
	}
}

async function readChainId(provider: WalletProvider): Promise<number | undefined> {
	return toChainId(await provider.request({ method: "eth_chainId" }));
}

function toChainId(value: unknown): number | undefined {
	const chainId = typeof value === "string" ? Number(value) : Number.NaN;
	return Number.isSafeInteger(chainId) && chainId > 0 ? chainId : undefined;
}

function toAddresses(value: unknown): readonly string[] {
	if (!Array.isArray(value)) return [];
	return value.filter((address: unknown) => typeof address === "string" && isAddress(address));
}
