/**
 * Advice for objects that aren't JWKs, such as vendors' JSON files with a key inside.
 * @module
 */
import { isJsonObject, type JsonObject } from "../../encoding/json.js";
import { describeKey } from "./recognize-key.js";

const MAX_MEMBERS = 100;
const MAX_DEPTH = 3;
/** Names that messages may repeat. */
const NAMES: ReadonlySet<string> = new Set([
	"private_key",
	"privateKey",
	"privateKeyPem",
	"private-key",
	"public_key",
	"publicKey",
	"publicKeyPem",
	"public-key",
	"pem",
	"key",
	"keys",
	"data",
	"value",
]);
const CURVE_ALIASES: ReadonlySet<unknown> = new Set(["P-256K", "K-256", "SECP256K1", "Secp256k1"]);
const HSM_TYPES: ReadonlyMap<unknown, string> = new Map([
	["RSA-HSM", "RSA"],
	["EC-HSM", "EC"],
]);
const NODE_KEYS: ReadonlySet<string> = new Set(["[object KeyObject]", "[object CryptoKey]"]);

export function adviseOnObject(value: unknown, expected: "private" | "public"): string | undefined {
	if (value instanceof Promise) return "this is a Promise: wait for it with `await`, and pass the result";
	if (Array.isArray(value)) {
		return value.every((item) => typeof item === "number")
			? "expected a key, got an array of numbers: pass `Uint8Array.from(array)`"
			: "expected a key, got an array: pass one of its keys";
	}
	if (value instanceof ArrayBuffer) return "this is an ArrayBuffer: pass `new Uint8Array(buffer)`";
	if (!isJsonObject(value) || ArrayBuffer.isView(value)) return undefined;
	if (NODE_KEYS.has(Object.prototype.toString.call(value))) return adviseOnNodeKey(value);
	return Object.hasOwn(value, "kty") ? adviseOnJwk(value, expected) : adviseOnContainer(value, expected);
}

function adviseOnNodeKey(key: JsonObject): string {
	const format = key["type"] === "private" ? "pkcs8" : "spki";
	const isWebCrypto = typeof key["export"] !== "function";
	const call = isWebCrypto
		? 'await crypto.subtle.exportKey("jwk", key)'
		: `key.export({ type: "${format}", format: "pem" })`;
	return `this is a key object of ${isWebCrypto ? "WebCrypto" : "node:crypto"}: pass \`${call}\``;
}

/** Azure Key Vault's names. */
function adviseOnJwk(jwk: JsonObject, expected: "private" | "public"): string | undefined {
	const { kty, crv } = jwk;
	const type = HSM_TYPES.get(kty);
	if (type !== undefined) {
		return expected === "private"
			? `kty ${kty} names a key that never leaves its HSM: sign with \`createRemoteSigner\``
			: `kty ${kty} is Azure's name for an ${type} key in an HSM: change kty to "${type}"${CURVE_ALIASES.has(crv) ? ' and crv to "secp256k1"' : ""}`;
	}
	return kty === "EC" && CURVE_ALIASES.has(crv)
		? `crv ${crv} is another name for secp256k1 (Azure's is P-256K): change crv to "secp256k1"`
		: undefined;
}

function adviseOnContainer(value: JsonObject, expected: "private" | "public"): string | undefined {
	if (value["type"] === "Buffer" && Array.isArray(value["data"])) {
		return "this is a Buffer as JSON: pass its text, for example with `Buffer.from(json.data).toString()`";
	}
	if (Array.isArray(value["keys"])) return "this is a JWK Set: pass one of its keys";
	const path = findKey(value, expected) ?? findKey(value, expected === "private" ? "public" : "private");
	if (path === undefined) return undefined;
	const names = path.every((name) => NAMES.has(name)) ? ` ${path.join(".")}` : "";
	return `this is JSON with a key inside: pass only the value of its member${names}`;
}

/** Finds the path to the first key of that type. */
function findKey(value: JsonObject, type: "private" | "public"): readonly string[] | undefined {
	let members = 0;
	return search(value, []);

	function search(object: JsonObject, above: readonly string[]): readonly string[] | undefined {
		for (const [name, member] of Object.entries(object)) {
			if (members++ > MAX_MEMBERS) return undefined;
			const path = [...above, name];
			if (typeof member === "string" && isKeyOf(name, member.trim(), type)) return path;
			if (!isJsonObject(member) || path.length === MAX_DEPTH) continue;
			const isJwk = typeof member["kty"] === "string";
			if (isJwk && Object.hasOwn(member, "d") === (type === "private")) return path;
			const found = isJwk ? undefined : search(member, path);
			if (found !== undefined) return found;
		}
		return undefined;
	}
}

function isKeyOf(name: string, text: string, type: "private" | "public"): boolean {
	if (!text.startsWith("-----BEGIN ")) return name.toLowerCase().startsWith(type) && describeKey(text) !== undefined;
	return text.slice(0, 64).includes("PRIVATE KEY-----") === (type === "private");
}
