/**
 * Chooses the implementation of the curve on first use: the first that passes a known-answer test, because some builds
 * of OpenSSL have no secp256k1.
 * @module
 */
import { BACKENDS } from "#backends";
import { decodeHex } from "../../encoding/hex.js";
import { KeyError } from "../../errors/errors.js";
import type { CurveBackend, CurveBackendName } from "./curve-backend.js";

let chosen: CurveBackend | undefined;

/**
 * Returns the name of the implementation of secp256k1 in use: the fastest that works in this runtime.
 *
 * @example
 * ```ts
 * import { curveBackend } from "orgpass/keys";
 *
 * curveBackend(); // => "node:crypto"
 * ```
 * @returns `node:crypto` if OpenSSL supports the curve, else `noble`
 * @throws {KeyError} `key/unavailable` if none works
 */
export function curveBackend(): CurveBackendName {
	return activeBackend().name;
}

/** Returns the implementation in use, chosen on the first call. */
export function activeBackend(): CurveBackend {
	chosen ??= chooseBackend(BACKENDS);
	return chosen;
}

/** Returns the first backend that passes the known-answer test. */
export function chooseBackend(candidates: readonly CurveBackend[]): CurveBackend {
	const backend = candidates.find(passesProbe);
	if (backend !== undefined) return backend;
	throw new KeyError("key/unavailable", "no implementation of secp256k1 works in this runtime");
}

function passesProbe(backend: CurveBackend): boolean {
	const { scalar, point, message, signature, highS } = createProbe();
	try {
		const verify = backend.prepareVerify(point);
		const created = backend.sign(message, scalar);
		return (
			verify(message, signature) &&
			verify(message, highS) &&
			!verify(message.subarray(1), signature) &&
			created.every((byte, at) => byte === signature[at])
		);
	} catch {
		return false;
	}
}

/** The key 0x11…11 and its RFC 6979 signature of "orgpass", also in the high-S form. */
function createProbe(): Readonly<
	Record<"scalar" | "point" | "message" | "signature" | "highS", Uint8Array<ArrayBuffer>>
> {
	return {
		scalar: new Uint8Array(32).fill(0x11),
		point: decodeHex(
			"0x044f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa385b6b1b8ead809ca67454d9683fcf2ba03456d6fe2c4abe2b07f0fbdbb2f1c1",
		),
		message: new TextEncoder().encode("orgpass"),
		signature: decodeHex(
			"0x8f46057e34222cb19998b4b1e6bae92420074533f5a588e21a5cedbe5c4afc4356cc4f9dd4219f438dc57bbf7f6981334425ae3f07f984d4ec00f00655426d55",
		),
		highS: decodeHex(
			"0x8f46057e34222cb19998b4b1e6bae92420074533f5a588e21a5cedbe5c4afc43a933b0622bde60bc723a844080967ecb76892ea7a74f1b66d3d16e867af3d3ec",
		),
	};
}
