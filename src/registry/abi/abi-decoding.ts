/**
 * Decodes the results of view functions (Solidity's contract ABI specification) in linear time; ethers copies the rest
 * of the result for every dynamic member. Only the encoding that compilers produce is accepted, without overlaps or
 * unused bytes. In particular, zeros in place of text or a list are rejected.
 * @module
 */
import { encodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { toChecksum } from "../../keys/account.js";
import { codedError } from "../coded-error.js";
import { type AbiParameter, partsOf } from "./abi-parameter.js";

/** Decodes one function's results from hexadecimal text. */
export type ResultDecoder = (result: unknown) => unknown;

/** A result that is being decoded; the next dynamic value must begin at `tail`. */
interface EncodedResult {
	readonly bytes: Uint8Array;
	readonly view: DataView;
	tail: number;
}

interface Coder {
	/** Its size in the head of its struct or array, in bytes: one word, the offset, if it is dynamic. */
	readonly size: number;
	readonly isDynamic: boolean;
	decode(encoded: EncodedResult, at: number): unknown;
}

const WORD = 32;
/** The value of a hexadecimal digit, by character code; 255 for other characters. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
	const value = Number.parseInt(String.fromCharCode(code), 16);
	return Number.isNaN(value) ? 255 : value;
});
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Results and structs become arrays that also have named members. Text that isn't valid UTF-8 becomes empty. */
export function createResultDecoder(outputs: readonly AbiParameter[]): ResultDecoder {
	const results = structCoder(outputs, true);
	return (result) => {
		const bytes = decodeDigits(result);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const encoded: EncodedResult = { bytes, view, tail: 0 };
		const values = results.decode(encoded, 0);
		if (encoded.tail !== bytes.length) throw unreadable("bytes are left over");
		return values;
	};
}

/** Used instead of `decodeHex`, which takes tens of milliseconds for the longest results. */
function decodeDigits(result: unknown): Uint8Array {
	const text = typeof result === "string" ? new TextEncoder().encode(result) : new Uint8Array();
	if (text.length % 2 !== 0 || text[0] !== 0x30 || text[1] !== 0x78) throw unreadable("it isn't hexadecimal");
	const bytes = new Uint8Array(text.length / 2 - 1);
	let seen = 0;
	for (let at = 0; at < bytes.length; at++) {
		const high = DIGITS[text[at * 2 + 2] as number] as number;
		const low = DIGITS[text[at * 2 + 3] as number] as number;
		seen |= high | low;
		bytes[at] = (high << 4) | low;
	}
	if (seen > 15) throw unreadable("it isn't hexadecimal");
	return bytes;
}

function coderOf(parameter: AbiParameter): Coder {
	const parts = partsOf(parameter);
	if (parts.kind === "struct") return structCoder(parts.members);
	if (parts.kind === "array") return arrayCoder(coderOf(parts.element), parts.length);
	if (parts.type === "string") return bytesCoder(decodeText);
	if (parts.type === "bytes") return bytesCoder(encodeHex);
	return { size: WORD, isDynamic: false, decode: wordDecoder(parts.type, parts.size) };
}

function structCoder(types: readonly AbiParameter[], isResults = false): Coder {
	const coders = types.map(coderOf);
	const headSize = coders.reduce((sum, { size }) => sum + size, 0);
	const isDynamic = isResults || coders.some((coder) => coder.isDynamic);
	const names = types.map(({ name = "" }) => (name in Array.prototype ? "" : name));
	return {
		size: isDynamic ? WORD : headSize,
		isDynamic,
		decode(encoded, at) {
			if (isDynamic) reserve(encoded, at, headSize);
			const values: unknown[] & Record<string, unknown> = Object.assign(decodeMembers(coders, encoded, at));
			for (const [index, name] of names.entries()) if (name !== "") values[name] = values[index];
			return values;
		},
	};
}

function arrayCoder(element: Coder, fixedLength: number | undefined): Coder {
	const isDynamic = fixedLength === undefined || element.isDynamic;
	return {
		size: isDynamic ? WORD : fixedLength * element.size,
		isDynamic,
		decode(encoded, at) {
			const length = fixedLength ?? readLength(encoded, at);
			const start = fixedLength === undefined ? at + WORD : at;
			if (length > encoded.bytes.length / WORD) throw unreadable("it is too short");
			if (isDynamic) reserve(encoded, start, length * element.size);
			return decodeMembers(Array<Coder>(length).fill(element), encoded, start);
		},
	};
}

function bytesCoder(convert: (bytes: Uint8Array) => string): Coder {
	return {
		size: WORD,
		isDynamic: true,
		decode(encoded, at) {
			const length = readLength(encoded, at);
			const start = at + WORD;
			reserve(encoded, start, Math.ceil(length / WORD) * WORD);
			return convert(encoded.bytes.subarray(start, start + length));
		},
	};
}

function decodeMembers(coders: readonly Coder[], encoded: EncodedResult, start: number): unknown[] {
	let head = start;
	return coders.map((coder) => {
		const at = coder.isDynamic ? start + readLength(encoded, head) : head;
		if (coder.isDynamic && at !== encoded.tail) throw unreadable("an offset is unusual");
		head += coder.size;
		return coder.decode(encoded, at);
	});
}

function wordDecoder(type: string, size: number): Coder["decode"] {
	if (type === "bool") return (encoded, at) => readUint(encoded, at, 1) === 1n;
	if (type === "address") return readAddress;
	if (type.startsWith("uint")) return (encoded, at) => readUint(encoded, at, size);
	if (type.startsWith("int")) return (encoded, at) => readInt(encoded, at, size);
	return (encoded, at) => readBytes(encoded, at, size);
}

function readAddress(encoded: EncodedResult, at: number): string {
	readUint(encoded, at, 160);
	return toChecksum(encoded.bytes.subarray(at + 12, at + WORD));
}

function readBytes({ bytes }: EncodedResult, at: number, size: number): string {
	if (bytes.subarray(at + size, at + WORD).some((byte) => byte !== 0)) throw unreadable("a value is too long");
	return encodeHex(bytes.subarray(at, at + size));
}

function readUint({ view }: EncodedResult, at: number, bits: number): bigint {
	let value = 0n;
	for (let part = at; part < at + WORD; part += 8) value = (value << 64n) | view.getBigUint64(part);
	if (BigInt.asUintN(bits, value) !== value) throw unreadable("a number is out of range");
	return value;
}

function readInt(encoded: EncodedResult, at: number, bits: number): bigint {
	const value = BigInt.asIntN(256, readUint(encoded, at, 256));
	if (BigInt.asIntN(bits, value) !== value) throw unreadable("a number is out of range");
	return value;
}

/** Reads a length or an offset. */
function readLength(encoded: EncodedResult, at: number): number {
	if (at + WORD > encoded.bytes.length) throw unreadable("it is too short");
	return Number(readUint(encoded, at, 32));
}

function reserve(encoded: EncodedResult, start: number, size: number): void {
	encoded.tail = start + size;
	if (encoded.tail > encoded.bytes.length) throw unreadable("it is too short");
}

function decodeText(bytes: Uint8Array): string {
	return undefinedOnError(() => utf8.decode(bytes)) ?? "";
}

function unreadable(reason: string): Error {
	return codedError("BAD_DATA", `the result can't be decoded: ${reason}`);
}
