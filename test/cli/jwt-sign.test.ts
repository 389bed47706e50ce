import { chmodSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { verifyData } from "../../src/keys/sign.ts";
import * as sample from "../keys/sample-keys.ts";
import { expectRefusal } from "../support/cli-world.ts";
import {
	ACCOUNT,
	createIoctlWorld,
	encryptKeystore,
	IOCTL_FOLDER,
	type IoctlWorld,
	OTHER,
	PASSWORD,
} from "../support/ioctl-folder.ts";

const NOW = "1700000000";
const ARGUMENTS = '{"exp":"1700003600","sub":"http://example.com/1234","scope":"Read"}';
const HEADER = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9";

let world: IoctlWorld;
beforeAll(async () => {
	world = await createIoctlWorld();
});
afterAll(() => world.remove());

/** Signs at a fixed time, the password on standard input. */
const sign = (...args: string[]) => world.jwt(["sign", "--now", NOW, ...args], { stdin: `${PASSWORD}\n` });
const signArguments = (json: string, ...args: string[]) => sign("--with-arguments", json, ...args);

/** The token in a printed text, its signature verified with the account's key, and its claims as they stand. */
async function openToken(text: string): Promise<{ token: string; payload: string }> {
	const token = /^JWT token: ([\w-]+\.[\w-]+\.[\w-]{86})\n/.exec(text)?.[1] ?? expect.fail(`no token: ${text}`);
	const [header, payload, signature] = token.split(".") as [string, string, string];
	expect(header).toBe(HEADER);
	const key = importPublicKey(ACCOUNT.publicKey);
	const signed = new Uint8Array(Buffer.from(`${header}.${payload}`));
	expect(await verifyData(key, signed, new Uint8Array(Buffer.from(signature, "base64url")))).toBe(true);
	return { token, payload: Buffer.from(payload, "base64url").toString() };
}

const printed = (token: string, claims: string, address: string = ACCOUNT.ioAddress) =>
	`JWT token: ${token}

signed by:
{
  address: ${address}
  public key: ${ACCOUNT.publicKey}
}
with following claims:
{
${claims}
}
`;

describe("orgpass jwt sign", () => {
	it("prints the same as ioctl, byte for byte, and nothing on stderr", async () => {
		const { exitCode, stdout, stderr } = await signArguments(ARGUMENTS);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const { token, payload } = await openToken(stdout);
		expect(payload).toBe(
			`{"exp":1700003600,"iat":1700000000,"iss":"${ACCOUNT.publicKey}","sub":"http://example.com/1234","scope":"Read"}`,
		);
		const claims = `  "exp": "1700003600",
  "iat": "1700000000",
  "iss": "${ACCOUNT.publicKey}",
  "scope": "Read",
  "sub": "http://example.com/1234"`;
		expect(stdout).toBe(printed(token, claims));
	});

	it.each([
		["no arguments", []],
		["empty arguments", ["--with-arguments", ""]],
		["an empty object", ["--with-arguments", "{}"]],
		["an empty exp", ["--with-arguments", '{"exp":""}']],
		["an exp of 0", ["--with-arguments", '{"exp":"0"}']],
	])("omits exp from the token for %s, prints it as 0, and warns", async (_what, args) => {
		const { stdout, stderr } = await sign(...args);
		const { token, payload } = await openToken(stdout);
		expect(payload).toBe(`{"iat":1700000000,"iss":"${ACCOUNT.publicKey}"}`);
		const claims = `  "exp": "0",\n  "iat": "1700000000",\n  "iss": "${ACCOUNT.publicKey}"`;
		expect(stdout).toBe(printed(token, claims));
		expect(stderr).toMatch(/^warning: without exp the token never expires.*\n$/);
	});

	it("escapes like Go, in the token and in the output", async () => {
		const sub = String.raw`https://h/?a=1&b=<x>\u2028\u2029\"\\\n\t\u0001é𝄞`;
		const escaped = String.raw`https://h/?a=1\u0026b=\u003cx\u003e\u2028\u2029\"\\\n\t\u0001é𝄞`;
		const { stdout } = await signArguments(`{"exp":"1700003600","sub":"${sub}"}`);
		const { token, payload } = await openToken(stdout);
		expect(payload).toBe(`{"exp":1700003600,"iat":1700000000,"iss":"${ACCOUNT.publicKey}","sub":"${escaped}"}`);
		const claims = `  "exp": "1700003600",
  "iat": "1700000000",
  "iss": "${ACCOUNT.publicKey}",
  "sub": "${escaped}"`;
		expect(stdout).toBe(printed(token, claims));
	});

	it("prints all given names in byte order, but puts only exp, sub and scope into the token", async () => {
		const given = `{"𐀀":"1","ａ":"2","é":"3","<b>":"4","aud":"you","10":"5","9":"6","iat":"5","iss":"me","Sub":"7","":"8","exp":"007"}`;
		const { stdout, stderr } = await signArguments(given, "--now", "1");
		const { token, payload } = await openToken(stdout);
		expect(payload).toBe(`{"exp":7,"iat":1,"iss":"${ACCOUNT.publicKey}"}`);
		const claims = `  "": "8",
  "10": "5",
  "9": "6",
  "\\u003cb\\u003e": "4",
  "Sub": "7",
  "aud": "you",
  "exp": "007",
  "iat": "1",
  "iss": "${ACCOUNT.publicKey}",
  "é": "3",
  "ａ": "2",
  "𐀀": "1"`;
		expect(stdout).toBe(printed(token, claims));
		expect(stderr).toMatch(
			/^warning: the token ignores these arguments: .*"aud".*; it contains only exp, sub, scope\n$/,
		);
	});

	it.each([
		["an exp in the past", '{"exp":"1699999999"}', /^warning: exp has passed/],
		["an exp in milliseconds", '{"exp":"1700003600000"}', /^warning: exp is after the year 9999/],
		["a scope unknown to verifiers", '{"exp":"1700003600","scope":"Admin"}', /^warning: the scope "Admin"/],
	])("signs %s, with a warning unless --quiet is given", async (_what, given, warning) => {
		const { stdout, stderr } = await signArguments(given);
		await openToken(stdout);
		expect(stderr).toMatch(warning);
		for (const flag of ["-q", "--quiet"]) {
			expect(await signArguments(given, flag)).toMatchObject({ stderr: "", exitCode: 0 });
		}
	});

	it("accepts all of ioctl's flags, including those without effect", async () => {
		const long = ["--assume-yes", "--wait", "--gas-limit", "1", "--gas-price", "2", "--nonce", "3"];
		const short = ["-y", "-w", "-l", "1", "-p", "2", "-n", "3", "-s", "whale", "-q", "-P", PASSWORD];
		const plain = (await openToken((await signArguments(ARGUMENTS)).stdout)).payload;
		for (const flags of [long, [...long, "--signer", "whale", "--non-interactive"], short]) {
			const { stdout, stderr } = await signArguments(ARGUMENTS, ...flags);
			expect(stderr).toBe("");
			expect((await openToken(stdout)).payload).toBe(plain);
		}
	});

	it("wraps the same text in ioctl's JSON message with -o json", async () => {
		for (const flags of [
			["-o", "json"],
			["--output-format", "json"],
		]) {
			const { stdout, stderr } = await signArguments('{"exp":"1700003600","sub":"<a>"}', ...flags);
			const { message } = JSON.parse(stdout) as { message: string };
			const { token } = await openToken(message);
			const claims = String.raw`  \"exp\": \"1700003600\",\n  \"iat\": \"1700000000\",\n  \"iss\": \"${ACCOUNT.publicKey}\",\n  \"sub\": \"\\u003ca\\u003e\"`;
			const signer = String.raw`{\n  address: ${ACCOUNT.ioAddress}\n  public key: ${ACCOUNT.publicKey}\n}`;
			const text = String.raw`JWT token: ${token}\n\nsigned by:\n${signer}\nwith following claims:\n{\n${claims}\n}`;
			expect(stdout).toBe(`{\n  "messageType": "result",\n  "message": "${text}"\n}\n`);
			expect(stderr).toBe("");
		}
	});

	it("prints the token, its signer and its claims with --json", async () => {
		const { json, stderr } = await signArguments(ARGUMENTS, "--json");
		expect(json).toEqual({
			token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
			signer: { address: ACCOUNT.ioAddress, publicKey: ACCOUNT.publicKey },
			claims: {
				exp: 1_700_003_600,
				iat: 1_700_000_000,
				iss: ACCOUNT.publicKey,
				sub: "http://example.com/1234",
				scope: "Read",
			},
		});
		expect(stderr).toBe("");
	});

	it("uses the current time", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: 1_750_000_000_900 });
		onTestFinished(() => void vi.useRealTimers());
		const { json } = await world.jwt(["sign", "--json", "-q"], { stdin: PASSWORD });
		expect(json["claims"]).toMatchObject({ iat: 1_750_000_000 });
	});

	it("prints the testnet address if IOTEX_NETWORK_TYPE says so", async () => {
		const env = { IOTEX_NETWORK_TYPE: "testnet", ORGPASS_PASSWORD: PASSWORD };
		const { stdout } = await world.jwt(["sign", "-s", ACCOUNT.itAddress, "--now", NOW], { env });
		const { token } = await openToken(stdout);
		const claims = `  "exp": "0",\n  "iat": "1700000000",\n  "iss": "${ACCOUNT.publicKey}"`;
		expect(stdout).toBe(printed(token, claims, ACCOUNT.itAddress));
	});
});

