/**
 * The curve backends, including those of optional packages. Where one doesn't work its suites are skipped, and one line
 * on stderr says so; with ORGPASS_REQUIRE_ALL=1 they fail instead.
 * @module
 */
import { afterAll, beforeAll, describe } from "vitest";
import { BACKENDS } from "../../src/keys/secp256k1/backends.node.ts";
import { chooseImplementation, curveBackend, useCurveBackend } from "../../src/keys/secp256k1/choose-backend.ts";
import type { CurveBackendName, CurveOperation, CurveOperations } from "../../src/keys/secp256k1/curve-backend.ts";
import { skip } from "../vectors.ts";

/** The names of the backends that implement an operation, fastest first. */
export const OPERATION_BACKENDS: Readonly<Record<CurveOperation, readonly CurveBackendName[]>> = {
	verify: ["secp256k1", "tiny-secp256k1", "node:crypto", "noble"],
	sign: ["secp256k1", "tiny-secp256k1", "noble"],
	recover: ["secp256k1", "tiny-secp256k1", "noble"],
};

/** Returns the implementation of an operation; undefined if its package isn't there. */
export function implementationOf<Operation extends CurveOperation>(
	operation: Operation,
	name: CurveBackendName,
): CurveOperations[Operation] | undefined {
	try {
		const candidates = BACKENDS.filter((source) => source.name === name);
		return chooseImplementation(candidates, operation).run;
	} catch {
		return undefined;
	}
}

/** Describes every implementation of an operation. */
export function describeBackends<Operation extends CurveOperation>(
	operation: Operation,
	suite: (name: CurveBackendName, run: CurveOperations[Operation]) => void,
): void {
	for (const name of OPERATION_BACKENDS[operation]) {
		const run = implementationOf(operation, name);
		if (run === undefined) skip(`backend ${name}, ${operation}`, name);
		else describe(`backend ${name}`, () => suite(name, run));
	}
}

/** Describes what keys do, with each backend that implements an operation in use. */
export function describeWithBackends(title: string, operation: CurveOperation, suite: () => void): void {
	describe(title, () => {
		describeBackends(operation, (name) => {
			beforeAll(() => useCurveBackend(name));
			afterAll(useFastestBackend);
			suite();
		});
	});
}

/** The backends that can verify here, once they have been tried. */
let verifying: readonly CurveBackendName[] | undefined;

/** Runs with each backend that can verify here, one after the other, and then uses the same one as before. */
export async function withEachBackend(run: () => Promise<void>): Promise<void> {
	const before = curveBackend();
	verifying ??= OPERATION_BACKENDS.verify.filter((name) => implementationOf("verify", name) !== undefined);
	for (const name of verifying) {
		useCurveBackend(name);
		await run();
	}
	useCurveBackend(before);
}

/** Undoes `useCurveBackend`. */
export function useFastestBackend(): void {
	useCurveBackend(chooseImplementation(BACKENDS, "verify").name);
}
