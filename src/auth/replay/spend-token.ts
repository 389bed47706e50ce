/**
 * Asks a store of used tokens. Whatever goes wrong, a token is never accepted twice.
 * @module
 */
import pTimeout from "p-timeout";
import type { JsonObject } from "../../encoding/json.js";
import { formatValue, isOrgpassError, ReplayError } from "../../errors/errors.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import type { ReplayStore } from "./replay-store.js";
import { type TokenUse, toTokenUse } from "./token-use.js";

/** The store in which the verifier has just spent a token, by the token's claims, which its copies share. */
const spentByVerifier = new WeakMap<JsonObject, ReplayStore>();
/** What a request's token has been spent in, by the route's requirements. */
const spentByRequest = new WeakMap<object, Map<ReplayStore, Promise<void>>>();

/** Spends a token that the verifier has just verified. */
export async function spendVerified(store: ReplayStore, token: VerifiedToken, milliseconds: number): Promise<void> {
	await spend(store, toTokenUse(token), milliseconds);
	spentByVerifier.set(token.claims, store);
}

/**
 * Spends the token of a request, once for the same request and store: several guards, and the verifier itself, may have
 * the same store.
 */
export function spendForRequest(
	store: ReplayStore,
	token: VerifiedToken,
	request: object,
	milliseconds: number,
): Promise<void> {
	const stores = spentByRequest.get(request) ?? new Map<ReplayStore, Promise<void>>();
	spentByRequest.set(request, stores);
	const spending = stores.get(store) ?? spendUnlessVerified(store, token, milliseconds);
	stores.set(store, spending);
	return spending;
}

async function spendUnlessVerified(store: ReplayStore, token: VerifiedToken, milliseconds: number): Promise<void> {
	if (spentByVerifier.get(token.claims) !== store) return spend(store, toTokenUse(token), milliseconds);
	// It counts for one request, in case a wrapper of the verifier returns the same token again.
	spentByVerifier.delete(token.claims);
}

/** Throws if a token was used before, without using it; returns false if the store can't tell. */
export async function assertUnspent(store: ReplayStore, token: VerifiedToken, milliseconds: number): Promise<boolean> {
	const { key, expiresAt, now } = toTokenUse(token);
	if (store.peek === undefined) return false;
	assertFirst(await ask(async () => store.peek?.(key, expiresAt, now), milliseconds));
	return true;
}

async function spend(store: ReplayStore, { key, expiresAt, now }: TokenUse, milliseconds: number): Promise<void> {
	assertFirst(await ask(async () => store.spend(key, expiresAt, now), milliseconds));
}

async function ask(question: () => Promise<unknown>, milliseconds: number): Promise<boolean> {
	let answer: unknown;
	try {
		// The time limit may be over already; the store gets a turn anyway.
		answer = await pTimeout(question(), { milliseconds: Math.max(milliseconds, 1) });
	} catch (cause) {
		if (isOrgpassError(cause) && cause.code === "replay/unavailable") throw cause;
		throw new ReplayError("replay/unavailable", "the store of used tokens failed or didn't respond in time", { cause });
	}
	if (typeof answer === "boolean") return answer;
	const message = `expected the store of used tokens to return true or false, got ${formatValue(answer)}`;
	throw new ReplayError("replay/unavailable", message);
}

function assertFirst(isFirst: boolean): void {
	if (!isFirst) throw new ReplayError("replay/seen", "expected a new token, got one that was presented before");
}