describe("ioctl's folder", () => {
	it("is never written to, and may be read-only", async () => {
		chmodSync(world.path(IOCTL_FOLDER), 0o500);
		const before = world.snapshot();
		const outcomes = await Promise.all([
			signArguments(ARGUMENTS),
			signArguments(ARGUMENTS, "-P", "wrong"),
			sign("-s", "nobody"),
			sign("-s", "other"),
			signArguments("null"),
		]);
		expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 2, 2, 2, 2]);
		expect(world.snapshot()).toEqual(before);
		chmodSync(world.path(IOCTL_FOLDER), 0o700);
	});

	it("can be set with --config-dir, and isn't created if missing", async () => {
		world.write("elsewhere/k", await encryptKeystore(ACCOUNT));
		const { exitCode } = await sign("--config-dir", "elsewhere", "-s", ACCOUNT.address);
		expect(exitCode).toBe(0);
		expectRefusal(await sign("--config-dir", "elsewhere"), 2, "config/missing", /default account/);
		expectRefusal(await sign("--config-dir", "missing", "--json"), 2, "config/file");
		expectRefusal(await world.jwt(["sign", "--json"], { env: { HOME: "" } }), 2, "config/missing", /HOME/);
	});

	it("causes a warning if others can read a keystore", async () => {
		world.write("open/k", await encryptKeystore(ACCOUNT), 0o644);
		const args = ["--config-dir", "open", "-s", ACCOUNT.address, "--with-arguments", ARGUMENTS];
		expect((await sign(...args)).stderr).toMatch(/^warning: others can read ".*\/open\/k"; run chmod 600 on it\n$/);
		expect((await sign(...args, "-q")).stderr).toBe("");
	});

	it("is rejected if a keystore names an account that isn't its key's: key/mismatch", async () => {
		const keystore = JSON.parse(await encryptKeystore(OTHER)) as object;
		world.write("liar/k", JSON.stringify({ ...keystore, address: ACCOUNT.address.slice(2) }));
		expectRefusal(await sign("--config-dir", "liar", "-s", ACCOUNT.address, "--json"), 2, "key/mismatch");
		const jwk = { ...sample.PUBLIC_JWK, d: sample.toBase64Url(sample.SCALAR_HEX) };
		world.write("jwk/k", JSON.stringify({ ...jwk, address: OTHER.address, crypto: {} }));
		expectRefusal(await sign("--config-dir", "jwk", "-s", OTHER.address, "--json"), 2, "key/mismatch");
	});
});

