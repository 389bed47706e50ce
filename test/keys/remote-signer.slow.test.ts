import { JsonRpcProvider } from "ethers";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { encodeBase64Url } from "../../src/encoding/base64.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { createRemoteSigner, type RemoteSign } from "../../src/keys/remote-signer.ts";
import type { RsaPublicKey } from "../../src/keys/rsa-public-key.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import * as accounts from "../support/account-stage.ts";
import { createMinter } from "../support/minters.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type SigningDevice, startSigningDevice } from "../support/start-signing-device.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { thorough } from "../support/thorough.ts";
import { ORDER_HEX, utf8 } from "./sample-keys.ts";

const SIGNATURES = thorough(300, 60);
const HALF_ORDER = BigInt(`0x${ORDER_HEX}`) / 2n;
const data = utf8("data");

let device: SigningDevice;
let ecKey: PublicKey;
let rsaKey: RsaPublicKey;
beforeAll(async () => {
	device = await startSigningDevice();
	ecKey = importPublicKey(device.keys.ES256K);
	rsaKey = importPublicKey(device.keys.RS256, { algorithm: "RS256" });
});
afterAll(() => device.stop());

const sOf = (signature: Uint8Array): bigint => BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);

/** A signer of the device's secp256k1 key that sees what the device answered. */
function watched(path: string, answers: Uint8Array[]): Signer {
	const ask = device.client(path);
	const signDigest: RemoteSign = async (bytes, signal) => {
		const answer = await ask(bytes, signal);
		answers.push(answer);
		return answer;
	};
	const signatureFormat = path.endsWith("raw") ? "raw" : "der";
	return createRemoteSigner({ algorithm: "ES256K", publicKey: ecKey, signDigest, signatureFormat });
}

function ecSigner(members: object): Signer {
	return createRemoteSigner({ algorithm: "ES256K", publicKey: ecKey, ...members } as never);
}

function rsaSigner(members: object): Signer {
	return createRemoteSigner({ algorithm: "RS256", publicKey: rsaKey, ...members } as never);
}

describe("a key in another process", () => {
	it.each(["/es256k/digest", "/es256k/digest/raw"])(
		"T20: %s: normalizes signatures of any S and length to low-S r||s",
		async (path) => {
			const answers: Uint8Array[] = [];
			const signer = watched(path, answers);
			const signatures: Uint8Array[] = [];
			for (let at = 0; at < SIGNATURES; at++) {
				const message = utf8(`message ${at}`);
				const signature = await signer.sign(message);
				expect(await verifyData(ecKey, message, signature)).toBe(true);
				expect(sOf(signature) <= HALF_ORDER).toBe(true);
				signatures.push(signature);
			}
			expect(new Set(signatures.map(({ length }) => length))).toEqual(new Set([64]));
			if (path.endsWith("raw")) {
				expect(answers.filter((answer) => sOf(answer) > HALF_ORDER).length).toBeGreaterThan(SIGNATURES / 6);
				return;
			}
			// 70 bytes are two integers of 32; a zero byte before r, before a high S, or a byte less changes that.
			const lengths = new Set(answers.map(({ length }) => length));
			for (const length of [70, 71, 72]) expect(lengths).toContain(length);
		},
	);

	it("RFC 3279: pads integers that are one or more bytes short", async () => {
		const answers: Uint8Array[] = [];
		const signer = watched("/es256k/digest", answers);
		const isShort = (answer: Uint8Array): boolean =>
			(answer[3] as number) < 32 || (answer[5 + (answer[3] as number)] as number) < 32;
		for (let at = 0; at < 5_000 && !answers.some(isShort); at++) await signer.sign(utf8(`short ${at}`));
		expect(answers.some(isShort)).toBe(true);
	});

	it.each([
		["signDigest", "/es256k/digest"],
		["signMessage", "/es256k/message"],
	])("ES256K by %s: signData works, and tokens verify", async (name, path) => {
		const key = ecSigner({ [name]: device.client(path) });
		expect(await verifyData(ecKey, data, await signData(key, data))).toBe(true);
		const issuer = `${accounts.DID}#webserver`;
		const minter = createOrgIdMinter({ key, issuer, audience: accounts.AUDIENCE } as never);
		const resolver = resolverOf({ [accounts.DID]: documentWith(accounts.DID, ecKey) });
		const verifier = createVerifier({ profiles: [orgid({ audience: accounts.AUDIENCE, resolver })] });
		expect((await verifier.verify(await minter.mint())).issuer).toBe(accounts.DID);
	});

	it("ES256K by a device that hashes and returns r||s", async () => {
		const key = ecSigner({ signMessage: device.client("/es256k/message/raw"), signatureFormat: "raw" });
		expect(await verifyData(ecKey, data, await signData(key, data))).toBe(true);
	});

	it.each([
		["signDigest", "/rs256/digest"],
		["signMessage", "/rs256/message"],
	])("RS256 by %s: jose verifies the tokens", async (name, path) => {
		const key = rsaSigner({ [name]: device.client(path) });
		const claims = { iss: "app", exp: nowSeconds() + 60 };
		const input = [{ alg: "RS256" }, claims].map((part) => encodeBase64Url(utf8(JSON.stringify(part)))).join(".");
		const signature = await signData(key, utf8(input));
		expect(await verifyData(rsaKey, utf8(input), signature)).toBe(true);
		const { importSPKI } = await import("jose");
		const token = `${input}.${encodeBase64Url(signature)}`;
		const { payload } = await jwtVerify(token, await importSPKI(device.keys.RS256, "RS256"));
		expect(payload).toEqual(claims);
	});
});

