import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOrgpassError } from "../../src/errors/errors.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { createGitHubAppMinter } from "../../src/tokens/app/app-minter.ts";
import { createTokenMinter } from "../../src/tokens/create-token-minter.ts";
import { assertExtraClaims } from "../../src/tokens/extra-claims.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import type { Minter, TokenOptions } from "../../src/tokens/token-kind.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { runs } from "../support/property.ts";
import { expectRefusal } from "../support/refusal.ts";
import { APP_ID, CURVE_KEY } from "../support/token-kinds.ts";

type Claims = Readonly<Record<string, unknown>>;
interface ClaimsOptions extends TokenOptions {
	readonly claims?: Claims;
}
type ClaimsMinter = Minter<ClaimsOptions>;

/** Tokens aren't verified here, so nothing is signed. */
const signer: Signer = { algorithm: "ES256K", sign: async () => new Uint8Array(64).fill(1) };
const rsaSigner: Signer = { algorithm: "RS256", sign: async () => new Uint8Array(256) };

const now = (): number => 1_000;
const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const MINTERS: Readonly<Record<string, ClaimsMinter>> = {
	orgid: createOrgIdMinter({ key: signer, issuer, audience: "a", now }),
	"orgid, audiences": createOrgIdMinter({ key: signer, issuer, audience: ["a", "\u2028"], now }),
	"github-app": createGitHubAppMinter({ key: rsaSigner, issuer: 12_345, now }),
	vonage: createVonageMinter({ key: rsaSigner, applicationId: APP_ID, now }) as ClaimsMinter,
};

/** Only copies extra claims, so its tokens are decoded after they were signed. */
const decoding: ClaimsMinter = createTokenMinter<ClaimsOptions>(
	{
		defaultLifetimeSeconds: 60,
		assertOptions() {},
		async mint({ claims = {} }) {
			assertExtraClaims(claims);
			return signToken({ header: { alg: "ES256K" }, claims: { ...claims }, signer });
		},
	},
	{ now },
);

// Without backslashes: once V8 13.6 has parsed a name that has one, it reads it for others that have escapes.
const name = fc.oneof(
	fc.string({ maxLength: 4, unit: "binary" }).filter((text) => !text.includes("\\")),
	fc.constantFrom("__proto__", "constructor", "toJSON", "a", "\ud800", "\udfff\ud800", "", '"', "\n", "\u2028"),
);
const odd = fc.constantFrom<unknown>(
	...[undefined, Number.NaN, 2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER, 1e300, 5e-324, -0, 10n, Symbol("x")],
	...[() => 1, new Date(0), new Map(), new Uint8Array(1), Object.create({ a: 1 }), Object.create(null), new Array(2)],
	...["\ud800", "__proto__", '{"a":1,"a":2}', "\u0000\u001f\u007f", "x".repeat(8_000)],
	...[nested(31), nested(32), nested(33), nested(40), [nested(32)]],
);
const { value } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null), odd),
		fc.array(tie("value"), { maxLength: 3 }),
		members(tie("value")),
	),
}));

function members(of: fc.Arbitrary<unknown>): fc.Arbitrary<Claims> {
	const entries = fc.array(fc.tuple(name, of), { maxLength: 4 });
	// Unlike assignment, this makes __proto__ a member.
	return entries.map((pairs) => Object.fromEntries(pairs));
}

function nested(depth: number): unknown {
	return depth === 0 ? {} : { a: nested(depth - 1) };
}

/** What a minter makes of extra claims: the error's code and details, or what its token has of them. */
async function outcome(minter: ClaimsMinter, claims: Claims): Promise<unknown> {
	let token: string;
	try {
		token = await minter.mint({ claims });
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		return [error.code, error.details?.["option"], error.details?.["claim"], error.details?.["part"]];
	}
	const decoded = decodeToken(token).claims;
	return Object.fromEntries(Object.keys(claims).map((member) => [member, decoded[member]]));
}

describe("extra claims", () => {
	it.each(Object.keys(MINTERS))("are minted or refused as if the token were decoded again: %s", async (kind) => {
		const minter = MINTERS[kind] as ClaimsMinter;
		const reserved = new Set(Object.keys(decodeToken(await minter.mint()).claims));
		for (const other of ["nbf", "scope", "sub", "acl", "alg", "application_id"]) reserved.add(other);
		const property = fc.asyncProperty(members(value), async (claims) => {
			fc.pre(Object.keys(claims).every((member) => !reserved.has(member)));
			const [minted, expected] = [await outcome(minter, claims), await outcome(decoding, claims)];
			// The tokens' sizes differ.
			if (!isTooLarge(minted) && !isTooLarge(expected)) expect(minted).toEqual(expected);
		});
		await fc.assert(property, runs(2_000, 60));
	});

	it("that change while they are encoded are refused as they were encoded", async () => {
		const bad: readonly (readonly [unknown, string])[] = [
			[2 ** 53, "token/number"],
			[JSON.parse('{"__proto__":1}'), "token/malformed"],
			["\ud800", "token/malformed"],
			[{ "\ud800": 1 }, "token/malformed"],
		];
		for (const minter of Object.values(MINTERS)) {
			for (const [later, code] of bad) {
				let reads = 0;
				// Both checks read it; the third time it is encoded.
				const changing = Object.defineProperty({}, "a", { enumerable: true, get: () => (++reads > 2 ? later : 1) });
				await expectRefusal(() => minter.mint({ claims: { changing } }), code as "token/number");
			}
		}
	});
});

describe("other parts of a token", () => {
	it("are refused if JSON can't represent them", async () => {
		const audience = "\ud800";
		await expectRefusal(
			() => MINTERS["orgid"]?.mint({ audience } as object) as Promise<string>,
			"config/invalid-option",
		);
		const far = { now: () => 2 ** 53 };
		const minters = [
			createOrgIdMinter({ key: signer, issuer, audience: "a", ...far }),
			createGitHubAppMinter({ key: rsaSigner, issuer: 12_345, ...far }),
			createIoctlMinter({ key: CURVE_KEY, ...far }),
		];
		const codes = ["config/invalid-option", "token/number"] as const;
		for (const minter of minters) await expectRefusal(() => minter.mint(), codes);
	});

	it("are refused if the signer's algorithm has changed", async () => {
		const changing = { ...signer, algorithm: "ES256K" as "ES256K" | "RS256" };
		const minter = createOrgIdMinter({ key: changing, issuer, audience: "a", now });
		changing.algorithm = "RS256";
		await expectRefusal(() => minter.mint(), "key/wrong-algorithm");
	});
});

function isTooLarge(result: unknown): boolean {
	return Array.isArray(result) && result[0] === "token/too-large";
}
