/**
 * The registry connection of `token verify`, opened by the first kind of token that needs it.
 * @module
 */
import type { Provider } from "ethers";
import { createProvider } from "../../registry/rpc-provider.js";
import { createOrgIdResolver, type OrgIdResolver } from "../../resolver/resolver.js";
import type { CliContext } from "../context.js";
import { type DocumentFetchFlags, toDocumentOptions } from "../settings/document-fetching.js";
import { findRegistry } from "../settings/network.js";
import type { NetworkFlags } from "../settings/read-settings.js";
import { fixedClock } from "../time.js";

interface ConnectionFlags extends NetworkFlags, DocumentFetchFlags {
	readonly now?: number;
}

export interface RegistryConnection {
	readonly chainId: number;
	readonly resolver: OrgIdResolver;
	/** For signatures of accounts that are contracts. */
	readonly provider: Provider;
}

/** Calls `work` with a function that connects, and closes the connection afterwards. */
export async function withLazyConnection<T>(
	context: CliContext,
	flags: ConnectionFlags,
	work: (connect: () => Promise<RegistryConnection>) => Promise<T>,
): Promise<T> {
	let opened: ReturnType<typeof open> | undefined;
	const connect = async (): Promise<RegistryConnection> => {
		opened ??= open(context, flags);
		return (await opened).connection;
	};
	try {
		return await work(connect);
	} finally {
		const [result] = await Promise.allSettled([opened]);
		if (result.status === "fulfilled") result.value?.close();
	}
}

async function open(
	context: CliContext,
	flags: ConnectionFlags,
): Promise<{ readonly connection: RegistryConnection; readonly close: () => void }> {
	const { registry, chain } = await findRegistry(context, flags);
	const { chainId, rpcUrl } = chain;
	const now = fixedClock(flags.now);
	const resolver = createOrgIdResolver({
		...{ networks: [{ chainId, registry }], defaultChainId: chainId },
		documents: toDocumentOptions(flags, chain),
		...(now === undefined ? {} : { now }),
	});
	const provider = createProvider(rpcUrl, chainId);
	return {
		connection: { chainId, resolver, provider },
		close: () => {
			provider.destroy();
			registry.close();
		},
	};
}
