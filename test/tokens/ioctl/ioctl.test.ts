import { bech32 } from "@scure/base";
import { describe, expect, it } from "vitest";
import { createVerifier, type VerifierOptions } from "../../../src/auth/create-verifier.ts";
import { RegistryError } from "../../../src/errors/errors.ts";
import { toAddress, toIoAddress } from "../../../src/keys/address.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { type IoctlProfileOptions, ioctl } from "../../../src/tokens/ioctl/ioctl.ts";
import { ioctlIssuer } from "../../../src/tokens/ioctl/ioctl-claims.ts";
import type { IoctlIssuer, TrustedIssuers } from "../../../src/tokens/ioctl/trusted-issuers.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { CURVE_KEY, forgeKind, RESOURCE, RSA_KEYS } from "../../support/token-kinds.ts";

const { publicKey } = CURVE_KEY;
const ISS = ioctlIssuer(publicKey);
const ADDRESS = toAddress(publicKey);
const IO_ADDRESS = toIoAddress(publicKey);
const IT_ADDRESS = bech32.encode("it", bech32.toWords(Buffer.from(ADDRESS.slice(2), "hex")));
const other = await generateKeyPair();

function verify(
	token: string,
	options: Partial<IoctlProfileOptions> = {},
	verifier: Partial<VerifierOptions> = {},
): Promise<VerifiedToken> {
	const profiles = [ioctl({ trustedIssuers: [publicKey], ...options })];
	return createVerifier({ profiles, ...verifier }).verify(token);
}

describe("the verified token", () => {
	it("has the account, key, operation and expiry", async () => {
		const exp = nowSeconds() + 60;
		const verified = await verify(await forgeKind("ioctl", { exp }));
		expect(verified).toMatchObject({
			profile: "ioctl",
			issuer: IO_ADDRESS,
			keyId: ISS,
			scopes: ["Read"],
			expiresAt: exp,
		});
		expect([Object.isFrozen(verified), Object.isFrozen(verified.scopes)]).toEqual([true, true]);
		expect(verified).not.toHaveProperty("organization");
	});

	it.each(["Create", "Read", "Update", "Delete"])("grants %s if required", async (scope) => {
		const token = await forgeKind("ioctl", { scope });
		expect((await verify(token, { operation: scope, resource: RESOURCE })).scopes).toEqual([scope]);
	});
});

describe("trustedIssuers", () => {
	it.each<[string, () => TrustedIssuers]>([
		["the key", () => [publicKey]],
		["its PEM", () => [exportPublicKey(publicKey, "spki")]],
		["its JWK as text", () => [JSON.stringify(exportPublicKey(publicKey, "jwk"))]],
		["the iss as in the token", () => [ISS]],
		["the iss without 0x", () => [ISS.slice(2)]],
		["an Ethereum address", () => [ADDRESS]],
		["an Ethereum address in lower case", () => [ADDRESS.toLowerCase()]],
		["an io1 address", () => [IO_ADDRESS]],
		["a testnet it1 address", () => [IT_ADDRESS]],
		["several, with this one last", () => [other.publicKey, toAddress(other.publicKey), IO_ADDRESS]],
		["a function", () => () => true],
		["an async function", () => async () => true],
	])("accepts %s", async (_what, trusted) => {
		const token = await forgeKind("ioctl");
		expect((await verify(token, { trustedIssuers: trusted() })).keyId).toBe(ISS);
	});

	it.each<[string, unknown]>([
		["nothing", undefined],
		["null", null],
		["an empty list", []],
		["a string", ADDRESS],
		["a number in the array", [1]],
		["undefined in the array", [undefined]],
		["an RSA key", [RSA_KEYS.publicKey]],
		["an RSA key as PEM", [exportPublicKey(RSA_KEYS.publicKey, "spki")]],
		["empty text", [""]],
		["a wildcard", ["*"]],
		["an address with a wrong checksum", [`0x${ADDRESS.slice(2).toUpperCase().replace("A", "a")}`]],
		["an io1 address with a wrong checksum", [IO_ADDRESS.replace(/.$/, (last) => (last === "q" ? "p" : "q"))]],
		["an address of another network", ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]],
		["a point off the curve", [`0x04${"11".repeat(64)}`]],
		["a valid and an invalid one", [publicKey, "x"]],
		["true", true],
		["an object", { 0: publicKey, length: 1 }],
	])("rejects %s immediately", async (_what, trustedIssuers) => {
		await expectRefusal(() => ioctl({ trustedIssuers } as never), "config/invalid-option");
	});

	it("rejects missing and unknown options", async () => {
		await expectRefusal(() => ioctl(undefined as never), "config/invalid-option");
		await expectRefusal(() => ioctl({} as never), "config/invalid-option");
		const misspelt = { trustedIssuers: [publicKey], trusted: [] } as never;
		await expectRefusal(() => ioctl(misspelt), "config/unknown-option");
	});

	it("never shows a private key in the list", async () => {
		const secrets = [
			exportPrivateKey(CURVE_KEY, "pkcs8"),
			JSON.stringify(exportPrivateKey(CURVE_KEY, "jwk")),
			`0x${"21".repeat(32)}`,
		];
		for (const secret of secrets) {
			const make = (): unknown => ioctl({ trustedIssuers: [secret] });
			const error = await expectRefusal(make, "config/invalid-option");
			const shown = `${error.message}${JSON.stringify(error.details)}${String(error.cause)}`;
			expect(shown).not.toContain(secret.slice(30, 50));
			expect(error.details).toEqual({ option: "trustedIssuers.0" });
		}
	});

	it("is read once", async () => {
		const list = [other.publicKey];
		const profile = ioctl({ trustedIssuers: list });
		list.push(publicKey);
		const token = await forgeKind("ioctl");
		await expectRefusal(() => createVerifier({ profiles: [profile] }).verify(token), "token/issuer-unknown");
	});

	it("accepts frozen options, which can be reused", async () => {
		const options = deepFreeze({ trustedIssuers: [IO_ADDRESS], resource: RESOURCE, operation: "Read" });
		const token = await forgeKind("ioctl");
		for (const _ of [1, 2]) expect((await verify(token, options)).issuer).toBe(IO_ADDRESS);
	});
});

