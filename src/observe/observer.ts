/**
 * What an observer sees of verifications, look-ups and requests. It never sees a token, a key, a claim other than the
 * issuer, or more of a URL than its host.
 * @module
 */
import type { ErrorCode } from "../errors/codes.js";

/**
 * Observes operations, for metrics, traces and logs. It is called when an operation starts, and has to call `run`,
 * which runs the operation and resolves once it has ended; code that it starts is in the async context of the call. The
 * operation runs exactly once whatever the observer does, and nothing waits for the observer or sees what it throws.
 *
 * @example
 * ```ts
 * import type { Observer } from "orgpass/observe";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const seen: string[] = [];
 * const observer: Observer = async (run) => {
 *   const { operation, outcome, code } = await run();
 *   seen.push(`${operation}: ${outcome}, ${code}`);
 * };
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], observer });
 * await verifier.verify("a.b.c").catch(() => undefined);
 * seen; // => ["verify: denied, token/malformed"]
 * ```
 */
export type Observer = (run: () => Promise<FinishedOperation>, started: StartedOperation) => unknown;

/**
 * The steps of a verification, in order. `policies` checks the claims again, and then the policies; `replay` is the
 * question to the verifier's store of used tokens, if it has one.
 */
export type VerificationStep = "decode" | "claims" | "resolve" | "signature" | "policies" | "replay";

/**
 * Where an organization's record came from: from the cache, from a read of its own, or from a read that another
 * resolution had already started; `stale` is an expired one from the cache, used because of an outage; `store` is one that
 * another instance has read (`sharedCache`). Requests are reported where they were started, and only once.
 */
export type CacheUse = "hit" | "miss" | "shared" | "stale" | "store";

/** A request passes a guard of `bearerAuth`. */
export interface GuardStart {
	readonly operation: "guard";
}

/** A token is verified. */
export interface VerifyStart {
	readonly operation: "verify";
}

/** A DID is resolved. */
export interface ResolveStart {
	readonly operation: "resolve";
}

/** An organization's document is fetched from one of its addresses and verified. */
export interface DocumentStart {
	readonly operation: "document";
	/** The organization. */
	readonly did: string;
	/** The host and port of its address; absent for addresses without a host, such as `data:`. */
	readonly host?: string;
}

/** A request is sent to an RPC node. Requests of providers that you created yourself aren't reported. */
export interface RpcStart {
	readonly operation: "rpc";
	/** The JSON-RPC method; absent if the request is a batch of several methods. */
	readonly method?: string;
	/** The number of calls in the request. */
	readonly calls: number;
	readonly chainId: number;
	/** The node's host and port. */
	readonly host: string;
}

/** A registry's log is read, to follow it. */
export interface WatchStart {
	readonly operation: "watch";
	readonly chainId: number;
}

/** A JWK Set is fetched. */
export interface JwksStart {
	readonly operation: "jwks";
	/** Its host and port. */
	readonly host: string;
}

/** An operation that has just started. */
export type StartedOperation =
	| GuardStart
	| VerifyStart
	| ResolveStart
	| DocumentStart
	| RpcStart
	| WatchStart
	| JwksStart;

/** How an operation ended. */
export interface OperationEnd<Success extends string = "ok"> {
	/** `denied` is a decision, such as that a token is invalid; `failed` means that there is none: an outage or a bug. */
	readonly outcome: Success | "denied" | "failed";
	/** The error's code; absent if there is no error, or if it has none because it is a bug. */
	readonly code?: ErrorCode;
	readonly durationMs: number;
	/** After an outage, the host and port that caused it. */
	readonly host?: string;
	/** After an outage, the HTTP status of that host. */
	readonly httpStatus?: number;
	/** After an outage, the name of the operating system's error, such as `ECONNREFUSED`. */
	readonly errno?: string;
	/** The code of the node's JSON-RPC error. */
	readonly rpcCode?: number;
}

/** A request passed a guard, or was denied. */
export interface FinishedGuard extends GuardStart, OperationEnd<"accepted"> {
	/** The response's status; absent if the request was let through. */
	readonly status?: number;
	/** The profile that verified the token. */
	readonly profile?: string;
	/** The issuer of a valid token; absent for requests without a token. */
	readonly issuer?: string;
}

/** A token was verified, or refused. */
export interface FinishedVerify extends VerifyStart, OperationEnd<"accepted"> {
	/** The name of the token's profile, if it was found. */
	readonly profile?: string;
	/** The issuer, once its signature was verified. */
	readonly issuer?: string;
	/** The issuer that the token names, if its signature wasn't verified: anyone can name any issuer. */
	readonly claimedIssuer?: string;
	/** The duration of each step, in milliseconds. */
	readonly steps: Readonly<Partial<Record<VerificationStep, number>>>;
}

/** A DID was resolved. A revoked key or a deactivated organization is a result like any other. */
export interface FinishedResolve extends ResolveStart, OperationEnd {
	/** The organization's canonical DID, if the syntax is valid. */
	readonly did?: string;
	/** Absent if no record was looked up, the look-up failed, or an earlier version was requested. */
	readonly cache?: CacheUse;
}

/** A document was fetched and verified, or not. */
export interface FinishedDocument extends Omit<DocumentStart, "host">, OperationEnd {
	/** The size of a verified document. */
	readonly receivedBytes?: number;
}

/** A node responded, or didn't. `denied` is a response with a JSON-RPC error other than a rate limit. */
export interface FinishedRpc extends Omit<RpcStart, "host">, OperationEnd {
	readonly sentBytes: number;
	/** The size of the response's body; absent if there is none. */
	readonly receivedBytes?: number;
}

/** The new part of a registry's log was read, or not. */
export interface FinishedWatch extends WatchStart, OperationEnd {
	/** The number of logs that are new, or were removed by a reorganization. */
	readonly events?: number;
	/** The last block up to which the log is known for sure. */
	readonly blockNumber?: number;
	/** How many blocks are known to follow it. */
	readonly behindBlocks?: number;
	/** Seconds since the log was last known up to the latest block; absent if it never was. */
	readonly behindSeconds?: number;
}

/** A JWK Set was fetched, or not. */
export interface FinishedJwks extends Omit<JwksStart, "host">, OperationEnd {
	readonly receivedBytes?: number;
}

/** An operation that has ended. */
export type FinishedOperation =
	| FinishedGuard
	| FinishedVerify
	| FinishedResolve
	| FinishedDocument
	| FinishedRpc
	| FinishedWatch
	| FinishedJwks;
