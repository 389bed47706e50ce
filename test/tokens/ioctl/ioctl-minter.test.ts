import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { createRemoteSigner } from "../../../src/keys/remote-signer.ts";
import { signData } from "../../../src/keys/sign.ts";
import type { Signer } from "../../../src/keys/signer.ts";
import { ioctl } from "../../../src/tokens/ioctl/ioctl.ts";
import { ioctlIssuer } from "../../../src/tokens/ioctl/ioctl-claims.ts";
import type { IoctlMinterOptions, IoctlTokenOptions } from "../../../src/tokens/ioctl/ioctl-minter.ts";
import { createIoctlMinter } from "../../../src/tokens/ioctl/ioctl-minter.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { CURVE_KEY, RESOURCE, RSA_KEYS } from "../../support/token-kinds.ts";

const NOW = 1_700_000_000;
const ISS = ioctlIssuer(CURVE_KEY.publicKey);
const usual: IoctlMinterOptions = { key: CURVE_KEY, now: () => NOW };

async function mintTexts(
	asked?: IoctlTokenOptions,
	options: Partial<IoctlMinterOptions> = {},
): Promise<readonly string[]> {
	const token = await createIoctlMinter({ ...usual, ...options }).mint(asked);
	return token
		.split(".")
		.slice(0, 2)
		.map((part) => Buffer.from(part, "base64url").toString());
}

describe("the exact bytes signed", () => {
	it("have Go's header and Go's order of claims", async () => {
		const [header, claims] = await mintTexts({ resource: RESOURCE, operation: "Read", expiresAt: NOW + 60 });
		expect(header).toBe('{"alg":"ES256","typ":"JWT"}');
		expect(claims).toBe(`{"exp":${NOW + 60},"iat":${NOW},"iss":"${ISS}","sub":"${RESOURCE}","scope":"Read"}`);
	});

	it.each<[string, IoctlTokenOptions]>([
		["exp for expiresAt 0, sub and scope", { expiresAt: 0 }],
		["an empty sub and scope", { expiresAt: 0, resource: "", operation: "" }],
		["undefined members", { expiresAt: 0, resource: undefined, operation: undefined, lifetimeSeconds: undefined }],
	])("omit %s", async (_what, asked) => {
		expect((await mintTexts(asked))[1]).toBe(`{"iat":${NOW},"iss":"${ISS}"}`);
	});

	it("escape exactly what Go escapes", async () => {
		const resource = "a<b>&\"\\/\u2028\u2029é😀\u007f\u0001\b\f\n\r\t'";
		const [, claims] = await mintTexts({ resource, operation: "<>", expiresAt: 0 });
		const sub = "a\\u003cb\\u003e\\u0026\\\"\\\\/\\u2028\\u2029é😀\u007f\\u0001\\b\\f\\n\\r\\t'";
		expect(claims).toBe(`{"iat":${NOW},"iss":"${ISS}","sub":"${sub}","scope":"\\u003c\\u003e"}`);
		expect(JSON.parse(claims as string)).toMatchObject({ sub: resource, scope: "<>" });
	});

	it("replace a lone surrogate, as Go does", async () => {
		const [, claims] = await mintTexts({ resource: "x\ud800y", expiresAt: 0 });
		expect(claims).toContain('"sub":"x\ufffdy"');
	});

	it("round the clock down to whole seconds", async () => {
		const [, claims] = await mintTexts({}, { now: () => NOW + 0.9 });
		expect(JSON.parse(claims as string)).toMatchObject({ iat: NOW, exp: NOW + 3_600 });
	});

	it("contain any given operation, even one that grants nothing", async () => {
		const now = (): number => NOW;
		const token = await createIoctlMinter(usual).mint({ operation: "read" });
		const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: [CURVE_KEY.publicKey] })], now });
		expect((await verifier.verify(token)).scopes).toEqual([]);
	});
});

describe("lifetime", () => {
	it.each<[string, IoctlTokenOptions, Partial<IoctlMinterOptions>, number | undefined]>([
		["an hour by default", {}, {}, 3_600],
		["the minter's lifetimeSeconds", {}, { lifetimeSeconds: 60 }, 60],
		["the token's lifetimeSeconds", { lifetimeSeconds: 30 }, { lifetimeSeconds: 60 }, 30],
		["a day at most", { lifetimeSeconds: 86_400 }, {}, 86_400],
		["longer if the minter allows it", { lifetimeSeconds: 86_401 }, { maxLifetimeSeconds: 100_000 }, 86_401],
		["no longer than the minter allows", {}, { maxLifetimeSeconds: 10 }, 10],
		["to expiresAt", { expiresAt: NOW + 7 }, {}, 7],
		["already over, as ioctl allows", { expiresAt: NOW - 7 }, {}, -7],
		["unlimited", { expiresAt: 0 }, {}, undefined],
	])("is %s", async (_what, asked, options, life) => {
		const claims = JSON.parse((await mintTexts(asked, options))[1] as string) as { exp?: number };
		expect(claims.exp).toBe(life === undefined ? undefined : NOW + life);
	});

	it.each<[string, IoctlTokenOptions]>([
		["a lifetime of more than a day", { lifetimeSeconds: 86_401 }],
		["a lifetime with a fraction", { lifetimeSeconds: 1.5 }],
		["a lifetime of zero", { lifetimeSeconds: 0 }],
		["an expiry more than a day away", { expiresAt: NOW + 86_401 }],
		["an expiry in milliseconds", { expiresAt: NOW * 1_000 }],
		["an expiry with a fraction", { expiresAt: NOW + 0.5 }],
		["an expiry before 1970", { expiresAt: -1 }],
		["an expiry of NaN", { expiresAt: Number.NaN }],
		["an expiry as a string", { expiresAt: "1700000060" as never }],
		["both a lifetime and an expiry", { lifetimeSeconds: 60, expiresAt: NOW + 60 }],
		["a resource that isn't a string", { resource: 1 as never }],
		["operations in an array", { operation: ["Read"] as never }],
		["null as resource", { resource: null as never }],
	])("rejects %s", async (_what, asked) => {
		await expectRefusal(() => createIoctlMinter(usual).mint(asked), "config/invalid-option");
	});

	it("rejects a minter's lifetime above its own maximum", async () => {
		const options = { ...usual, lifetimeSeconds: 61, maxLifetimeSeconds: 60 };
		await expectRefusal(() => createIoctlMinter(options), "config/invalid-option");
	});
});

