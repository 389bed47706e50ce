/** Devices in this process; remote-signer.slow.test.ts has one in another process. */
import { generateKeyPairSync, sign as signWithNode } from "node:crypto";
import { describe, expect, it } from "vitest";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { createRemoteSigner } from "../../src/keys/remote-signer.ts";
import { isHighS } from "../../src/keys/secp256k1/curve.ts";
import { verifyData } from "../../src/keys/sign.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { expectCode, utf8 } from "./sample-keys.ts";

const EC = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const RSA = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const ecKey = importPublicKey(EC.publicKey.export({ type: "spki", format: "pem" }).toString());
const rsaKey = importPublicKey(RSA.publicKey.export({ type: "spki", format: "pem" }).toString(), {
	algorithm: "RS256",
});
const data = utf8("data");

const signDer = async (bytes: Uint8Array) => new Uint8Array(signWithNode("sha256", bytes, EC.privateKey));
const signRaw = async (bytes: Uint8Array) =>
	new Uint8Array(signWithNode("sha256", bytes, { key: EC.privateKey, dsaEncoding: "ieee-p1363" }));
const signRsa = async (bytes: Uint8Array) => new Uint8Array(signWithNode("sha256", bytes, RSA.privateKey));

const ES256K = { algorithm: "ES256K", publicKey: ecKey } as const;
const RS256 = { algorithm: "RS256", publicKey: rsaKey } as const;

function create(options: object): ReturnType<typeof createRemoteSigner> {
	return createRemoteSigner(options as never);
}