describe("an account in another process", () => {
	it.each(accounts.ACCOUNT_KINDS)("%s: tokens minted over JSON-RPC verify", async (kind) => {
		const provider = new JsonRpcProvider(`${device.url}/rpc`, accounts.CHAIN_ID, {
			staticNetwork: true,
			batchMaxCount: 1,
		});
		try {
			const options = {
				profile: kind,
				key: await provider.getSigner(accounts.OWNER.address),
				issuer: accounts.issuerOf(kind),
				audience: accounts.AUDIENCE,
				...(kind === "orgid-account" ? { registry: accounts.REGISTRY } : {}),
			};
			const minter = createMinter<accounts.AccountKind>(options as never);
			const token = await minter.mint({ scope: ["book"], claims: { sub: "order-1" } });
			const { issuer, scopes, claims } = await accounts.verifyToken(kind, token);
			expect([issuer, scopes, claims["sub"]]).toEqual([accounts.DID, ["book"], "order-1"]);
		} finally {
			provider.destroy();
		}
	});
});

describe("failing devices", () => {
	it.each<[string, string, object]>([
		["nothing", "/nothing", {}],
		["text", "/text", {}],
		["the digest itself", "/echo", {}],
		["r||s for DER", "/es256k/digest/raw", {}],
		["DER for r||s", "/es256k/digest", { signatureFormat: "raw" }],
		["the signature of another algorithm", "/rs256/digest", {}],
		["the digest for r||s", "/echo", { signatureFormat: "raw" }],
	])("T65: ES256K: rejects %s", async (_what, path, members) => {
		await expectRefusal(
			() => ecSigner({ signDigest: device.client(path), ...members }).sign(data),
			"key/signing-fault",
		);
	});

	it.each([
		["nothing", "/nothing"],
		["text", "/text"],
		["RSASSA-PSS", "/rs256/pss"],
		["a digest hashed again", "/rs256/message"],
		["an ECDSA signature", "/es256k/message"],
	])("T65: RS256: rejects %s", async (_what, path) => {
		await expectRefusal(() => rsaSigner({ signDigest: device.client(path) }).sign(data), "key/signing-fault");
	});

	it("T65: rejects a valid signature by another key or over other bytes", async () => {
		const other = await generateKeyPair();
		const otherRsa = await generateKeyPair({ algorithm: "RS256" });
		const signers = [
			ecSigner({ publicKey: other.publicKey, signDigest: device.client("/es256k/digest") }),
			rsaSigner({ publicKey: otherRsa.publicKey, signDigest: device.client("/rs256/digest") }),
			ecSigner({
				signMessage: (bytes: Uint8Array, signal: AbortSignal) =>
					device.client("/es256k/message")(bytes.fill(0), signal),
			}),
		];
		for (const signer of signers) await expectRefusal(() => signer.sign(data), "key/signing-fault");
		expect(data).toEqual(utf8("data"));
	});

	it.each([undefined, null, "signature", {}, [1, 2], 7])("T65: rejects the response %j", async (answer) => {
		for (const make of [ecSigner, rsaSigner]) {
			await expectRefusal(() => make({ signDigest: async () => answer }).sign(data), "key/signing-fault");
		}
	});

	it("T65: rejects a response longer than any signature without copying it", async () => {
		const answer = new Uint8Array(64 * 1_024 * 1_024);
		const { arrayBuffers: before } = process.memoryUsage();
		for (const make of [ecSigner, rsaSigner]) {
			const error = await expectRefusal(() => make({ signDigest: async () => answer }).sign(data), "key/signing-fault");
			expect(error.message).toContain("at most 1024 bytes");
			expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(answer.byteLength / 2);
		}
	});

	it("a device that refuses is an outage with the device's error as the cause", async () => {
		const signer = ecSigner({ signDigest: device.client("/forbidden") });
		const error = await expectRefusal(() => signData(signer, data), "key/unreachable");
		expect(error.message).not.toContain("AccessDenied");
		expect((error.cause as Error).message).toContain("AccessDenied");
		const throwing = (): never => {
			throw new TypeError("no such key");
		};
		await expectRefusal(() => ecSigner({ signDigest: throwing }).sign(data), "key/unreachable");
	});

	it("a slow device is an outage, and its request is aborted", async () => {
		let signal: AbortSignal | undefined;
		const signDigest: RemoteSign = (bytes, ending) => {
			signal = ending;
			return device.client("/slow")(bytes, ending);
		};
		const signing = expectRefusal(() => ecSigner({ signDigest, timeoutMs: 5_000 }).sign(data), "key/unreachable");
		await until(() => isWaiting(5_000) && signal !== undefined);
		await pass(4_999);
		expect(signal?.aborted).toBe(false);
		await pass(1);
		await signing;
		expect(signal?.aborted).toBe(true);
	});

	it("a device that is down is an outage until it is back", async () => {
		const gone = await startSigningDevice();
		const back = { url: device.client("/rs256/digest") };
		let ask = gone.client("/rs256/digest");
		const signer = rsaSigner({ signDigest: (bytes: Uint8Array, signal: AbortSignal) => ask(bytes, signal) });
		await gone.stop();
		await expectRefusal(() => signer.sign(data), "key/unreachable");
		ask = back.url;
		expect(await verifyData(rsaKey, data, await signer.sign(data))).toBe(true);
	});
});

