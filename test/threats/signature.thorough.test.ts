import { createHash, generateKeyPairSync } from "node:crypto";
import { hashMessage, Wallet } from "ethers";
import { beforeAll, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { verifyData } from "../../src/keys/sign.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { describeWithBackends } from "../support/curve-backends.ts";
import {
	HALF_ORDER,
	highSTwin,
	joinBytes,
	ORDER_BYTES,
	signatureOf,
	sOf,
	toBytes32,
	toSegment,
	withSignature,
} from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";
import { thorough } from "../support/thorough.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";
import { describeWithVectors } from "../vectors.ts";

/** With each of the four backends. */
const MINTED = thorough(250, 25);

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const ZERO = new Uint8Array(32);
const ONE = toBytes32(1n);
const ORDER = BigInt(`0x${Buffer.from(ORDER_BYTES).toString("hex")}`);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const rOf = (signature: Uint8Array): bigint => BigInt(`0x${hexOf(signature.subarray(0, 32))}`);

/** ASN.1 DER of r and s. */
function toDer(numbers: readonly bigint[]): Uint8Array {
	const integer = (value: bigint): string => {
		const hex = value.toString(16);
		const even = hex.length % 2 === 0 ? hex : `0${hex}`;
		const content = even >= "8" ? `00${even}` : even;
		return `02${(content.length / 2).toString(16).padStart(2, "0")}${content}`;
	};
	const content = numbers.map(integer).join("");
	return Buffer.from(`30${(content.length / 2).toString(16).padStart(2, "0")}${content}`, "hex");
}

describeWithBackends("T18: invalid signatures", "verify", () => {
	it.each<[string, (r: Uint8Array, s: Uint8Array) => readonly Uint8Array[]]>([
		["nothing", () => []],
		["r = 0", (_r, s) => [ZERO, s]],
		["s = 0", (r) => [r, ZERO]],
		["r = s = 0", () => [ZERO, ZERO]],
		["r = n", (_r, s) => [ORDER_BYTES, s]],
		["s = n", (r) => [r, ORDER_BYTES]],
		["r = s = n", () => [ORDER_BYTES, ORDER_BYTES]],
		["s + n truncated to 32 bytes", (r, s) => [r, toBytes32(BigInt(`0x${hexOf(s)}`) + ORDER)]],
		["r = s = 1", () => [ONE, ONE]],
		["all ff", () => [new Uint8Array(64).fill(0xff)]],
		["63 bytes", (r, s) => [r, s.subarray(0, 31)]],
		["65 bytes with a trailing recovery id", (r, s) => [r, s, Uint8Array.of(27)]],
		["66 bytes, each half one byte longer", (r, s) => [Uint8Array.of(0), r, Uint8Array.of(0), s]],
		["128 bytes, the signature twice", (r, s) => [r, s, r, s]],
		["r and s swapped", (r, s) => [s, r]],
		["a flipped bit of r", (r, s) => [r.with(31, (r[31] as number) ^ 1), s]],
		["a flipped bit of s", (r, s) => [r, s.with(0, (s[0] as number) ^ 0x80)]],
		["5 kB", () => [new Uint8Array(5_000).fill(1)]],
	])("T18: %s is rejected", async (_what, change) => {
		const token = await stage.forge();
		const signature = signatureOf(token);
		const parts = change(signature.subarray(0, 32), signature.subarray(32));
		await stage.refuse(withSignature(token, joinBytes(...parts)), "token/signature");
	});

	it("T18: a signature by another key is rejected", async () => {
		const { privateKey } = await generateKeyPair();
		await stage.refuse(await stage.forge({ key: privateKey }), "token/signature");
		await stage.refuse(await stage.forge({ key: stage.receiver.key }), "token/signature");
	});

	it("T18: a payload or header changed after signing is rejected", async () => {
		const token = await stage.forge();
		const [header, payload, signature] = token.split(".");
		const admin = toSegment(stage.claims({ scope: "admin" }));
		await stage.refuse(`${header}.${admin}.${signature}`, "token/signature");
		const other = toSegment(stage.header({ x: 1 }));
		await stage.refuse(`${other}.${payload}.${signature}`, "token/signature");
	});
});

describeWithBackends("T19: the right key with the wrong digest or encoding", "verify", () => {
	it.each<[string, (token: string) => Promise<Uint8Array> | Uint8Array]>([
		["DER", (token) => toDer([rOf(signatureOf(token)), sOf(signatureOf(token))])],
		["hexadecimal text", (token) => new TextEncoder().encode(hexOf(signatureOf(token)))],
		["an EIP-191 digest", (token) => recoverable(hashMessage(inputOf(token)))],
		["a SHA3 digest", (token) => recoverable(`0x${createHash("sha3-256").update(inputOf(token)).digest("hex")}`)],
		[
			"SHA-256 twice",
			(token) =>
				recoverable(
					`0x${createHash("sha256")
						.update(createHash("sha256").update(inputOf(token)).digest())
						.digest("hex")}`,
				),
		],
	])("T19: %s is rejected", async (_what, make) => {
		const token = await stage.forge();
		await stage.refuse(withSignature(token, await make(token)), "token/signature");
	});

	it("T19: the same signer is accepted with a SHA-256 digest", async () => {
		const token = await stage.forge();
		const digest = `0x${createHash("sha256").update(inputOf(token)).digest("hex")}`;
		expect((await stage.verify(withSignature(token, recoverable(digest)))).issuer).toBe(stage.sender.did);
	});

	function inputOf(token: string): string {
		return token.slice(0, token.lastIndexOf("."));
	}

	/** r||s of any digest by the sender's key. */
	function recoverable(digest: string): Uint8Array {
		const wallet = new Wallet(exportPrivateKey(stage.sender.key, "hex"));
		const { r, s } = wallet.signingKey.sign(digest);
		return Uint8Array.from(Buffer.from(`${r.slice(2)}${s.slice(2)}`, "hex"));
	}
});

describeWithBackends("T20: malleability", "verify", () => {
	it("T20: a token and its high-S twin are both accepted, with the same result", async () => {
		const token = await stage.forge();
		const twin = highSTwin(token);
		expect(twin).not.toBe(token);
		expect(sOf(signatureOf(twin)) > HALF_ORDER).toBe(true);
		expect(await stage.verify(twin)).toEqual(await stage.verify(token));
	});

	it("T20: a minted token is always low-S", async () => {
		const minter = stage.sender.minter({ audience: stage.receiver.did });
		for (let at = 0; at < MINTED; at++) {
			expect(sOf(signatureOf(await minter.mint())) <= HALF_ORDER).toBe(true);
		}
	});
});

interface DerVectors {
	readonly testGroups: readonly {
		readonly publicKeyPem: string;
		readonly tests: readonly { tcId: number; msg: string; sig: string; result: string }[];
	}[];
}

/** Strict DER to r||s, or undefined. */
function fromDer(der: Buffer): Uint8Array | undefined {
	const text = der.toString("hex");
	const parts = /^30(..)02(..)/.exec(text);
	if (parts === null) return undefined;
	const rEnd = 8 + 2 * Number.parseInt(parts[2] as string, 16);
	const r = text.slice(8, rEnd);
	const s = text.slice(rEnd + 4);
	const numbers = [r, s].map((one) => (one === "" || one >= "8" ? -1n : BigInt(`0x${one}`)));
	if (numbers.some((one) => one < 0n || one >= 1n << 256n)) return undefined;
	const signature = joinBytes(...numbers.map(toBytes32));
	return Buffer.from(toDer(numbers)).equals(der) ? signature : undefined;
}

describeWithVectors<DerVectors>(
	"Wycheproof's secp256k1 vectors",
	"wycheproof/ecdsa_secp256k1_sha256_test.json",
	({ testGroups }) => {
		it("T18: are accepted or rejected as labelled once converted to r||s, without exceptions", async () => {
			let [valid, invalid] = [0, 0];
			for (const { publicKeyPem, tests } of testGroups) {
				const key = importPublicKey(publicKeyPem);
				for (const { tcId, msg, sig, result } of tests) {
					const signature = fromDer(Buffer.from(sig, "hex"));
					if (signature === undefined) {
						expect(result, `test ${tcId}`).toBe("invalid");
						continue;
					}
					const isGood = await verifyData(key, Buffer.from(msg, "hex"), signature);
					expect(isGood, `test ${tcId}`).toBe(result === "valid");
					if (isGood) valid += 1;
					else invalid += 1;
				}
			}
			expect(valid).toBeGreaterThan(150);
			expect(invalid).toBeGreaterThan(40);
		});

		it("T19: are rejected as token signatures, as DER and as r||s", async () => {
			const { sender, receiver, clock } = stage;
			let count = 0;
			const every = thorough(1, 8);
			const payload = stage.claims();
			const own = await stage.forge({ payload });
			for (const { publicKeyPem, tests } of testGroups) {
				const document = documentWith(sender.did, importPublicKey(publicKeyPem));
				const resolver = resolverOf({ [sender.did]: document });
				const foreign = createVerifier({
					profiles: [orgid({ audience: receiver.did, resolver })],
					now: clock,
				});
				for (const { sig } of tests.filter(() => count++ % every === 0)) {
					const der = Buffer.from(sig, "hex");
					const signatures = [der, fromDer(der) ?? der.subarray(0, 64)];
					for (const token of signatures.map((one) => withSignature(own, one))) {
						await expectRefusal(() => foreign.verify(token), "token/signature");
						await stage.refuse(token, "token/signature");
					}
				}
			}
			expect(count).toBe(476);
		});
	},
);

it("T21: a document's key of any other type is rejected without a crash", async () => {
	const { sender, receiver, clock } = stage;
	const others = [
		generateKeyPairSync("ec", { namedCurve: "P-384" }),
		generateKeyPairSync("rsa", { modulusLength: 1024 }),
		generateKeyPairSync("ed25519"),
	];
	for (const { publicKey } of others) {
		for (const member of [
			{ publicKeyJwk: publicKey.export({ format: "jwk" }) },
			{ publicKeyJwk: undefined, publicKeyPem: publicKey.export({ format: "pem", type: "spki" }) },
		]) {
			const document = documentWith(sender.did, sender.key.publicKey);
			const method = { ...document.verificationMethod?.[0], ...member } as never;
			const resolver = resolverOf({ [sender.did]: { ...document, verificationMethod: [method] } });
			const profiles = [orgid({ audience: receiver.did, resolver })];
			const verifier = createVerifier({ profiles, now: clock });
			const token = await stage.forge();
			const error = await expectRefusal(() => verifier.verify(token), "did/document-invalid");
			expect(error.details).toEqual({ reason: "key/wrong-algorithm" });
		}
	}
});
