import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { icrApp } from "../../../src/tokens/app/icr-app.ts";
import type { IssuerKeyLookup } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { type JwksOptions, keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { type JwksServer, startJwksServer } from "../../support/jwks-server.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { until } from "../../support/patient-timers.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, CURVE_KEY, forgeKind, RSA_KEYS } from "../../support/token-kinds.ts";

const other = await generateKeyPair({ algorithm: "RS256" });
let server: JwksServer;

beforeEach(async () => {
	server = await startJwksServer();
});
afterEach(async () => {
	vi.restoreAllMocks();
	await server.close();
});

function jwkOf(publicKey: RsaPublicKey, members: object = {}): object {
	return { ...exportPublicKey(publicKey, "jwk"), kid: APP_ID, ...members };
}

/** The modulus with a zero byte before it, which RFC 7518 section 6.3.1.1 forbids. */
function zeroBefore(publicKey: RsaPublicKey): string {
	const bytes = Buffer.from((exportPublicKey(publicKey, "jwk") as unknown as { n: string }).n, "base64url");
	return Buffer.concat([Buffer.of(0), bytes]).toString("base64url");
}

function lookUp(options: JwksOptions = {}): IssuerKeyLookup {
	return keysFromJwks(server.url, options);
}

async function thumbprintsOf(answer: ReturnType<IssuerKeyLookup>): Promise<readonly string[] | undefined> {
	const keys = (await answer) as readonly RsaPublicKey[] | undefined;
	return keys?.map(({ thumbprint }) => thumbprint);
}

const ours = RSA_KEYS.publicKey.thumbprint;
const theirs = other.publicKey.thumbprint;

describe("the issuer of a key", () => {
	it.each<[string, unknown, string, boolean]>([
		["the id", APP_ID, APP_ID, true],
		["the id, # and a name", `${APP_ID}#2026`, APP_ID, true],
		["the id and an empty name", `${APP_ID}#`, APP_ID, true],
		["the id and a name with a # in it", `${APP_ID}#a#b`, APP_ID, true],
		["a longer id", "12345", "1", false],
		["a longer id, looked up by the longer one", "1", "12345", false],
		["the id followed by something other than #", "1x#a", "1", false],
		["an id that contains #, which starts a name", "1#a", "1#a", false],
		["an id that contains #, with a name", "1#a#b", "1#a", false],
		["a name alone", "#a", "a", false],
		["the id in another case", "APP", "app", false],
		["nothing", undefined, APP_ID, false],
		["a number", 12345, "12345", false],
		["null", null, "null", false],
		["an object", {}, "[object Object]", false],
		["empty", "", APP_ID, false],
	])("by a kid that is %s", async (_what, kid, issuer, isFound) => {
		server.serve(jwkOf(RSA_KEYS.publicKey, { kid }), jwkOf(other.publicKey, { kid: "bystander" }));
		expect(await thumbprintsOf(lookUp()(issuer, undefined))).toEqual(isFound ? [ours] : undefined);
		expect(await thumbprintsOf(lookUp()("bystander", undefined))).toEqual([theirs]);
	});

	it("with the issuer option, every key is that issuer's", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey, { kid: "x" }), jwkOf(other.publicKey, { kid: undefined }));
		const look = lookUp({ issuer: APP_ID });
		expect(await look("x", undefined)).toBeUndefined();
		expect(server.asked()).toBe(0);
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([ours, theirs]);
		expect(await thumbprintsOf(look(APP_ID, "x"))).toEqual([ours]);
	});

	it("a token's kid selects by kid or thumbprint; another one selects none", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey, { kid: `${APP_ID}#a` }), jwkOf(other.publicKey, { kid: `${APP_ID}#b` }));
		const look = lookUp();
		expect(await thumbprintsOf(look(APP_ID, `${APP_ID}#b`))).toEqual([theirs]);
		expect(await thumbprintsOf(look(APP_ID, ours))).toEqual([ours]);
		for (const kid of ["b", APP_ID, "x", "../jwks"]) expect(await look(APP_ID, kid)).toEqual([]);
		expect(await look("stranger", ours)).toBeUndefined();
	});
});

