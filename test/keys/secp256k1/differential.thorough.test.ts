/**
 * All implementations of the curve agree about every input. Slow ones see a part of the inputs: with ORGPASS_THOROUGH=1,
 * of a million, OpenSSL sees 52,632 and noble 9,901.
 */
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { undefinedOnError } from "../../../src/encoding/undefined-on-error.ts";
import { isSignatureShape } from "../../../src/keys/secp256k1/curve.ts";
import type { CurveBackendName, CurveOperation, CurveOperations } from "../../../src/keys/secp256k1/curve-backend.ts";
import { nobleBackend } from "../../../src/keys/secp256k1/noble-backend.ts";
import { implementationOf, OPERATION_BACKENDS } from "../../support/curve-backends.ts";
import { type CurveInput, createCurveInputs } from "../../support/curve-inputs.ts";
import { thorough } from "../../support/thorough.ts";

const IS_MILLION = process.env["ORGPASS_THOROUGH"] === "1";
const COUNT = IS_MILLION ? 1_000_000 : thorough(5_000, 900);
const TIMEOUT_MS = IS_MILLION ? 10_800_000 : 300_000;
/** Every how many inputs each backend sees; no multiples of a kind's period. */
const STEPS: Readonly<Record<CurveBackendName, number>> = {
	secp256k1: 1,
	"tiny-secp256k1": 1,
	"node:crypto": IS_MILLION ? 19 : 13,
	noble: IS_MILLION ? 101 : 31,
};

const createInput = createCurveInputs({
	sign: implementationOf("sign", "secp256k1") ?? nobleBackend.sign,
	recover: implementationOf("recover", "secp256k1") ?? nobleBackend.recover,
});

/** Compares what an operation answers with what is expected, or with what the first backend answers. */
async function findDisagreements<Operation extends CurveOperation>(
	operation: Operation,
	answer: (run: CurveOperations[Operation], input: CurveInput) => unknown,
	expected?: (input: CurveInput) => unknown,
): Promise<readonly object[]> {
	const backends = OPERATION_BACKENDS[operation].map((name) => ({ name, run: implementationOf(operation, name) }));
	const found: object[] = [];
	for (let index = 0; index < COUNT; index++) {
		if (index % 1_000 === 0) await setImmediate();
		const input = createInput(index);
		const answers = backends.flatMap(({ name, run }) =>
			run !== undefined && index % STEPS[name] === 0 ? [{ name, answer: answer(run, input) }] : [],
		);
		const right = expected === undefined ? answers[0]?.answer : expected(input);
		if (answers.some((given) => given.answer !== right)) found.push({ index, input, answers, right });
	}
	return found;
}

const toHex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString("hex");

it(
	"T18: every backend verifies valid, mutated and boundary signatures alike",
	async () => {
		const disagreements = await findDisagreements(
			"verify",
			(prepare, { point, bytes, signature }) => isSignatureShape(signature) && prepare(point)(bytes, signature),
			({ isValid }) => isValid,
		);
		expect(disagreements).toEqual([]);
	},
	TIMEOUT_MS,
);

it(
	"T65: every backend signs alike",
	async () => {
		const disagreements = await findDisagreements("sign", (sign, { bytes, scalar }) => toHex(sign(bytes, scalar)));
		expect(disagreements).toEqual([]);
	},
	TIMEOUT_MS,
);

it(
	"T18: every backend recovers the same key, or none, from signatures in and out of range",
	async () => {
		const disagreements = await findDisagreements("recover", (recover, { digest, signature, recovery }) =>
			toHex(undefinedOnError(() => recover(digest, signature, recovery))),
		);
		expect(disagreements).toEqual([]);
	},
	TIMEOUT_MS,
);