describe("jwt sign arguments", () => {
	it.each<[string, string, string, RegExp]>([
		["null, at which ioctl panics", "null", "config/invalid-option", /object.*got null/],
		["an array", "[]", "config/invalid-option", /object.*got an array/],
		["text", '"exp"', "config/invalid-option", /object/],
		["a number for exp", '{"exp":1700003600}', "config/invalid-option", /text for all values.*exp.* is 1700003600/],
		["null for sub", '{"sub":null}', "config/invalid-option", /sub.* is null/],
		["an array for scope", '{"scope":["Read"]}', "config/invalid-option", /scope.* is an array/],
		["a number for another claim", '{"x":1}', "config/invalid-option", /x.* is 1/],
		["broken JSON", "{exp:1}", "config/invalid-option", /JSON object.*not valid/],
		["a duplicate name", '{"exp":"1","exp":"2"}', "config/invalid-option", /duplicate/],
		["a lone surrogate", String.raw`{"sub":"\ud800"}`, "config/invalid-option", /surrogate/],
		["words for exp", '{"exp":"tomorrow"}', "config/invalid-option", /decimal seconds.*tomorrow/],
		["a sign before exp", '{"exp":"-5"}', "config/invalid-option", /decimal seconds/],
		["a fraction for exp", '{"exp":"1700003600.5"}', "config/invalid-option", /decimal seconds/],
		["hexadecimal exp", '{"exp":"0x10"}', "config/invalid-option", /decimal seconds/],
		["space around exp", '{"exp":" 5"}', "config/invalid-option", /decimal seconds/],
		["digits of another script", '{"exp":"١٢"}', "config/invalid-option", /decimal seconds/],
		["an exp that is too large", '{"exp":"9007199254740993"}', "config/invalid-option", /decimal seconds/],
	])("rejects %s", async (_what, json, code, message) => {
		expectRefusal(await signArguments(json, "--json"), 2, code, message);
		const { stdout, stderr, exitCode } = await signArguments(json);
		expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
		expect(stderr).toMatch(/^[\x20-\x7e\n]+$/);
	});

	it.each<[string, string[], string]>([
		["an unknown format", ["-o", "yaml"], "config/invalid-option"],
		["an invalid time", ["--now", "soon"], "config/invalid-option"],
		["an unknown alias", ["-s", "nobody"], "config/account-unknown"],
		["an account without a keystore", ["-s", OTHER.address], "config/account-unknown"],
		["an invalid address", ["-s", `${ACCOUNT.ioAddress.slice(0, -1)}q`], "config/invalid-option"],
		["an HD wallet account", ["-s", "hdw::0/1"], "config/invalid-option"],
	])("rejects %s with exit code 2, before prompting for a password", async (_what, args, code) => {
		const result = await world.jwt(["sign", ...args], { answers: [PASSWORD] });
		expectRefusal(result, 2, code);
		expect(result.questions).toEqual([]);
		expect(result.stderr).toMatch(/\n.+\n$/);
	});

	it("rejects an operand, and two formats at once: config/usage", async () => {
		expectRefusal(await sign("extra", "--json"), 2, "config/usage");
		expectRefusal(await sign("-o", "json", "--json"), 2, "config/usage", /cannot be used with/);
	});
});

