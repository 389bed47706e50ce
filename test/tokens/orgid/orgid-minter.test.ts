import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { fromDerSignature } from "../../../src/keys/der-signature.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { signSync } from "../../../src/keys/private-key.ts";
import type { Signer } from "../../../src/keys/signer.ts";
import type { OrganizationTokenOptions } from "../../../src/tokens/orgid/organization-minter.ts";
import type { OrgIdMinterOptions } from "../../../src/tokens/orgid/orgid-minter.ts";
import { createOrgIdMinter } from "../../../src/tokens/orgid/orgid-minter.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const { privateKey, publicKey } = await generateKeyPair();
const usual: OrgIdMinterOptions = {
	key: privateKey,
	issuer,
	audience: "a",
	now: () => 1_000,
};

async function mint(
	options: Partial<OrgIdMinterOptions>,
	asked?: OrganizationTokenOptions,
): Promise<ReturnType<typeof decodeToken>> {
	return decodeToken(await createOrgIdMinter({ ...usual, ...options }).mint(asked));
}

describe("mint", () => {
	it("mints a token that verifies", async () => {
		const minter = stage.sender.minter({ audience: stage.receiver.did });
		const {
			issuer: sender,
			scopes,
			claims,
		} = await stage.verify(await minter.mint({ scope: ["book", "cancel"], claims: { sub: "order-1" } }));
		expect([sender, scopes, claims["sub"]]).toEqual([stage.sender.did, ["book", "cancel"], "order-1"]);
	});

	it("writes the usual header and claims, with a lifetime of an hour and a new jti each time", async () => {
		const { header, claims } = await mint({});
		expect(header).toEqual({ alg: "ES256K", typ: "JWT", kid: issuer });
		expect(Object.keys(claims)).toEqual(["iss", "aud", "iat", "exp", "jti"]);
		expect(claims).toMatchObject({ iss: issuer, aud: "a", iat: 1_000, exp: 4_600 });
		expect((await mint({})).claims["jti"]).not.toBe(claims["jti"]);
	});

	it("uses the system's clock by default", async () => {
		const { now: _, ...options } = usual;
		vi.useFakeTimers({ toFake: ["Date"], now: 1_750_000_000_900 });
		onTestFinished(() => void vi.useRealTimers());
		const { claims } = decodeToken(await createOrgIdMinter(options).mint());
		expect(claims).toMatchObject({ iat: 1_750_000_000, exp: 1_750_003_600 });
	});

	it("accepts audience, scope, lifetime and claims for one token", async () => {
		const asked = deepFreeze({
			audience: ["b", "c"],
			scope: "x y",
			lifetimeSeconds: 60,
			claims: { sub: "s" },
		});
		for (const _ of [1, 2]) {
			const { claims } = await mint({}, asked);
			expect(claims).toMatchObject({ aud: ["b", "c"], scope: "x y", exp: 1_060, sub: "s" });
		}
	});

	it('writes scopes as a JSON array with scopeFormat: "json"', async () => {
		expect((await mint({ scopeFormat: "json" }, { scope: "x y" })).claims["scope"]).toBe('["x","y"]');
		const minter = stage.sender.minter({ audience: stage.receiver.did, scopeFormat: "json" });
		expect((await stage.verify(await minter.mint({ scope: "x y" }))).scopes).toEqual(["x", "y"]);
	});

	it("writes an array of audiences", async () => {
		const audience = deepFreeze(["https://example.com", stage.receiver.did]);
		const token = await stage.sender.minter({ audience }).mint();
		expect((await stage.verify(token)).claims["aud"]).toEqual(audience);
	});

	it.each<[string, Partial<OrgIdMinterOptions>, OrganizationTokenOptions, ErrorCode]>([
		["a missing audience", { audience: undefined as never }, {}, "config/invalid-option"],
		["an empty audience", {}, { audience: "" }, "config/invalid-option"],
		["an empty array of audiences", {}, { audience: [] }, "config/invalid-option"],
		["a lifetime of zero", {}, { lifetimeSeconds: 0 }, "config/invalid-option"],
		["a lifetime with a fraction", {}, { lifetimeSeconds: 1.5 }, "config/invalid-option"],
		["a lifetime of more than a day", {}, { lifetimeSeconds: 86_401 }, "config/invalid-option"],
		[
			"a lifetime above the minter's maximum",
			{ maxLifetimeSeconds: 3_600 },
			{ lifetimeSeconds: 3_601 },
			"config/invalid-option",
		],
		["scopes that aren't strings", {}, { scope: [1] as never }, "config/invalid-option"],
		["claims that aren't an object", {}, { claims: "x" as never }, "config/invalid-option"],
		["an unknown option", {}, { expiresIn: "1h" } as OrganizationTokenOptions, "config/unknown-option"],
		["a token above 8,192 bytes", {}, { claims: { x: "x".repeat(8_192) } }, "token/too-large"],
	])("rejects %s", async (_what, options, asked, code) => {
		await expectRefusal(() => mint(options, asked), code);
	});

	it.each(["iss", "aud", "exp", "iat", "nbf", "jti", "scope"])("rejects the reserved claim %s", async (name) => {
		const { details } = await expectRefusal(() => mint({}, { claims: { [name]: 1 } }), "config/invalid-option");
		expect(details).toEqual({ option: `claims.${name}` });
	});

	it("T15: rejects __proto__ and constructor in claims", async () => {
		const claims = [
			JSON.parse('{"__proto__":{"admin":true}}'),
			{ x: JSON.parse('{"__proto__":1}') },
			{ constructor: 1 },
		];
		for (const one of claims) {
			await expectRefusal(() => mint({}, { claims: one }), ["token/malformed", "config/invalid-option"]);
		}
	});

	it("accepts a longer lifetime if the maximum is raised", async () => {
		const year = 31_557_600;
		const { claims } = await mint({ lifetimeSeconds: year, maxLifetimeSeconds: year });
		expect(claims["exp"]).toBe(1_000 + year);
	});
});

