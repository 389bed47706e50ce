/**
 * Declarations of functions and events in Solidity, such as `function balanceOf(address) view returns (uint256)`.
 * @module
 */
import { type AbiParameter, partsOf } from "./abi-parameter.js";

/** A declaration in the form of a JSON ABI. */
export interface Declaration {
	readonly type: string;
	readonly name?: string | undefined;
	readonly inputs?: readonly AbiParameter[] | undefined;
	readonly outputs?: readonly AbiParameter[] | undefined;
	readonly stateMutability?: string | undefined;
	readonly anonymous?: boolean | undefined;
}

const TOKEN = /\s*([A-Za-z_$][\w$]*|\[\d*\]|[(),]|$)/y;
const NAME = /^[A-Za-z_$]/;
const MUTABILITY: ReadonlySet<string> = new Set(["view", "pure", "payable", "nonpayable", "constant"]);
const VISIBILITY: ReadonlySet<string> = new Set(["external", "public", "internal", "private"]);
const LOCATION: ReadonlySet<string> = new Set(["memory", "calldata", "storage", "payable"]);

/** Parses a function, an event or an error. */
export function parseSignature(text: string): Declaration {
	const tokens = tokenize(text);
	const type = tokens.shift() ?? "";
	if (type !== "function" && type !== "event" && type !== "error") throw notUnderstood(text);
	const name = takeName(tokens);
	if (name === undefined) throw notUnderstood(text);
	const inputs = takeParameters(tokens, text);
	let outputs: readonly AbiParameter[] = [];
	let stateMutability = "nonpayable";
	for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
		if (type === "function" && MUTABILITY.has(token)) stateMutability = token === "constant" ? "view" : token;
		else if (type === "function" && token === "returns" && outputs.length === 0) outputs = takeParameters(tokens, text);
		else if (type !== "function" || !VISIBILITY.has(token)) throw notUnderstood(text);
	}
	return { type, name, inputs, outputs, stateMutability };
}

function tokenize(text: string): string[] {
	const tokens: string[] = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < text.length) {
		const token = TOKEN.exec(text)?.[1];
		if (token === undefined) throw notUnderstood(text);
		if (token !== "") tokens.push(token);
	}
	return tokens;
}

/** Takes a list in parentheses. */
function takeParameters(tokens: string[], text: string): readonly AbiParameter[] {
	if (tokens.shift() !== "(") throw notUnderstood(text);
	const parameters: AbiParameter[] = [];
	if (tokens[0] === ")") tokens.shift();
	else {
		do parameters.push(takeParameter(tokens, text));
		while (isNext(tokens, ","));
		if (tokens.shift() !== ")") throw notUnderstood(text);
	}
	return parameters;
}

function takeParameter(tokens: string[], text: string): AbiParameter {
	const named = tokens[0] === "(" ? "tuple" : takeName(tokens);
	if (named === undefined) throw notUnderstood(text);
	const components = named === "tuple" ? takeParameters(tokens, text) : undefined;
	let type = named;
	while (tokens[0]?.startsWith("[")) type += tokens.shift();
	const indexed = isNext(tokens, "indexed");
	if (LOCATION.has(tokens[0] ?? "")) tokens.shift();
	const parameter = { type, components, indexed, name: takeName(tokens) ?? "" };
	partsOf(parameter);
	return parameter;
}

function takeName(tokens: string[]): string | undefined {
	return NAME.test(tokens[0] ?? "") ? tokens.shift() : undefined;
}

function isNext(tokens: string[], token: string): boolean {
	if (tokens[0] !== token) return false;
	tokens.shift();
	return true;
}

function notUnderstood(text: string): TypeError {
	return new TypeError(`expected a function, an event or an error in Solidity, got ${JSON.stringify(text)}`);
}
