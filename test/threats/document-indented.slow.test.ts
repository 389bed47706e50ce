import { expect, it } from "vitest";
import { hashDocument, verifyDocumentHash } from "../../src/document/document-hash.ts";
import { DocumentError } from "../../src/errors/errors.ts";

it("T46: a document that grows thirtyfold when pretty-printed isn't hashed that way", async () => {
	const [open, close] = ["[".repeat(31), "]".repeat(31)];
	const bytes = new TextEncoder().encode(`${open}${"1,".repeat(400_000)}1${close}`);
	const indented = JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2);
	const hash = hashDocument(new TextEncoder().encode(indented));
	const check = () => verifyDocumentHash(bytes, hash, { acceptPrettyPrinted: true });
	await expect(check()).rejects.toThrow(DocumentError);
	await expect(check()).rejects.toThrow("more than 10000 values");
});