describe("a function as trustedIssuers", () => {
	it("receives the address, io1 address and key", async () => {
		const asked: IoctlIssuer[] = [];
		const trustedIssuers = (issuer: IoctlIssuer): boolean => asked.push(issuer) > 0;
		await verify(await forgeKind("ioctl"), { trustedIssuers });
		expect(asked).toHaveLength(1);
		expect(asked[0]).toMatchObject({ address: ADDRESS, ioAddress: IO_ADDRESS });
		expect(asked[0]?.publicKey.thumbprint).toBe(publicKey.thumbprint);
		expect(Object.isFrozen(asked[0])).toBe(true);
	});

	it.each<[string, unknown]>([
		["false", false],
		["nothing", undefined],
		["null", null],
		["1", 1],
		["text", "yes"],
		["an object", {}],
		["a list", [true]],
		["a promise of false", Promise.resolve(false)],
		["a promise of 1", Promise.resolve(1)],
	])("that returns %s rejects the token", async (_what, answer) => {
		const token = await forgeKind("ioctl");
		const trustedIssuers = (() => answer) as () => boolean;
		await expectRefusal(() => verify(token, { trustedIssuers }), "token/issuer-unknown");
	});

	it("that fails is an outage with its error as the cause, unless it throws an orgpass error", async () => {
		const token = await forgeKind("ioctl");
		const failures = [
			() => {
				throw new Error("the database is down");
			},
			() => Promise.reject(new Error("the database is down")),
		];
		for (const trustedIssuers of failures) {
			const error = await expectRefusal(() => verify(token, { trustedIssuers }), "key/unreachable");
			expect(error.cause).toMatchObject({ message: "the database is down" });
			expect(error.message).not.toContain("database");
		}
		const ours = (): boolean => {
			throw new RegistryError("registry/unreachable", "no node");
		};
		await expectRefusal(() => verify(token, { trustedIssuers: ours }), "registry/unreachable");
	});

	it("is called every time, so that trust can be withdrawn", async () => {
		let answer = true;
		const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: () => answer })] });
		const token = await forgeKind("ioctl");
		await verifier.verify(token);
		answer = false;
		await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
	});

	it("receives the same object for a trusted key, which is parsed once", async () => {
		const asked: IoctlIssuer[] = [];
		const trustedIssuers = (issuer: IoctlIssuer): boolean => asked.push(issuer) !== 1;
		const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers })] });
		const token = await forgeKind("ioctl");
		await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
		await verifier.verify(token);
		await verifier.verify(await forgeKind("ioctl", { sub: "x" }));
		const [refused, trusted, again] = asked;
		expect(again).toBe(trusted);
		// Strangers take no place among the keys that are kept.
		expect(trusted).not.toBe(refused);
	});

	it("isn't called for a token whose claims are invalid", async () => {
		let asked = 0;
		const trustedIssuers = (): boolean => {
			asked += 1;
			return true;
		};
		const token = await forgeKind("ioctl", { exp: 1_000 });
		await expectRefusal(() => verify(token, { trustedIssuers }), "token/expired");
		expect(asked).toBe(0);
	});
});

