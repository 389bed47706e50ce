/**
 * Changes inputs at random: their bytes, and what is written in them as JSON, base64, hexadecimal or DER.
 * @module
 */
import { mutateDer } from "./mutate-der.ts";
import { mutateJson } from "./mutate-json.ts";
import type { Random } from "./random.ts";

/** What mutations are made of, besides the input. */
export interface Material {
	readonly random: Random;
	/** Texts that the code under test looks for. */
	readonly words: readonly string[];
	/** Another input. */
	readonly other: Buffer;
}

const MAX_BYTES = 20_000;
const MAX_DEPTH = 3;
const WORD = 32;
const BYTES = [0, 1, 9, 10, 13, 32, 34, 44, 46, 48, 61, 92, 127, 128, 194, 239, 255];
const NUMBERS = [
	"0",
	"-1",
	"1",
	"-0",
	"1e3",
	"1e400",
	"1e-400",
	"0.5",
	"255",
	"65536",
	"2147483648",
	"9007199254740993",
];
const TEXTS = [
	"",
	" ",
	"\n",
	"\r\n",
	"\t",
	"\u0000",
	"\u017f",
	"\u212a",
	"\ufeff",
	"\u202e",
	"\\u0061",
	"\\ud800",
	"%00",
];

/** Changes an input in one to four places. */
export function mutate(input: Buffer, material: Material): Buffer {
	let mutated = input;
	for (let times = 1 + material.random.below(4); times > 0; times--) mutated = mutateOnce(mutated, material, 0);
	return mutated.subarray(0, MAX_BYTES);
}

function mutateOnce(input: Buffer, material: Material, depth: number): Buffer {
	const { random } = material;
	const kind = random.below(10);
	if (kind < 3) return mutateJson(input, material) ?? mutateBytes(input, material);
	if (kind < 5 && depth < MAX_DEPTH) return mutateEncoded(input, material, depth) ?? mutateBytes(input, material);
	if (kind === 5) return mutateDer(input, random) ?? mutateBytes(input, material);
	return mutateBytes(input, material);
}

/** Changes what a run of base64 or hexadecimal digits stands for. */
function mutateEncoded(input: Buffer, material: Material, depth: number): Buffer | undefined {
	const { random } = material;
	const text = input.toString("latin1");
	const encoding = random.pick(["base64", "base64url", "hex"] as const);
	const digits = { base64: /[A-Za-z0-9+/\n]{16,}={0,2}/g, base64url: /[\w-]{8,}/g, hex: /(?:[\da-f]{2}){8,}/gi };
	const runs = [...text.matchAll(digits[encoding])];
	if (runs.length === 0) return undefined;
	const { index, 0: run } = random.pick(runs);
	const bytes = Buffer.from(run, encoding);
	const hasWords = encoding === "hex" && bytes.length >= WORD && random.below(2) === 0;
	const mutated = (hasWords ? mutateAbiWord(bytes, random) : mutateOnce(bytes, material, depth + 1)).toString(encoding);
	return Buffer.from(text.slice(0, index) + mutated + text.slice(index + run.length), "latin1");
}

/** Replaces a word of 32 bytes, as contracts return them. */
function mutateAbiWord(bytes: Buffer, random: Random): Buffer {
	const places = Math.floor(bytes.length / WORD);
	const [to, from] = [random.below(places) * WORD, random.below(places) * WORD];
	const word = Buffer.from(
		random.pick([bytes.subarray(from, from + WORD), Buffer.alloc(WORD), Buffer.alloc(WORD, 255)]),
	);
	word[random.pick([0, WORD - 1, WORD - 7, WORD - 21])] = random.below(256);
	return Buffer.concat([bytes.subarray(0, to), word, bytes.subarray(to + WORD)]);
}

function mutateBytes(input: Buffer, { random, words, other }: Material): Buffer {
	const start = random.below(input.length + 1);
	const end = Math.min(input.length, start + random.pick([0, 1, 1, 2, 4, 16, 64, input.length]));
	const replaced = (middle: Uint8Array | string): Buffer =>
		Buffer.concat([input.subarray(0, start), Buffer.from(middle as string), input.subarray(end)]);
	const some = input.subarray(start, end);
	switch (random.below(11)) {
		case 0:
			return replaced("");
		case 1:
			return replaced(Buffer.of(random.pick(BYTES)));
		case 2:
			return replaced(some.map((byte) => byte ^ (1 << random.below(8))));
		case 3:
			return replaced(Buffer.concat(Array<Buffer>(random.pick([2, 3, 17, 300])).fill(some)));
		case 4:
			return replaced(other.subarray(random.below(other.length + 1)));
		case 5:
			return replaced(random.pick(TEXTS));
		case 6:
			return replaced(random.pick(NUMBERS));
		case 7:
			return mutateLine(input, random);
		case 8:
			return replaced(random.pick(words));
		default:
			return mutateWord(input, random.pick(words), random);
	}
}

function mutateWord(input: Buffer, word: string, random: Random): Buffer {
	const text = input.toString("latin1");
	const found = [...text.matchAll(/[\w-]+/g)];
	if (found.length === 0) return Buffer.from(word);
	const { index, 0: old } = random.pick(found);
	return Buffer.concat([input.subarray(0, index), Buffer.from(word), input.subarray(index + old.length)]);
}

/** Repeats, moves or removes a line or a number, or replaces it. */
function mutateLine(input: Buffer, random: Random): Buffer {
	const text = input.toString("latin1");
	const pieces = text.split(random.pick([/(\n)/, /([.])/, /(\d+)/, /([, ])/]));
	const at = random.below(pieces.length);
	const piece = pieces[at] as string;
	const others = [pieces[random.below(pieces.length)] as string, random.pick(NUMBERS), piece + piece, ""];
	pieces[at] = random.pick(others);
	return Buffer.from(pieces.join(""), "latin1");
}
