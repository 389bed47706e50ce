/**
 * Where several instances share what they have read.
 * @module
 */
import * as v from "valibot";
import { objectWith, optionsSchema } from "../../options/schemas.js";

/** A text, and for how many more milliseconds the store keeps it. */
export interface StoredText {
	readonly text: string;
	readonly leftMs: number;
}

/** What a store tells about other instances. */
export interface StoreListener {
	/** Another instance, or this one, published a message. */
	onMessage(message: string): void;
	/** Messages arrive from now on; those of the time before, if there was one, may be lost. */
	onListening(): void;
}

/**
 * Keeps texts for a while, grants locks, and passes messages on; `createRedisRecordStore` of `orgpass/redis` creates one.
 * What it returns isn't trusted: resolvers check it. Any method may reject, or take too long: then a resolver asks its
 * node, and not the store for a moment.
 */
export interface RecordStore {
	/** Whether it can be asked now, and messages arrive; absent if it can't tell. */
	readonly isReady?: boolean;
	/**
	 * In one atomic step, returns the text of a key. If there is none, or it equals `refused`, `locked` means that the
	 * caller has the key's lock now, for `lockMs` at most, and `busy` that somebody else has it.
	 */
	take(key: string, lockMs: number, refused: string | undefined): Promise<StoredText | "locked" | "busy">;
	/** Stores a text for so many milliseconds and ends the lock; resolves to whether anybody was told `busy`. */
	put(key: string, text: string, keptMs: number): Promise<boolean>;
	/** Removes the text and the lock; resolves to whether anybody was told `busy`. */
	remove(key: string): Promise<boolean>;
	/** Passes a message on to all instances, in the order of the calls. */
	publish(message: string): Promise<unknown>;
	/** Starts to listen, and keeps trying; returns the function that stops. */
	subscribe(listener: StoreListener): () => void;
}

/** How a resolver shares its records. */
export interface SharedCacheOptions {
	readonly store: RecordStore;
	/**
	 * A secret of at least 32 characters that all instances have, from their environment: records and messages are
	 * authenticated with it (HMAC-SHA-256). `false`: everybody who can write to the store is trusted with every decision.
	 */
	readonly secret: string | false;
}

const MIN_SECRET_CHARACTERS = 32;
const SECRET = `at least ${MIN_SECRET_CHARACTERS} characters, or false`;

/** The schema of the option `sharedCache`. */
export const sharedCacheOptions: v.GenericSchema = optionsSchema<SharedCacheOptions>({
	store: objectWith("take"),
	secret: v.union([v.pipe(v.string(), v.minLength(MIN_SECRET_CHARACTERS, SECRET)), v.literal(false)], SECRET),
});
