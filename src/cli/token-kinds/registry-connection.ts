/**
 * The registry connection of `token verify`, opened by the first kind of token that needs it.
 * @module
 */
import type { Resolvable } from "did-resolver";
import pTimeout from "p-timeout";
import { type KnownResolution, knownResolutionOf, registerKnownResolution } from "../../did/known-resolution.js";
import type { EthersProvider } from "../../registry/chain-reads.js";
import { createOrgIdResolver } from "../../resolver/resolver.js";
import type { CliContext } from "../context.js";
import { observeWaits } from "../observe-waits.js";
import { type DocumentFetchFlags, toDocumentOptions } from "../settings/document-fetching.js";
import { findRegistry } from "../settings/network.js";
import type { NetworkFlags } from "../settings/settings-file.js";
import { fixedClock } from "../time.js";
import { createContractProvider } from "./contract-provider.js";

const DOCUMENT_WAIT_MS = 2_000;

interface ConnectionFlags extends NetworkFlags, DocumentFetchFlags {
	readonly now?: number;
}

export interface RegistryConnection {
	readonly chainId: number;
	readonly resolver: Resolvable;
	/** For signatures of accounts that are contracts. */
	readonly provider: EthersProvider;
	readonly close: () => Promise<void>;
}

/** Calls `work` with a function that connects, and closes the connection afterwards. */
export async function withLazyConnection<T>(
	context: CliContext,
	flags: ConnectionFlags,
	work: (connect: () => Promise<RegistryConnection>) => Promise<T>,
): Promise<T> {
	let opened: Promise<RegistryConnection> | undefined;
	const connect = (): Promise<RegistryConnection> => {
		opened ??= open(context, flags);
		return opened;
	};
	try {
		return await work(connect);
	} finally {
		const [result] = await Promise.allSettled([opened]);
		if (result.status === "fulfilled") await result.value?.close();
	}
}

async function open(context: CliContext, flags: ConnectionFlags): Promise<RegistryConnection> {
	const { registry, chain } = await findRegistry(context, flags);
	const { chainId, rpcUrl } = chain;
	const resolver = createOrgIdResolver({
		...{ networks: [{ chainId, registry }], defaultChainId: chainId },
		documents: toDocumentOptions(flags, chain),
		observer: observeWaits(context),
		now: fixedClock(flags.now),
	});
	const provider = createContractProvider(rpcUrl, chainId, { observer: observeWaits(context) });
	const close = async (): Promise<void> => {
		registry.close();
		await provider.destroy();
	};
	return { chainId, resolver: createPatientResolver(resolver), provider, close };
}

/** There is no later verification that could respect the document, so this one waits for it. */
function createPatientResolver(resolver: Resolvable): Resolvable {
	const patient = waitingForDocument(resolver);
	const known = knownResolutionOf(resolver);
	if (known === undefined) return patient;
	const copy: KnownResolution["copy"] = (observer) => waitingForDocument(known.copy(observer));
	registerKnownResolution(patient, { maxEntries: 1, derive: () => undefined, copy });
	return patient;
}

function waitingForDocument(resolver: Resolvable): Resolvable {
	return {
		async resolve(did, requested) {
			await pTimeout(resolver.resolve(did), { milliseconds: DOCUMENT_WAIT_MS, fallback: () => undefined });
			return resolver.resolve(did, requested);
		},
	};
}
