/**
 * Changes JSON within a text: members, names, values and nesting. The result may have the same name twice, escaped names
 * and dangerous ones.
 * @module
 */
import type { Material } from "./mutate.ts";
import type { Random } from "./random.ts";

/** A JSON value whose objects keep the order of their members, and several of the same name. */
type Tree = string | number | boolean | null | Tree[] | Members;

class Members {
	readonly list: [name: string, value: Tree][];

	constructor(list: [name: string, value: Tree][]) {
		this.list = list;
	}
}

const MAX_DEPTH = 500;
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "toJSON", "", "length"];
const VALUES: readonly Tree[] = [null, true, false, 0, -1, 1.5, 2 ** 53, 1e21, "", "0x", "null", "\u0000", [], [null]];

/** Undefined if the input contains no JSON object or array. */
export function mutateJson(input: Buffer, { random, words, other }: Material): Buffer | undefined {
	const text = input.toString();
	const found = findJson(text, random);
	if (found === undefined) return undefined;
	const { tree, start, end } = found;
	const places = placesOf(tree);
	const donor = findJson(other.toString(), random);
	const grafts = [...places, ...(donor === undefined ? [] : placesOf(donor.tree))].map(({ get }) => copy(get()));
	const { get, set, rename, repeat, remove } = random.pick(places);
	const value = get();
	const changes: (() => void)[] = [
		() => set(random.pick(VALUES)),
		() => set(random.pick(words)),
		() => set(random.pick(grafts)),
		() => set(Array.isArray(value) ? (value[0] ?? null) : [value]),
		() => set(typeof value === "number" ? String(value) : Number(value)),
		() => set(typeof value === "string" ? value + random.pick(words) : new Members([["a", value]])),
		() => set(nested(value, random.pick([2, 31, 33, 200]))),
		() => rename(random.pick(NAMES)),
		() => rename(random.pick(words)),
		() => repeat(random.pick(grafts)),
		() => repeat(value),
		remove,
	];
	random.pick(changes)();
	const written = write(tree, random.below(8) === 0 ? random : undefined);
	return Buffer.from(text.slice(0, start) + written + text.slice(end));
}

interface FoundJson {
	readonly tree: Tree;
	readonly start: number;
	readonly end: number;
}

/** The whole text or one of its lines, from the first bracket on. */
function findJson(text: string, random: Random): FoundJson | undefined {
	const lines = text.split("\n");
	const line = random.below(lines.length);
	const lineStart = lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0);
	for (const [from, part] of [[0, text] as const, [lineStart, lines[line] as string] as const]) {
		const start = part.search(/[[{]/);
		if (start < 0) continue;
		const json = part.slice(start).trimEnd();
		try {
			return { tree: toTree(JSON.parse(json)), start: from + start, end: from + start + json.length };
		} catch {
			// Not JSON, or other text follows.
		}
	}
	return undefined;
}

function toTree(value: unknown, depth = 0): Tree {
	if (typeof value !== "object" || value === null) return value as Tree;
	if (depth > MAX_DEPTH) throw new RangeError("too deep");
	if (Array.isArray(value)) return value.map((element) => toTree(element, depth + 1));
	return new Members(Object.entries(value).map(([name, member]) => [name, toTree(member, depth + 1)]));
}

/** So that a value can be put into itself. */
function copy(tree: Tree): Tree {
	if (Array.isArray(tree)) return tree.map(copy);
	return tree instanceof Members ? new Members(tree.list.map(([name, value]) => [name, copy(value)])) : tree;
}

/** A value in a tree, and what can be done there. */
interface Place {
	get(): Tree;
	set(value: Tree): void;
	rename(name: string): void;
	repeat(value: Tree): void;
	remove(): void;
}

function placesOf(tree: Tree): Place[] {
	if (Array.isArray(tree)) {
		if (tree.length === 0) tree.push(null);
		return tree.flatMap((value, at) => [
			{
				get: () => value,
				set: (other) => tree.splice(at, 1, other),
				rename: () => tree.reverse(),
				repeat: (other) => tree.push(other),
				remove: () => tree.splice(at, 1),
			},
			...placesOf(value),
		]);
	}
	if (!(tree instanceof Members)) return [];
	const { list } = tree;
	if (list.length === 0) list.push(["a", null]);
	return list.flatMap((member, at) => [
		{
			get: () => member[1],
			set: (other) => list.splice(at, 1, [member[0], other]),
			rename: (name) => list.splice(at, 1, [name, member[1]]),
			repeat: (other) => list.push([member[0], other]),
			remove: () => list.splice(at, 1),
		},
		...placesOf(member[1]),
	]);
}

function nested(value: Tree, depth: number): Tree {
	return depth === 0 ? value : [nested(value, depth - 1)];
}

/** Writes JSON; some of its texts with escapes, if there are random choices. */
function write(tree: Tree, random: Random | undefined): string {
	if (Array.isArray(tree)) return `[${tree.map((value) => write(value, random)).join(",")}]`;
	if (tree instanceof Members) {
		return `{${tree.list.map(([name, value]) => `${write(name, random)}:${write(value, random)}`).join(",")}}`;
	}
	const text = JSON.stringify(tree);
	if (typeof tree !== "string" || tree === "" || random === undefined || random.below(3) > 0) return text;
	return `"\\u${tree.charCodeAt(0).toString(16).padStart(4, "0")}${text.slice(1 + JSON.stringify(tree[0]).length - 2)}`;
}
