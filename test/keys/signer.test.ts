import { describe, expect, it } from "vitest";
import { assertAlgorithm } from "../../src/keys/signer.ts";

describe("assertAlgorithm", () => {
	it("accepts a signer for the algorithm, and names both algorithms otherwise", () => {
		const signer = { algorithm: "RS256", sign: async () => new Uint8Array() } as const;
		expect(assertAlgorithm(signer, "RS256")).toBeUndefined();
		const details = { expected: "ES256K", actual: "RS256" };
		const error = expect.objectContaining({ code: "key/wrong-algorithm", details });
		expect(() => assertAlgorithm(signer, "ES256K")).toThrow(error);
	});
});
