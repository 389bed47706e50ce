/**
 * Keys in every form, whole and nearly so: what is imported, OpenSSL and noble read as the same key. What another key
 * or no key is to them, isn't imported.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Point } from "@noble/secp256k1";
import { base58 } from "@scure/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importVerificationKey } from "../../src/did/verification-method.ts";
import { undefinedOnError } from "../../src/encoding/undefined-on-error.ts";
import { isOrgpassError } from "../../src/errors/errors.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { isScalar } from "../../src/keys/secp256k1/curve.ts";
import { runs } from "../support/property.ts";
import { toPem } from "./sample-keys.ts";

type Jwk = Readonly<Record<string, unknown>>;

const [BEGIN, END] = ["-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"];
const scalars = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => isScalar(bytes));
/** Changes of bytes or characters: at a place, remove some, and insert others. */
const edits = fc.array(fc.record({ at: fc.nat(), removed: fc.nat(2), inserted: fc.uint8Array({ maxLength: 2 }) }), {
	maxLength: 2,
});
type Edits = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function editBytes(bytes: Uint8Array, changes: Edits): Buffer {
	let result = Buffer.from(bytes);
	for (const { at, removed, inserted } of changes) {
		const place = at % (result.length + 1);
		result = Buffer.concat([result.subarray(0, place), inserted, result.subarray(place + removed)]);
	}
	return result;
}

/** The same for text, with characters that keys consist of. */
function editText(text: string, changes: Edits): string {
	const alphabet = "0123456789abcdefABCDEFxyzXYZ+/-_= \n";
	let result = text;
	for (const { at, removed, inserted } of changes) {
		const place = at % (result.length + 1);
		const characters = [...inserted].map((byte) => alphabet[byte % alphabet.length]).join("");
		result = `${result.slice(0, place)}${characters}${result.slice(place + removed)}`;
	}
	return result;
}

/** The key by OpenSSL's own encoding, from a private scalar that noble multiplies. */
function keyObjectOf(scalar: Uint8Array): KeyObject {
	const point = Point.BASE.multiply(BigInt(`0x${Buffer.from(scalar).toString("hex")}`)).toBytes(false);
	const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
	const [d, x, y] = [scalar, point.slice(1, 33), point.slice(33)].map(text);
	return createPrivateKey({ format: "jwk", key: { kty: "EC", crv: "secp256k1", d, x, y } as never });
}

const jwkOf = (key: KeyObject): Jwk => key.export({ format: "jwk" }) as Jwk;

/** The public key that another reader finds, uncompressed. */
function pointOf(key: KeyObject): string | undefined {
	const { crv, x, y } = jwkOf(key);
	if (crv !== "secp256k1") return undefined;
	return `0x04${Buffer.from(`${x}`, "base64url").toString("hex")}${Buffer.from(`${y}`, "base64url").toString("hex")}`;
}

