/**
 * Known-answer tests of the operations on the curve: the key 0x11…11, and its RFC 6979 signature of "orgpass".
 * @module
 */
import { decodeHex } from "../../encoding/hex.js";
import type { CurveOperation, CurveOperations } from "./curve-backend.js";

interface KnownAnswer {
	readonly scalar: Uint8Array;
	readonly point: Uint8Array;
	readonly message: Uint8Array;
	readonly digest: Uint8Array;
	readonly signature: Uint8Array;
	/** The same signature with a high S. */
	readonly highS: Uint8Array;
}

const TESTS: {
	readonly [Operation in CurveOperation]: (run: CurveOperations[Operation], known: KnownAnswer) => boolean;
} = {
	verify(prepare, { point, message, signature, highS }) {
		const verify = prepare(point);
		return verify(message, signature) && verify(message, highS) && !verify(message.subarray(1), signature);
	},
	sign: (sign, { message, scalar, signature }) => isEqual(sign(message, scalar), signature),
	recover: (recover, { digest, signature, highS, point }) =>
		isEqual(recover(digest, signature, 1), point) && isEqual(recover(digest, highS, 0), point),
};

/** Checks whether an implementation of an operation gives the known answers; it may throw instead. */
export function passesKnownAnswer<Operation extends CurveOperation>(
	operation: Operation,
	run: CurveOperations[Operation],
): boolean {
	return TESTS[operation](run, createKnownAnswer());
}

function createKnownAnswer(): KnownAnswer {
	return {
		scalar: new Uint8Array(32).fill(0x11),
		point: decodeHex(
			"0x044f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa385b6b1b8ead809ca67454d9683fcf2ba03456d6fe2c4abe2b07f0fbdbb2f1c1",
		),
		message: new TextEncoder().encode("orgpass"),
		digest: decodeHex("0x762fceba6788fab65472b0250b390b9fec30480e6f35ad1e9637cd0d1b249e88"),
		signature: decodeHex(
			"0x8f46057e34222cb19998b4b1e6bae92420074533f5a588e21a5cedbe5c4afc4356cc4f9dd4219f438dc57bbf7f6981334425ae3f07f984d4ec00f00655426d55",
		),
		highS: decodeHex(
			"0x8f46057e34222cb19998b4b1e6bae92420074533f5a588e21a5cedbe5c4afc43a933b0622bde60bc723a844080967ecb76892ea7a74f1b66d3d16e867af3d3ec",
		),
	};
}

function isEqual(bytes: Uint8Array, expected: Uint8Array): boolean {
	return bytes.length === expected.length && bytes.every((byte, at) => byte === expected[at]);
}