describe("the keys of a set", () => {
	const small = generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey.export({ format: "jwk" });
	it.each<[string, () => unknown]>([
		["on another curve", () => ({ ...exportPublicKey(CURVE_KEY.publicKey, "jwk"), kid: APP_ID })],
		["symmetric", () => ({ kty: "oct", k: "AAAA", kid: APP_ID })],
		["of 1,024 bits", () => ({ ...small, kid: APP_ID })],
		["with the exponent 3", () => jwkOf(other.publicKey, { e: "Aw" })],
		["for encryption", () => jwkOf(other.publicKey, { use: "enc" })],
		["for RS512", () => jwkOf(other.publicKey, { alg: "RS512" })],
		["for PS256", () => jwkOf(other.publicKey, { alg: "PS256" })],
		["for signing only", () => jwkOf(other.publicKey, { key_ops: ["sign"] })],
		["private", () => ({ ...exportPrivateKey(other.privateKey, "jwk"), kid: APP_ID })],
		["broken", () => jwkOf(other.publicKey, { n: "!" })],
		["empty", () => ({})],
		["with a number as its kid", () => jwkOf(other.publicKey, { kid: 7 })],
	])("don't include one %s, which doesn't affect the others", async (_what, key) => {
		server.serve(key(), jwkOf(RSA_KEYS.publicKey, { use: "sig", alg: "RS256", key_ops: ["verify"] }));
		expect(await thumbprintsOf(lookUp()(APP_ID, undefined))).toEqual([ours]);
	});

	const unusable: readonly [string, () => unknown, RegExp][] = [
		["null", () => null, /entry 1: expected/],
		["a number", () => 7, /entry 1: expected/],
		["text", () => exportPublicKey(other.publicKey, "spki").slice(0, 40), /entry 1: /],
		["an array", () => [], /entry 1: expected/],
		["with a leading zero byte", () => jwkOf(other.publicKey, { n: zeroBefore(other.publicKey) }), /zero/],
		["with alg: null", () => jwkOf(other.publicKey, { alg: null }), /alg/],
		[
			"with a number as its kid",
			() => jwkOf(other.publicKey, { kid: 12345 }),
			/entry 1 with the kid 12345: expected kid/,
		],
		["without a kid", () => jwkOf(other.publicKey, { kid: undefined }), /entry 1: expected kid/],
		[
			"with a kid that is no app's id",
			() => jwkOf(other.publicKey, { kid: "undefined" }),
			/kid "undefined": expected kid/,
		],
		["of 1,024 bits", () => ({ ...small, kid: "a" }), /entry 1 with the kid "a": .*2,?048/],
		["for encryption", () => jwkOf(other.publicKey, { use: "enc" }), /use/],
	];

	it.each(unusable)("are judged one by one, and an unknown issuer's error names one %s", async (_what, key, reason) => {
		server.serve(key(), jwkOf(RSA_KEYS.publicKey));
		for (const alone of [true, false]) {
			const own = githubApp({ keys: keysFromJwks(server.url) });
			const known = createVerifier({ profiles: [own, ...(alone ? [] : [icrApp({ keys: { 1: other.publicKey } })])] });
			expect((await known.verify(await forgeKind("github-app"))).issuer).toBe(APP_ID);
			const foreign = await forgeKind("github-app", { iss: "12345" });
			const error = await expectRefusal(() => known.verify(foreign), "token/issuer-unknown");
			expect(error.message).toMatch(reason);
			expect(error.details).toMatchObject({ issuer: "12345", skipped: [expect.stringMatching(reason)] });
		}
	});

	it("name those of the issuer first, and few of many", async () => {
		const others = Array.from({ length: 20 }, () => null);
		server.serve(...others, jwkOf(other.publicKey, { kid: "12345", use: "enc" }));
		const verifier = createVerifier({ profiles: [githubApp({ keys: keysFromJwks(server.url) })] });
		const token = await forgeKind("github-app", { iss: "12345" });
		const error = await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
		expect(error.details?.["skipped"]).toHaveLength(5);
		expect(error.message).toMatch(/skipped: entry 21 with the kid "12345": .*; and 16 more$/);
	});

	it("can be none", async () => {
		expect(await lookUp()(APP_ID, undefined)).toBeUndefined();
		expect(await lookUp({ issuer: APP_ID })(APP_ID, undefined)).toBeUndefined();
	});
});

