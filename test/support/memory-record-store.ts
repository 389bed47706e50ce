/**
 * A store of records in memory, as Redis would be: for a model of time that no server follows.
 * @module
 */
import type { RecordStore, StoreListener } from "../../src/resolver/sharing/record-store.ts";

/** A text as it was stored. */
export interface Put {
	readonly key: string;
	readonly text: string;
}

/** The store, and what whoever can write to it may do. */
export interface MemoryRecordStore {
	/** The connection of one instance. */
	connect(): RecordStore;
	readonly puts: readonly Put[];
	readonly messages: readonly string[];
	/** No message arrives meanwhile. */
	isMuted: boolean;
	/** Stores a text for so many milliseconds. */
	write(put: Put, keptMs: number): void;
	/** Removes the text of a key, and takes its lock for ever. */
	lock(key: string): void;
	/** Delivers a message to one of the instances. */
	deliver(message: string, to: number): void;
}

/** Creates an empty store; `now` in seconds. */
export function createMemoryRecordStore(now: () => number): MemoryRecordStore {
	const texts = new Map<string, { readonly text: string; readonly until: number }>();
	const locks = new Map<string, { isWanted: boolean; readonly until: number }>();
	const puts: Put[] = [];
	const messages: string[] = [];
	const listeners: StoreListener[] = [];
	const memory = { connect, puts, messages, isMuted: false, write, lock, deliver };
	return memory;

	function connect(): RecordStore {
		return { isReady: true, take, put, remove, publish, subscribe };
	}

	async function take(key: string, lockMs: number, refused: string | undefined): ReturnType<RecordStore["take"]> {
		const stored = texts.get(key);
		if (stored !== undefined && stored.until > now() && stored.text !== refused) {
			return { text: stored.text, leftMs: (stored.until - now()) * 1_000 };
		}
		const held = locks.get(key);
		if (held !== undefined && held.until > now()) {
			held.isWanted = true;
			return "busy";
		}
		locks.set(key, { isWanted: false, until: now() + lockMs / 1_000 });
		return "locked";
	}

	async function put(key: string, text: string, keptMs: number): Promise<boolean> {
		puts.push({ key, text });
		write({ key, text }, keptMs);
		return unlock(key);
	}

	async function remove(key: string): Promise<boolean> {
		texts.delete(key);
		return unlock(key);
	}

	function unlock(key: string): boolean {
		const isWanted = locks.get(key)?.isWanted === true;
		locks.delete(key);
		return isWanted;
	}

	async function publish(message: string): Promise<void> {
		messages.push(message);
		if (!memory.isMuted) for (const { onMessage } of listeners) queueMicrotask(() => onMessage(message));
	}

	function subscribe(listener: StoreListener): () => void {
		listeners.push(listener);
		queueMicrotask(() => listener.onListening());
		return () => void listeners.splice(listeners.indexOf(listener), 1);
	}

	function write({ key, text }: Put, keptMs: number): void {
		texts.set(key, { text, until: now() + keptMs / 1_000 });
	}

	function lock(key: string): void {
		texts.delete(key);
		locks.set(key, { isWanted: false, until: Infinity });
	}

	function deliver(message: string, to: number): void {
		listeners[to]?.onMessage(message);
	}
}
