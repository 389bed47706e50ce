/** Which function and which option the error for a wrong option of a kind of token names. */
import { describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createGitHubAppMinter, createIcrAppMinter } from "../../src/tokens/app/app-minter.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { createTokenMinter } from "../../src/tokens/create-token-minter.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import {
	createOrgIdAccountMinter,
	createOrgIdEip712Minter,
	createOrgIdEthMinter,
} from "../../src/tokens/orgid-account/account-minter.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import { clientSdkAcl } from "../../src/tokens/vonage/acl-presets.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import * as tokens from "../../src/tokens.ts";
import { accountResolver } from "../support/account-stage.ts";
import { refusalOf } from "../support/refusal.ts";
import { APP_ID, CURVE_KEY, KINDS, RSA_KEYS } from "../support/token-kinds.ts";

const DID = `did:orgid:100:0x${"0a".repeat(32)}`;
const AUDIENCE = `did:orgid:100:0x${"0b".repeat(32)}`;
const REGISTRY = `0x${"11".repeat(20)}`;
const weak = await generateKeyPair();
const key = CURVE_KEY;
const rsa = RSA_KEYS.privateKey;

type Create = (options: never) => unknown;

/** Each function with good options. */
const FUNCTIONS: Readonly<Record<string, readonly [create: Create, good: object]>> = {
	githubApp: [githubApp, { keys: { 7: RSA_KEYS.publicKey } }],
	icrApp: [icrApp, { keys: { 7: RSA_KEYS.publicKey } }],
	vonage: [vonage, { keys: { [APP_ID]: RSA_KEYS.publicKey } }],
	ioctl: [ioctl, { trustedIssuers: [REGISTRY] }],
	orgid: [orgid, { audience: AUDIENCE, resolver: accountResolver() }],
	orgidAccount: [orgidAccount, { audience: AUDIENCE, resolver: accountResolver() }],
	orgidEth: [orgidEth, { audience: AUDIENCE, resolver: accountResolver() }],
	orgidEip712: [orgidEip712, { audience: AUDIENCE, resolver: accountResolver() }],
	createGitHubAppMinter: [createGitHubAppMinter, { key: rsa, issuer: 7 }],
	createIcrAppMinter: [createIcrAppMinter, { key: rsa, issuer: "7" }],
	createVonageMinter: [createVonageMinter, { key: rsa, applicationId: APP_ID }],
	createIoctlMinter: [createIoctlMinter, { key }],
	createOrgIdMinter: [createOrgIdMinter, { key, issuer: `${DID}#k`, audience: AUDIENCE }],
	createOrgIdEthMinter: [createOrgIdEthMinter, { key, issuer: DID, audience: AUDIENCE }],
	createOrgIdEip712Minter: [createOrgIdEip712Minter, { key, issuer: `${DID}#w`, audience: AUDIENCE }],
	createOrgIdAccountMinter: [createOrgIdAccountMinter, { key, issuer: DID, registry: REGISTRY, audience: AUDIENCE }],
	clientSdkAcl: [clientSdkAcl, {}],
	keysFromJwks: [(options: never) => keysFromJwks("https://apps.example", options), {}],
	createTokenMinter: [(options: never) => createTokenMinter(kind, options), {}],
};
const kind = { defaultLifetimeSeconds: 60, assertOptions() {}, mint: async () => "a.b.c" };
const NAMES = Object.keys(FUNCTIONS);
const namesOf = (start: string): string[] => NAMES.filter((name) => name.startsWith(start));
const MINTERS = NAMES.filter((name) => /^create\w+Minter$/.test(name) && name !== "createTokenMinter");

function call(name: string, changes: object = {}): unknown {
	const [create, good] = FUNCTIONS[name] as readonly [Create, object];
	return create({ ...good, ...changes } as never);
}

/** Each of these functions with each of these values of an option. */
function each(names: readonly string[], option: string, ...values: readonly unknown[]): [string, string, unknown][] {
	return names.flatMap((name) => values.map((value): [string, string, unknown] => [name, option, value]));
}

