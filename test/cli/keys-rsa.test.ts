import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { thumbprint } from "../../src/keys/thumbprint.ts";
import * as sample from "../keys/sample-keys.ts";
import { PAIR as pair } from "../keys/sample-rsa-keys.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const RSA = ["--algorithm", "RS256"] as const;
const privatePem = (type: "pkcs1" | "pkcs8"): string => pair.privateKey.export({ type, format: "pem" }).toString();
const publicPem = (type: "pkcs1" | "spki", key: KeyObject = pair.publicKey): string =>
	key.export({ type, format: "pem" }).toString();
const FACTS = {
	kind: "RSA",
	private: true,
	modulusLength: 2_048,
	publicKeyJwk: pair.publicKey.export({ format: "jwk" }),
	publicKeyPem: publicPem("spki"),
	thumbprint: thumbprint(importPublicKey(publicPem("spki"), { algorithm: "RS256" })),
};
const SECRETS = ["d", "p", "q", "dp", "dq", "qi"] as const;

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
	world.write("app.pem", privatePem("pkcs1"));
	world.write("public.pem", publicPem("spki"), 0o644);
});
afterAll(() => world.remove());

function expectNoSecret(text: string): void {
	const jwk = pair.privateKey.export({ format: "jwk" });
	for (const name of SECRETS) expect(text).not.toContain(jwk[name]);
	// The lines before hold the modulus, which is public.
	const body = privatePem("pkcs1").split("\n").slice(8, -3);
	for (const line of body) expect(text).not.toContain(line);
}

describe("orgpass keys generate --algorithm RS256", () => {
	it.each([
		["pkcs8", ["--format", "pkcs8"], /^-----BEGIN PRIVATE KEY-----\n/],
		["pkcs1", ["--format", "pkcs1"], /^-----BEGIN RSA PRIVATE KEY-----\n/],
		["pkcs8", [], /^-----BEGIN PRIVATE KEY-----\n/],
	])("T62: writes %s (%j) to a file of mode 0600 that Node reads", async (format, args, content) => {
		const file = `made-${args.length}-${format}.pem`;
		const made = await world.run(["keys", "generate", ...RSA, "--out", file, ...args, "--json"]);
		expect({ exitCode: made.exitCode, stderr: made.stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(world.read(file)).toMatch(content);
		expect(world.modeOf(file)).toBe(0o600);
		const key = createPrivateKey(world.read(file));
		expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2_048, publicExponent: 65_537n });
		expect(made.json).toMatchObject({
			file,
			format,
			kind: "RSA",
			modulusLength: 2_048,
			publicKeyPem: publicPem("spki", createPublicKey(key)),
		});
	});

	it("accepts a modulus length, and prints the result as text", async () => {
		const args = ["--out", "long.jwk", "--format", "jwk", "--modulus-length", "2304"];
		const { exitCode, stdout } = await world.run(["keys", "generate", ...RSA, ...args]);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^wrote "long.jwk"\nthumbprint [\w-]{43}\n$/);
		const seen = await world.run(["keys", "inspect", "long.jwk", ...RSA, "--json"]);
		expect(seen.json).toMatchObject({ modulusLength: 2_304, private: true });
	});

	it.each<[string, readonly string[], string, RegExp]>([
		["a format for ES256K keys", ["--format", "sec1"], "config/invalid-option", /pkcs1, pkcs8, jwk/],
		["a password for PKCS#1", ["--format", "pkcs1", "--password", "p"], "config/usage", /--format pkcs8"/],
		["1,024 bits", ["--modulus-length", "1024"], "config/invalid-option", /2048 to 8192/],
		["16,384 bits", ["--modulus-length", "16384"], "config/invalid-option", /2048 to 8192/],
		["2,047 bits", ["--modulus-length", "2047"], "config/invalid-option", /multiple of 8/],
		["a modulus length that isn't a number", ["--modulus-length", "long"], "config/invalid-option", /2048 to 8192/],
	])("rejects %s and writes nothing", async (_what, args, code, message) => {
		const result = await world.run(["keys", "generate", ...RSA, "--out", "none.pem", ...args, "--json"]);
		expectRefusal(result, 2, code, message);
		expect(() => world.read("none.pem")).toThrow();
	});

	it("rejects an unknown algorithm, and a modulus length for ES256K", async () => {
		const run = (...args: string[]) => world.run(["keys", "generate", "--out", "x", ...args, "--json"]);
		expectRefusal(await run("--algorithm", "RS512"), 2, "config/invalid-option", /ES256K, RS256/);
		expectRefusal(await run("--modulus-length", "2048"), 2, "config/usage", /RS256/);
	});
});

