import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isHighS } from "../../../src/keys/secp256k1/curve.ts";
import { nobleBackend } from "../../../src/keys/secp256k1/noble-backend.ts";
import { describeBackends } from "../../support/curve-backends.ts";
import { runs } from "../../support/property.ts";
import { fromHex, SCALAR_HEX, UNCOMPRESSED_HEX, utf8 } from "../sample-keys.ts";

const point = fromHex(UNCOMPRESSED_HEX);
const scalar = fromHex(SCALAR_HEX);
const data = utf8("data");
const digest = createHash("sha256").update(data).digest();
const signature = nobleBackend.sign(data, scalar);

describeBackends("verify", (_name, prepare) => {
	const verify = prepare(point);

	it("verifies empty and large data", () => {
		for (const bytes of [new Uint8Array(), new Uint8Array(100_000)]) {
			const valid = nobleBackend.sign(bytes, scalar);
			expect(verify(bytes, valid)).toBe(true);
			expect(verify(data, valid)).toBe(false);
		}
	});

	it("verifies a text as its UTF-8", () => {
		for (const text of ["data", "d\u00e4t\u00e4 \u{1f511}", "x".repeat(10_000), ""]) {
			const valid = nobleBackend.sign(utf8(text), scalar);
			expect(verify(text, valid)).toBe(true);
			expect(verify(`${text}.`, valid)).toBe(false);
		}
	});

	it("T19: doesn't accept the data's digest in place of the data", () => {
		expect(verify(data, signature)).toBe(true);
		expect(verify(digest, signature)).toBe(false);
	});

	it("doesn't modify its arguments", () => {
		const [bytes, candidate, own] = [data.slice(), signature.slice(), point.slice()];
		prepare(own)(bytes, candidate);
		expect([bytes, candidate, own]).toEqual([data, signature, point]);
	});
});

describeBackends("sign", (_name, sign) => {
	it("T65: signs deterministically with low S, into bytes of its own", () => {
		const first = sign(data, scalar);
		expect(first).toEqual(signature);
		expect(isHighS(first)).toBe(false);
		first.fill(0);
		expect(sign(data, scalar)).toEqual(signature);
	});

	it("T65: makes the same signature as every other backend", () => {
		const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter(([first]) => first !== 0 && first !== 0xff);
		fc.assert(
			fc.property(bytes, fc.uint8Array({ maxLength: 200 }), (key, message) => {
				expect(sign(message, key)).toEqual(nobleBackend.sign(message, key));
			}),
			runs(500, 20),
		);
		for (const bytes of [new Uint8Array(), new Uint8Array(100_000)]) {
			expect(sign(bytes, scalar)).toEqual(nobleBackend.sign(bytes, scalar));
		}
	});

	it("T65: doesn't modify the data or the scalar", () => {
		const [bytes, own] = [data.slice(), scalar.slice()];
		sign(bytes, own);
		expect([bytes, own]).toEqual([data, scalar]);
	});
});

describeBackends("recover", (_name, recover) => {
	it("recovers the key without modifying its arguments", () => {
		const [hash, candidate] = [new Uint8Array(digest), signature.slice()];
		expect([recover(hash, candidate, 0), recover(hash, candidate, 1)]).toContainEqual(point);
		expect([hash, candidate]).toEqual([new Uint8Array(digest), signature]);
	});
});