describe("createOrgIdMinter options", () => {
	it.each<[string, object, ErrorCode]>([
		["a profile", { profile: "orgid" }, "config/unknown-option"],
		["no key", { key: undefined }, "config/invalid-option"],
		["a key as a string", { key: `0x${"11".repeat(32)}` }, "config/invalid-option"],
		["a public key", { key: publicKey }, "config/invalid-option"],
		["an issuer without a fragment", { issuer: issuer.slice(0, -10) }, "config/invalid-option"],
		["an empty issuer", { issuer: "" }, "config/invalid-option"],
		["an issuer that isn't a DID", { issuer: "hotel" }, "did/syntax"],
		["an issuer in upper-case hex", { issuer: issuer.replace("0a", "0A") }, "did/syntax"],
		["a lifetime above the maximum", { lifetimeSeconds: 86_401 }, "config/invalid-option"],
		["a lifetime as a string", { lifetimeSeconds: "1h" }, "config/invalid-option"],
		["an unknown scope format", { scopeFormat: "array" }, "config/invalid-option"],
		["an invalid clock", { now: 5 }, "config/invalid-option"],
		["an unknown option", { aud: "a" }, "config/unknown-option"],
	])("reject %s", async (_what, options, code) => {
		await expectRefusal(() => createOrgIdMinter({ ...usual, ...options } as OrgIdMinterOptions), code);
	});

	it("aren't modified, and can be reused", async () => {
		const options = Object.freeze({ ...usual, audience: Object.freeze(["a"]) });
		const minters = [createOrgIdMinter(options), createOrgIdMinter(options)];
		for (const minter of minters) {
			expect(Object.isFrozen(minter)).toBe(true);
			expect(decodeToken(await minter.mint()).claims["aud"]).toEqual(["a"]);
		}
	});

	it("never show the key in an error", async () => {
		const { message } = await expectRefusal(
			() => createOrgIdMinter({ ...usual, key: "11".repeat(32) as never }),
			"config/invalid-option",
		);
		expect(message).not.toContain("1111");
	});
});

describe("a Signer in place of a key", () => {
	const signer = (sign: (bytes: Uint8Array) => unknown, members: Partial<Signer> = { publicKey }): Signer => ({
		algorithm: "ES256K",
		...members,
		sign: async (bytes) => sign(bytes) as Uint8Array,
	});

	it("mints tokens that verify", async () => {
		const { key } = stage.sender;
		const remote = { algorithm: "ES256K", sign: async (bytes: Uint8Array) => signSync(key, bytes) } as const;
		const minter = stage.sender.minter({ key: remote, audience: stage.receiver.did });
		expect((await stage.verify(await minter.mint())).issuer).toBe(stage.sender.did);
	});

	it("T65: receives a copy of the bytes, and its signature is checked", async () => {
		const other = await generateKeyPair();
		const bad: readonly ((bytes: Uint8Array) => unknown)[] = [
			() => new Uint8Array(64),
			() => new Uint8Array(64).fill(1),
			() => new Uint8Array(65),
			() => "signature",
			() => undefined,
			(bytes) => signSync(other.privateKey, bytes),
			(bytes) => signSync(privateKey, bytes.fill(0)),
		];
		for (const sign of bad) await expectRefusal(() => mint({ key: signer(sign) }), "key/signing-fault");
	});

	it("of another algorithm is rejected", async () => {
		const wrong = { ...signer(() => undefined), algorithm: "RS256" } as unknown as Signer;
		await expectRefusal(() => mint({ key: wrong }), "key/wrong-algorithm");
	});

	it("that returns DER is rejected with advice, and works with fromDerSignature", async () => {
		const toDer = (signature: Uint8Array): Uint8Array => {
			const integer = (bytes: Uint8Array): number[] => [2, 33, 0, ...bytes];
			return Uint8Array.from([0x30, 70, ...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32))]);
		};
		await expectRefusal(
			() => mint({ key: signer((bytes) => toDer(signSync(privateKey, bytes))) }),
			"key/signing-fault",
		);
		expect(() => fromDerSignature(toDer(new Uint8Array(64).fill(0x81)))).not.toThrow();
	});

	it("that rejects has its own error rethrown", async () => {
		const error = new Error("the HSM is busy");
		const key = signer(() => {
			throw error;
		});
		await expect(createOrgIdMinter({ ...usual, key }).mint()).rejects.toBe(error);
	});
});