/** Functions that take no options, or are no part of a kind. */
const WITHOUT_OPTIONS = [
	...["accountTokenData", "hashAccountToken", "hashEip712Token", "hashEthToken", "readEip712Signature"],
	...["aclAllows", "parseAcl", "requireAcl", "keysFromFolder"],
];

it("every function of a kind of token that the package exports is listed here", () => {
	expect([...NAMES, ...WITHOUT_OPTIONS].toSorted()).toEqual(Object.keys(tokens).toSorted());
});

describe("a function of a kind of token", () => {
	it.each(NAMES)("%s takes its options, and names one that it doesn't have", async (name) => {
		expect(call(name)).toBeDefined();
		const { code, message, details } = await refusalOf(() => call(name, { strange: undefined }));
		expect({ code, details }).toEqual({ code: "config/unknown-option", details: { option: "strange" } });
		expect(message).toBe(`${name} has no option "strange"`);
	});

	it.each([
		...each(["githubApp", "icrApp", "vonage"], "keys", undefined, {}, new Map(), [], "https://apps.example"),
		...each(["githubApp", "icrApp", "vonage"], "audience", "", [], 5),
		...each(["ioctl"], "trustedIssuers", undefined, [], "io1"),
		...each(["ioctl"], "resource", "", 5),
		...each(["ioctl"], "operation", "", "read", 5),
		...each(["ioctl"], "requireExpiration", "no"),
		...each(namesOf("orgid"), "audience", undefined, "", []),
		...each(namesOf("orgid"), "resolver", undefined, {}),
		...each(namesOf("orgid"), "chainIds", 100, [0], ["100"]),
		...each(["orgid", "orgidEth", "orgidEip712"], "defaultChainId", 0, "100"),
		...each(["orgid", "orgidAccount"], "requireIssuedAt", 1),
		...each(["orgidEip712"], "acceptMilliseconds", 1),
		...each(
			["orgidAccount", "orgidEth", "orgidEip712"],
			"providers",
			5,
			null,
			[],
			{ x: {} },
			{ 1: {} },
			{ 0: accountResolver() },
		),
		...each(MINTERS, "key", undefined, {}, "pem"),
		...each([...MINTERS, "createTokenMinter"], "lifetimeSeconds", 0, 1.5, "60"),
		...each([...MINTERS, "createTokenMinter"], "maxLifetimeSeconds", 0, "60"),
		...each([...MINTERS, "createTokenMinter"], "now", 5),
		...each(["createGitHubAppMinter", "createIcrAppMinter"], "issuer", undefined, "", 0, "app id"),
		...each(["createVonageMinter"], "applicationId", undefined, "app", 7),
		...each(namesOf("createOrgId"), "issuer", undefined, "", 7),
		...each(namesOf("createOrgId"), "audience", "", []),
		...each(["createOrgIdMinter"], "scopeFormat", "xml", ""),
		...each(["createOrgIdAccountMinter"], "registry", undefined, "0x11", 7),
		...each(["clientSdkAcl"], "resources", [], "users", {}),
		...each(["keysFromJwks"], "issuer", "", "app id", 7),
		...each(["keysFromJwks"], "cacheMaxAgeSeconds", 0, "600"),
		...each(["keysFromJwks"], "staleIfErrorSeconds", -1),
		...each(["keysFromJwks"], "cooldownSeconds", -1),
		...each(["keysFromJwks"], "timeoutMs", 0, 0.5),
		...each(["keysFromJwks"], "observer", {}),
	])("%s: %s can't be %o", async (name, option, value) => {
		const { code, message, details } = await refusalOf(() => call(name, { [option]: value }));
		const path = option === "chainIds" && Array.isArray(value) ? "chainIds.0" : option;
		expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: path } });
		expect(message).toMatch(new RegExp(`^${name}: "${path}" must be `));
	});

	it("a profile has the name of its kind", () => {
		const profiles = NAMES.filter((name) => !/^create|^keys|^client/.test(name));
		const kinds = profiles.map((name) => (call(name) as { readonly name: string }).name);
		expect(kinds.toSorted()).toEqual(KINDS.toSorted());
		const written = kinds.map((kind) => kind.replace(/-./g, (part) => part.slice(1).toUpperCase()));
		expect(written).toEqual(profiles);
	});

	it.each(MINTERS)("%s names serverDate if it is no date", async (name) => {
		for (const serverDate of ["", "yesterday"]) {
			const { code, details } = await refusalOf(() => call(name, { serverDate }));
			expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: "serverDate" } });
		}
	});

	it.each(MINTERS)("%s takes no key of another algorithm", async (name) => {
		const wrong = name.includes("App") || name.includes("Vonage") ? weak.privateKey : rsa;
		const { code } = await refusalOf(() => call(name, { key: wrong }));
		expect(["key/wrong-algorithm", "config/invalid-option"]).toContain(code);
	});

	it.each([
		["createOrgIdMinter", DID],
		["createOrgIdEthMinter", `${DID}#owner`],
		["createOrgIdEip712Minter", DID],
		["createOrgIdAccountMinter", `${DID}#key`],
		["createOrgIdAccountMinter", DID.replace("100:", "")],
	])("%s names the issuer %s as one of another form", async (name, issuer) => {
		const { code, message, details } = await refusalOf(() => call(name, { issuer }));
		expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: "issuer" } });
		expect(message).toContain(`got "${issuer}"`);
	});

	it.each([
		["orgid", `${AUDIENCE}#a`],
		["orgidEth", `  ${AUDIENCE}`],
		["createOrgIdMinter", AUDIENCE.toUpperCase()],
		["createOrgIdEthMinter", `${AUDIENCE}0`],
	])("%s names the audience %s, which no token would have", async (name, audience) => {
		const { code, message, details } = await refusalOf(() =>
			call(name, { audience: ["https://hotel.example", audience] }),
		);
		expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: "audience" } });
		expect(message).toContain("got ");
	});
});

