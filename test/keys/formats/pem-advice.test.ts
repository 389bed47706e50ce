import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { PemBlock } from "../../../src/keys/formats/pem.ts";
import { decodePemBody, parsePem } from "../../../src/keys/formats/pem.ts";
import { adviseOnPem } from "../../../src/keys/formats/pem-advice.ts";
import { throwUnusableBlock } from "../../../src/keys/formats/pem-labels.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const PKCS8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const SPKI = publicKey.export({ type: "spki", format: "pem" }).toString();
const block = (label: string, body = "MAA="): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const CERTIFICATE = block("CERTIFICATE");

const forPrivate = (text: string): string | undefined =>
	adviseOnPem(text, { algorithm: "ES256K", expected: "private" });
const forPublic = (text: string): string | undefined => adviseOnPem(text, { algorithm: "ES256K", expected: "public" });

describe("adviseOnPem", () => {
	it.each([
		["a public key labelled as private", SPKI.replaceAll("PUBLIC", "PRIVATE"), "to PUBLIC KEY in both"],
		["line breaks as \\n", PKCS8.replaceAll("PRIVATE", "EC PRIVATE").replaceAll("\n", "\\n"), "to PRIVATE KEY in both"],
		[
			"line breaks as \\r\\n",
			PKCS8.replaceAll("PRIVATE", "EC PRIVATE").replaceAll("\n", "\\r\\n"),
			"to PRIVATE KEY in both",
		],
		["a trusted certificate", block("TRUSTED CERTIFICATE"), "contains no private key"],
		["a key and a certificate request", PKCS8 + block("CERTIFICATE REQUEST"), "a key and a certificate: keep only"],
		["a public key between", SPKI + PKCS8, "keep only the lines from -----BEGIN PRIVATE KEY-----"],
		["a form's encoding", "-----BEGIN+PRIVATE+KEY-----", "encoded for a URL"],
	])("says what to do about %s where a private key is needed", (_what, text, advice) => {
		expect(forPrivate(text)).toContain(advice);
	});

	it.each([
		["SPKI labelled as PKCS#1", SPKI.replaceAll("PUBLIC", "RSA PUBLIC"), "to PUBLIC KEY in both"],
		["a private key labelled as public", PKCS8.replaceAll("PRIVATE", "PUBLIC"), "to PRIVATE KEY in both"],
		["a private key before the public one", PKCS8 + SPKI, "keep only the lines from -----BEGIN PUBLIC KEY-----"],
		["a public key after its certificate", CERTIFICATE + SPKI, "a key and a certificate: keep only"],
	])("says what to do about %s where a public key is needed", (_what, text, advice) => {
		expect(forPublic(text)).toContain(advice);
	});

	it.each([
		["a key with the right label", PKCS8],
		["a key of no known kind", block("PRIVATE KEY")],
		["PKCS#12, which has no label", block("PRIVATE KEY", "MAUCAQMwAA==")],
		["a block of another label", PKCS8.replaceAll("PRIVATE KEY", "CMS")],
		["several keys", PKCS8 + PKCS8],
		["no key among several blocks", CERTIFICATE + CERTIFICATE],
		["a PEM without its end", PKCS8.slice(0, 60)],
		["an SSH2 key", "---- BEGIN SSH2 PUBLIC KEY ----"],
		["a text that isn't PEM", "MAA="],
		["the word BEGIN in other text", "BEGIN here"],
		["a BEGIN line far away", `${" ".repeat(70)}BEGIN PRIVATE KEY`],
	])("says nothing about %s", (_what, text) => {
		expect(forPrivate(text)).toBeUndefined();
	});

	it("says nothing about a certificate where a public key is needed: the refusal does", () => {
		expect(forPublic(CERTIFICATE)).toBeUndefined();
	});
});

describe("throwUnusableBlock", () => {
	const refuse = (label: string, algorithm: "ES256K" | "RS256") => (): never =>
		throwUnusableBlock({ label, body: "" } satisfies PemBlock, algorithm);

	it.each([
		["RSA PRIVATE KEY", "ES256K", /got RSA;/],
		["RSA PUBLIC KEY", "ES256K", /got RSA;/],
		["DSA PRIVATE KEY", "ES256K", /got DSA$/],
		["EC PRIVATE KEY", "RS256", /got EC$/],
		["EC PARAMETERS", "RS256", /got EC$/],
	] as const)("refuses %s for %s by its type", (label, algorithm, message) => {
		const error = { code: "key/wrong-algorithm", message: expect.stringMatching(message) };
		expect(refuse(label, algorithm)).toThrow(expect.objectContaining(error));
	});

	it.each([
		["OPENSSH PRIVATE KEY", "ES256K", /OpenSSH doesn't support secp256k1/],
		["OPENSSH PRIVATE KEY", "RS256", /ssh-keygen -p -m PEM/],
		["CERTIFICATE", "ES256K", /openssl x509/],
		["CERTIFICATE REQUEST", "RS256", /openssl req/],
		["EC PARAMETERS", "ES256K", /only the curve's parameters/],
		["CMS", "RS256", /this label contains no key/],
	] as const)("refuses %s for %s with advice", (label, algorithm, message) => {
		const error = { code: "key/unrecognized", message: expect.stringMatching(message) };
		expect(refuse(label, algorithm)).toThrow(expect.objectContaining(error));
	});
});

describe("a truncated PEM", () => {
	it.each([
		["at the end of a label", "-----BEGIN PRIVATE KEY"],
		["before its END line", PKCS8.slice(0, 100)],
	])("is refused as truncated: %s", (_what, text) => {
		expect(() => parsePem(text)).toThrow(/END line is missing, the key seems truncated/);
	});

	it.each([
		["a group of base64 isn't whole", "MAAAA", /base64 is incomplete, the key seems truncated/],
		["the data is shorter than it says", "MAQA", /ends too early, the key seems truncated/],
	])("is refused as truncated when %s", (_what, body, message) => {
		expect(() => decodePemBody({ label: "PRIVATE KEY", body })).toThrow(message);
	});
});
