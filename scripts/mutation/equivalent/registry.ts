/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const REGISTRY: readonly EquivalentMutant[] = [
	{
		...{ file: "registry/call-error.ts", from: '""' },
		why: "no text that isn't a URL has a host",
	},
	{
		...{ file: "registry/call-error.ts", from: "status === undefined", to: "false" },
		why: "the error's status is undefined in both cases: for the type only",
	},
	{
		...{
			file: "registry/wallet-account.ts",
			from: "nonce !== undefined && used !== undefined",
			to: "true",
		},
		why: "undefined isn't less or greater than a number: for the type only",
	},
	{
		...{
			file: "registry/wallet-account.ts",
			from: "nonce !== undefined && used !== undefined",
			to: "nonce !== undefined || used !== undefined",
		},
		why: "undefined isn't less or greater than a number: for the type only",
	},
	{
		...{
			file: "registry/wallet-account.ts",
			from: "nonce !== undefined",
			to: "true",
		},
		why: "undefined isn't less or greater than a number: for the type only",
	},
	{
		...{
			file: "registry/wallet-account.ts",
			from: "used !== undefined",
			to: "true",
		},
		why: "undefined isn't less or greater than a number: for the type only",
	},
	{
		...{ file: "registry/local-accounts.ts", from: "derived.length < count", to: "derived.length <= count" },
		why: "one more account is derived, and kept for later",
	},
	{
		...{ file: "registry/open-registry.ts", from: '"adapter"', to: '""' },
		why: "the key of shared work, of which there is one kind",
	},
	{
		...{ file: "registry/rpc-transport.ts", from: "observer === undefined", to: "false" },
		why: "a fast path: what an observer throws is ignored, and so is that undefined can't be called",
	},
	{
		...{ file: "registry/observe-rpc.ts", from: "method !== undefined", to: "true" },
		why: "every request has a call: for the type only",
	},
	{
		...{ file: "registry/turns.node.ts", from: "waiting[0]?.()", to: "waiting[0]()" },
		why: "somebody is waiting there: for the type only",
	},
	// registry/abi
	{
		...{ file: "registry/abi/abi-decoding.ts", from: "at < bytes.length", to: "at <= bytes.length" },
		why: "what is beyond the end of a typed array isn't written, and undefined has no bits",
	},
	{
		...{
			file: "registry/abi/abi-encoding.ts",
			from: "members.some(({ isDynamic }) => isDynamic)",
			to: "members.every(({ isDynamic }) => isDynamic)",
		},
		why: "of arrays: their elements are of one type, and Solidity has none without elements",
	},
	{
		...{ file: "registry/abi/contract-abi.ts", from: "!functions.has(name)", to: "true" },
		why: "a cache",
	},
	{
		...{ file: "registry/abi/contract-abi.ts", from: '"("', to: '""' },
		why: "no signature equals a name without parentheses: that is only told faster",
	},
	{
		...{ file: "registry/abi/parse-signature.ts", from: "/^[A-Za-z_$]/", to: "/[A-Za-z_$]/" },
		why: "tokens that don't begin with a letter have none",
	},
	// registry/adapters
	{
		...{
			file: "registry/adapters/detect-adapter.ts",
			from: "functions.every((name) => abiOf(other).functionOf(name) !== undefined)",
			to: "functions.some(name => abiOf(other).functionOf(name) !== undefined)",
		},
		why: "each generation's ABI has all functions of another one's list, or none",
	},
	{
		...{
			file: "registry/adapters/orgid-v3.ts",
			from: "count - first + 1n < PAGE",
			to: "count - first + 1n <= PAGE",
		},
		why: "the lesser of two equal numbers is either",
	},
	{
		...{ file: "registry/adapters/orgid-v3.ts", from: "document?.hash", to: "document.hash" },
		why: "an address that isn't empty is that of a document: for the type only",
	},
	{
		...{ file: "registry/adapters/orgpass.ts", from: "first !== undefined", to: "true" },
		why: "one id is there if there is one: for the type only",
	},
	// registry/log
	{
		...{ file: "registry/log/log-socket.ts", from: "timer.unref?.()", to: "timer.unref()" },
		why: "only timers of browsers have no such method",
	},
	{
		...{ file: "registry/log/poll-timer.ts", from: "timer.unref?.()", to: "timer.unref()" },
		why: "only timers of browsers have no such method",
	},
	{
		...{ file: "registry/log/log-socket.ts", from: 'typeof data !== "string"', to: "false" },
		why: "a Blob is no JSON either: for the type only",
	},
	{
		...{ file: "registry/log/read-events.ts", from: "{ isInBackground: false }", to: "{}" },
		why: "the default",
	},
	{
		...{ file: "registry/log/read-page.ts", from: "[]" },
		why: "a log without a block number is ignored",
	},
	// registry/nodes
	{
		...{ file: "registry/nodes/node-health.ts", from: "!isHealthy()", to: "true" },
		why: "who may ask a healthy node doesn't depend on the attempt of another one",
	},
	{
		...{
			file: "registry/nodes/batch-sender.ts",
			from: "responses.some(isRateLimit)",
			to: "responses.every(isRateLimit)",
		},
		why: "here there is one response, because none at all are refused before",
	},
	{
		...{ file: "registry/nodes/batch-sender.ts", from: "!(error instanceof TransportError)", to: "false" },
		why: "no other error has a status: for the type only",
	},
	{
		...{ file: "registry/nodes/canonical-answer.ts", from: "MEMBERS[method]?.slice()", to: "MEMBERS[method]" },
		why: "a copy, for the type only",
	},
];
