import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { describeWithVectors } from "../vectors.ts";

const KEY = `0x${"11".repeat(32)}`;
const ACCOUNT = "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk";
const RESOURCE = "https://hotel.example/rooms?a=1&b=<2>";

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
	world.write("k.hex", KEY);
});
afterAll(() => world.remove());

const mint = (...args: string[]): Promise<CliResult> =>
	world.run(["token", "mint", "--profile", "ioctl", "--key", "k.hex", ...args]);
const verify = (token: string, ...args: string[]): Promise<CliResult> =>
	world.run(["token", "verify", token, "--profile", "ioctl", "--trusted-issuer", ACCOUNT, ...args, "--json"]);

describe("orgpass token mint --profile ioctl", () => {
	it("mints an ioctl token with the given key", async () => {
		const { stdout } = await mint("--resource", RESOURCE, "--operation", "Read", "--now", "1800000000");
		const [header = "", payload = ""] = stdout.split(".");
		expect(Buffer.from(header, "base64url").toString()).toBe('{"alg":"ES256","typ":"JWT"}');
		expect(Buffer.from(payload, "base64url").toString()).toMatch(
			/^\{"exp":1800003600,"iat":1800000000,"iss":"0x04[0-9a-f]{128}","sub":"https:\/\/hotel\.example\/rooms\?a=1\\u0026b=\\u003c2\\u003e","scope":"Read"\}$/,
		);
	});

	it("warns about an operation that grants nothing", async () => {
		const { exitCode, stderr } = await mint("--operation", "read");
		expect({ exitCode, stderr }).toEqual({
			exitCode: 0,
			stderr: 'warning: the scope "read" grants nothing: use one of Create, Read, Update, Delete\n',
		});
	});

	it.each<[string, string[], string]>([
		["an issuer", ["--issuer", "io1"], "config/usage"],
		["an audience", ["--audience", "x"], "config/usage"],
		["a scope", ["--scope", "Read"], "config/usage"],
		["extra claims", ["sub=x"], "config/usage"],
		["an RSA key", ["--key", "env:RSA"], "key/wrong-algorithm"],
	])("rejects %s", async (_, args, code) => {
		const RSA = '{"kty":"RSA","n":"AQAB","e":"AQAB"}';
		expectRefusal(
			await world.run(["token", "mint", "--profile", "ioctl", "--key", "k.hex", ...args, "--json"], {
				env: { RSA },
			}),
			2,
			code,
		);
	});
});

describe("orgpass token verify --profile ioctl", () => {
	it("checks the resource and operation", async () => {
		const token = (await mint("--resource", RESOURCE, "--operation", "Read")).stdout.trim();
		const { json } = await verify(token, "--resource", RESOURCE, "--operation", "Read");
		expect(json).toMatchObject({ valid: true, issuer: ACCOUNT, scopes: ["Read"] });
		const other = await verify(token, "--resource", RESOURCE, "--operation", "Delete");
		expect(other.json).toMatchObject({ valid: false, code: "policy/operation" });
		expect((await verify(token, "--resource", "x")).json).toMatchObject({ code: "policy/resource" });
	});

	it("requires a trusted issuer", async () => {
		const token = (await mint()).stdout.trim();
		const result = await world.run(["token", "verify", token, "--profile", "ioctl", "--json"]);
		expectRefusal(result, 2, "config/usage", /--trusted-issuer/);
	});

	it.each([
		["--audience", "did:orgid:100:0x00"],
		["--app-key", "1=k.hex"],
		["--accept-milliseconds"],
		["--method", "GET", "--path", "/"],
	])("rejects %s, which doesn't apply to ioctl", async (...args) => {
		const flag = new RegExp(`${args[0]} doesn't apply to --profile ioctl`);
		expectRefusal(await verify((await mint()).stdout.trim(), ...args), 2, "config/usage", flag);
	});
});

describe("orgpass token decode", () => {
	it("reports whether an ioctl token was signed with the key in its iss", async () => {
		const token = (await mint("--operation", "Read")).stdout.trim();
		const good = await world.run(["token", "decode", token, "--json"]);
		expect(good.json).toMatchObject({ signature: { isGood: true, address: ACCOUNT } });
		const text = (await world.run(["token", "decode", token])).stdout;
		expect(text).toMatch(/^not verified\n[\s\S]*the signature matches the key in iss \(io1/);
		const [header, , signature] = token.split(".");
		const payload = Buffer.from(JSON.stringify({ iss: "0x04" })).toString("base64url");
		const broken = await world.run(["token", "decode", `${header}.${payload}.${signature}`, "--json"]);
		expect(broken.json).toEqual({ header: { alg: "ES256", typ: "JWT" }, claims: { iss: "0x04" } });
		const tampered = await world.run(["token", "decode", await forgeSubject(token)]);
		expect(tampered.stdout).toContain("the signature doesn't match the key in iss");
	});
});

describeWithVectors<{ ioctl: { publishedExample: { token: string } } }>(
	"the token of ioctl's documentation",
	"formats.json",
	({ ioctl }) => {
		it("has a valid signature by its own issuer", async () => {
			const { json } = await world.run(["token", "decode", ioctl.publishedExample.token, "--json"]);
			expect(json["signature"]).toEqual({ isGood: true, address: expect.stringMatching(/^io1/) });
		});
	},
);

/** The same token with another subject. */
async function forgeSubject(token: string): Promise<string> {
	const [header, payload = "", signature] = token.split(".");
	const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), sub: "x" };
	return `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${signature}`;
}
