import { getBytes, TypedDataEncoder, hashMessage as theirHashMessage } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTypedDataHash, hashMessage } from "../../src/keys/account-digests.ts";
import { anyCharacter } from "../support/any-character.ts";
import { runs } from "../support/property.ts";

const text = fc.string({ unit: anyCharacter, maxLength: 200 });
const address = fc
	.uint8Array({ minLength: 20, maxLength: 20 })
	.map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
const domains = fc.record(
	{ name: text, version: text, chainId: fc.nat(), verifyingContract: address },
	{ requiredKeys: ["name"] },
);
const fields = [
	{ name: "issuer", type: "string" },
	{ name: "audience", type: "string[]" },
	{ name: "expires", type: "uint64" },
	{ name: "account", type: "address" },
];

describe("digests that accounts sign", () => {
	it("of messages are those of ethers", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
				expect(hashMessage(message)).toEqual(getBytes(theirHashMessage(message)));
			}),
			runs(300, 20),
		);
	});

	it("of typed data are those of ethers", () => {
		const values = fc.record({
			issuer: text,
			audience: fc.array(text, { maxLength: 4 }),
			expires: fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
			account: address,
		});
		fc.assert(
			fc.property(domains, values, (domain, value) => {
				const expected = getBytes(TypedDataEncoder.hash(domain, { Token: fields }, value));
				const hash = createTypedDataHash(domain, { name: "Token", fields });
				for (const _ of [1, 2]) expect(hash(value)).toEqual(expected);
				const issuer = new TextEncoder().encode(value.issuer);
				expect(hash({ ...value, issuer })).toEqual(expected);
			}),
			runs(300, 20),
		);
	});

	it.each<[string, unknown]>([
		["uint64", 2n ** 64n],
		["uint64", -1],
		["address", 2n ** 160n],
		["int8", 1],
		["bytes", "0x01"],
		["xuint8", 1],
		["uint8[]", [1]],
	])("need values of their types: %s %s", (type, value) => {
		const hash = createTypedDataHash({ name: "x" }, { name: "T", fields: [{ name: "a", type }] });
		expect(() => hash({ a: value })).toThrow(`expected a value of the type ${type}`);
	});
});