describe("fetching", () => {
	it("fetches once for all calls, including concurrent ones", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey), jwkOf(other.publicKey, { kid: "b" }));
		const look = lookUp();
		const answers = await Promise.all(
			[APP_ID, "b", APP_ID, "stranger"].map((id) => thumbprintsOf(look(id, undefined))),
		);
		expect(answers).toEqual([[ours], [theirs], [ours], undefined]);
		for (let i = 0; i < 20; i++) await look(APP_ID, undefined);
		expect(server.asked()).toBe(1);
	});

	it.each(["/other.json", "../other.json", "?issuer=1", "//127.0.0.1:1/", "http://127.0.0.1:1/jwks.json", "%2e%2e/x"])(
		"requests the same URL for an iss and a kid of %j",
		async (text) => {
			const requested: (string | undefined)[] = [];
			server.answer((outgoing, { url }) => {
				requested.push(url);
				outgoing.end(JSON.stringify({ keys: [jwkOf(RSA_KEYS.publicKey)] }));
			});
			const look = lookUp({ cooldownSeconds: 0 });
			expect(await look(text, text)).toBeUndefined();
			expect(await look(APP_ID, text)).toEqual([]);
			expect(new Set(requested)).toEqual(new Set(["/jwks.json"]));
		},
	);

	it("doesn't fetch for unknown issuers until the cooldown is over", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey));
		const look = lookUp({ cooldownSeconds: 30 });
		for (let i = 0; i < 20; i++) expect(await look(`stranger${i}`, undefined)).toBeUndefined();
		for (let i = 0; i < 20; i++) expect(await look(APP_ID, `kid${i}`)).toEqual([]);
		expect(server.asked()).toBe(1);
		passSeconds(31);
		await Promise.all([look("stranger", undefined), look("another", undefined), look(APP_ID, "kid")]);
		await look("stranger", undefined);
		expect(server.asked()).toBe(1);
	});

	it("fetches again once the set is old, and drops removed keys", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey));
		const look = lookUp({ cacheMaxAgeSeconds: 600 });
		await look(APP_ID, undefined);
		server.serve(jwkOf(other.publicKey));
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([ours]);
		passSeconds(601);
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([theirs]);
		expect(server.asked()).toBe(2);
	});

	it("fetches again for a rotated key, once the cooldown is over", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey));
		const look = lookUp({ cooldownSeconds: 0.05 });
		await look(APP_ID, undefined);
		server.serve(jwkOf(RSA_KEYS.publicKey), jwkOf(other.publicKey, { kid: `${APP_ID}#next` }));
		await vi.waitFor(
			async () => {
				expect(await thumbprintsOf(look(APP_ID, `${APP_ID}#next`))).toEqual([theirs]);
			},
			{ timeout: 60_000 },
		);
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([ours, theirs]);
	});

	it("fetches every time with a cooldown of 0", async () => {
		const look = lookUp({ cooldownSeconds: 0 });
		await look("a", undefined);
		server.serve(jwkOf(RSA_KEYS.publicKey, { kid: "a" }));
		expect(await thumbprintsOf(look("a", undefined))).toEqual([ours]);
	});
});

describe("a misbehaving host", () => {
	it.each<[string, () => void]>([
		["drops the connection", () => server.down()],
		["says 500", () => server.send("{}", 500)],
		["responds with 404", () => server.send('{"keys":[]}', 404)],
		["says 304", () => server.send("", 304)],
		["says 204", () => server.send("", 204)],
		["sends HTML", () => server.send("<html></html>")],
		["sends an empty body", () => server.send("")],
		["sends JSON that isn't a set", () => server.send('{"key":[]}')],
		["sends an array", () => server.send("[]")],
		["sends an object of keys", () => server.send('{"keys":{"0":{}}}')],
		["sends null", () => server.send("null")],
		["sends too much", () => server.send(`{"keys":[],"x":"${"a".repeat(1_100_000)}"}`)],
	])("that %s is an outage, and is asked once per cooldown", async (_what, prepare) => {
		prepare();
		const look = lookUp();
		for (let i = 0; i < 5; i++) await expectRefusal(() => look(APP_ID, undefined), "key/unreachable");
		expect(server.asked()).toBe(1);
	});

	it("that streams endlessly is cut off at a megabyte", async () => {
		let sent = 0;
		let isOver = false;
		server.answer((outgoing) => {
			outgoing.writeHead(200, { "content-type": "application/json" });
			outgoing.on("close", () => {
				isOver = true;
			});
			const chunk = " ".repeat(65_536);
			const pump = (): void => {
				while (!isOver && outgoing.write(chunk)) sent += chunk.length;
			};
			outgoing.on("drain", pump);
			pump();
		});
		const error = await expectRefusal(() => lookUp()(APP_ID, undefined), "key/unreachable");
		expect(String(error.cause)).toContain("larger than");
		await until(() => isOver);
		expect(sent).toBeLessThan(32 * 2 ** 20);
	});

	it.each<[string, (server: JwksServer) => void]>([
		["never responds", ({ answer }) => answer(() => {})],
		[
			"never ends",
			({ answer }) =>
				answer((outgoing) => {
					outgoing.writeHead(200);
					outgoing.write('{"keys":[');
				}),
		],
	])("that %s is given up on after timeoutMs", async (_what, prepare) => {
		prepare(server);
		await expectRefusal(() => lookUp({ timeoutMs: 100 })(APP_ID, undefined), "key/unreachable");
	});

	it("that redirects isn't followed", async () => {
		const elsewhere = await startJwksServer();
		try {
			elsewhere.serve(jwkOf(RSA_KEYS.publicKey));
			for (const status of [301, 302, 303, 307, 308]) {
				server.send("", status, { location: elsewhere.url });
				await expectRefusal(() => lookUp()(APP_ID, undefined), "key/unreachable");
			}
			expect(elsewhere.asked()).toBe(0);
		} finally {
			await elsewhere.close();
		}
	});

	it("is asked again after the cooldown", async () => {
		server.down();
		const look = lookUp({ cooldownSeconds: 30 });
		await expectRefusal(() => look(APP_ID, undefined), "key/unreachable");
		server.serve(jwkOf(RSA_KEYS.publicKey));
		await expectRefusal(() => look(APP_ID, undefined), "key/unreachable");
		passSeconds(31);
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([ours]);
		expect(server.asked()).toBe(2);
	});

	it("doesn't affect known issuers while the set is fresh; unknown issuers get an outage", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey));
		const look = lookUp({ cooldownSeconds: 30, cacheMaxAgeSeconds: 600 });
		await look(APP_ID, undefined);
		server.down();
		passSeconds(31);
		await expectRefusal(() => look("stranger", undefined), "key/unreachable");
		await expectRefusal(() => look("stranger", undefined), "key/unreachable");
		expect(await thumbprintsOf(look(APP_ID, undefined))).toEqual([ours]);
		expect(server.asked()).toBe(2);
	});
});

