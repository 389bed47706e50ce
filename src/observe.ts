/**
 * Observe verifications, resolutions and requests, for metrics, traces and logs.
 * @module
 */
export { combineObservers } from "./observe/observe.js";
export type {
	CacheUse,
	DocumentStart,
	FinishedDocument,
	FinishedGuard,
	FinishedJwks,
	FinishedOperation,
	FinishedResolve,
	FinishedRpc,
	FinishedVerify,
	FinishedWatch,
	GuardStart,
	JwksStart,
	Observer,
	OperationEnd,
	ResolveStart,
	RpcStart,
	StartedOperation,
	VerificationStep,
	VerifyStart,
	WatchStart,
} from "./observe/observer.js";
