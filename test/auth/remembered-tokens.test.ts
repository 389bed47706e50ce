import { describe, expect, it } from "vitest";
import { createRememberedTokens, type RememberedToken } from "../../src/auth/remembered-tokens.ts";

const SIGNATURE = "s".repeat(86);
const NOW = 1_000;

const remember = (token: string): RememberedToken =>
	({ token, since: NOW, expiresAt: NOW + 60, keyId: "key", profile: {}, resolved: {} }) as unknown as RememberedToken;

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
