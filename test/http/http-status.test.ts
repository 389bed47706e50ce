import { describe, expect, it } from "vitest";
import { ERROR_CODES, type ErrorCode } from "../../src/errors/codes.ts";
import { OrgpassError } from "../../src/errors/errors.ts";
import { toFailure } from "../../src/http/denial.ts";

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

/** The status and the challenge's error for an error with this code, or with none. */
function httpStatus(code: ErrorCode | undefined): object {
	const { status, error } = toFailure(code === undefined ? new Error("x") : new OrgpassError(code, "x"));
	return { status, ...(error === undefined ? {} : { error }) };
}

describe("toFailure", () => {
	it.each(CODES.filter((code) => code.startsWith("token/")))("P6: %s maps to 401", (code) => {
		expect(httpStatus(code)).toEqual({ status: 401, error: "invalid_token" });
	});

	it.each(CODES.filter((code) => code.startsWith("config/")))("%s maps to 500", (code) => {
		expect(httpStatus(code)).toEqual({ status: 500 });
	});

	it.each<ErrorCode>([
		"registry/unreachable",
		"registry/wrong-chain",
		"registry/no-contract",
		"registry/bad-response",
		"did/resolution",
	])("P6: %s maps to 503", (code) => {
		expect(httpStatus(code)).toEqual({ status: 503 });
	});

	it.each(CODES.filter((code) => code.startsWith("did/") && code !== "did/resolution"))(
		"P6: %s maps to 401",
		(code) => {
			expect(httpStatus(code)).toEqual({ status: 401, error: "invalid_token" });
		},
	);

	it("P6: a missing scope maps to 403, and an error without a code to 500", () => {
		expect(httpStatus("policy/scope")).toEqual({ status: 403, error: "insufficient_scope" });
		expect(httpStatus(undefined)).toEqual({ status: 500 });
	});
});
