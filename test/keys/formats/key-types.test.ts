import { describe, expect, it } from "vitest";
import { assertKeyType, parsePkcs8, parseSpki } from "../../../src/keys/formats/key-types.ts";
import { der, expectCode, fromHex } from "../sample-keys.ts";

const EC = "06072a8648ce3d0201";
const BITS = der("03", "00", "04");

const spki = (...algorithm: string[]): Uint8Array => fromHex(der("30", der("30", ...algorithm), BITS));
const oid = (content: string): string => der("06", content);

describe("the type of a key", () => {
	it.each([
		["P-256", spki(EC, oid("2a8648ce3d030107"))],
		["P-224", spki(EC, oid("2b81040021"))],
		["P-384", spki(EC, oid("2b81040022"))],
		["P-521", spki(EC, oid("2b81040023"))],
		["brainpoolP256r1", spki(EC, oid("2b2403030208010107"))],
		["SM2", spki(EC, oid("2a811ccf5501822d"))],
		["EC with explicit parameters (a curve must be named)", spki(EC, "3000")],
		["RSA; for such a key, use the algorithm RS256", spki(oid("2a864886f70d010101"), "0500")],
		["RSA-PSS", spki(oid("2a864886f70d01010a"))],
		["Diffie-Hellman", spki(oid("2a864886f70d010301"))],
		["DSA", spki(oid("2a8648ce380401"))],
		["X25519", spki(oid("2b656e"))],
		["X448", spki(oid("2b656f"))],
		["Ed25519", spki(oid("2b6570"))],
		["Ed448", spki(oid("2b6571"))],
		["unknown (1.2.3.4)", spki(oid("2a0304"))],
		["unknown (1.3.132.0.10)", spki(oid("2b8104000a"), EC)],
		["unknown (1.2.840.113549.1.1.1)", spki(EC, oid("2a864886f70d010101"))],
	])("is named when it isn't the algorithm's: %s", (name, bytes) => {
		expect(() => parseSpki(bytes, "ES256K")).toThrow(
			expect.objectContaining({
				code: "key/wrong-algorithm",
				message: expect.stringMatching(
					new RegExp(`ES256K needs a key of type secp256k1, got ${name.replace(/[().]/g, "\\$&")}$`),
				),
			}),
		);
	});

	it("names the other algorithm, and both types in the details", () => {
		expect(() => assertKeyType("secp256k1", "RS256")).toThrow(
			expect.objectContaining({
				message: expect.stringContaining("use the algorithm ES256K"),
				details: { algorithm: "RS256", expected: "RSA", actual: "secp256k1" },
			}),
		);
	});

	it("is read from the envelope of the algorithm's own type", () => {
		expect(parseSpki(spki(EC, oid("2b8104000a")), "ES256K")).toEqual(fromHex("04"));
		expect(parseSpki(spki(oid("2a864886f70d010101"), "0500"), "RS256")).toEqual(fromHex("04"));
		const pkcs8 = der("30", "020100", der("30", EC, oid("2b8104000a")), der("04", "aa"));
		expect(parsePkcs8(fromHex(pkcs8), "ES256K")).toEqual({
			keyType: "secp256k1",
			privateKey: fromHex("aa"),
			publicKey: undefined,
		});
	});

	it.each<[string, Uint8Array, "ES256K" | "RS256"]>([
		["parameters of RSA that aren't NULL", spki(oid("2a864886f70d010101"), "3000"), "RS256"],
		["a NULL of RSA that isn't empty", spki(oid("2a864886f70d010101"), "050100"), "RS256"],
		["no parameters of RSA", spki(oid("2a864886f70d010101")), "RS256"],
		["data after RSA's parameters", spki(oid("2a864886f70d010101"), "0500", "0500"), "RS256"],
		["data after the curve", spki(EC, oid("2b8104000a"), "0500"), "ES256K"],
		["no curve", spki(EC), "ES256K"],
	])("refuses %s", (_what, bytes, algorithm) => {
		expect(() => parseSpki(bytes, algorithm)).toThrow(SyntaxError);
	});

	it("is checked before what is inside", async () => {
		const broken = fromHex(der("30", der("30", oid("2b6570")), "0500"));
		await expectCode(() => parseSpki(broken, "ES256K"), "key/wrong-algorithm");
	});
});
