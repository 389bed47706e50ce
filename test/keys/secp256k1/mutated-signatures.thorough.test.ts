/** All implementations of the curve give the same answer about signatures, whole and changed, of any key and data. */
import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { undefinedOnError } from "../../../src/encoding/undefined-on-error.ts";
import { isScalar, isSignatureShape } from "../../../src/keys/secp256k1/curve.ts";
import type { CurveOperation, CurveOperations } from "../../../src/keys/secp256k1/curve-backend.ts";
import { derivePoint } from "../../../src/keys/secp256k1/derive-point.ts";
import { nobleBackend } from "../../../src/keys/secp256k1/noble-backend.ts";
import { implementationOf, OPERATION_BACKENDS } from "../../support/curve-backends.ts";
import { runs } from "../../support/property.ts";
import { fromHex, ORDER_HEX } from "../sample-keys.ts";

const ORDER = BigInt(`0x${ORDER_HEX}`);
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const toBytes = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, "0"));

/** What becomes of r or s. */
const CHANGES: Readonly<Record<string, (value: bigint) => bigint>> = {
	"as it is": (value) => value,
	negated: (value) => ORDER - value,
	"one more": (value) => value + 1n,
	zero: () => 0n,
	one: () => 1n,
	order: () => ORDER,
	"beyond the order": (value) => (value + ORDER) % 2n ** 256n,
	largest: () => 2n ** 256n - 1n,
};
const change = fc.oneof(fc.constant("as it is"), fc.constantFrom(...Object.keys(CHANGES)));
const scalar = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => isScalar(bytes));
const data = fc.oneof(fc.uint8Array({ maxLength: 100 }), fc.string({ unit: "grapheme" }));
const inputs = fc.record({
	scalar,
	data,
	isOther: fc.boolean(),
	r: change,
	s: change,
	recovery: fc.constantFrom(0, 1),
});

const bytesOf = (data: string | Uint8Array): Uint8Array =>
	typeof data === "string" ? new TextEncoder().encode(data) : data;

function signatureOf({
	scalar,
	data,
	r,
	s,
}: {
	scalar: Uint8Array;
	data: string | Uint8Array;
	r: string;
	s: string;
}): Uint8Array {
	const signature = nobleBackend.sign(bytesOf(data), scalar);
	const [first, second] = [signature.subarray(0, 32), signature.subarray(32)].map(toBigInt) as [bigint, bigint];
	return new Uint8Array([...toBytes(CHANGES[r]?.(first) ?? 0n), ...toBytes(CHANGES[s]?.(second) ?? 0n)]);
}

function answersOf<Operation extends CurveOperation>(
	operation: Operation,
	answer: (run: CurveOperations[Operation]) => unknown,
): readonly unknown[] {
	const found = OPERATION_BACKENDS[operation].map((name) => implementationOf(operation, name));
	return found.flatMap((run) => (run === undefined ? [] : [answer(run)]));
}

it("T18: every backend verifies a signature alike: by whether r and s are those of the key and the data", () => {
	fc.assert(
		fc.property(inputs, ({ scalar, data, isOther, r, s }) => {
			const signature = signatureOf({ scalar, data, r, s });
			const signed = isOther ? new Uint8Array([...bytesOf(data), 0]) : data;
			const point = derivePoint(scalar);
			const answers = answersOf(
				"verify",
				(prepare) => isSignatureShape(signature) && prepare(point)(signed, signature),
			);
			const isValid = !isOther && r === "as it is" && (s === "as it is" || s === "negated");
			expect(new Set(answers)).toEqual(new Set([isValid]));
		}),
		runs(500, 6),
	);
});

it("T18: every backend recovers the same key, or none; T65: every backend makes the same signature", () => {
	fc.assert(
		fc.property(inputs, ({ scalar, data, r, s, recovery }) => {
			const bytes = bytesOf(data);
			const signature = signatureOf({ scalar, data, r, s });
			const digest = new Uint8Array(hash("sha256", bytes, "buffer"));
			const keys = answersOf("recover", (recover) => {
				const key = undefinedOnError(() => recover(digest, signature, recovery as 0 | 1));
				return key && Buffer.from(key).toString("hex");
			});
			expect(new Set(keys).size).toBe(1);
			const signatures = answersOf("sign", (sign) => Buffer.from(sign(bytes, scalar)).toString("hex"));
			expect(new Set(signatures).size).toBe(1);
		}),
		runs(500, 6),
	);
});
