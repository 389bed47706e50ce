import { describe, expect, it } from "vitest";
import { assertCredentialInForce, parseValidity } from "../../../src/document/credential/credential-validity.ts";
import { expectRefusal } from "../../support/refusal.ts";

const EARLY = "2027-01-15T08:00:00Z";
const LATE = "2027-01-15T08:00:01Z";
const SECONDS = 1_800_000_000;

describe("a credential's validity", () => {
	it.each([
		[{ issuanceDate: EARLY, validFrom: LATE }, { validFrom: SECONDS + 1 }],
		[{ issuanceDate: LATE, validFrom: EARLY }, { validFrom: SECONDS + 1 }],
		[{ issuanceDate: EARLY }, { validFrom: SECONDS }],
		[{ validFrom: EARLY }, { validFrom: SECONDS }],
	])("begins with the later of two beginnings: %j", (credential, validity) => {
		expect(parseValidity(credential)).toEqual(validity);
	});

	it.each([
		[{ expirationDate: EARLY, validUntil: LATE }, { validUntil: SECONDS }],
		[{ expirationDate: LATE, validUntil: EARLY }, { validUntil: SECONDS }],
		[{ expirationDate: LATE }, { validUntil: SECONDS + 1 }],
		[{ validUntil: LATE }, { validUntil: SECONDS + 1 }],
	])("ends with the earlier of two ends: %j", (credential, validity) => {
		expect(parseValidity(credential)).toEqual(validity);
	});

	it("is open without a beginning and an end", () => {
		expect(parseValidity({})).toEqual({});
		expect(() => assertCredentialInForce({}, SECONDS, 0)).not.toThrow();
	});

	it.each([["issuanceDate"], ["validFrom"], ["expirationDate"], ["validUntil"]])(
		"can't be read if %s isn't a date",
		async (name) => {
			for (const value of ["", "soon", SECONDS, null]) {
				await expectRefusal(() => parseValidity({ [name]: value }), "document/malformed");
			}
		},
	);
});

describe("a credential is in force", () => {
	const validity = { validFrom: SECONDS, validUntil: SECONDS + 100 };
	const at = (now: number, tolerance: number) => assertCredentialInForce(validity, now, tolerance);

	it.each([0, 30])("from its beginning until before its end, give or take %i seconds", async (tolerance) => {
		for (const now of [SECONDS - tolerance, SECONDS + 99.9 + tolerance]) expect(() => at(now, tolerance)).not.toThrow();
		const early = await expectRefusal(() => at(SECONDS - tolerance - 0.1, tolerance), "document/not-yet-valid");
		expect(early.details).toEqual({ validFrom: SECONDS, now: SECONDS - tolerance - 0.1 });
		const late = await expectRefusal(() => at(SECONDS + 100 + tolerance, tolerance), "document/expired");
		expect(late.message).toMatch(/^the credential was valid until \d{4}-\d\d-\d\dT[\d:]+Z \(/);
		expect(late.details).toEqual({ validUntil: SECONDS + 100, now: SECONDS + 100 + tolerance });
	});
});
