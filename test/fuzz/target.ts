/**
 * What a fuzz target is, and what counts as a finding.
 * @module
 */
import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isOrgpassError } from "../../src/errors/errors.ts";

/** A reader of untrusted input. */
export interface Target {
	/** Texts that inputs of this kind often contain. */
	readonly words: readonly string[];
	/** How many blocks of `src` an input may run: `base + perByte * bytes`. */
	readonly work: { readonly base: number; readonly perByte: number };
	/** Reads an input in all ways, and returns a summary of the results. Throws a {@link Finding} for a wrong result. */
	run(input: Buffer): Promise<string>;
	close?(): Promise<void>;
}

/** The code under test did what it must not do. */
export class Finding extends Error {}

/** What a call may do. */
export interface Expectations {
	/** Whether the function's documentation lists a code. */
	readonly codes: (code: string) => boolean;
	/** Texts that no error may contain. */
	readonly secrets?: readonly string[];
}

/** The outcome of a call that may refuse its input: a value, or the code of the refusal. */
export type Outcome<T> = { readonly value: T } | { readonly code: string };

const DOCUMENTED: ReadonlySet<string> = new Set(
	[...readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8").matchAll(/^\| <a id="([^"]+)"/gm)].map(
		([, code]) => code as string,
	),
);
const STACK = /\n\s+at /;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROTOTYPES = [Object, Array, Function, String, Number, Promise, Uint8Array].map(({ prototype }) => prototype);
const UNTOUCHED = describePrototypes();

/** Calls a reader. Anything that it throws must be an error with a documented code, and tell no secret. */
export async function attempt<T>(work: () => T | Promise<T>, expected: Expectations): Promise<Outcome<T>> {
	try {
		return { value: await work() };
	} catch (error) {
		assertRefusal(error, expected);
		return { code: error.code };
	}
}

/** Asserts that an error is a documented refusal. */
export function assertRefusal(
	error: unknown,
	{ codes, secrets = [] }: Expectations,
): asserts error is Error & { readonly code: string } {
	if (error instanceof Finding) throw error;
	if (!isOrgpassError(error)) throw new Finding("something without a code was thrown", { cause: error });
	const { code, message, details } = error;
	if (!DOCUMENTED.has(code) || !codes(code))
		throw new Finding(`the code ${code} isn't documented here`, { cause: error });
	const shown = `${message}\n${JSON.stringify(details)}`;
	if (STACK.test(shown) || shown.includes(ROOT))
		throw new Finding("an error's message contains a stack trace or a path", { cause: error });
	const told = shown + textOfCauses(error);
	if (secrets.some((secret) => told.includes(secret)))
		throw new Finding("an error contains a secret", { cause: error });
}

function textOfCauses({ cause }: Error): string {
	if (!(cause instanceof Error)) return String(cause);
	return `\n${cause.message} ${JSON.stringify(cause)}${textOfCauses(cause)}`;
}

/** The codes after `@throws` in the documentation of an exported function. */
export function documentedCodes(file: string, name: string): (code: string) => boolean {
	const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), "utf8");
	const end = text.search(new RegExp(`^export (?:async )?function ${name}\\b`, "m"));
	const comment = text.slice(text.lastIndexOf("/**", end), end);
	const codes = new Set([...comment.matchAll(/`([a-z]+\/[a-z-]+)`/g)].map(([, code]) => code));
	if (codes.size === 0) throw new Error(`${file} documents no codes of ${name}`);
	return (code) => codes.has(code);
}

/** Asserts that two readings are deeply the same. */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
	try {
		deepStrictEqual(actual, expected);
	} catch (cause) {
		throw new Finding(`${what} differ`, { cause });
	}
}

/** Asserts a fact about a result. */
export function assertThat(isTrue: boolean, otherwise: string): asserts isTrue {
	if (!isTrue) throw new Finding(otherwise);
}

/** Runs an input once, and checks what holds for every target. */
export async function runInput(target: Target, input: Buffer): Promise<string> {
	const given = Buffer.from(input);
	try {
		return await target.run(given);
	} catch (error) {
		throw error instanceof Finding ? error : new Finding("something without a code was thrown", { cause: error });
	} finally {
		assertThat(given.equals(input), "the input was changed");
		assertThat(describePrototypes() === UNTOUCHED, "a prototype was changed");
	}
}

function describePrototypes(): string {
	return PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length).join();
}

/** JSON as V8 reads it; undefined if it isn't JSON. */
export function parseLoosely(text: string): { readonly value: unknown } | undefined {
	try {
		return { value: JSON.parse(text) as unknown };
	} catch {
		return undefined;
	}
}

/** docs/threats.md, T15. */
const DANGEROUS: ReadonlySet<string> = new Set(["__proto__", "constructor"]);

/** Asserts that accepted JSON has no name twice in an object, in whatever spelling, and no dangerous one. */
export function assertClearNames(text: string): void {
	let count = 0;
	JSON.parse(text, (name, value: unknown) => {
		if (DANGEROUS.has(name)) throw new Finding(`the name ${name} is accepted`);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) count += Object.keys(value).length;
		return value;
	});
	const written = text.replace(/"(?:[^"\\]|\\.)*"/gs, "").split(":").length - 1;
	assertThat(count === written, "a name that occurs twice is accepted");
}