/** The point that we import; undefined if it is refused with a code. */
async function ourPoint(read: () => PublicKey | Promise<PrivateKey>): Promise<string | undefined> {
	try {
		const key = await read();
		return exportPublicKey("publicKey" in key ? key.publicKey : key, "hex");
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

interface Reading {
	readonly ours: () => PublicKey | Promise<PrivateKey>;
	readonly theirs: () => string | undefined;
}

/** Without a change, the key is imported; with one, only if the other reader finds the same key. */
async function expectSame({ ours, theirs }: Reading, isWhole: boolean): Promise<void> {
	const found = await ourPoint(ours);
	if (isWhole) expect(found).toBe(theirs());
	if (found !== undefined) expect(undefinedOnError(theirs)).toBe(found);
}

const DER_FORMS: Readonly<Record<string, (key: KeyObject, changes: Edits) => Reading>> = {
	"SPKI as PEM"(key, changes) {
		const der = editBytes(createPublicKey(key as never).export({ format: "der", type: "spki" }), changes);
		return {
			ours: () => importPublicKey(toPem("PUBLIC KEY", der)),
			theirs: () => pointOf(createPublicKey({ key: der, format: "der", type: "spki" })),
		};
	},
	"SPKI as base64"(key, changes) {
		const der = editBytes(createPublicKey(key as never).export({ format: "der", type: "spki" }), changes);
		return {
			ours: () => importPublicKey(der.toString("base64")),
			theirs: () => pointOf(createPublicKey({ key: der, format: "der", type: "spki" })),
		};
	},
	"PKCS #8"(key, changes) {
		const der = editBytes(key.export({ format: "der", type: "pkcs8" }), changes);
		return {
			ours: () => importPrivateKey(toPem("PRIVATE KEY", der)),
			theirs: () => pointOf(createPrivateKey({ key: der, format: "der", type: "pkcs8" })),
		};
	},
	"SEC 1"(key, changes) {
		const der = editBytes(key.export({ format: "der", type: "sec1" }), changes);
		return {
			ours: () => importPrivateKey(toPem("EC PRIVATE KEY", der)),
			theirs: () => pointOf(createPrivateKey({ key: der, format: "der", type: "sec1" })),
		};
	},
};

const TEXT_FORMS: Readonly<Record<string, (key: KeyObject, changes: Edits) => Reading>> = {
	"PEM text"(key, changes) {
		const pem = editText(key.export({ format: "pem", type: "pkcs8" }) as string, changes);
		return { ours: () => importPrivateKey(pem), theirs: () => pointOf(createPrivateKey(openArmor(pem))) };
	},
	"a public JWK"(key, changes) {
		const { kty, crv, x, y } = jwkOf(key);
		const jwk = { kty, crv, x: editText(`${x}`, changes), y };
		return {
			ours: () => importPublicKey(jwk as never),
			theirs: () => pointOf(createPublicKey({ format: "jwk", key: jwk as never })),
		};
	},
	"a private JWK"(key, changes) {
		const { d, ...others } = jwkOf(key);
		const jwk = { ...others, d: editText(`${d}`, changes) };
		return {
			ours: () => importPrivateKey(jwk as never),
			theirs: () => pointOf(createPrivateKey({ format: "jwk", key: jwk as never })),
		};
	},
	"a JWK as text"(key, changes) {
		const { kty, crv, x, y } = jwkOf(key);
		const text = editText(JSON.stringify({ kty, crv, x, y }), changes);
		return {
			ours: () => importPublicKey(text),
			theirs: () => pointOf(createPublicKey({ format: "jwk", key: JSON.parse(text) })),
		};
	},
	"hex, compressed"(key, changes) {
		const text = editText(nobleHex(key, true), changes);
		return { ours: () => importPublicKey(text), theirs: () => uncompressed(text) };
	},
	"hex, uncompressed"(key, changes) {
		const text = editText(`0x${nobleHex(key, false)}`, changes);
		return { ours: () => importPublicKey(text), theirs: () => uncompressed(text) };
	},
};

/** Members of a verification method; the other reader decodes them by their definitions. */
const METHOD_FORMS: Readonly<Record<string, (key: KeyObject, changes: Edits) => Reading>> = {
	publicKeyHex: methodForm("publicKeyHex", (key) => nobleHex(key, true), uncompressed),
	publicKeyBase58: methodForm(
		"publicKeyBase58",
		(key) => base58.encode(Buffer.from(nobleHex(key, true), "hex")),
		(text) => uncompressed(Buffer.from(base58.decode(text)).toString("hex")),
	),
	"publicKeyMultibase z": methodForm(
		"publicKeyMultibase",
		(key) => `z${base58.encode(Buffer.from(`e701${nobleHex(key, true)}`, "hex"))}`,
		(text) => fromMultikey(text, "z", base58.decode(text.slice(1))),
	),
	"publicKeyMultibase u": methodForm(
		"publicKeyMultibase",
		(key) => `u${Buffer.from(`e701${nobleHex(key, true)}`, "hex").toString("base64url")}`,
		(text) => fromMultikey(text, "u", Buffer.from(text.slice(1), "base64url")),
	),
	publicKeyPem: methodForm(
		"publicKeyPem",
		(key) => createPublicKey(key as never).export({ format: "pem", type: "spki" }) as string,
		(text) => pointOf(createPublicKey(text.includes("BEGIN") ? openArmor(text) : openArmor(`${BEGIN}${text}${END}`))),
	),
};

/** PEM as OpenSSL reads it: it needs the line breaks that keys lose in forms and environment variables. */
function openArmor(text: string): string {
	const [, label = "", body = ""] = /^-----BEGIN ([A-Z ]+)-----([\s\S]*)-----END \1-----$/.exec(text.trim()) ?? [];
	return toPem(label, Buffer.from(body.replace(/\s/g, ""), "base64"));
}

function methodForm(
	member: string,
	write: (key: KeyObject) => string,
	theirs: (text: string) => string | undefined,
): (key: KeyObject, changes: Edits) => Reading {
	return (key, changes) => {
		const text = editText(write(key), changes);
		const method = { id: "did:orgid:1:0x#a", type: "x", controller: "did:orgid:1:0x", [member]: text };
		return { ours: () => importVerificationKey(method), theirs: () => theirs(text) };
	};
}

function nobleHex(key: KeyObject, isCompressed: boolean): string {
	return Point.fromHex(`${pointOf(key)}`.slice(2)).toHex(isCompressed);
}

/** x and y without a prefix are a key, too. */
function uncompressed(text: string): string {
	const digits = text.trim().replace(/^0x/i, "");
	return `0x${Point.fromHex((digits.length === 128 ? `04${digits}` : digits).toLowerCase()).toHex(false)}`;
}

function fromMultikey(text: string, prefix: string, bytes: Uint8Array): string {
	const hex = Buffer.from(bytes).toString("hex");
	if (!text.startsWith(prefix) || !hex.startsWith("e701")) throw new SyntaxError("expected a secp256k1 key");
	return uncompressed(hex.slice(4));
}

describe.each([...Object.entries(DER_FORMS), ...Object.entries(TEXT_FORMS), ...Object.entries(METHOD_FORMS)])(
	"T21: a key as %s",
	(_name, form) => {
		it("T21: is imported as others read it, and a damaged one not as another key", async () => {
			await fc.assert(
				fc.asyncProperty(scalars, edits, async (scalar, changes) => {
					const key = keyObjectOf(scalar);
					const { ours, theirs } = form(key, changes);
					await expectSame({ ours, theirs }, changes.length === 0);
				}),
				runs(400, 12),
			);
		});
	},
);
