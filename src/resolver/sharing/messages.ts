/**
 * Messages between instances. Each publisher numbers its news, so that a lost message is noticed.
 * @module
 */
import * as v from "valibot";
import { BoundedCache } from "../../caching/bounded-cache.js";
import { encodeHexDigits } from "../../encoding/hex.js";
import { parseJson } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { blockNumber, positiveInteger } from "../../options/value-schemas.js";
import type { OnChainKey } from "../../registry/org-record.js";
import type { Seal } from "./seal.js";
import { onChainKey } from "./stored-record.js";

/** What one instance tells the others; `key` names an organization in a registry. */
export type Message = WakeUp | News;

/** A record has been stored, or couldn't be read: those who wait for it go on. */
export interface WakeUp {
	readonly type: "stored" | "failed";
	readonly key: string;
}

/** What must not be missed. */
export type News =
	/** It changed in this block, or was invalidated. */
	| { readonly type: "changed"; readonly key: string; readonly minBlock?: number | undefined }
	/** One of its keys was seen revoked. */
	| { readonly type: "revoked"; readonly key: string; readonly revokedKey: OnChainKey }
	/** Everything was invalidated. */
	| { readonly type: "reset" }
	/** Says nothing, but shows that messages before it were lost. */
	| { readonly type: "lost" };

export interface MessagesOptions {
	readonly seal: Seal;
	/** Resolves to false if it failed. */
	readonly publish: (text: string) => Promise<boolean>;
	readonly onMessage: (message: Message) => void;
	/** Messages of another instance were lost. */
	readonly onGap: () => void;
}

export interface Messages {
	wakeUp(message: WakeUp): void;
	tell(news: News): void;
	receive(text: string): void;
	/** The store works again: shows others that they missed something. */
	resume(): void;
}

const CONTEXT = "orgpass:message:1";
const MAX_CHARACTERS = 4_096;
const MAX_PUBLISHERS = 1_000;
const ID_BYTES = 16;

const key = v.string();
const from = v.pipe(v.string(), v.regex(/^[\da-f]{32}$/));
const revokedKey = v.pipe(
	onChainKey,
	v.check((value) => (value as OnChainKey).revokedAt > 0),
);

const schema = v.variant("type", [
	v.strictObject({ from, type: v.picklist(["stored", "failed"]), key }),
	v.strictObject({ from, number: positiveInteger, type: v.literal("changed"), key, minBlock: v.optional(blockNumber) }),
	v.strictObject({ from, number: positiveInteger, type: v.literal("revoked"), key, revokedKey }),
	v.strictObject({ from, number: positiveInteger, type: v.picklist(["reset", "lost"]) }),
]);

/** A message with its publisher, and which of its news this is. */
type Sent = { readonly from: string } & (WakeUp | (News & { readonly number: number }));

export function createMessages({ seal, publish, onMessage, onGap }: MessagesOptions): Messages {
	const own = encodeHexDigits(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
	const last = new BoundedCache<number>(MAX_PUBLISHERS);
	let sent = 0;
	let isLost = false;

	return {
		wakeUp: (message) => void publish(toText({ ...message, from: own })),
		tell: (news) => void attempt(news),
		receive,
		resume,
	};

	async function attempt(news: News): Promise<void> {
		sent += 1;
		if (!(await publish(toText({ ...news, from: own, number: sent })))) isLost = true;
	}

	function toText(message: Sent): string {
		return seal.close(CONTEXT, JSON.stringify(message));
	}

	function resume(): void {
		if (!isLost) return;
		isLost = false;
		void attempt({ type: "lost" });
	}

	function receive(sealed: string): void {
		const message = parse(sealed);
		if (message === undefined || message.from === own) return;
		if ("number" in message && !isNext(message.from, message.number)) return;
		onMessage(message);
	}

	/** False for what arrived before. */
	function isNext(publisher: string, number: number): boolean {
		const previous = last.get(publisher);
		if (previous !== undefined && number <= previous) return false;
		last.set(publisher, number);
		if (previous !== undefined && number > previous + 1) onGap();
		return true;
	}

	function parse(sealed: string): Sent | undefined {
		const text = seal.open(CONTEXT, sealed, MAX_CHARACTERS);
		if (text === undefined) return undefined;
		const value = undefinedOnError(() => parseJson(text));
		return v.is(schema, value) ? (value as Sent) : undefined;
	}
}
