import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { verifyData } from "../../src/keys/sign.ts";
import { type CliResult, expectRefusal } from "../support/cli-world.ts";
import { ACCOUNT, configText, createIoctlWorld, type IoctlWorld, OTHER, PASSWORD } from "../support/ioctl-folder.ts";
import { describeWithVectors } from "../vectors.ts";

const NOW = 1_700_000_000;
const SUB = "https://hotel.example/rooms?a=1&b=<2>";

let world: IoctlWorld;
beforeAll(async () => {
	world = await createIoctlWorld();
});
afterAll(() => world.remove());

async function sign(claims: object = { exp: String(NOW + 3_600), sub: SUB, scope: "Read" }): Promise<string> {
	const args = ["sign", "--json", "-q", "--now", String(NOW), "--with-arguments", JSON.stringify(claims)];
	return (await world.jwt(args, { stdin: PASSWORD })).json["token"] as string;
}

/** Verifies as JSON ten seconds later, trusting the account unless told otherwise. */
function verify(token: string, ...args: string[]): Promise<CliResult> {
	const trusted = args.includes("--trusted-issuer") ? [] : ["--trusted-issuer", ACCOUNT.ioAddress];
	const now = args.includes("--now") ? [] : ["--now", String(NOW + 10)];
	return world.jwt(["verify", token, ...trusted, ...now, ...args, "--json"]);
}

/** A rejected token is a result: `valid: false`, exit code 1, nothing on stderr. */
function expectInvalid(result: CliResult, code: string): void {
	expect(result.json).toEqual({ valid: false, code, message: expect.any(String) });
	expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 1, stderr: "" });
}

describe("orgpass jwt verify", () => {
	it("accepts a token of jwt sign, and reports its signer and claims", async () => {
		const { json, exitCode, stderr } = await verify(await sign());
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(json).toEqual({
			valid: true,
			profile: "ioctl",
			issuer: ACCOUNT.ioAddress,
			keyId: ACCOUNT.publicKey,
			scopes: ["Read"],
			expiresAt: NOW + 3_600,
			claims: { exp: NOW + 3_600, iat: NOW, iss: ACCOUNT.publicKey, sub: SUB, scope: "Read" },
		});
	});

	it("prints the same as text, and reads the token from standard input", async () => {
		const args = ["verify", "-", "--trusted-issuer", "whale", "--now", String(NOW)];
		const { exitCode, stdout } = await world.jwt(args, { stdin: `\n${await sign()}\n` });
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(
			new RegExp(
				`^valid until 2023-11-14T23:13:20Z \\(in 1h\\)\nprofile ioctl\nissuer  ${ACCOUNT.ioAddress}\nkey     ${ACCOUNT.publicKey}\nscopes  Read\n\\{\n`,
			),
		);
		const endless = await world.jwt([...args, "--allow-missing-exp"], { stdin: await sign({}) });
		expect(endless.stdout).toMatch(/^valid, and never expires\nprofile ioctl\nissuer .*\nkey .*\nscopes {2}none\n/);
		const refused = await world.jwt(args, { stdin: await sign({}) });
		expect(refused).toMatchObject({ exitCode: 1, stderr: "" });
		expect(refused.stdout).toMatch(
			/^refused: .* \(token\/claim-missing\)\naccept tokens that never expire with --allow-missing-exp\n$/,
		);
	});

	it.each([
		["io1…", ACCOUNT.ioAddress],
		["it1…", ACCOUNT.itAddress],
		["0x…", ACCOUNT.address],
		["0x… in lower case", ACCOUNT.address.toLowerCase()],
		["40 hex digits", ACCOUNT.address.slice(2)],
		["a public key", ACCOUNT.publicKey],
		["a compressed public key", `0x03${ACCOUNT.publicKey.slice(4, 68)}`],
		["an alias", "whale"],
	])("trusts an issuer given as %s, also among several", async (_what, issuer) => {
		const token = await sign();
		for (const others of [[], ["--trusted-issuer", OTHER.address]]) {
			const { json } = await verify(token, ...others, "--trusted-issuer", issuer);
			expect(json).toMatchObject({ valid: true, issuer: ACCOUNT.ioAddress });
		}
	});

	it("trusts no other issuer, and has no default", async () => {
		const token = await sign();
		for (const issuer of [OTHER.address, "other"]) {
			expectInvalid(await verify(token, "--trusted-issuer", issuer), "token/issuer-unknown");
		}
		const nobody = await world.jwt(["verify", token, "--json"]);
		expectRefusal(nobody, 2, "config/usage", /--trusted-issuer/);
	});

	it("reads ioctl's folder only for an alias", async () => {
		const env = { HOME: "" };
		const args = ["verify", await sign(), "--now", String(NOW), "--json", "--trusted-issuer"];
		expect((await world.jwt([...args, ACCOUNT.address], { env })).exitCode).toBe(0);
		expectRefusal(await world.jwt([...args, "whale"], { env }), 2, "config/missing", /HOME/);
		world.write("elsewhere/config.default", configText(`  boss: ${ACCOUNT.address}\n`, '""'));
		const there = await world.jwt([...args, "boss", "--config-dir", "elsewhere"], { env });
		expect(there.json).toMatchObject({ valid: true });
	});

	it.each<[string, string[], string]>([
		["an unknown alias", ["--trusted-issuer", "nobody"], "config/account-unknown"],
		["an invalid address", ["--trusted-issuer", `${ACCOUNT.ioAddress}q`], "config/invalid-option"],
		["a wrong checksum", ["--trusted-issuer", ACCOUNT.address.replace("E", "e")], "config/invalid-option"],
		["a private key", ["--trusted-issuer", ACCOUNT.privateKey], "config/invalid-option"],
		["an HD wallet account", ["--trusted-issuer", "hdw::0/1"], "config/invalid-option"],
		["an invalid operation", ["--operation", "read"], "config/invalid-option"],
		["an empty resource", ["--resource", ""], "config/invalid-option"],
		["an invalid time", ["--now", "soon"], "config/invalid-option"],
		["an invalid tolerance", ["--clock-tolerance", "soon"], "config/invalid-option"],
	])("rejects %s with exit code 2", async (_what, args, code) => {
		const result = await verify(await sign(), ...args);
		expectRefusal(result, 2, code);
		expect(result.stdout).not.toContain("1111111111");
	});

	it.each<[string, string[], string | undefined]>([
		["its resource", ["--resource", SUB], undefined],
		["its operation", ["--operation", "Read"], undefined],
		["both", ["--resource", SUB, "--operation", "Read"], undefined],
		["another resource", ["--resource", `${SUB}/`], "policy/resource"],
		["its resource in another case", ["--resource", SUB.toUpperCase()], "policy/resource"],
		["another operation", ["--operation", "Delete"], "policy/operation"],
	])("checks the token against %s", async (_what, args, code) => {
		const result = await verify(await sign(), ...args);
		if (code === undefined) expect(result.json).toMatchObject({ valid: true });
		else expectInvalid(result, code);
	});

	it.each<[string, object, string[], string | undefined]>([
		["in its last second", {}, ["--now", String(NOW + 3_599)], undefined],
		["after its exp, within the tolerance", {}, ["--now", String(NOW + 3_620)], undefined],
		["after its exp", {}, ["--now", String(NOW + 3_631)], "token/expired"],
		["after its exp, without tolerance", {}, ["--now", String(NOW + 3_601), "--clock-tolerance", "0"], "token/expired"],
		["before it was issued", {}, ["--now", String(NOW - 31)], "token/issued-in-future"],
		["with a lifetime of two days", { exp: String(NOW + 172_800) }, [], "token/lifetime"],
		["with a lifetime of two days, allowed", { exp: String(NOW + 172_800) }, ["--max-lifetime", "2d"], undefined],
		["without exp", { sub: SUB }, [], "token/claim-missing"],
		["without exp, allowed", { sub: SUB }, ["--allow-missing-exp"], undefined],
		["with an unknown scope", { exp: String(NOW + 60), scope: "Admin" }, ["--operation", "Read"], "policy/operation"],
	])("verifies a token %s", async (_what, claims, args, code) => {
		const exp = { exp: String(NOW + 3_600) };
		const token = await sign(Object.keys(claims).length === 0 ? exp : claims);
		const result = await verify(token, ...args);
		if (code === undefined) expect(result.json).toMatchObject({ valid: true });
		else expectInvalid(result, code);
	});

	it("rejects altered tokens, other profiles and antenna's dialect, each with its own code", async () => {
		const [header = "", payload = "", signature = ""] = (await sign()).split(".");
		const encode = (text: string) => Buffer.from(text).toString("base64url");
		const claims = Buffer.from(payload, "base64url").toString();
		const altered = encode(claims.replace("Read", "Delete"));
		expectInvalid(await verify(`${header}.${altered}.${signature}`), "token/signature");
		const dialect = encode('{"alg":"EK256K","typ":"JWT"}');
		expectInvalid(await verify(`${dialect}.${payload}.${signature}`), "token/dialect");
		const none = encode('{"alg":"none","typ":"JWT"}');
		expectInvalid(await verify(`${none}.${payload}.`), "token/algorithm");
		expectInvalid(await verify("no token"), "token/malformed");
	});
});

