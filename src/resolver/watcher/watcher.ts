/**
 * Follows the logs of a resolver's networks, each from the first look-up on it.
 * @module
 */
import type { RegistryReader } from "../../registry/registry.js";
import type { RecordWatch } from "../record-entries.js";
import {
	createNetworkWatcher,
	type NetworkWatcher,
	type NetworkWatcherOptions,
	type WatchStatus,
} from "./network-watcher.js";

export interface WatcherOptions extends Omit<NetworkWatcherOptions, "registry" | "pollingSeconds"> {
	/** By chain id. */
	readonly registries: ReadonlyMap<number, RegistryReader>;
	/** Undefined if nothing is watched. */
	readonly pollingSeconds: number | undefined;
}

export interface Watcher extends RecordWatch {
	/** Starts to follow a network's log, unless that has been done. */
	start(chainId: number): void;
	/** In the order of the networks. */
	status(): readonly WatchStatus[];
	close(): void;
}

export function createWatcher({ registries, pollingSeconds, ...options }: WatcherOptions): Watcher {
	const networks = new Map<number, NetworkWatcher>();
	let isClosed = false;

	return {
		start,
		covers: (record, readAt) => networks.get(record.chainId)?.covers(record, readAt) ?? false,
		confirmedAt: (chainId) => networks.get(chainId)?.confirmedAt(),
		status: () => Object.freeze([...registries.keys()].map(statusOf)),
		close() {
			isClosed = true;
			for (const network of networks.values()) network.close();
		},
	};

	function start(chainId: number): void {
		const registry = registries.get(chainId);
		if (pollingSeconds === undefined || isClosed || registry === undefined || networks.has(chainId)) return;
		networks.set(chainId, createNetworkWatcher({ ...options, registry, pollingSeconds }));
	}

	function statusOf(chainId: number): WatchStatus {
		return networks.get(chainId)?.status() ?? Object.freeze({ chainId, isUpToDate: false });
	}
}