describe("createRemoteSigner", () => {
	it.each([
		["DER by default", { ...ES256K, signMessage: signDer }],
		["DER", { ...ES256K, signMessage: signDer, signatureFormat: "der" }],
		["r||s", { ...ES256K, signMessage: signRaw, signatureFormat: "raw" }],
	])("returns 64 bytes with low S from a device that returns %s", async (_what, options) => {
		const signer = create(options);
		expect(signer).toEqual({ ...ES256K, sign: expect.any(Function) });
		expect(Object.isFrozen(signer)).toBe(true);
		for (let at = 0; at < 20; at++) {
			const signature = await signer.sign(data);
			expect([signature.length, isHighS(signature)]).toEqual([64, false]);
			expect(await verifyData(ecKey, data, signature)).toBe(true);
		}
	});

	it("returns an RSA device's signature", async () => {
		const signature = await create({ ...RS256, signMessage: signRsa }).sign(data);
		expect(await verifyData(rsaKey, data, signature)).toBe(true);
	});

	it("gives signDigest the digest, and signMessage a copy of the bytes", async () => {
		const given: Uint8Array[] = [];
		const request = async (bytes: Uint8Array): Promise<Uint8Array> => {
			given.push(bytes.slice());
			const signature = await signDer(data);
			bytes.fill(0);
			return signature;
		};
		for (const name of ["signDigest", "signMessage"]) await create({ ...ES256K, [name]: request }).sign(data);
		const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data as Uint8Array<ArrayBuffer>));
		expect(given).toEqual([digest, utf8("data")]);
		expect(data).toEqual(utf8("data"));
	});

	it.each<[string, string, object]>([
		["no function", "config/invalid-option", ES256K],
		["both functions", "config/invalid-option", { ...ES256K, signDigest: signDer, signMessage: signDer }],
		["no public key", "config/invalid-option", { algorithm: "ES256K", signMessage: signDer }],
		["an RSA key for ES256K", "config/invalid-option", { ...ES256K, publicKey: rsaKey, signMessage: signDer }],
		["a secp256k1 key for RS256", "config/invalid-option", { ...RS256, publicKey: ecKey, signMessage: signRsa }],
		["a format for RS256", "config/invalid-option", { ...RS256, signMessage: signRsa, signatureFormat: "raw" }],
		["another format", "config/invalid-option", { ...ES256K, signMessage: signDer, signatureFormat: "p1363" }],
		["another algorithm", "config/invalid-option", { ...ES256K, algorithm: "ES256", signMessage: signDer }],
		["no function where one is needed", "config/invalid-option", { ...ES256K, signMessage: "x" }],
		["a time limit of 0", "config/invalid-option", { ...ES256K, signMessage: signDer, timeoutMs: 0 }],
		["a time limit as text", "config/invalid-option", { ...ES256K, signMessage: signDer, timeoutMs: "1" }],
		["a time limit of NaN", "config/invalid-option", { ...ES256K, signMessage: signDer, timeoutMs: Number.NaN }],
		["too long a time limit", "config/invalid-option", { ...ES256K, signMessage: signDer, timeoutMs: 2 ** 31 }],
		["an unknown option", "config/unknown-option", { ...ES256K, signMessage: signDer, timeout: 1 }],
	])("refuses %s: %s", async (_what, code, options) => {
		await expectCode(() => create(options), code as "config/invalid-option");
	});

	it("allows the longest time limit of setTimeout", async () => {
		const signer = create({ ...ES256K, signMessage: signDer, timeoutMs: 2 ** 31 - 1 });
		expect(await verifyData(ecKey, data, await signer.sign(data))).toBe(true);
	});

	it.each<[string, RegExp, object]>([
		["text", /not a Uint8Array/, { ...ES256K, signMessage: async () => "x" }],
		["too many bytes", /at most 1024 bytes/, { ...RS256, signMessage: async () => new Uint8Array(1_025) }],
		["1,024 bytes that aren't right", /does not verify/, { ...RS256, signMessage: async () => new Uint8Array(1_024) }],
		["r||s instead of DER", /is it r\|\|s/, { ...ES256K, signMessage: signRaw }],
		["DER instead of r||s", /is it DER/, { ...ES256K, signMessage: signDer, signatureFormat: "raw" }],
		["another message's signature", /does not verify/, { ...ES256K, signMessage: () => signDer(utf8("datum")) }],
	])("refuses a device that returns %s", async (_what, message, options) => {
		await expectCode(() => create(options).sign(data), "key/signing-fault", message);
	});

	it("has as its cause why a signature isn't DER", async () => {
		const signing = create({ ...ES256K, signMessage: signRaw }).sign(data);
		await expect(signing).rejects.toMatchObject({ cause: { code: "key/malformed" } });
	});

	it.each([
		["rejects", () => Promise.reject(new Error("pin 1234"))],
		[
			"throws",
			() => {
				throw new Error("pin 1234");
			},
		],
	])("keeps the error of a device that %s out of its message", async (_what, signMessage) => {
		const error = await create({ ...ES256K, signMessage })
			.sign(data)
			.catch((thrown: unknown) => thrown as Error);
		expect(error).toMatchObject({ code: "key/unreachable", cause: { message: "pin 1234" } });
		expect((error as Error).message).not.toContain("1234");
	});

	it.each([
		["10 seconds by default", {}, 10_000],
		["its time limit", { timeoutMs: 3_000 }, 3_000],
	])("gives up after %s, and tells the device", async (_what, options, milliseconds) => {
		let signal: AbortSignal | undefined;
		const signMessage = (_bytes: Uint8Array, given: AbortSignal): Promise<never> => {
			signal = given;
			return new Promise(() => {});
		};
		const signing = expectCode(
			() => create({ ...ES256K, signMessage, ...options }).sign(data),
			"key/unreachable",
			new RegExp(`within ${milliseconds} ms`),
		);
		await until(() => isWaiting(milliseconds));
		expect(signal?.aborted).toBe(false);
		await pass(milliseconds);
		await signing;
		expect(signal?.aborted).toBe(true);
	});

	it("refuses data that aren't bytes", async () => {
		await expect(create({ ...ES256K, signMessage: signDer }).sign("data" as never)).rejects.toThrow(TypeError);
	});
});