interface Formats {
	readonly ioctl: { readonly nodeMade: string; readonly publishedExample: { readonly token: string } };
}

describeWithVectors<Formats>("tokens that others made", "formats.json", ({ ioctl }) => {
	const { token } = ioctl.publishedExample;
	const { exp, iat, iss } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
		readonly exp: number;
		readonly iat: number;
		readonly iss: string;
	};
	const judge = (...args: string[]) => world.jwt(["verify", token, "--trusted-issuer", iss, "--json", ...args]);

	it("ioctl's published example is signed by its own issuer", async () => {
		const signature = new Uint8Array(Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url"));
		const signed = new Uint8Array(Buffer.from(token.slice(0, token.lastIndexOf("."))));
		expect(await verifyData(importPublicKey(iss), signed, signature)).toBe(true);
	});

	it("ioctl's published example is rejected as expired", async () => {
		expectInvalid(await judge(), "token/expired");
		expectInvalid(await judge("--now", String(iat + 10)), "token/expired");
	});

	it("ioctl's published example is rejected before its exp as issued in the future, because its iat is later", async () => {
		expect(iat).toBeGreaterThan(exp);
		for (const now of [exp - 1, exp - 86_400]) {
			expectInvalid(await judge("--now", String(now)), "token/issued-in-future");
		}
	});

	it("accepts a token without exp if allowed", async () => {
		const { nodeMade } = ioctl;
		expectInvalid(await verify(nodeMade), "token/claim-missing");
		const { json } = await verify(nodeMade, "--allow-missing-exp", "--operation", "Read");
		expect(json).toMatchObject({ valid: true, issuer: ACCOUNT.ioAddress });
	});
});
