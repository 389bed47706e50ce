/**
 * Accounts whose transactions are signed by the node or the wallet that holds them. Import it when it is needed: ethers is
 * large.
 * @module
 */
import { BrowserProvider, JsonRpcSigner } from "ethers";
import type { TransactionAccount } from "orgpass/registry";
import type { Eip1193Provider } from "./node-provider.ts";

/** Ethers would otherwise answer from its cache after a change. */
const NO_CACHE = { cacheTimeout: -1 };

/** Returns one of the provider's accounts; nothing is asked before its first transaction. */
export function createNodeAccount(provider: Eip1193Provider, address: string): TransactionAccount {
	return new JsonRpcSigner(new BrowserProvider(provider, "any", NO_CACHE), address);
}
