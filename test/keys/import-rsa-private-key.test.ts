import { describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { importPrivateKey, type PrivateKeyInput } from "../../src/keys/import-private-key.ts";
import { RsaPrivateKey } from "../../src/keys/rsa-private-key.ts";
import * as ec from "./sample-keys.ts";
import * as sample from "./sample-rsa-keys.ts";

const { der, expectCode, toPem } = ec;
const { NUMBERS, PKCS1, PKCS8, PRIVATE_JWK, RS256 } = sample;
const { n, e, d, p, q, dp, dq, qi } = NUMBERS;

const importRsa = (input: unknown) => importPrivateKey(input as PrivateKeyInput, RS256);

describe("importPrivateKey for RS256", () => {
	it.each<[string, PrivateKeyInput]>([
		["PKCS#1 PEM", PKCS1],
		["PKCS#1 PEM with CRLF", PKCS1.replaceAll("\n", "\r\n")],
		["PKCS#1 PEM with \\n for line breaks", PKCS1.replaceAll("\n", "\\n")],
		["PKCS#8 PEM", PKCS8],
		["PKCS#8 PEM with \\r\\n for line breaks", PKCS8.replaceAll("\n", "\\r\\n")],
		["PKCS#8 PEM on one line with spaces", PKCS8.replaceAll("\n", " ")],
		["PKCS#8 PEM with whitespace around", `  \n${PKCS8}\n\n`],
		["PKCS#8 of version 1", toPem("PRIVATE KEY", sample.pkcs8({ version: "020101" }))],
		["PKCS#8 with attributes", toPem("PRIVATE KEY", sample.pkcs8({ trailer: "a000" }))],
		[
			"PKCS#8 with a public half",
			toPem("PRIVATE KEY", sample.pkcs8({ trailer: der("81", "00", sample.publicPkcs1()) })),
		],
		["a JWK", PRIVATE_JWK],
		["a JWK with its use and operations", { ...PRIVATE_JWK, alg: "RS256", use: "sig", key_ops: ["sign"], kid: "1" }],
		["a JWK as JSON", JSON.stringify(PRIVATE_JWK)],
	])("imports %s", async (_what, input) => {
		const before = JSON.stringify(input);
		const key = await importPrivateKey(input, RS256);
		expect(key).toBeInstanceOf(RsaPrivateKey);
		expect(exportPrivateKey(key, "pkcs1")).toBe(PKCS1);
		expect(exportPrivateKey(key, "pkcs8")).toBe(PKCS8);
		expect(exportPrivateKey(key, "jwk")).toEqual(PRIVATE_JWK);
		expect(JSON.stringify(input)).toBe(before);
	});

	it("refuses an RSA key after the parameters of a curve", async () => {
		const parameters = toPem("EC PARAMETERS", ec.SECP256K1_OID);
		await expectCode(() => importRsa(parameters + PKCS1), "key/wrong-algorithm", /got EC$/);
	});

	it("opens an encrypted key only with its password", async () => {
		const key = await importPrivateKey(PKCS1, RS256);
		const theirs = sample.PAIR.privateKey
			.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "correct horse" })
			.toString();
		const options = { algorithm: "RS256", password: "correct horse" } as const;
		for (const pem of [exportPrivateKey(key, "pkcs8", { password: "correct horse" }), theirs]) {
			expect(exportPrivateKey(await importPrivateKey(pem, options), "pkcs1")).toBe(PKCS1);
			await expectCode(() => importRsa(pem), "key/password-required");
		}
		await expectCode(() => importPrivateKey(theirs, { ...options, password: "x" }), "key/password-wrong");
		await expectCode(() => importPrivateKey(theirs, { password: "correct horse" }), "key/wrong-algorithm");
		await expectCode(() => importRsa(toPem("ENCRYPTED PRIVATE KEY", "3000")), "key/malformed");
	});

	it.each(ec.OTHER_KINDS.filter(({ name }) => name !== "RSA"))(
		"T30: rejects a $name key by name",
		async ({ name, privatePem }) => {
			await expectCode(() => importRsa(privatePem), "key/wrong-algorithm", new RegExp(`got ${name}$`));
		},
	);

	it.each<[string, unknown, RegExp]>([
		["a secp256k1 key", toPem("PRIVATE KEY", ec.pkcs8()), /got secp256k1.*ES256K$/],
		["SEC 1", toPem("EC PRIVATE KEY", ec.sec1()), /got EC$/],
		[
			"SEC 1 after parameters",
			toPem("EC PARAMETERS", ec.SECP256K1_OID) + toPem("EC PRIVATE KEY", ec.sec1()),
			/got EC$/,
		],
		["DSA", toPem("DSA PRIVATE KEY", "3003020100"), /got DSA$/],
		["a JWK of secp256k1", ec.PRIVATE_JWK, /got secp256k1/],
		["T3: a shared secret", { kty: "oct", k: "c2VjcmV0" }, /got oct/],
		["a JWK for RSA-PSS", { ...PRIVATE_JWK, alg: "PS256" }, /PS256, not RS256/],
		["a JWK for RS512", { ...PRIVATE_JWK, alg: "RS512" }, /RS512, not RS256/],
		["a JWK for encryption", { ...PRIVATE_JWK, use: "enc" }, /use/],
		["a JWK that must not sign", { ...PRIVATE_JWK, key_ops: ["verify"] }, /key_ops don't include sign/],
		["a JWK of three primes", { ...PRIVATE_JWK, oth: [{}] }, /more than two primes/],
		["PKCS#1 of three primes", toPem("RSA PRIVATE KEY", sample.pkcs1({}, "020101", "3000")), /two primes/],
		["a keystore", { version: 3, crypto: {} }, /ES256K/],
	])("T30: rejects %s: wrong algorithm", async (_what, input, message) => {
		await expectCode(() => importRsa(input), "key/wrong-algorithm", message);
	});

	it.each([PKCS1, PKCS8, PRIVATE_JWK])("T21: requires the RS256 algorithm option, and says so", async (input) => {
		await expectCode(() => importPrivateKey(input), "key/wrong-algorithm", /got RSA; .*RS256$/);
	});

	it.each<[string, unknown, RegExp]>([
		["nothing", "", /PEM/],
		["undefined", undefined, /text/],
		["hexadecimal", ec.SCALAR_HEX, /PEM or JWK/],
		["32 bytes", new Uint8Array(32), /PEM or JWK/],
		["the bytes of a file", Buffer.from(PKCS1), /files as text/],
		["bare base64", PKCS8.split("\n").slice(1, -2).join(""), /PEM/],
		["an HMAC secret", "s3cr3t-with-no-armour", /-----BEGIN/],
		["a certificate", toPem("CERTIFICATE", "3000"), /openssl x509/],
		["parameters alone", toPem("X9.42 DH PARAMETERS", "3000"), /no key/],
		["two keys", PKCS1 + PKCS1, /provide one/],
		[
			"OpenSSL's old encryption",
			PKCS1.replace("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
			/topk8/,
		],
		["an OpenSSH key", toPem("OPENSSH PRIVATE KEY", "00"), /ssh-keygen -p -m PEM -f FILE/],
		["an empty object", {}, /kty/],
		["a JWK Set", { keys: [PRIVATE_JWK] }, /one of its keys/],
	])("rejects %s: unrecognized", async (_what, input, message) => {
		await expectCode(() => importRsa(input), "key/unrecognized", message);
	});

	it.each<[string, unknown]>([
		["PKCS#1 of version 2", toPem("RSA PRIVATE KEY", sample.pkcs1({}, "020102"))],
		["PKCS#1 with data at its end", toPem("RSA PRIVATE KEY", sample.pkcs1({}, "020100", "0500"))],
		["PKCS#1 with data after its end", toPem("RSA PRIVATE KEY", `${sample.pkcs1()}00`)],
		[
			"PKCS#1 with the public components only",
			toPem("RSA PRIVATE KEY", der("30", "020100", sample.integer(n), sample.integer(e))),
		],
		["PKCS#1 with a negative number", toPem("RSA PRIVATE KEY", der("30", "020100", sample.integer(n), "0201ff"))],
		["PKCS#8 under the label of PKCS#1", toPem("RSA PRIVATE KEY", sample.pkcs8())],
		["PKCS#1 under the label of PKCS#8", toPem("PRIVATE KEY", sample.pkcs1())],
		["PKCS#8 of version 2", toPem("PRIVATE KEY", sample.pkcs8({ version: "020102" }))],
		["PKCS#8 without the NULL", toPem("PRIVATE KEY", sample.pkcs8({ algorithm: der("30", "06092a864886f70d010101") }))],
		[
			"PKCS#8 with a NULL that holds something",
			toPem("PRIVATE KEY", sample.pkcs8({ algorithm: der("30", "06092a864886f70d010101", "050100") })),
		],
		[
			"PKCS#8 with data after the NULL",
			toPem("PRIVATE KEY", sample.pkcs8({ algorithm: der("30", "06092a864886f70d010101", "05000500") })),
		],
		["broken base64", PKCS1.replace("MII", "M*I")],
		["a JWK with d null", { ...PRIVATE_JWK, d: null }],
		["a JWK whose p is a number", { ...PRIVATE_JWK, p: 7 }],
		["a JWK with an empty q", { ...PRIVATE_JWK, q: "" }],
		["T10: a JWK with a zero byte before n", { ...PRIVATE_JWK, n: `AA${String(PRIVATE_JWK["n"])}` }],
		["a JWK with padding", { ...PRIVATE_JWK, e: "AQAB=" }],
		["T14: a JWK with a member of a megabyte", { ...PRIVATE_JWK, d: "A".repeat(1_000_000) }],
	])("rejects %s: malformed", async (_what, input) => {
		await expectCode(() => importRsa(input), "key/malformed");
	});

	it.each([["p"], ["q"], ["dp"], ["dq"], ["qi"]])(
		"rejects a JWK without %s and explains how to fix it",
		async (name) => {
			const { [name]: _gone, ...jwk } = PRIVATE_JWK;
			await expectCode(() => importRsa(jwk), "key/malformed", new RegExp(`${name} missing: export .* PEM$`));
			const { n, e, d } = PRIVATE_JWK;
			await expectCode(() => importRsa({ kty: "RSA", n, e, d }), "key/malformed", /p, q, dp, dq, qi missing/);
		},
	);

	it.each<[string, Partial<sample.Numbers>]>([
		["another n", { n: sample.modulusFrom(n + 2n) }],
		["d that isn't the inverse of e", { d: d + 2n }],
		["d of zero", { d: 0n }],
		["d of n or more", { d: d + n * (p - 1n) * (q - 1n) }],
		["p of one", { p: 1n, q: n }],
		["q of one", { p: n, q: 1n }],
		["p and q of zero", { p: 0n, q: 0n }],
		["p and q swapped", { p: q, q: p }],
		["another p", { p: p + 2n }],
		["another dp", { dp: dp + (p - 1n) }],
		["another dq", { dq: dq + 1n }],
		["another qi", { qi: qi + 1n }],
		["qi that isn't below p", { qi: qi + p }],
		["a square", { n: p * p, q: p }],
		["another e", { e: 65_539n }],
	])("rejects components that don't match, in every format: %s", async (_what, numbers) => {
		for (const input of sample.privateContainers(numbers)) {
			const isZeroJwk = typeof input === "object" && Object.values(numbers).includes(0n);
			await expectCode(() => importRsa(input), isZeroJwk ? "key/malformed" : "key/mismatch");
		}
	});

	it("rejects a public half that belongs to another key", async () => {
		const half = sample.publicPkcs1({ n: n + 2n });
		const pem = toPem("PRIVATE KEY", sample.pkcs8({ trailer: der("81", "00", half) }));
		await expectCode(() => importRsa(pem), "key/mismatch");
		const other = toPem("PRIVATE KEY", sample.pkcs8({ trailer: der("81", "00", sample.publicPkcs1({ e: 3n })) }));
		await expectCode(() => importRsa(other), "key/mismatch");
	});

	it.each<[string, unknown]>([
		["SPKI", sample.SPKI],
		["PKCS#1", sample.PUBLIC_PKCS1],
		["a JWK", sample.PUBLIC_JWK],
	])("rejects a public key as %s: private expected", async (_what, input) => {
		const forVerifying = typeof input === "object" ? { ...input, key_ops: ["verify"] } : input;
		await expectCode(() => importRsa(forVerifying), "key/private-expected");
	});
});
