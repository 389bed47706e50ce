/**
 * Signatures of accounts that aren't deployed yet, wrapped with the call that deploys them (ERC-6492).
 * @module
 */
import { encodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { createResultDecoder } from "../../registry/abi/abi-decoding.js";

/** The last 32 bytes of a wrapped signature. */
const SUFFIX = "6492".repeat(16);

const decodeWrapping = createResultDecoder([{ type: "address" }, { type: "bytes" }, { type: "bytes" }]);

/** A contract's signature, and how to deploy the contract if it has no code. */
export interface ContractSignature {
	/** `0x` and hex digits. */
	readonly signature: string;
	/** The contract that deploys the account, and the call data for it. */
	readonly deployment?: { readonly factory: string; readonly data: string };
}

/** Unwraps a signature if it is wrapped; returns undefined if the wrapping can't be read. */
export function unwrapSignature(bytes: Uint8Array): ContractSignature | undefined {
	const hex = encodeHex(bytes);
	if (!hex.endsWith(SUFFIX)) return { signature: hex };
	return undefinedOnError(() => {
		const body = hex.slice(0, -SUFFIX.length);
		const [factory, data, signature] = decodeWrapping(body) as [string, string, string];
		return { signature, deployment: { factory, data } };
	});
}