describe("in a verifier", () => {
	it("tokens are accepted, and an outage is reported", async () => {
		server.serve(jwkOf(RSA_KEYS.publicKey, { kid: `${APP_ID}#a` }));
		const verifier = createVerifier({ profiles: [githubApp({ keys: lookUp() })] });
		expect((await verifier.verify(await forgeKind("github-app"))).keyId).toBe(ours);
		const named = await forgeKind("github-app", {}, { kid: `${APP_ID}#a` });
		expect((await verifier.verify(named)).keyId).toBe(ours);
		const unnamed = await forgeKind("github-app", {}, { kid: `${APP_ID}#b` });
		await expectRefusal(() => verifier.verify(unnamed), "token/key-id");
		server.down();
		const anew = createVerifier({ profiles: [githubApp({ keys: lookUp() })] });
		const token = await forgeKind("github-app");
		await expectRefusal(() => anew.verify(token), "key/unreachable");
	});
});

describe("options", () => {
	it.each<string>([
		"http://keys.example/jwks.json",
		"http://127.0.0.1.example/jwks.json",
		"http://localhost.example/",
		"http://10.0.0.1/",
		"file:///etc/jwks.json",
		"data:application/json,{}",
		"ftp://keys.example/",
		"//keys.example/",
		"keys.example",
		"",
		"https://user:secret@keys.example/",
		"https://user@keys.example/",
		"http://:secret@127.0.0.1/",
	])("reject the URL %s without quoting it", async (url) => {
		const error = await expectRefusal(() => keysFromJwks(url), "config/invalid-option");
		expect(error.details).toEqual({ option: "url" });
		expect(error.message).not.toContain("secret");
	});

	it("accept https anywhere, and http on the local machine", () => {
		for (const url of ["https://keys.example/", "http://localhost:1/", "http://[::1]:1/", new URL(server.url)]) {
			expect(keysFromJwks(url)).toBeTypeOf("function");
		}
	});

	it.each([
		{ issuer: "" },
		{ cacheMaxAgeSeconds: 0 },
		{ cacheMaxAgeSeconds: Number.NaN },
		{ cooldownSeconds: -1 },
		{ timeoutMs: 0 },
		{ timeoutMs: 1.5 },
		null,
	])("reject %o", async (options) => {
		await expectRefusal(() => lookUp(options as never), "config/invalid-option");
	});

	it("reject unknown names, and aren't modified", async () => {
		await expectRefusal(() => lookUp({ cacheMaxAge: 1 } as never), "config/unknown-option");
		const options = deepFreeze({ cooldownSeconds: 0, timeoutMs: 1_000 });
		server.serve(jwkOf(RSA_KEYS.publicKey));
		for (const _ of [1, 2]) expect(await thumbprintsOf(lookUp(options)(APP_ID, undefined))).toEqual([ours]);
	});
});