describe("createRemoteSigner", () => {
	const signDigest: RemoteSign = async () => new Uint8Array();

	it("returns a frozen Signer without modifying its options", () => {
		const options = Object.freeze({ algorithm: "RS256", publicKey: rsaKey, signDigest } as const);
		for (const signer of [createRemoteSigner(options), createRemoteSigner(options)]) {
			expect(Object.isFrozen(signer)).toBe(true);
			expect(signer).toMatchObject({ algorithm: "RS256", publicKey: rsaKey });
		}
	});

	it("throws a TypeError for data that isn't bytes", async () => {
		for (const wrong of ["data", undefined, null, [1]]) {
			await expect(ecSigner({ signDigest }).sign(wrong as never)).rejects.toThrow(TypeError);
		}
	});

	it.each<[string, object, "config/invalid-option" | "config/unknown-option"]>([
		["no sign function", {}, "config/invalid-option"],
		["both", { signDigest, signMessage: signDigest }, "config/invalid-option"],
		["a value that isn't a function", { signDigest: "url" }, "config/invalid-option"],
		["no public key", { signDigest, publicKey: undefined }, "config/invalid-option"],
		["a PEM for the public key", { signDigest, publicKey: "-----BEGIN PUBLIC KEY-----" }, "config/invalid-option"],
		["another algorithm", { signDigest, algorithm: "ES256" }, "config/invalid-option"],
		["an unknown format", { signDigest, signatureFormat: "p1363" }, "config/invalid-option"],
		["a timeout of zero", { signDigest, timeoutMs: 0 }, "config/invalid-option"],
		["an infinite timeout", { signDigest, timeoutMs: Number.POSITIVE_INFINITY }, "config/invalid-option"],
		["a misspelled option", { signDigest, format: "raw" }, "config/unknown-option"],
	])("rejects %s", async (_what, members, code) => {
		await expectRefusal(() => ecSigner(members), code);
	});

	it("rejects a key for the other algorithm, and a signature format for RSA", async () => {
		await expectRefusal(() => ecSigner({ signDigest, publicKey: rsaKey }), "config/invalid-option");
		await expectRefusal(() => rsaSigner({ signDigest, publicKey: ecKey }), "config/invalid-option");
		await expectRefusal(() => rsaSigner({ signDigest, signatureFormat: "raw" }), "config/invalid-option");
	});
});
