/**
 * Keys as text: PEM, base64, hexadecimal, JSON.
 * @module
 */
import { readKeys } from "../read-key.ts";
import { assertSame, type Target } from "../target.ts";

export async function createTarget(): Promise<Target> {
	return {
		words: [
			...["PRIVATE KEY", "PUBLIC KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "RSA PUBLIC KEY"],
			...["ENCRYPTED PRIVATE KEY", "EC PARAMETERS", "-----BEGIN ", "-----END ", "-----", "\\n", "\r\n", "0x"],
			...["Proc-Type: 4,ENCRYPTED\n", "DEK-Info: AES-128-CBC,00\n\n"],
		],
		work: { base: 100_000, perByte: 400 },
		async run(input) {
			const text = input.toString();
			const { results } = await readKeys(text);
			// Escaped line breaks, as environment files have them.
			if (!text.includes("\r") && !text.includes("\\") && text.includes("-----BEGIN")) {
				const escaped = await readKeys(text.replaceAll("\n", "\\n"));
				assertSame(escaped.results, results, "a key with line breaks and with escaped ones");
			}
			return results.join();
		},
	};
}
