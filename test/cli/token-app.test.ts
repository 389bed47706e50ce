import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../src/keys/rsa-public-key.ts";
import { type CliResult, type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { nowSeconds } from "../support/system-clock.ts";

const APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
const ACL = '{"paths":{"/*/users/**":{"methods":["GET"]}}}';

let world: CliWorld;
let publicKey: RsaPublicKey;
beforeAll(async () => {
	world = createCliWorld();
	const pair = await generateKeyPair({ algorithm: "RS256" });
	publicKey = pair.publicKey;
	world.write("app.pem", exportPrivateKey(pair.privateKey, "pkcs1"));
	world.write("public.pem", exportPublicKey(pair.publicKey, "spki"));
	const other = await generateKeyPair({ algorithm: "RS256" });
	world.write("other.pem", exportPrivateKey(other.privateKey, "pkcs8"));
	world.write("keys/12345.pem", exportPublicKey(pair.publicKey, "spki"));
	world.write("ec.pem", exportPrivateKey((await generateKeyPair()).privateKey, "sec1"));
});
afterAll(() => world.remove());

const mint = (profile: string, ...args: string[]): Promise<CliResult> =>
	world.run(["token", "mint", "--profile", profile, "--key", "app.pem", ...args]);
async function tokenOf(profile: string, ...args: string[]): Promise<string> {
	const { stdout, stderr, exitCode } = await mint(profile, ...args);
	expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
	return stdout.trim();
}
const verify = (profile: string, token: string, ...args: string[]): Promise<CliResult> =>
	world.run(["token", "verify", token, "--profile", profile, ...args, "--json"]);

function expectInvalid(result: CliResult, code: string): void {
	expect(result.json).toEqual({ valid: false, code, message: expect.any(String) });
	expect(result.exitCode).toBe(1);
}

describe("orgpass token mint for apps", () => {
	it("mints a GitHub App token as GitHub specifies, with the id as text", async () => {
		const { json } = await mint("github-app", "--issuer", "12345", "--now", "1800000000", "--json");
		expect(json).toMatchObject({
			header: { alg: "RS256", typ: "JWT" },
			claims: { iss: "12345", iat: 1_799_999_940, exp: 1_800_000_480 },
			expiresAt: 1_800_000_480,
		});
		expect(Object.keys(json["claims"] as object)).toEqual(["iat", "exp", "iss"]);
	});

	it("adds alg to the claims of an ICR App", async () => {
		const { json } = await mint("icr-app", "--issuer", "app-7", "n=1", "--json");
		expect(json["claims"]).toMatchObject({ iss: "app-7", alg: "RS256", n: 1 });
	});

	it("accepts the arguments of the Nexmo CLI unchanged", async () => {
		const exp = nowSeconds() + 86_400;
		const args = ["sub=jamie", `exp=${exp}`, `acl=${ACL}`, `application_id=${APPLICATION}`];
		const { json } = await mint("vonage", ...args, "--json");
		expect(json["claims"]).toEqual({
			application_id: APPLICATION,
			iat: expect.any(Number),
			jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
			exp,
			sub: "jamie",
			acl: JSON.parse(ACL),
		});
	});

	it("accepts an exp given as text and a numeric user name", async () => {
		const now = ["--now", "1800000000"];
		const { json } = await mint("vonage", "--issuer", APPLICATION, "sub=44", 'exp="1800000300"', ...now, "--json");
		expect(json["claims"]).toMatchObject({ sub: "44", exp: 1_800_000_300 });
	});

	it("uses the server's clock with --server-date", async () => {
		const now = ["--now", "1800000000", "--server-date", new Date(1_800_000_100_000).toUTCString()];
		const { json } = await mint("github-app", "--issuer", "1", ...now, "--json");
		expect(json["claims"]).toMatchObject({ iat: 1_800_000_040 });
	});

	it.each<[string, string, string[], string]>([
		["a missing issuer", "github-app", [], "config/usage"],
		["a missing application", "vonage", ["sub=alice"], "config/usage"],
		["an application that isn't a UUID", "vonage", ["--issuer", "12345"], "config/invalid-option"],
		["an application in quotes", "vonage", ["--issuer", `"${APPLICATION}"`], "config/invalid-option"],
		["an app id in quotes", "github-app", ["--issuer", '"12345"'], "config/invalid-option"],
		["an app id with a comma", "github-app", ["--issuer", "12345,"], "config/invalid-option"],
		["an unset variable", "icr-app", ["--issuer", "undefined"], "config/invalid-option"],
		["a variable that the shell didn't expand", "icr-app", ["--issuer", "$APP_ID"], "config/invalid-option"],
		["two applications", "vonage", ["--issuer", APPLICATION, "application_id=x"], "config/invalid-option"],
		["an audience", "github-app", ["--issuer", "1", "--audience", "x"], "config/usage"],
		["a scope format", "icr-app", ["--issuer", "1", "--scope-format", "json"], "config/usage"],
		["an operation", "vonage", ["--issuer", APPLICATION, "--operation", "Read"], "config/usage"],
		["a reserved claim", "github-app", ["--issuer", "1", "exp=1"], "config/invalid-option"],
		["a lifetime of eleven minutes", "github-app", ["--issuer", "1", "--ttl", "11m"], "config/invalid-option"],
		["a lifetime of two days", "vonage", ["--issuer", APPLICATION, "--ttl", "48h"], "config/invalid-option"],
		["an ES256K key", "github-app", ["--issuer", "1", "--key", "ec.pem"], "key/wrong-algorithm"],
		["a public key", "github-app", ["--issuer", "1", "--key", "public.pem"], "key/private-expected"],
		["an invalid date", "github-app", ["--issuer", "1", "--server-date", "today"], "config/invalid-option"],
	])("rejects %s", async (_, profile, args, code) => {
		expectRefusal(await mint(profile, ...args, "--json"), 2, code);
	});

	it("says what is wrong with a key file and how to fix it", async () => {
		world.write("cut.pem", world.read("app.pem").slice(0, 300));
		const result = await mint("github-app", "--issuer", "1", "--key", "cut.pem");
		expectRefusal(result, 2, "key/malformed", /END line is missing/);
	});

	it("rejects an invalid acl before signing", async () => {
		const result = await mint("vonage", "--issuer", APPLICATION, 'acl={"paths":["/a"]}', "--json");
		expectRefusal(result, 2, "config/invalid-option");
	});
});

describe("orgpass token verify for apps", () => {
	it.each<[string, string[]]>([
		["a public key", ["--app-key", "12345=public.pem"]],
		["a private key", ["--app-key", "12345=app.pem"]],
		["one of several keys", ["--app-key", "12345=other.pem", "--app-key", "12345=app.pem"]],
		["in a folder", ["--app-keys", "keys"]],
	])("finds the app's key given as %s", async (_, args) => {
		const { json, exitCode } = await verify("github-app", await tokenOf("github-app", "--issuer", "12345"), ...args);
		expect({ json, exitCode }).toMatchObject({
			json: { valid: true, profile: "github-app", issuer: "12345", keyId: publicKey.thumbprint },
			exitCode: 0,
		});
	});

	it("finds the app's key in a JWK Set, and reports an unavailable set", async () => {
		const jwk = { ...exportPublicKey(publicKey, "jwk"), kid: "12345#1" };
		const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const token = await tokenOf("github-app", "--issuer", "12345");
		expect((await verify("github-app", token, "--app-keys", url)).json).toMatchObject({ valid: true });
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
		expectRefusal(await verify("github-app", token, "--app-keys", url), 3, "key/unreachable");
	});

	it("rejects a token of another app profile", async () => {
		const keys = ["--app-key", "12345=app.pem", "--app-key", `${APPLICATION}=app.pem`];
		const github = await tokenOf("github-app", "--issuer", "12345");
		const icr = await tokenOf("icr-app", "--issuer", "7");
		const vonage = await tokenOf("vonage", "--issuer", APPLICATION);
		const ofAnother = await tokenOf("github-app", "--issuer", "8");
		expectInvalid(await verify("icr-app", ofAnother, ...keys), "token/issuer-unknown");
		expectInvalid(await verify("vonage", github, ...keys), "token/claim-missing");
		expectInvalid(await verify("github-app", icr, ...keys), "token/issuer-unknown");
		expectInvalid(await verify("vonage", icr, ...keys), "token/claim-missing");
		expectInvalid(await verify("github-app", vonage, ...keys), "token/claim-missing");
		expectInvalid(await verify("icr-app", vonage, ...keys), "token/claim-missing");
		const both = ["--profile", "icr-app", ...keys];
		expectRefusal(await verify("github-app", github, ...both), 2, "config/usage", /github-app or icr-app/);
	});

	it("checks a request against the acl", async () => {
		const token = await tokenOf("vonage", "--issuer", APPLICATION, "sub=alice", `acl=${ACL}`);
		const keys = ["--app-key", `${APPLICATION}=public.pem`];
		const ask = (method: string, path: string) => verify("vonage", token, ...keys, "--method", method, "--path", path);
		expect((await ask("GET", "/v1/users/7")).json).toMatchObject({ valid: true, claims: { sub: "alice" } });
		expectInvalid(await ask("POST", "/v1/users/7"), "policy/acl");
		expectInvalid(await ask("GET", "/v1/users/../admin"), "policy/acl");
		expectInvalid(await verify("vonage", token, ...keys), "policy/acl");
		expectRefusal(await verify("vonage", token, ...keys, "--method", "GET"), 2, "config/usage", /--path/);
	});

	it.each<[string, string[], number, string]>([
		["no keys", [], 2, "config/usage"],
		["two key sources", ["--app-key", "1=app.pem", "--app-keys", "keys"], 2, "config/usage"],
		["a key without an app", ["--app-key", "app.pem"], 2, "config/usage"],
		["a key of an app in quotes", ["--app-key", '"1"=app.pem'], 2, "config/usage"],
		["a key of an app that is undefined", ["--app-key", "undefined=app.pem"], 2, "config/usage"],
		["a key of an app with a comma", ["--app-key", "1,=app.pem"], 2, "config/usage"],
		["a missing key file", ["--app-key", "1=none.pem"], 2, "config/file"],
		["a missing folder", ["--app-keys", "none"], 3, "key/unreachable"],
		["a JWK Set over http", ["--app-keys", "http://apps.example/"], 2, "config/invalid-option"],
		["--method without an acl", ["--app-keys", "keys", "--method", "GET", "--path", "/"], 2, "config/usage"],
		["an issuer for ioctl", ["--app-keys", "keys", "--trusted-issuer", "io1"], 2, "config/usage"],
		["documents over http", ["--app-keys", "keys", "--allow-http"], 2, "config/usage"],
	])("rejects %s", async (_, args, exitCode, code) => {
		expectRefusal(await verify("github-app", await tokenOf("github-app", "--issuer", "1"), ...args), exitCode, code);
	});
});