describe("the keys of apps", () => {
	it.each([
		["a name that isn't an app's", { "app id": RSA_KEYS.publicKey }, "githubApp: a name in keys must be an app's id"],
		[
			"a name twice",
			new Map<unknown, unknown>([
				[7, RSA_KEYS.publicKey],
				["7", RSA_KEYS.publicKey],
			]),
			"githubApp: keys must be issuers that differ",
		],
		["no key", { 7: [] }, "githubApp: keys.7 must be 1 to 16 keys, got 0"],
		["too many keys", { 7: Array(17).fill(RSA_KEYS.publicKey) }, "githubApp: keys.7 must be 1 to 16 keys, got 17"],
	])("with %s are named", async (_what, keys, start) => {
		const { code, message, details } = await refusalOf(() => call("githubApp", { keys }));
		expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: "keys" } });
		expect(message.slice(0, start.length)).toBe(start);
	});

	it("may be sixteen", () => {
		expect(call("githubApp", { keys: { 7: Array(16).fill(RSA_KEYS.publicKey) } })).toMatchObject({
			name: "github-app",
		});
	});

	it.each([
		"ftp://apps.example",
		"apps.example",
		"http://apps.example",
		"https://a@apps.example",
		"https://:b@apps.example",
		"http://a:b@localhost",
	])("can't be fetched from %s", async (url) => {
		const { message, details } = await refusalOf(() => keysFromJwks(url));
		expect(details).toEqual({ option: "url" });
		expect(message).toMatch(/^keysFromJwks: url must be an https URL without credentials$/);
	});

	it.each(["https://apps.example", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"])(
		"can be fetched from %s",
		(url) => {
			expect(typeof keysFromJwks(url)).toBe("function");
		},
	);
});

