import { describe, expect, it } from "vitest";
import { recognizeDer } from "../../../src/keys/formats/der-content.ts";
import { der, fromHex } from "../sample-keys.ts";

const ZERO = "020100";
const SEQUENCE = "3000";
const OCTETS = "0400";
const BITS = "0300";

describe("recognizeDer", () => {
	it.each([
		["an RSA private key (PKCS#1)", "RSA PRIVATE KEY", der("30", ZERO, "02020100")],
		["an EC private key (SEC 1)", "EC PRIVATE KEY", der("30", "020101", OCTETS)],
		["a private key (PKCS#8)", "PRIVATE KEY", der("30", ZERO, SEQUENCE)],
		["a private key (PKCS#8)", "PRIVATE KEY", der("30", "020101", SEQUENCE)],
		["an encrypted private key (PKCS#8)", "ENCRYPTED PRIVATE KEY", der("30", SEQUENCE, OCTETS)],
		["a public key (SPKI)", "PUBLIC KEY", der("30", SEQUENCE, BITS)],
		["an RSA public key (PKCS#1)", "RSA PUBLIC KEY", der("30", "02020100", "020103")],
		["a certificate", "CERTIFICATE", der("30", der("30", "a003020102"), SEQUENCE)],
		["a certificate request", "CERTIFICATE REQUEST", der("30", der("30", ZERO), SEQUENCE)],
		["a PKCS#12 file (.p12, .pfx)", "", der("30", "020103", SEQUENCE)],
	])("recognizes %s", (what, label, hex) => {
		expect(recognizeDer(fromHex(hex))).toMatchObject({ what, label, command: expect.stringContaining("openssl") });
	});

	it.each([
		["a large number and something else", der("30", "02020100", SEQUENCE)],
		["version 2", der("30", "020102", SEQUENCE)],
		["version 3 of something else", der("30", "020103", OCTETS)],
		["version 0 of something else", der("30", ZERO, BITS)],
		["a number alone", der("30", ZERO)],
		["a sequence and something else", der("30", der("30", ZERO), "0500")],
		["two sequences of something else", der("30", der("30", BITS), SEQUENCE)],
		["an empty sequence", SEQUENCE],
		["no sequence", OCTETS],
		["nothing", ""],
	])("recognizes nothing in %s", (_what, hex) => {
		expect(recognizeDer(fromHex(hex))).toBeUndefined();
	});
});
