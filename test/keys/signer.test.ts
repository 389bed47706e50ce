import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { assertAlgorithm, signerOption } from "../../src/keys/signer.ts";

describe("assertAlgorithm", () => {
	it("accepts a signer for the algorithm, and names both algorithms otherwise", () => {
		const signer = { algorithm: "RS256", sign: async () => new Uint8Array() } as const;
		expect(assertAlgorithm(signer, "RS256")).toBeUndefined();
		const details = { expected: "ES256K", actual: "RS256" };
		const error = expect.objectContaining({ code: "key/wrong-algorithm", details });
		expect(() => assertAlgorithm(signer, "ES256K")).toThrow(error);
	});
});

describe("the option key of minters", () => {
	it("accepts keys and signers", async () => {
		const { privateKey } = await generateKeyPair();
		for (const value of [privateKey, { algorithm: "ES256K", sign: async () => new Uint8Array() }]) {
			expect(v.parse(signerOption("ES256K"), value)).toBe(value);
		}
	});

	it.each([undefined, null, "key", {}, { sign: "x" }])("says of %j what is needed for each algorithm", (value) => {
		const messageFor = (algorithm: "ES256K" | "RS256") =>
			v.safeParse(signerOption(algorithm), value).issues?.[0].message;
		expect(messageFor("ES256K")).toBe("a PrivateKey, as from `await importPrivateKey(pem)`, or a Signer");
		expect(messageFor("RS256")).toMatch(/^an RsaPrivateKey, as from .*"RS256".*, or a Signer$/);
	});
});