describe("the minting of a token", () => {
	it.each([
		...each(MINTERS, "lifetimeSeconds", 0, 86_401, "60"),
		...each(["createGitHubAppMinter", "createIcrAppMinter"], "lifetimeSeconds", 60, 601),
		...each(
			["createGitHubAppMinter", "createVonageMinter", "createOrgIdMinter", "createOrgIdEthMinter"],
			"claims",
			5,
			[],
		),
		...each(namesOf("createOrgId"), "audience", "", [], `${AUDIENCE}#a`),
		...each(namesOf("createOrgId"), "scope", 5, [5], 'a"b'),
		...each(["createIoctlMinter"], "resource", 5),
		...each(["createIoctlMinter"], "operation", 5),
		...each(["createIoctlMinter"], "expiresAt", -1, 0.5, "5", 253_402_300_800),
	])("by %s: %s can't be %o", async (name, option, value) => {
		const minter = call(name) as { mint(options: object): Promise<string> };
		const { code, details } = await refusalOf(() => minter.mint({ [option]: value }));
		expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option } });
	});

	it.each(MINTERS)("by %s names an option that it doesn't have, also those of token and discard", async (name) => {
		const minter = call(name) as Record<"mint" | "token", (options: object) => unknown> & {
			discard(token: string, options: object): void;
		};
		for (const [method, run] of [
			["mint", () => minter.mint({ strange: 1 })],
			["token", () => minter.token({ strange: 1 })],
			["discard", () => minter.discard("", { strange: 1 })],
		] as const) {
			const { code, message } = await refusalOf(run);
			expect([code, message]).toEqual(["config/unknown-option", `${method} has no option "strange"`]);
		}
	});

	it("by ioctl has either a lifetime or an end", async () => {
		const minter = createIoctlMinter({ key });
		const { details } = await refusalOf(() => minter.mint({ lifetimeSeconds: 60, expiresAt: 5 }));
		expect(details).toEqual({ option: "expiresAt" });
	});

	it("by Vonage has either a lifetime or exp", async () => {
		const minter = createVonageMinter({ key: rsa, applicationId: APP_ID });
		const { details } = await refusalOf(() => minter.mint({ lifetimeSeconds: 60, claims: { exp: 5 } }));
		expect(details).toEqual({ option: "lifetimeSeconds" });
	});

	it("needs an audience", async () => {
		const { details } = await refusalOf(() => createOrgIdMinter({ key, issuer: `${DID}#k` }).mint());
		expect(details).toEqual({ option: "audience" });
	});

	it.each([
		["createOrgIdMinter", ["iss", "aud", "exp", "iat", "nbf", "jti", "scope", "constructor"]],
		["createOrgIdEthMinter", ["iss", "aud", "exp", "iat", "nbf", "jti", "scope", "constructor"]],
		["createGitHubAppMinter", ["iss", "iat", "exp", "nbf", "alg", "application_id", "constructor"]],
		["createIcrAppMinter", ["iss", "iat", "exp", "nbf", "alg", "application_id", "constructor"]],
		["createVonageMinter", ["iss", "iat", "constructor"]],
	])("by %s leaves the claims %j to the minter", async (name, reserved) => {
		const minter = call(name) as { mint(options: object): Promise<string> };
		for (const claim of reserved) {
			const { code, message, details } = await refusalOf(() => minter.mint({ claims: { [claim]: "x" } }));
			expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option: `claims.${claim}` } });
			const isFixed = ["iat", "nbf", "jti", "constructor"].includes(claim);
			const expected = isFixed ? "absent: " : "left to the minter and its options";
			expect(message).toContain(`the claim "${claim}" must be ${expected}`);
		}
		const proto = JSON.parse('{"__proto__":1}') as object;
		const { details } = await refusalOf(() => minter.mint({ claims: proto }));
		expect(details).toEqual({ option: "claims.__proto__" });
		const { details: inner } = await refusalOf(() => minter.mint({ claims: { a: { b: 1n } } }));
		expect(inner).toEqual({ option: "claims.a.b" });
	});
});
