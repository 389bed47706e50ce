/** @module */
import type { Eip1193Provider } from "../../node-provider.ts";

/** An EIP-1193 provider, which may report changes. */
export interface WalletProvider extends Eip1193Provider {
	on?(event: string, listener: (...args: never[]) => void): unknown;
	removeListener?(event: string, listener: (...args: never[]) => void): unknown;
}

/** Something that holds accounts: a wallet of the browser, or the node of a local chain. */
export interface Wallet {
	readonly id: string;
	readonly name: string;
	/** A data URL. */
	readonly icon?: string;
	readonly provider: WalletProvider;
	/** Whether it is the node, which asks nobody before it signs. */
	readonly isNode: boolean;
}
