/**
 * A registry contract of any generation behind the {@link Registry} interface.
 * @module
 */
import { PrivateKey } from "../keys/private-key.js";
import { invalidOption } from "../options/invalid-option.js";
import { createChanges } from "./changes.js";
import { type OpenedRegistry, openRegistry, type RegistryOptions } from "./open-registry.js";
import type { Registry } from "./registry.js";
import type { TransactionAccount } from "./transaction-account.js";
import { createWallets, type Wallets } from "./wallets.js";

/**
 * Connects to a registry contract: orgpass's own, Winding Tree's ORGiD 1.x or 3.x, or any other that you have an
 * adapter for. Nothing is sent before the first read or write; then the node's chain id, the contract's code and its
 * generation are checked.
 *
 * @example
 * ```ts
 * import { createRegistry } from "orgpass/registry";
 *
 * const registry = createRegistry({
 *   chainId: 31337,
 *   rpcUrl: "http://127.0.0.1:1",
 *   address: `0x${"11".repeat(20)}`,
 * });
 * const orgId = `0x${"0a".repeat(32)}` as const;
 * await registry.read(orgId).catch((error) => error.code); // => "registry/unreachable"
 * registry.close();
 * ```
 * @param options the node, the contract and its chain
 * @returns the registry
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createRegistry(options: RegistryOptions): Registry {
	const opened = openRegistry(options);
	return withAccount(opened, createWallets(opened.connection), undefined);
}

function withAccount(
	opened: OpenedRegistry,
	wallets: Wallets,
	loadAccount: (() => Promise<TransactionAccount>) | undefined,
): Registry {
	const { reader, open } = opened;
	return Object.freeze({
		...reader,
		connect: (account: PrivateKey | TransactionAccount) => withAccount(opened, wallets, toLoader(account, wallets)),
		close() {
			reader.close();
			wallets.close();
		},
		...createChanges({ chainId: reader.chainId, loadAccount, open }),
	}) satisfies Registry;
}

function toLoader(account: PrivateKey | TransactionAccount, wallets: Wallets): () => Promise<TransactionAccount> {
	if (account instanceof PrivateKey) return () => wallets.load(account);
	if (typeof account?.sendTransaction === "function") return async () => account;
	throw invalidOption("account", "a PrivateKey or an account with sendTransaction (an ethers Signer)");
}