describe("orgpass keys inspect --algorithm RS256", () => {
	it.each([
		["PKCS#1", privatePem("pkcs1")],
		["PKCS#8", privatePem("pkcs8")],
		["PKCS#8 with \\n for line breaks", privatePem("pkcs8").replaceAll("\n", "\\n")],
		["a JWK", JSON.stringify(pair.privateKey.export({ format: "jwk" }))],
	])("shows only the public key of a private key as %s", async (_what, text) => {
		const { json, stdout, stderr } = await world.run(["keys", "inspect", "env:KEY", ...RSA, "--json"], {
			env: { KEY: text },
		});
		expect(stderr).toBe("");
		expect(json).toEqual(FACTS);
		expectNoSecret(stdout);
	});

	it("shows a public key, also as text", async () => {
		const seen = await world.run(["keys", "inspect", "public.pem", ...RSA, "--json"]);
		expect(seen.json).toEqual({ ...FACTS, private: false });
		const { stdout } = await world.run(["keys", "inspect", "app.pem", ...RSA]);
		expect(stdout).toMatch(/^kind +RSA\nprivate +true\nmodulusLength +2048\nthumbprint +[\w-]{43}\n-----BEGIN/);
		expectNoSecret(stdout);
	});

	it.each([
		["app.pem", [], /add --algorithm RS256/],
		["public.pem", [], /add --algorithm RS256/],
		["ec.pem", RSA, /add --algorithm ES256K/],
		["sec1.pem", RSA, /add --algorithm ES256K/],
	])("T21: %s with %j: names the flag that accepts the key", async (file, args, message) => {
		world.write("ec.pem", sample.toPem("PRIVATE KEY", sample.pkcs8()));
		world.write("sec1.pem", sample.toPem("EC PRIVATE KEY", sample.sec1()));
		const result = await world.run(["keys", "inspect", file, ...args, "--json"]);
		expectRefusal(result, 2, "key/wrong-algorithm", message);
	});

	it.each([[RSA], [[]]])("T21: doesn't suggest a flag for an unsupported key type: %j", async (args) => {
		const stdin = sample.OTHER_KINDS[0]?.privatePem as string;
		const result = await world.run(["keys", "inspect", "-", ...args, "--json"], { stdin });
		expectRefusal(result, 2, "key/wrong-algorithm", /got P-256"/);
	});

	it("reports that a key in a variable seems truncated", async () => {
		const env = { KEY: privatePem("pkcs1").split("\n")[0] as string };
		const result = await world.run(["keys", "inspect", "env:KEY", ...RSA, "--json"], { env });
		expectRefusal(result, 2, "key/malformed", /truncated.*line breaks/);
	});
});

describe("orgpass keys convert --algorithm RS256", () => {
	const convert = (...args: string[]) => world.run(["keys", "convert", ...args, ...RSA]);

	it.each([
		["pkcs1", privatePem("pkcs1")],
		["pkcs8", privatePem("pkcs8")],
		["jwk", undefined],
	])("converts to %s and back, byte for byte", async (format, expected) => {
		const { exitCode, stdout, stderr } = await convert("app.pem", "--to", format);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		if (expected !== undefined) expect(stdout).toBe(expected);
		const back = await world.run(["keys", "convert", "-", "--to", "pkcs1", ...RSA], { stdin: stdout });
		expect(back.stdout).toBe(privatePem("pkcs1"));
	});

	it.each([
		["spki", publicPem("spki")],
		["spki-base64", `${publicPem("spki").split("\n").slice(1, -2).join("")}\n`],
		["pkcs1", publicPem("pkcs1")],
		["jwk", undefined],
	])("writes the public key as %s, from a private or a public key", async (format, expected) => {
		const { stdout } = await convert("app.pem", "--public", "--to", format);
		if (expected === undefined) expect(JSON.parse(stdout)).toEqual(FACTS.publicKeyJwk);
		else expect(stdout).toBe(expected);
		const again = await world.run(["keys", "convert", "-", "--to", format, ...RSA], { stdin: stdout });
		expect({ exitCode: again.exitCode, stdout: again.stdout }).toEqual({ exitCode: 0, stdout });
	});

	it("rejects formats of the other key half and of the other algorithm", async () => {
		const run = (...args: string[]) => convert(...args, "--json");
		expectRefusal(await run("app.pem", "--to", "spki"), 2, "key/public-expected", /--public/);
		expectRefusal(await run("app.pem", "--to", "hex"), 2, "config/invalid-option", /pkcs1, pkcs8, jwk"/);
		expectRefusal(await run("public.pem", "--to", "pkcs8"), 2, "config/invalid-option", /spki-base64/);
	});
});