describe("options that ioctl has no claim for", () => {
	it.each([{ audience: "a" }, { scope: "Read" }, { claims: {} }, { sub: RESOURCE }, { exp: NOW + 60 }])(
		"mint rejects %o",
		async (asked) => {
			await expectRefusal(() => createIoctlMinter(usual).mint(asked as never), "config/unknown-option");
		},
	);

	it.each([{ audience: "a" }, { issuer: ISS }, { trustedIssuers: [] }, { registry: ISS }])(
		"createMinter rejects %o",
		async (options) => {
			await expectRefusal(() => createIoctlMinter({ ...usual, ...options } as never), "config/unknown-option");
		},
	);
});

describe("the key", () => {
	it("of another type is rejected", async () => {
		const make = (): unknown => createIoctlMinter({ ...usual, key: RSA_KEYS.privateKey });
		const error = await expectRefusal(make, "key/wrong-algorithm");
		expect(error.details).toEqual({ expected: "ES256K", actual: "RS256" });
	});

	it.each<[string, unknown]>([
		["no key", undefined],
		["a public key", CURVE_KEY.publicKey],
		["hex", "0x01"],
		["an object that can't sign", { algorithm: "ES256K", publicKey: CURVE_KEY.publicKey }],
	])("that is %s is rejected", async (_what, key) => {
		await expectRefusal(() => createIoctlMinter({ ...usual, key } as never), "config/invalid-option");
	});

	it.each<[string, unknown]>([
		["nothing", undefined],
		["hex", ISS],
		["an RSA key", RSA_KEYS.publicKey],
		["null", null],
	])("of a signer whose public key is %s is rejected, because it is the issuer", async (_what, publicKey) => {
		const key = { algorithm: "ES256K", publicKey, sign: () => new Uint8Array(64) } as unknown as Signer;
		const error = await expectRefusal(() => createIoctlMinter({ ...usual, key }), "config/invalid-option");
		expect(error.details).toEqual({ option: "key" });
	});

	it("can be remote", async () => {
		const key = createRemoteSigner({
			algorithm: "ES256K",
			publicKey: CURVE_KEY.publicKey,
			signMessage: (bytes) => signData(CURVE_KEY, bytes),
			signatureFormat: "raw",
		});
		const token = await createIoctlMinter({ key }).mint();
		const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: [CURVE_KEY.publicKey] })] });
		expect((await verifier.verify(token)).keyId).toBe(ISS);
	});

	it("whose signer signs with another key is rejected before a token is returned", async () => {
		const { privateKey } = await generateKeyPair();
		const key: Signer = {
			algorithm: "ES256K",
			publicKey: CURVE_KEY.publicKey,
			sign: (bytes) => signData(privateKey, bytes),
		};
		await expectRefusal(() => createIoctlMinter({ ...usual, key }).mint(), "key/signing-fault");
	});
});

describe("options", () => {
	it("aren't modified, and can be reused", async () => {
		const options = deepFreeze({ key: CURVE_KEY, lifetimeSeconds: 60 } as const);
		const asked = deepFreeze({ resource: RESOURCE, operation: "Delete", lifetimeSeconds: 5 });
		const minter = createIoctlMinter(options);
		for (const one of [minter, minter, createIoctlMinter(options)]) {
			const { sub, scope, exp, iat } = decodeToken(await one.mint(asked)).claims;
			expect([sub, scope, (exp as number) - (iat as number)]).toEqual([RESOURCE, "Delete", 5]);
		}
	});

	it("token() returns the same token until a fifth of its lifetime is left", async () => {
		let now = NOW;
		const minter = createIoctlMinter({ ...usual, now: () => now });
		const first = await minter.token();
		now += 2_879;
		expect(await minter.token()).toBe(first);
		now += 1;
		const second = await minter.token();
		expect(decodeToken(second).claims["iat"]).toBe(NOW + 2_880);
	});
});
