/** Tokens that no verifier would take aren't minted; and what doesn't change a minter later. */
import { expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { createGitHubAppMinter } from "../../src/tokens/app/app-minter.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { CURVE_KEY, RSA_KEYS } from "../support/token-kinds.ts";

const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const minters = [
	createOrgIdMinter({ key: CURVE_KEY, issuer, audience: "a" }),
	createGitHubAppMinter({ key: RSA_KEYS.privateKey, issuer: 7 }),
];

it("a token of more than 8,192 bytes is refused, and one of so many isn't", async () => {
	for (const minter of minters) {
		const base = (await minter.mint({ claims: { x: "" } })).length;
		const padding = Math.floor(((8_192 - base) * 3) / 4);
		const largest = await minter.mint({ claims: { x: "x".repeat(padding) } });
		expect(largest.length).toBeGreaterThan(8_192 - 4);
		expect(decodeToken(largest).claims["x"]).toHaveLength(padding);
		await expectRefusal(() => minter.mint({ claims: { x: "x".repeat(padding + 4) } }), "token/too-large");
	}
});

it("an ioctl token's times must be exact", async () => {
	const at = (now: number) => createIoctlMinter({ key: CURVE_KEY, now: () => now });
	for (const mint of [
		() => at(Number.MAX_SAFE_INTEGER - 10).mint(),
		() => at(2 ** 60).mint({ expiresAt: 5 }),
		() => at(2 ** 60).mint(),
	])
		expect((await refusalOf(mint)).code).toMatch(/^(?:config|token)\//);
	expect(decodeToken(await at(1_000).mint()).claims).toMatchObject({ iat: 1_000, exp: 4_600 });
});

it("changing the list of audiences later has no effect", async () => {
	const audience = ["a", "b"];
	const minter = createOrgIdMinter({ key: CURVE_KEY, issuer, audience });
	audience.push("evil");
	expect(decodeToken(await minter.mint()).claims["aud"]).toEqual(["a", "b"]);
});

it("a scope that begins like JSON is written as JSON, and any other as text", async () => {
	const [minter] = minters as [(typeof minters)[0]];
	for (const [scope, text] of [
		[["[a"], '["[a"]'],
		[["a["], "a["],
		[["a", "b"], "a b"],
	] as const)
		expect(decodeToken(await minter.mint({ scope } as never)).claims["scope"]).toBe(text);
});

it("discarding a token that isn't kept changes nothing", async () => {
	for (const minter of minters) {
		minter.discard("a.b.c");
		const kept = await minter.token();
		minter.discard("a.b.c");
		expect(await minter.token()).toBe(kept);
	}
});