describe("jwt sign password", () => {
	const ask = `Enter password for #${ACCOUNT.ioAddress}: `;

	it.each([
		["the command line", ["-P", PASSWORD], {}, []],
		["a prompt", [], { answers: [PASSWORD] }, [ask]],
		["one line of standard input", [], { stdin: `${PASSWORD}\r\nmore\n` }, [ask]],
		["standard input with --non-interactive", ["--non-interactive"], { stdin: PASSWORD, answers: ["no"] }, []],
		["standard input, with an environment variable", [], { stdin: PASSWORD, env: { IOCTL_NON_INTERACTIVE: "1" } }, []],
		["ORGPASS_PASSWORD", [], { env: { ORGPASS_PASSWORD: PASSWORD } }, []],
	])("is read from %s, and never shown", async (_what, args, options, questions) => {
		const result = await world.jwt(["sign", "--now", NOW, "--with-arguments", ARGUMENTS, ...args], options);
		await openToken(result.stdout);
		expect(result.questions).toEqual(questions);
		expect(result.stdout + result.stderr).not.toContain("hunter");
		const isVisible = args[0] === "-P";
		expect(result.stderr).toMatch(isVisible ? /^warning: others can see a password on the.*\n$/ : /^$/);
	});

	it.each([
		["a wrong password", ["-P", "hunter3"], {}, "key/password-wrong"],
		["a wrong answer", [], { answers: ["hunter3"] }, "key/password-wrong"],
		["an empty answer", [], { answers: [""] }, "key/password-wrong"],
		["a line that is too long", [], { stdin: "x".repeat(100_000) }, "key/password-wrong"],
		["none", [], {}, "key/password-required"],
	])("fails with exit code 2 and no token for %s", async (_what, args, options, code) => {
		const result = await world.jwt(["sign", "--json", ...args], options);
		expectRefusal(result, 2, code);
		expect(result.stdout + result.stderr).not.toContain("hunter");
	});

	it("opens only the first of two keystores of the account", async () => {
		world.write("two/a", await encryptKeystore(ACCOUNT, "first"));
		world.write("two/b", await encryptKeystore(ACCOUNT, "second"));
		const args = ["sign", "--config-dir", "two", "-s", ACCOUNT.address, "--json", "-q"];
		expect((await world.jwt(args, { stdin: "first" })).exitCode).toBe(0);
		expectRefusal(await world.jwt(args, { stdin: "second" }), 2, "key/password-wrong");
	});

	it("is no longer awaited after Ctrl-C: exit code 130, no output", async () => {
		const signal = AbortSignal.abort();
		const { exitCode, stdout, stderr } = await world.jwt(["sign"], { signal, stdin: PASSWORD });
		expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 130, stdout: "", stderr: "" });
	});
});
