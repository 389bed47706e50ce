/**
 * Expectations of an orgpass error with a code.
 * @module
 */
import { expect } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { OrgpassError } from "../../src/errors/errors.ts";

/** The error a call throws or rejects with; anything but an OrgpassError fails the test. */
export async function refusalOf(run: () => unknown): Promise<OrgpassError> {
	const error = await Promise.resolve()
		.then(run)
		.then(
			() => expect.fail("a refusal expected, nothing was thrown"),
			(thrown: unknown) => thrown,
		);
	if (!(error instanceof OrgpassError)) expect.fail(`an OrgpassError expected, got ${String(error)}`);
	expect(Object.isFrozen(error.details)).toBe(true);
	return error;
}

/** Expects an error with the code, or with one of several codes. */
export async function expectRefusal(run: () => unknown, code: ErrorCode | readonly ErrorCode[]): Promise<OrgpassError> {
	const error = await refusalOf(run);
	expect([code].flat(), error.message).toContain(error.code);
	return error;
}
