/** A token that is accepted is the same token to jose: no reader behind a verifier sees other claims. */
import fc from "fast-check";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, it } from "vitest";
import { undefinedOnError } from "../../src/encoding/undefined-on-error.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { toSegment } from "../support/forge-token.ts";
import { choices, clearCharacter, spell } from "../support/json-spelling.ts";
import { runs } from "../support/property.ts";

const NAMES = ["alg", "kid", "iss", "aud", "exp", "acl", "é", "__proto__", ""];
const values = fc.jsonValue({ maxDepth: 2, stringUnit: clearCharacter });
const rarely = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> =>
	fc.oneof({ weight: 9, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
const objects = fc.dictionary(
	fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: clearCharacter, maxLength: 4 })),
	values,
	{ maxKeys: 4 },
);
const segments = fc
	.tuple(objects, choices, rarely(fc.constantFrom("\ufeff", '{"a":1}', "\0"), ""))
	.map(([value, decisions, before]) => toSegment(`${before}${spell(value, decisions)}`));
const signatures = fc.uint8Array({ maxLength: 66 }).map((bytes) => toSegment(bytes));
/** At a place, some characters are removed and others inserted. */
const edit = fc.record({
	at: fc.nat(),
	removed: fc.nat(2),
	inserted: fc.string({ unit: fc.constantFrom(..."AQgw059-_+/=. \n\0éŭ"), maxLength: 2 }),
});
const edits = fc.oneof(fc.constant([]), fc.array(edit, { maxLength: 2 }));
const tokens = fc.tuple(segments, segments, signatures, edits).map(([header, payload, signature, changes]) =>
	changes.reduce((token, { at, removed, inserted }) => {
		const place = at % (token.length + 1);
		return `${token.slice(0, place)}${inserted}${token.slice(place + removed)}`;
	}, `${header}.${payload}.${signature}`),
);

it("what is accepted, jose decodes to the same header, claims and signature", () => {
	let accepted = 0;
	fc.assert(
		fc.property(tokens, (token) => {
			const decoded = undefinedOnError(() => decodeToken(token));
			if (decoded === undefined) return;
			accepted += 1;
			const { header, claims, signature, signingInput } = decoded;
			expect(decodeProtectedHeader(token)).toEqual(header);
			expect(decodeJwt(token)).toEqual(claims);
			expect(`${Buffer.from(signingInput)}.${toSegment(signature)}`).toBe(token);
		}),
		runs(20_000, 1_500),
	);
	expect(accepted).toBeGreaterThan(100);
});
