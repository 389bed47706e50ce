/** How much of all tokens is remembered: their characters count, whether or not they were used again. */
import { expect, it } from "vitest";
import { createRememberedTokens, type ProvenToken } from "../../src/auth/remembered-tokens.ts";

const NOW = 1_000;
const MAX_CHARACTERS = 2 ** 23;

/** A token of this many characters, with an end of its own. */
function tokenOf(name: string, length: number): string {
	return `${name}${"x".repeat(length - 2 * name.length)}${name}`;
}

function remember(token: string): ProvenToken {
	return { token, since: NOW, expiresAt: undefined, keyId: "key", profile: {}, resolved: {} } as unknown as ProvenToken;
}

/** Adds tokens, and uses each at once, so that it doesn't depend on the place of its text. */
function addAndUse(tokens: ReturnType<typeof createRememberedTokens>, texts: readonly string[]): void {
	for (const text of texts) {
		tokens.add(remember(text));
		expect(tokens.find(text, NOW)).toBeDefined();
	}
}

const names = Array.from({ length: 9 }, (_, at) => `the token number ${at}`);

it("as many as have all characters together are remembered, and for one more the oldest is forgotten", () => {
	const tokens = createRememberedTokens();
	const texts = names.map((name) => tokenOf(name, MAX_CHARACTERS / 8));
	addAndUse(tokens, texts.slice(0, 8));
	expect(texts.map((text) => tokens.find(text, NOW) !== undefined)).toEqual([...Array(8).fill(true), false]);
	addAndUse(tokens, texts.slice(8));
	expect(texts.map((text) => tokens.find(text, NOW) !== undefined)).toEqual([false, ...Array(8).fill(true)]);
});

it("one that has all characters alone is remembered, and a longer one isn't", () => {
	const tokens = createRememberedTokens();
	addAndUse(tokens, [tokenOf("the largest one", MAX_CHARACTERS)]);
	const longer = tokenOf("the one too long", MAX_CHARACTERS + 1);
	tokens.add(remember(longer));
	expect(tokens.find(longer, NOW)).toBeUndefined();
});

it("one that replaces another with the same end takes its place, however often", () => {
	const tokens = createRememberedTokens();
	const other = tokenOf("another token", 100);
	const same = names.map((name) => `${name}${tokenOf("the same end", MAX_CHARACTERS / 8)}`);
	addAndUse(tokens, [other, ...same, ...same]);
	expect(tokens.find(other, NOW)).toBeDefined();
	expect(same.map((text) => tokens.find(text, NOW) !== undefined)).toEqual([...Array(8).fill(false), true]);
});
