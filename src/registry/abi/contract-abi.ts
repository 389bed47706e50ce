/**
 * A contract's functions and events, found by name and by topic.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { InterfaceAbi } from "ethers";
import { encodeHex, type Hex } from "../../encoding/hex.js";
import { createResultDecoder, type ResultDecoder } from "./abi-decoding.js";
import { encodeParameters } from "./abi-encoding.js";
import { type AbiParameter, partsOf, signatureType } from "./abi-parameter.js";
import { type Declaration, parseSignature } from "./parse-signature.js";

export interface AbiFunction {
	/** The first four bytes of the signature's hash. */
	readonly selector: Hex;
	/** Encodes a call. Throws a TypeError if an argument isn't of its type. */
	encodeCall(args: readonly unknown[]): Hex;
	/** Decodes the results; an array that also has named members. */
	readonly decodeResults: ResultDecoder;
}

export interface AbiEvent {
	readonly name: string;
	/** Decodes the arguments by name; of an indexed argument without a fixed size, a log contains only the hash. */
	decode(topics: readonly string[], data: string): Readonly<Record<string, unknown>>;
}

export interface ContractAbi {
	/** By name, or by its signature if it is overloaded. */
	functionOf(name: string): AbiFunction | undefined;
	/** By the first topic of a log. */
	eventOf(topic: string | undefined): AbiEvent | undefined;
}

/** Reads an ABI in any form that ethers reads: JSON, declarations in Solidity, or ethers' own objects. */
export function toContractAbi(abi: InterfaceAbi): ContractAbi {
	const items: readonly unknown[] = typeof abi === "string" ? JSON.parse(abi) : abi;
	const declarations = items.map(toDeclaration).filter((item) => item !== undefined);
	const functions = new Map<string, AbiFunction | undefined>();
	let events: ReadonlyMap<string, AbiEvent> | undefined;
	return {
		functionOf(name) {
			if (!functions.has(name)) functions.set(name, findFunction(declarations, name));
			return functions.get(name);
		},
		eventOf(topic = "") {
			events ??= new Map(
				declarations.filter(isNamedEvent).map((event) => [hashText(signatureOf(event)), toEvent(event)]),
			);
			return events.get(topic);
		},
	};
}

/** keccak-256 of a text, such as a signature. */
export function hashText(text: string): Hex {
	return encodeHex(keccak_256(new TextEncoder().encode(text)));
}

/** The first four bytes of the hash of a signature. */
export function selectorOf(signature: string): Hex {
	return hashText(signature).slice(0, 10) as Hex;
}

/** `name(types)` of a function or event. */
export function signatureOf({ name = "", inputs = [] }: Declaration): string {
	return `${name}(${inputs.map(signatureType).join()})`;
}

/** Only functions and events are read here. */
function toDeclaration(item: unknown): Declaration | undefined {
	if (typeof item === "string") return /^\s*(?:function|event)\s/.test(item) ? parseSignature(item) : undefined;
	const { format } = item as { readonly format?: unknown };
	return typeof format === "function" ? JSON.parse(format.call(item, "json")) : (item as Declaration);
}

function findFunction(declarations: readonly Declaration[], name: string): AbiFunction | undefined {
	const isWanted = ({ type, ...rest }: Declaration): boolean =>
		type === "function" && (rest.name === name || (name.includes("(") && signatureOf({ type, ...rest }) === name));
	const [found, second] = declarations.filter(isWanted);
	if (second !== undefined) throw new TypeError(`the ABI has several functions ${name}: use a signature`);
	return found && toFunction(found);
}

function toFunction(declaration: Declaration): AbiFunction {
	const { inputs = [], outputs = [] } = declaration;
	const selector = selectorOf(signatureOf(declaration));
	outputs.forEach(assertReadable);
	return {
		selector,
		encodeCall: (args) => `${selector}${encodeParameters(inputs, args)}`,
		decodeResults: createResultDecoder(outputs),
	};
}

/** Results are arrays with named members: one named like a member of arrays could only be read by its position. */
function assertReadable({ name = "", components = [] }: AbiParameter): void {
	if (name in Array.prototype) {
		throw new TypeError(`the ABI names a result ${name}, like a member of arrays: rename it in the ABI`);
	}
	components.forEach(assertReadable);
}

function isNamedEvent({ type, anonymous = false }: Declaration): boolean {
	return type === "event" && !anonymous;
}

function toEvent({ name = "", inputs = [] }: Declaration): AbiEvent {
	const indexed = inputs.filter((input) => input.indexed);
	const topicDecoders = indexed.map(createTopicDecoder);
	const decodeData = createResultDecoder(inputs.filter((input) => !input.indexed));
	return {
		name,
		decode(topics, data) {
			if (topics.length !== indexed.length + 1) throw new TypeError(`expected ${indexed.length + 1} topics`);
			const fromTopics = topicDecoders.map((decode, index) => decode(topics[index + 1]));
			const fromData = [...(decodeData(data) as readonly unknown[])];
			const take = (input: AbiParameter): unknown => (input.indexed ? fromTopics : fromData).shift();
			return Object.freeze(Object.fromEntries(inputs.map((input) => [input.name ?? "", freezeLists(take(input))])));
		},
	};
}

function createTopicDecoder(input: AbiParameter): ResultDecoder {
	const parts = partsOf(input);
	if (parts.kind !== "value" || parts.type === "string" || parts.type === "bytes") return (topic) => topic;
	const decode = createResultDecoder([input]);
	return (topic) => (decode(topic) as readonly unknown[])[0];
}

/** Lists and structs become arrays without named members. */
function freezeLists(value: unknown): unknown {
	return Array.isArray(value) ? Object.freeze(Array.from(value, freezeLists)) : value;
}
