/**
 * Runtimes that end a request's work once it has been answered or its client is gone, such as Cloudflare Workers.
 * @module
 */
import { settleSharedWork } from "../network/shared-work.js";

/** What these runtimes pass to a handler, besides the request. */
interface ExecutionContext {
	waitUntil(work: Promise<unknown>): void;
}

/** Keeps a request alive until it is decided and the lookups that other requests may be waiting for have ended. */
export function keepAlive(context: ExecutionContext | undefined, decision: unknown): void {
	context?.waitUntil(settle(decision));
}

export function isExecutionContext(value: unknown): value is ExecutionContext {
	return typeof (value as Partial<ExecutionContext> | null | undefined)?.waitUntil === "function";
}

async function settle(decision: unknown): Promise<void> {
	await Promise.allSettled([decision]);
	await settleSharedWork();
}
