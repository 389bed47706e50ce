/**
 * Encodes the arguments of functions (Solidity's contract ABI specification).
 * @module
 */
import { isBytes } from "../../encoding/bytes.js";
import { encodeHexDigits } from "../../encoding/hex.js";
import { decodeAddress } from "../../keys/address.js";
import { type AbiParameter, partsOf } from "./abi-parameter.js";

/** An encoded value, as hexadecimal digits. A dynamic one is in the tail of its struct or array. */
interface Encoded {
	readonly digits: string;
	readonly isDynamic: boolean;
}

const WORD_DIGITS = 64;
const WORD_BYTES = 32;
const HEX = /^0x(?:[\da-f]{2})*$/i;
const INTEGER = /^(?:0x[\da-f]+|-?\d+)$/i;

/** Encodes values, as hexadecimal digits without `0x`. Throws a TypeError if one isn't of its type. */
export function encodeParameters(types: readonly AbiParameter[], values: readonly unknown[]): string {
	return joinMembers(encodeMembers(types, values));
}

function encodeMembers(types: readonly AbiParameter[], values: readonly unknown[]): readonly Encoded[] {
	if (values.length !== types.length) throw new TypeError(`expected ${types.length} values, got ${values.length}`);
	return types.map((type, index) => encodeValue(type, values[index]));
}

/** The heads of all members, then the tails of the dynamic ones. */
function joinMembers(members: readonly Encoded[]): string {
	const headBytes = members.reduce(
		(sum, { digits, isDynamic }) => sum + (isDynamic ? WORD_BYTES : digits.length / 2),
		0,
	);
	let heads = "";
	let tails = "";
	for (const { digits, isDynamic } of members) {
		heads += isDynamic ? wordOf(headBytes + tails.length / 2) : digits;
		if (isDynamic) tails += digits;
	}
	return heads + tails;
}

function encodeValue(parameter: AbiParameter, value: unknown): Encoded {
	const parts = partsOf(parameter);
	if (parts.kind === "value") return encodeSimple(parts.type, parts.size, value);
	const values = Array.isArray(value) ? value : undefined;
	if (parts.kind === "struct") {
		const members = encodeMembers(parts.members, values ?? membersOf(parts.members, value));
		return { digits: joinMembers(members), isDynamic: members.some(({ isDynamic }) => isDynamic) };
	}
	const { element, length } = parts;
	if (values === undefined || values.length !== (length ?? values.length)) throw notOfType(parameter.type);
	const members = values.map((item) => encodeValue(element, item));
	const digits = joinMembers(members);
	if (length === undefined) return { digits: wordOf(values.length) + digits, isDynamic: true };
	return { digits, isDynamic: members.some(({ isDynamic }) => isDynamic) };
}

function membersOf(types: readonly AbiParameter[], value: unknown): readonly unknown[] {
	return types.map(({ name = "" }) => (Object(value) as Readonly<Record<string, unknown>>)[name]);
}

function encodeSimple(type: string, size: number, value: unknown): Encoded {
	if (type === "string") return encodeBytes(textDigits(value));
	if (type === "bytes") return encodeBytes(bytesDigits(value, type));
	if (type === "bool") return encodeWord(value === true ? 1n : value === false ? 0n : undefined, type);
	if (type === "address") {
		const address = typeof value === "string" && value.startsWith("0x") ? decodeAddress(value) : undefined;
		return encodeWord(address && BigInt(address), type);
	}
	if (!type.startsWith("bytes")) return encodeWord(toInteger(value, type, size), type);
	const digits = bytesDigits(value, type);
	if (digits.length !== size * 2) throw notOfType(type);
	return { digits: digits.padEnd(WORD_DIGITS, "0"), isDynamic: false };
}

function encodeBytes(digits: string): Encoded {
	const padded = digits.padEnd(Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS, "0");
	return { digits: wordOf(digits.length / 2) + padded, isDynamic: true };
}

function encodeWord(value: bigint | undefined, type: string): Encoded {
	if (value === undefined) throw notOfType(type);
	return { digits: wordOf(BigInt.asUintN(256, value)), isDynamic: false };
}

function toInteger(value: unknown, type: string, size: number): bigint | undefined {
	if (typeof value === "number" ? !Number.isSafeInteger(value) : !INTEGER.test(String(value))) return undefined;
	const integer = BigInt(value as bigint | number | string);
	return (type.startsWith("u") ? BigInt.asUintN : BigInt.asIntN)(size, integer) === integer ? integer : undefined;
}

function bytesDigits(value: unknown, type: string): string {
	if (isBytes(value)) return encodeHexDigits(value);
	if (typeof value !== "string" || !HEX.test(value)) throw notOfType(type);
	return value.slice(2).toLowerCase();
}

function textDigits(value: unknown): string {
	if (typeof value !== "string" || !value.isWellFormed()) throw notOfType("string");
	return encodeHexDigits(new TextEncoder().encode(value));
}

function wordOf(value: bigint | number): string {
	return value.toString(16).padStart(WORD_DIGITS, "0");
}

function notOfType(type: string): TypeError {
	return new TypeError(`expected a value of the type ${type}`);
}