describe("the claims", () => {
	it.each<[string, object, string]>([
		["a missing exp", { exp: undefined }, "token/claim-missing"],
		["exp as a string", { exp: "9999999999" }, "token/claim-invalid"],
		["exp 0", { exp: 0 }, "token/claim-invalid"],
		["exp in milliseconds", { exp: (nowSeconds() + 60) * 1_000 }, "token/milliseconds"],
		["iat in milliseconds", { iat: nowSeconds() * 1_000 }, "token/milliseconds"],
		["nbf in milliseconds", { nbf: nowSeconds() * 1_000 }, "token/milliseconds"],
		["exp in the past", { exp: nowSeconds() - 60 }, "token/expired"],
		["exp more than a day after iat", { exp: nowSeconds() + 86_460 }, "token/lifetime"],
		["exp more than a day away, without iat", { iat: undefined, exp: nowSeconds() + 86_500 }, "token/lifetime"],
		["iat in the future", { iat: nowSeconds() + 60 }, "token/issued-in-future"],
		["nbf in the future", { nbf: nowSeconds() + 60 }, "token/not-yet-valid"],
		["nbf as a string", { nbf: "1" }, "token/claim-invalid"],
		["aud", { aud: "https://hotel.example" }, "token/audience"],
		["an empty array as aud", { aud: [] }, "token/audience"],
		["a jti that isn't a string", { jti: 1 }, "token/claim-invalid"],
	])("%s is rejected", async (_what, members, code) => {
		await expectRefusal(async () => verify(await forgeKind("ioctl", { ...members })), code as never);
	});

	it("exp is optional with requireExpiration: false, but checked if present", async () => {
		const options = { requireExpiration: false } as const;
		const verified = await verify(await forgeKind("ioctl", { exp: undefined }), options);
		expect(verified).not.toHaveProperty("expiresAt");
		const bare = await forgeKind("ioctl", {
			exp: undefined,
			iat: undefined,
			sub: undefined,
			scope: undefined,
		});
		expect((await verify(bare, options)).scopes).toEqual([]);
		const expired = await forgeKind("ioctl", { exp: nowSeconds() - 60 });
		await expectRefusal(() => verify(expired, options), "token/expired");
	});

	it("unknown claims are ignored", async () => {
		const { claims } = await verify(await forgeKind("ioctl", { jti: "x", "urn:example:x": [1] }));
		expect(claims["urn:example:x"]).toEqual([1]);
	});
});

describe("resource, operation and requireExpiration", () => {
	it.each<[string, object]>([
		["an operation in lower case", { operation: "read" }],
		["an unknown operation", { operation: "Admin" }],
		["two operations", { operation: ["Read", "Delete"] }],
		["an empty resource", { resource: "" }],
		["an array of resources", { resource: [RESOURCE] }],
		["requireExpiration as a string", { requireExpiration: "false" }],
	])("rejects %s", async (_what, members) => {
		const make = (): unknown => ioctl({ trustedIssuers: [publicKey], ...members });
		await expectRefusal(make, "config/invalid-option");
	});

	it("checks the profile's resource and operation as well as the call's", async () => {
		const profiles = [ioctl({ trustedIssuers: [publicKey], resource: RESOURCE, operation: "Read" })];
		const verifier = createVerifier({ profiles });
		const token = await forgeKind("ioctl");
		expect((await verifier.verify(token)).scopes).toEqual(["Read"]);
		await expectRefusal(() => verifier.verify(token, { operation: "Delete" }), "policy/operation");
		await expectRefusal(() => verifier.verify(token, { resource: "https://x" }), "policy/resource");
		const elsewhere = await forgeKind("ioctl", { sub: "https://x" });
		await expectRefusal(() => verifier.verify(elsewhere), "policy/resource");
		await expectRefusal(() => verifier.verify(elsewhere, { resource: "https://x" }), "policy/resource");
	});
});
