/**
 * The wallets that an account can come from.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../../network.ts";
import { createNodeProvider } from "../../node-provider.ts";
import { makeVisible } from "../../token-parts.ts";
import type { Wallet, WalletProvider } from "./wallet.ts";

/** What a wallet announces (EIP-6963). */
interface Announcement {
	readonly info: { readonly uuid: string; readonly name: string; readonly icon: string };
	readonly provider: WalletProvider;
}

const MAX_NAME = 40;
const ICON = /^data:image\//;

/** Returns the browser's wallets, and the node if it signs for accounts of its own. */
export function useWallets(connection: Connection | undefined): readonly Wallet[] {
	const announced = useAnnounced();
	const node = useNode(connection);
	const injected = findInjected();
	const isKnown = injected === undefined || announced.some(({ provider }) => provider === injected);
	// A wallet that announces itself is usually the injected one, too, behind another object.
	const others = isKnown || announced.length > 0 ? [] : [toInjectedWallet(injected)];
	return [...announced, ...others, ...(node === undefined ? [] : [node])];
}

function useAnnounced(): readonly Wallet[] {
	const [wallets, setWallets] = useState<readonly Wallet[]>([]);
	useEffect(() => {
		const add = (event: Event): void => {
			const wallet = toWallet((event as CustomEvent<unknown>).detail);
			if (wallet === undefined) return;
			// Wallets announce themselves again on request; the first one keeps its place.
			setWallets((known) => (known.some(({ id }) => id === wallet.id) ? known : [...known, wallet]));
		};
		addEventListener("eip6963:announceProvider", add);
		dispatchEvent(new Event("eip6963:requestProvider"));
		return () => removeEventListener("eip6963:announceProvider", add);
	}, []);
	return wallets;
}

/** Any script of an extension can announce anything. */
function toWallet(detail: unknown): Wallet | undefined {
	const { info, provider } = Object(detail) as Partial<Announcement>;
	const { uuid, name, icon } = Object(info) as Partial<Announcement["info"]>;
	if (typeof uuid !== "string" || typeof name !== "string" || typeof provider?.request !== "function") return undefined;
	const shown = makeVisible(name).slice(0, MAX_NAME);
	const picture = typeof icon === "string" && ICON.test(icon) ? { icon } : {};
	return { id: uuid, name: shown, ...picture, provider, isNode: false };
}

function findInjected(): WalletProvider | undefined {
	const { ethereum } = globalThis as { readonly ethereum?: WalletProvider };
	return typeof ethereum?.request === "function" ? ethereum : undefined;
}

function toInjectedWallet(provider: WalletProvider): Wallet {
	return { id: "injected", name: "The browser's wallet", provider, isNode: false };
}

/** The local chain signs for its accounts; public nodes have none. */
function useNode(connection: Connection | undefined): Wallet | undefined {
	const [node, setNode] = useState<Wallet>();
	useEffect(() => {
		setNode(undefined);
		if (connection === undefined) return undefined;
		let isCurrent = true;
		const provider = createNodeProvider(connection.rpcUrl);
		const wallet = { id: "node", name: "Accounts of the node", provider, isNode: true };
		provider.request({ method: "eth_accounts" }).then(
			(accounts: unknown) => {
				if (isCurrent && Array.isArray(accounts) && accounts.length > 0) setNode(wallet);
			},
			// A node that doesn't answer is reported where the organization is read.
			() => {},
		);
		return () => {
			isCurrent = false;
		};
	}, [connection]);
	return node;
}
