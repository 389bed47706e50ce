/**
 * A program that stands in for a KMS: it holds keys, serves HTTP on 127.0.0.1, and never reveals a private key.
 * `POST /<what>` signs the body (a digest or a message), `POST /rpc` is the wallet of the owner's account. Its
 * standard output says where it listens and its public keys: `{ port, keys }`. It ends with its input.
 * @module
 */
import * as nodeCrypto from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, sign as signEcdsa } from "@noble/secp256k1";
import { type TypedDataDomain, type TypedDataField, Wallet } from "ethers";

/** What `eth_signTypedData_v4` sends. */
interface TypedData {
	readonly domain: TypedDataDomain;
	readonly types: Record<string, TypedDataField[]>;
	readonly message: Record<string, unknown>;
}

type Sign = (bytes: Buffer) => Uint8Array;

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

/** A test key that says so: the owner's account of account-stage.ts. */
const wallet = new Wallet(`0x${"21".repeat(32)}`);
const ec = nodeCrypto.generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const rsa = nodeCrypto.generateKeyPairSync("rsa", { modulusLength: 2_048 });
/** DigestInfo of SHA-256 (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");

const signers: Readonly<Record<string, Sign>> = {
	"/es256k/digest": (digest) => toDer(signDigest(digest)),
	"/es256k/digest/raw": (digest) => signDigest(digest),
	"/es256k/message": (bytes) => nodeCrypto.sign("sha256", bytes, ec.privateKey),
	"/es256k/message/raw": (bytes) => nodeCrypto.sign("sha256", bytes, { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
	"/rs256/digest": (digest) =>
		nodeCrypto.privateEncrypt(
			{ key: rsa.privateKey, padding: nodeCrypto.constants.RSA_PKCS1_PADDING },
			Buffer.concat([DIGEST_INFO, digest]),
		),
	"/rs256/message": (bytes) => nodeCrypto.sign("sha256", bytes, rsa.privateKey),
	"/rs256/pss": (bytes) =>
		nodeCrypto.sign("sha256", bytes, {
			key: rsa.privateKey,
			padding: nodeCrypto.constants.RSA_PKCS1_PSS_PADDING,
		}),
	"/nothing": () => new Uint8Array(),
	"/text": () => Buffer.from("no signature"),
	"/echo": (bytes) => bytes,
};

const server = createServer((request, response) => {
	void readBody(request).then(async (body) => {
		const { url = "" } = request;
		if (url === "/slow") return;
		const answer = url === "/rpc" ? await answerRpc(body) : signers[url]?.(body);
		response.statusCode = answer === undefined ? 403 : 200;
		response.end(answer ?? "AccessDenied: arn:aws:kms:secret-device-text");
	});
});
server.listen(0, "127.0.0.1", () => {
	const { port } = server.address() as AddressInfo;
	const [ecPem, rsaPem] = [ec, rsa].map(({ publicKey }) => publicKey.export({ type: "spki", format: "pem" }));
	process.stdout.write(`${JSON.stringify({ port, keys: { ES256K: ecPem, RS256: rsaPem } })}\n`);
});
process.stdin.on("end", () => process.exit(0)).resume();

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** ECDSA over a digest, high S as often as low: node:crypto always hashes. */
function signDigest(digest: Uint8Array): Uint8Array {
	if (digest.length !== 32) throw new Error("a digest of 32 bytes expected");
	const { d = "" } = ec.privateKey.export({ format: "jwk" });
	return signEcdsa(digest, Buffer.from(d, "base64url"), { prehash: false, lowS: false });
}

/** A SEQUENCE of two minimal INTEGERs, as KMS writes it. */
function toDer(signature: Uint8Array): Uint8Array {
	const integers = [signature.subarray(0, 32), signature.subarray(32)].map((bytes) => {
		const start = bytes.findIndex((byte) => byte !== 0);
		const digits = [...bytes.subarray(start)];
		if ((digits[0] as number) > 0x7f) digits.unshift(0);
		return [2, digits.length, ...digits];
	});
	const content = integers.flat();
	return Uint8Array.of(0x30, content.length, ...content);
}

async function answerRpc(body: Buffer): Promise<string> {
	const { id, method, params } = JSON.parse(body.toString()) as {
		readonly id: number;
		readonly method: string;
		readonly params: readonly string[];
	};
	return JSON.stringify({ jsonrpc: "2.0", id, ...(await resultOf(method, params)) });
}

async function resultOf(method: string, params: readonly string[]): Promise<object> {
	const [first = "", second = ""] = params;
	if (method === "eth_accounts") return { result: [wallet.address.toLowerCase()] };
	if (method === "personal_sign" && second === wallet.address.toLowerCase()) {
		return { result: await wallet.signMessage(Buffer.from(first.slice(2), "hex")) };
	}
	if (method === "eth_signTypedData_v4" && first === wallet.address.toLowerCase()) {
		const { domain, types, message } = JSON.parse(second) as TypedData;
		const { EIP712Domain: _domain, ...own } = types;
		return { result: await wallet.signTypedData(domain, own, message) };
	}
	return { error: { code: -32_601, message: `${method} is not for this wallet` } };
}
