/**
 * Presents tokens to a verifier through a guard, as a client would, and counts the requests that this causes.
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Verifier } from "orgpass";
import { bearerAuth } from "orgpass/http/fetch";
import type { Observer, StartedOperation } from "orgpass/observe";
import type { Outcome } from "./fault.ts";

/** Each measured presentation has its own, so that requests of others don't count. */
const counters = new AsyncLocalStorage<{ requests: number }>();

/** Timers may end a little early. */
const TIMER_MS = 100;

/** Counts requests of one kind for {@link measure}. */
export function createCounter(counted: StartedOperation["operation"]): Observer {
	return (run, { operation }) => {
		const counter = counters.getStore();
		if (counter !== undefined && operation === counted) counter.requests += 1;
		return run();
	};
}

/** Presents a token; returns `accepted`, `accepted, stale`, or the status and code of the refusal. */
export async function present(verifier: Verifier, token: string): Promise<string> {
	const handle = bearerAuth({ verifier })()((_request, { stale }) => {
		return new Response(stale === true ? "accepted, stale" : "accepted");
	});
	const headers = { authorization: `Bearer ${token}` };
	const response = await handle(new Request("https://hotel.example/", { headers }));
	if (response.ok) return response.text();
	const { code = "" } = (await response.json()) as { readonly code?: string };
	return `${response.status} ${code}`.trim();
}

/** Presents a token and says what it cost. */
export async function measure(verifier: Verifier, token: string, deadlineMs: number): Promise<Outcome> {
	const counter = { requests: 0 };
	const startedAt = performance.now();
	const result = await counters.run(counter, () => present(verifier, token));
	const deadlines = Math.floor((performance.now() - startedAt + TIMER_MS) / deadlineMs);
	return { result, deadlines, requests: counter.requests };
}

/** Presents a token that must be accepted. */
export async function assertAccepted(verifier: Verifier, token: string): Promise<void> {
	const result = await present(verifier, token);
	if (result !== "accepted") throw new Error(`expected the token to be accepted before the fault, got ${result}`);
}
