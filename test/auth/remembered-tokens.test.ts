import { describe, expect, it } from "vitest";
import { createRememberedTokens, type ProvenToken } from "../../src/auth/remembered-tokens.ts";

const SIGNATURE = "s".repeat(86);
const NOW = 1_000;

const remember = (token: string): ProvenToken =>
	({ token, since: NOW, expiresAt: NOW + 60, keyId: "key", profile: {}, resolved: {} }) as unknown as ProvenToken;

describe("T89: tokens with the same signature", () => {
	it("T89: are told apart by their whole text, and the last one is remembered", () => {
		const tokens = createRememberedTokens();
		const [first, second] = [remember(`a.b.${SIGNATURE}`), remember(`a.c.${SIGNATURE}`)];
		tokens.add(first);
		expect(tokens.find(first.token, NOW)).toMatchObject(first);
		expect(tokens.find(second.token, NOW)).toBeUndefined();
		tokens.add(second);
		expect(tokens.find(second.token, NOW)).toMatchObject(second);
		expect(tokens.find(first.token, NOW)).toBeUndefined();
	});

	it("T89: take one place", () => {
		const tokens = createRememberedTokens({ maxEntries: 2 });
		const other = remember(`a.b.${"o".repeat(86)}`);
		tokens.add(other);
		for (const claims of ["b", "c", "d"]) tokens.add(remember(`a.${claims}.${SIGNATURE}`));
		expect(tokens.find(other.token, NOW)).toMatchObject(other);
	});
});

describe("T89: many tokens", () => {
	it("T89: larger ones than are remembered together are forgotten, the oldest first", () => {
		const tokens = createRememberedTokens();
		const large = Array.from({ length: 10 }, (_, at) => remember(`a.${`${at}`.repeat(2 ** 20)}.${`${at}`.repeat(86)}`));
		for (const token of large) tokens.add(token);
		const found = large.map(({ token }) => tokens.find(token, NOW) !== undefined);
		expect(found).toEqual(large.map((_, at) => at > 2));
	});

	it("T89: one that is larger than all together may be isn't remembered", () => {
		const tokens = createRememberedTokens();
		const [small, huge] = [remember(`a.b.${SIGNATURE}`), remember(`a.${"c".repeat(2 ** 23)}.${"o".repeat(86)}`)];
		for (const token of [small, huge]) tokens.add(token);
		expect(tokens.find(small.token, NOW)).toMatchObject(small);
		expect(tokens.find(huge.token, NOW)).toBeUndefined();
	});

	it("T89: those whose text was overwritten are forgotten", () => {
		const tokens = createRememberedTokens();
		const first = remember(`a.b.${"f".repeat(86)}`);
		tokens.add(first);
		for (let count = 0; count < 9; count++) tokens.add(remember(`a.${`${count}`.repeat(2 ** 20)}.${SIGNATURE}`));
		expect(tokens.find(first.token, NOW)).toBeUndefined();
	});
});
