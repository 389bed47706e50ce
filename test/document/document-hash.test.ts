import { keccak256 } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeDocument } from "../../src/document/build-document.ts";
import { hashDocument, verifyDocumentHash } from "../../src/document/document-hash.ts";
import { bytesOf } from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";
import { describeWithVectors } from "../vectors.ts";

const ACCEPT = { acceptPrettyPrinted: true };

describe("hashDocument", () => {
	it("equals ethers' keccak256 of the bytes", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
				expect(hashDocument(bytes)).toBe(keccak256(bytes));
			}),
		);
	});
});

describe("verifyDocumentHash", () => {
	it("an encoded document has the same hash raw and pretty-printed", async () => {
		await fc.assert(
			fc.asyncProperty(fc.jsonValue(), async (value) => {
				const bytes = encodeDocument({ value: JSON.parse(JSON.stringify(value)) });
				expect(await verifyDocumentHash(bytes, hashDocument(bytes))).toBe("raw");
				const compact = bytesOf({ value });
				if (!/__proto__|constructor/.test(JSON.stringify(value)) && depthOf(value) < 30) {
					await verifyDocumentHash(compact, hashDocument(bytes), ACCEPT);
				}
			}),
		);
	});

	it("ignores the case of a hash, and rejects a missing hash", async () => {
		const bytes = bytesOf("{}");
		expect(await verifyDocumentHash(bytes, `0x${hashDocument(bytes).slice(2).toUpperCase()}`)).toBe("raw");
		await expectRefusal(() => verifyDocumentHash(bytes, undefined), "document/hash-mismatch");
		await expectRefusal(() => verifyDocumentHash(bytes, undefined, ACCEPT), "document/hash-mismatch");
	});

	it("rejects duplicates, prototype names and deep nesting before re-printing", async () => {
		const hash = hashDocument(encodeDocument({ a: 1 }));
		for (const text of ['{"a":2,"a":1}', '{"__proto__":{},"a":1}', '\ufeff{"a":1}', '{"a":1}x', "[".repeat(40)]) {
			await expectRefusal(() => verifyDocumentHash(bytesOf(text), hash, ACCEPT), "document/malformed");
		}
		expect(await verifyDocumentHash(bytesOf('{"a":1}'), hash, ACCEPT)).toBe("pretty-printed");
	});
});

function depthOf(value: unknown): number {
	if (typeof value !== "object" || value === null) return 0;
	return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

interface Vectors {
	readonly legacyOrgJson: {
		readonly bytesUtf8: string;
		readonly hashRaw: string;
		readonly hashPretty_resolver_1_2_1_to_2_0_5: string;
	};
}

describeWithVectors<Vectors>("documents of 0.x", "formats.json", ({ legacyOrgJson }) => {
	const { bytesUtf8, hashRaw, hashPretty_resolver_1_2_1_to_2_0_5: hashPretty } = legacyOrgJson;
	const bytes = bytesOf(bytesUtf8);

	it("match the hash of their bytes and, if accepted, the pretty-printed hash of 2020-21", async () => {
		expect(hashDocument(bytes)).toBe(hashRaw);
		expect(await verifyDocumentHash(bytes, hashRaw)).toBe("raw");
		expect(await verifyDocumentHash(bytes, hashRaw, ACCEPT)).toBe("raw");
		expect(await verifyDocumentHash(bytes, hashPretty, ACCEPT)).toBe("pretty-printed");
		await expectRefusal(() => verifyDocumentHash(bytes, hashPretty), "document/hash-mismatch");
	});
});
