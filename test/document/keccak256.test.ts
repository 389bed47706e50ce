import { randomBytes } from "node:crypto";
import { keccak256 as reference } from "ethers";
import { describe, expect, it } from "vitest";
import { keccak256 as inNode } from "../../src/document/keccak256.node.ts";
import { keccak256 as inBrowsers } from "../../src/document/keccak256.ts";
import { countTurns } from "../support/count-turns.ts";

describe.each([
	["in Node", inNode],
	["in browsers", inBrowsers],
])("keccak256 %s", (_where, keccak256) => {
	it.each([0, 1, 135, 136, 137, 65_535, 65_536, 65_537, 131_073])("agrees with ethers on %i bytes", async (length) => {
		const bytes = randomBytes(length);
		expect(await keccak256(bytes)).toBe(reference(bytes));
	});

	it("reads a part of a larger buffer", async () => {
		const bytes = randomBytes(131_100);
		expect(await keccak256(bytes.subarray(7, 131_080))).toBe(reference(bytes.subarray(7, 131_080)));
	});

	it("hashes several documents at once", async () => {
		const documents = Array.from({ length: 3 }, (_, index) => randomBytes(66_000 + index));
		expect(await Promise.all(documents.map(keccak256))).toEqual(documents.map((bytes) => reference(bytes)));
	});
});

it("hashes small documents in the same way, however many there were before", async () => {
	for (let index = 0; index < 200; index++) {
		const bytes = randomBytes(800 + index);
		expect(await inNode(bytes)).toBe(reference(bytes));
	}
});

it("T78: hashes the largest document in slices where JavaScript does it", async () => {
	const turns = countTurns();
	await inBrowsers(new Uint8Array(2 ** 20));
	turns.stop();
	expect(turns.now()).toBeGreaterThan(5);
});
