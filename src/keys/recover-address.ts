/**
 * Recovers the account that made a signature (SEC 1 section 4.1.6, Ethereum's yellow paper appendix F).
 * @module
 */
import { copyBytes } from "../encoding/bytes.js";
import type { Hex } from "../encoding/hex.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { accountOf, toChecksum } from "./account.js";
import { chosenImplementation } from "./secp256k1/choose-backend.js";
import { SIGNATURE_LENGTH } from "./secp256k1/curve.js";

const DIGEST_LENGTH = 32;
const RECOVERED_LENGTH = 65;

/**
 * Recovers the Ethereum account whose key signed a digest. S may be high, so a digest has two valid signatures: to
 * detect replays, remember what was signed, not the signature.
 *
 * @example
 * ```ts
 * import { recoverAddress } from "orgpass/keys";
 * import { getBytes, hashMessage, Wallet } from "ethers";
 *
 * const wallet = new Wallet(`0x${"11".repeat(32)}`);
 * const signature = getBytes(await wallet.signMessage("hello"));
 * recoverAddress(getBytes(hashMessage("hello")), signature); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * recoverAddress(getBytes(hashMessage("hello")), signature.subarray(0, 64)); // => undefined
 * ```
 * @param digest the 32 bytes that were signed
 * @param signature r, s and v: 65 bytes, v 27 or 28, or 0 or 1; not the compact form of EIP-2098
 * @returns the address with the checksum of EIP-55, or undefined if no key can have made the signature
 * @throws TypeError if an argument isn't bytes, or the digest isn't 32 bytes
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array): Hex | undefined {
	const account = recoverAccount(digest, signature);
	return account && toChecksum(account);
}

/** Recovers the account's 20 bytes: the checksum takes another hash. */
export function recoverAccount(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
	const hash = copyBytes(digest, "the digest");
	const bytes = copyBytes(signature, "the signature");
	if (hash.length !== DIGEST_LENGTH) throw new TypeError("the digest must have 32 bytes");
	if (bytes.length !== RECOVERED_LENGTH) return undefined;
	const recovery = recoveryOf(bytes[SIGNATURE_LENGTH] as number);
	if (recovery === undefined) return undefined;
	const { run } = chosenImplementation("recover");
	// Throws if r or s is out of range, no point on the curve has this r, or the key would be the point at infinity.
	const point = undefinedOnError(() => run(hash, bytes.subarray(0, SIGNATURE_LENGTH), recovery));
	return point && accountOf(point);
}

/** v of a transaction's signature before EIP-155, or the bare parity of y. */
function recoveryOf(v: number): 0 | 1 | undefined {
	const recovery = v >= 27 ? v - 27 : v;
	return recovery === 0 || recovery === 1 ? recovery : undefined;
}
