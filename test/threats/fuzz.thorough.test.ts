import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isOrgpassError } from "../../src/errors/errors.ts";
import { highSTwin } from "../support/forge-token.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";
import { describeWithVectorFiles } from "../vectors.ts";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge();
});

const REFUSAL = /^(token|did)\//;
const character = fc.constantFrom(
	..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ,\n\u0000\u200b",
);

/** The error of a verification; anything but an orgpass error fails the test. */
async function refusedWith(text: string): Promise<string | undefined> {
	try {
		await stage.verify(text);
		return undefined;
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		expect(error.code).toMatch(REFUSAL);
		return error.code;
	}
}

describe("only the signed text is accepted", () => {
	it("not with a character replaced, inserted or removed", async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), character, fc.constantFrom(0, 1), async (place, one, taken) => {
				const at = place % (token.length + 1);
				const changed = `${token.slice(0, at)}${one}${token.slice(at + taken)}`;
				if (changed !== token) expect(await refusedWith(changed)).toBeDefined();
			}),
			runs(400, 100),
		);
	});

	it("not with a character removed, two swapped, or the end cut off", async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat(), async (place) => {
				const at = place % (token.length - 1);
				const gone = `${token.slice(0, at)}${token.slice(at + 1)}`;
				const swapped = `${token.slice(0, at)}${token[at + 1]}${token[at]}${token.slice(at + 2)}`;
				for (const changed of [gone, swapped, token.slice(0, at)]) {
					if (changed !== token) expect(await refusedWith(changed)).toBeDefined();
				}
			}),
			runs(100, 25),
		);
	});

	it("except for the high-S twin", async () => {
		expect(await refusedWith(highSTwin(token))).toBeUndefined();
	});
});

describe("correctly signed tokens are accepted or rejected with a code", () => {
	const json = fc.jsonValue({ maxDepth: 3 });

	it("with any JSON as header and payload", async () => {
		await fc.assert(
			fc.asyncProperty(json, json, async (header, payload) => {
				const parts = { header: JSON.stringify(header), payload: JSON.stringify(payload) };
				expect(await refusedWith(await stage.forge(parts))).toBeDefined();
			}),
			runs(200, 50),
		);
	});

	it("with any JSON as a claim or header parameter", async () => {
		const claim = fc.constantFrom("iss", "aud", "exp", "nbf", "iat", "jti", "scope");
		const parameter = fc.constantFrom("alg", "typ", "kid", "crit", "jwk", "b64");
		await fc.assert(
			fc.asyncProperty(claim, parameter, json, json, async (name, other, value, second) => {
				await refusedWith(await stage.forge({ payload: stage.claims({ [name]: value }) }));
				const header = stage.header({ [other]: second });
				expect(await refusedWith(await stage.forge({ header }))).toBeDefined();
			}),
			runs(200, 50),
		);
	});
});

describeWithVectorFiles("RFC 7797", "jose-cookbook/rfc7797", (files) => {
	it.each([...files.keys()])("T7: the token of %s is rejected", async (name) => {
		const { output } = JSON.parse(String(files.get(name))) as { output: { compact?: string } };
		const text = output.compact ?? JSON.stringify(output);
		await expectRefusal(() => stage.verify(text), ["token/malformed", "token/algorithm"]);
	});
});
