import { beforeAll, describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { useCliStage } from "../support/cli-chain.ts";
import { type CliResult, expectRefusal } from "../support/cli-world.ts";
import { toSegment } from "../support/forge-token.ts";
import { nowSeconds } from "../support/system-clock.ts";

const stage = useCliStage();
let did: string;
beforeAll(async () => {
	did = await stage.organization("k.pem");
});

const mint = (...args: string[]) =>
	stage.run(["token", "mint", "--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", did, ...args]);
const mintText = async (...args: string[]) => (await mint(...args)).stdout.trim();
const verify = (token: string, ...args: string[]) =>
	stage.run(["token", "verify", token, "--audience", did, ...args, "--json"]);

/** A rejected token is a result: `valid: false`, exit code 1, nothing on stderr. */
function expectInvalid(result: CliResult, code: string): void {
	expect(result.json).toEqual({ valid: false, code, message: expect.any(String) });
	expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 1, stderr: "" });
}

describe("orgpass token mint", () => {
	it("prints only the token; with --json also its content", async () => {
		const plain = await mint();
		expect(plain).toMatchObject({ exitCode: 0, stderr: "" });
		expect(plain.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]{86}\n$/);
		const { json } = await mint("--json", "--scope", "a b", "--now", "1800000000");
		expect(json).toEqual({
			token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
			header: { alg: "ES256K", typ: "JWT", kid: `${did}#webserver` },
			claims: {
				iss: `${did}#webserver`,
				aud: did,
				iat: 1_800_000_000,
				exp: 1_800_003_600,
				jti: expect.any(String),
				scope: "a b",
			},
			expiresAt: 1_800_003_600,
		});
	});

	it("accepts claims as JSON or text, several audiences, and scopes as a JSON array", async () => {
		const texts = ["sub=order-1", "n=5", "on=true", 'list=["a",1]', "text={not json", "eq=a=b", "empty="];
		const { json } = await mint("--audience", "did:x", "--scope", "a b", "--scope-format", "json", ...texts, "--json");
		expect(json["claims"]).toMatchObject({
			sub: "order-1",
			n: 5,
			on: true,
			list: ["a", 1],
			text: "{not json",
			eq: "a=b",
			empty: "",
			aud: [did, "did:x"],
			scope: '["a","b"]',
		});
	});

	it("T34: lower-cases the hex digits of issuer and audience", async () => {
		const upper = `did:orgid:31337:0x${did.slice(-64).toUpperCase()}`;
		const args = ["--key", "k.pem", "--issuer", `${upper}#webserver`, "--audience", upper];
		const { claims, token } = await stage.ok("token", "mint", ...args);
		expect(claims).toMatchObject({ iss: `${did}#webserver`, aud: did });
		expect(await stage.ok("token", "verify", token as string, "--audience", upper)).toMatchObject({
			valid: true,
		});
	});

	it.each([
		["a lifetime of more than 24 hours", ["--ttl", "25h"], "config/invalid-option"],
		["a lifetime of zero", ["--ttl", "0"], "config/invalid-option"],
		["an invalid lifetime", ["--ttl", "1 h"], "config/invalid-option"],
		["a negative lifetime", ["--ttl=-1h"], "config/invalid-option"],
		["an unknown scope format", ["--scope-format", "xml"], "config/invalid-option"],
		["an invalid time", ["--now", "soon"], "config/invalid-option"],
		["a reserved claim", ["exp=5"], "config/invalid-option"],
		["a claim without a value", ["sub"], "config/usage"],
		["a claim without a name", ["=x"], "config/usage"],
		["a public key", ["--key", `0x02${"4f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"}`], "key/"],
		["a missing key file", ["--key", "missing"], "config/file"],
	])("rejects %s with exit code 2", async (_what, args, code) => {
		const { exitCode, json } = await mint(...args, "--json");
		expect(json).toEqual({ code: expect.stringContaining(code), message: expect.any(String) });
		expect(exitCode).toBe(2);
	});

	it("allows a longer lifetime with --max-lifetime, and requires the issuer's fragment", async () => {
		const { json } = await mint("--ttl", "400d", "--max-lifetime", "400d", "--now", "1", "--json");
		expect(json["expiresAt"]).toBe(400 * 86_400 + 1);
		expect((await mint("--issuer", did, "--profile", "orgid", "--json")).exitCode).not.toBe(0);
		const noAudience = ["token", "mint", "--key", "k.pem", "--issuer", `${did}#webserver`, "--json"];
		expectRefusal(await stage.run(noAudience), 2, "config/usage", /--audience/);
	});

	it("mints an account token for a bare DID, and warns if the account isn't the organization's", async () => {
		const [owner] = stage.chain.accounts;
		const args = ["token", "mint", "--issuer", did, "--audience", did, "--key"];
		const good = await stage.run([...args, "env:OWNER"], { env: { OWNER: owner?.privateKey ?? "" } });
		expect(good).toMatchObject({ exitCode: 0, stderr: "" });
		const verify = ["token", "verify", "-", "--audience", did, "--profile", "orgid-account", "--json"];
		const { json } = await stage.run(verify, { stdin: good.stdout });
		expect(json).toMatchObject({ valid: true, profile: "orgid-account", keyId: `${did}#owner` });
		const { stderr } = await stage.run([...args, "k.pem"]);
		expect(stderr).toMatch(/^warning: 0x\w{40} is not the owner of did:/);
		expect(stderr).toContain(`to sign with a key of the organization, name it: ${did}#…`);
	});

	it("rejects a number that would be rounded, and a duplicate claim", async () => {
		expectRefusal(await mint("big=12345678901234567890", "--json"), 2, "config/usage", /big/);
		expectRefusal(await mint("a=1", "a=2", "--json"), 2, "config/usage", /twice/);
	});

	it.each([
		["limit=1e400", "limit"],
		['user={"id":9007199254740993}', "user.id"],
		['list=[1,{"n":-1e400}]', "list.n"],
		["tiny=1e-400", "tiny"],
		["tenant=1147953659032899584", "tenant"],
	])("T76: rejects the claim %s: JavaScript would round it", async (claim, place) => {
		expectRefusal(await mint(claim, "--json"), 2, "config/usage", new RegExp(`in ..?${place}..? would be rounded`));
		const [name, value] = claim.split("=") as [string, string];
		const { claims } = decodeToken(await mintText(`${name}=${JSON.stringify(value)}`));
		expect(claims[name]).toBe(value);
	});

	it("T15: rejects the claim __proto__ without polluting a prototype", async () => {
		expectRefusal(await mint('__proto__={"admin":true}', "--json"), 2, "config/invalid-option");
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});
});

describe("orgpass token verify", () => {
	it("reads a token from standard input, and prints its content as text", async () => {
		const token = await mintText("--scope", "book");
		const args = ["token", "verify", "-", "--audience", did];
		const { exitCode, stdout, stderr } = await stage.run(args, { stdin: `${token}\n` });
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(
			/^valid until \d{4}-.*Z \(in (?:59m|1h)\)\nprofile orgid\nissuer {2}did:orgid:.*\nkey {5}did:.*#webserver\nscopes {2}book\n\{/,
		);
		expect((await stage.run(args, { stdin: await mintText() })).stdout).toContain("scopes  none");
	});

	it("says until when the token is accepted: until its key ends, if that is earlier", async () => {
		const minted = async (end: string): Promise<string> => {
			const fragment = `until-${end}`;
			const key = ["--fragment", fragment, "--public-key", "k.pem", "--valid-until", end];
			expect(await stage.run(["org", "add-key", did, ...key])).toMatchObject({ exitCode: 0 });
			const times = ["--now", "2100-01-01", "--ttl", "1h", "--audience", did];
			const { token } = await stage.ok("token", "mint", "--key", "k.pem", "--issuer", `${did}#${fragment}`, ...times);
			const verifying = ["token", "verify", token as string, "--audience", did, "--now", "2100-01-01"];
			return (await stage.run(verifying)).stdout.split("\n")[0] as string;
		};
		const early = new Date(Date.UTC(2100, 0, 1, 0, 1)).getTime() / 1_000;
		expect(await minted(String(early))).toBe("valid until 2100-01-01T00:01:00Z (in 1m), the end of its key");
		expect(await minted(String(early + 7_200))).toBe("valid until 2100-01-01T01:00:00Z (in 1h)");
	});

	it.each<[string, (token: string) => string, string]>([
		["text that isn't a token", () => "hello", "token/malformed"],
		["nothing", () => "", "token/malformed"],
		["a token cut short", (token) => token.slice(0, -1), "token/"],
		["another key's signature", (token) => token.replace(/[\w-]{86}$/, "A".repeat(86)), "token/signature"],
		["a megabyte", () => "a".repeat(65_000), "token/too-large"],
	])("rejects %s with exit code 1 and valid: false", async (_what, change, code) => {
		const token = change(await mintText());
		const { exitCode, json } = await stage.run(["token", "verify", "-", "--audience", did, "--json"], {
			stdin: token,
		});
		expect({ exitCode, json }).toEqual({
			exitCode: 1,
			json: { valid: false, code: expect.stringContaining(code), message: expect.any(String) },
		});
	});

	it("rejects another audience, a missing scope and an unknown organization, also as text", async () => {
		const token = await mintText("--scope", "read read");
		const stranger = `did:orgid:31337:0x${"0a".repeat(32)}`;
		expectInvalid(await stage.run(["token", "verify", token, "--audience", stranger, "--json"]), "token/audience");
		expectInvalid(await verify(token, "--scope", "read admin"), "policy/scope");
		expectInvalid(await verify(await mintText("--issuer", `${stranger}#k`)), "did/not-found");
		expectInvalid(await verify(await mintText("--issuer", `${did}#k`)), "did/key-not-found");
		expectInvalid(await verify(await mintText("--issuer", `${did.replace("31337", "1")}#k`)), "did/chain-unknown");
		const { exitCode, stdout } = await stage.run(["token", "verify", token, "--audience", "did:x"]);
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(/^refused: expected aud .* \(token\/audience\)\n[^\n]+\n$/);
	});

	it("suggests the profile of a token that --profile doesn't accept", async () => {
		const minting = ["token", "mint", "--profile", "ioctl", "--key", "k.pem"];
		const args = ["token", "verify", (await stage.run(minting)).stdout.trim(), "--audience", did];
		const { exitCode, stdout } = await stage.run(args);
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(/^refused: .*\(token\/algorithm\)\naccept it with --profile ioctl\n$/);
	});

	it("assumes the connected chain for an issuer without a chain id", async () => {
		const short = `did:orgid:${did.slice(-66)}#webserver`;
		const { exitCode, json } = await verify(await mintText("--issuer", short));
		expect(exitCode).toBe(0);
		expect(json).toMatchObject({ issuer: did, keyId: `${did}#webserver`, claims: { iss: short } });
	});

	it("P5: rejects a token without iat unless --allow-missing-iat is given", async () => {
		const signer = await importPrivateKey(stage.read("k.pem"));
		const claims = { iss: `${did}#webserver`, aud: did, exp: nowSeconds() + 60 };
		const token = await signToken({ header: { alg: "ES256K" }, claims, signer });
		expectInvalid(await verify(token), "token/claim-missing");
		expect((await verify(token, "--allow-missing-iat")).json).toMatchObject({ valid: true });
		const other = await verify(token, "--allow-missing-iat", "--profile", "orgid-eth");
		expectRefusal(other, 2, "config/usage", /--allow-missing-iat doesn't apply to --profile orgid-eth/);
	});

	it("T31: assumes the connected chain for an aud or --audience without a chain id", async () => {
		const short = `did:orgid:${did.slice(-66)}`;
		const tokens = [await mintText(), await mintText("--issuer", `${short}#webserver`, "--audience", short)];
		for (const token of tokens) {
			for (const audience of [did, short]) {
				expect(await stage.ok("token", "verify", token, "--audience", audience)).toMatchObject({ issuer: did });
			}
		}
	});

	it.each(["#webserver", "x", "/"])("T31: rejects an --audience that ends with %s: a usage error", async (end) => {
		const args = ["--audience", `${did}${end}`, "--json"];
		const result = await stage.run(["token", "verify", await mintText(), ...args]);
		expectRefusal(result, 2, "config/invalid-option", /audience must be a bare DID/);
		expectRefusal(await mint(...args), 2, "config/invalid-option", /audience must be a bare DID/);
	});

	it("accepts --now instead of the clock, and limits the tolerance", async () => {
		const token = await mintText("--now", "2030-01-01T00:00:00Z", "--ttl", "1h");
		expectInvalid(await verify(token), "token/issued-in-future");
		expect((await verify(token, "--now", "2030-01-01T00:30:00Z")).exitCode).toBe(0);
		expectInvalid(await verify(token, "--now", "2030-01-01T01:01:00Z"), "token/expired");
		const late = ["--now", "2030-01-01T01:01:00Z", "--clock-tolerance"];
		expect((await verify(token, ...late, "5m")).exitCode).toBe(0);
		expectRefusal(await verify(token, ...late, "301s"), 2, "config/invalid-option", /300/);
	});

	it("requires an audience: a usage error, not an invalid token", async () => {
		const token = await mintText();
		expectRefusal(await stage.run(["token", "verify", token, "--json"]), 2, "config/usage", /--audience/);
		expectRefusal(await verify(token, "--max-lifetime", "soon"), 2, "config/invalid-option");
	});

	it("T52: an outage exits with code 3, never with valid: false", async () => {
		const token = await mintText();
		const closed = ["--rpc-url", "http://127.0.0.1:1"];
		expectRefusal(await verify(token, ...closed), 3, "registry/unreachable");
		const nothing = ["--registry", `0x${"11".repeat(20)}`];
		expectRefusal(await verify(token, ...nothing), 3, "registry/no-contract");
	});
});

describe("T62: claims with terminal control characters", () => {
	const HOSTILE = "\u001b]0;pwned\u0007\u001b[2J\u009b31m\u202edrowssap\u2066\u007f\r";

	it("are escaped by verify and decode, but not in --json", async () => {
		const token = await mintText(`sub=${HOSTILE}`, `\u202eevil=1`);
		const decoded = await stage.run(["token", "decode", token]);
		const verified = await stage.run(["token", "verify", token, "--audience", did]);
		expect(decoded.stdout).toMatch(/^not verified\n/);
		for (const { exitCode, stdout, stderr } of [decoded, verified]) {
			expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
			expect(stdout).not.toMatch(/[^\x20-\x7e\n]/);
			expect(stdout).toContain("\\u202edrowssap");
		}
		expect((await verify(token)).json["claims"]).toMatchObject({ sub: HOSTILE });
	});

	it("are escaped in error messages", async () => {
		const token = await mintText("--audience", `did:x:${HOSTILE}`);
		for (const args of [
			["token", "verify", token, "--audience", "did:other"],
			["token", "verify", HOSTILE, "--audience", did],
			["token", "decode", HOSTILE],
			["token", "mint", "--key", HOSTILE, "--issuer", HOSTILE, "--audience", did],
			["token", "mint", "--key", "k.pem", "--issuer", HOSTILE, "--audience", did],
			["token", "mint", "--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", did, "--ttl", HOSTILE],
			["org", "show", HOSTILE],
			["org", "transfer", did, "--to", HOSTILE],
			["chain", "--port", HOSTILE],
			["keys", "inspect", `env:${HOSTILE}`],
		]) {
			const { exitCode, stdout, stderr } = await stage.run(args);
			expect([1, 2]).toContain(exitCode);
			expect(stdout + stderr).not.toMatch(/[^\x20-\x7e\n…]/);
		}
	});
});

describe("orgpass token decode", () => {
	it("shows the header and claims of an unverified token", async () => {
		const token = await mintText("--now", "5", "--issuer", `did:orgid:1:0x${"00".repeat(32)}#k`);
		for (const [operand, stdin] of [
			[token, ""],
			["-", `${token}\n`],
		] as const) {
			const { json, exitCode } = await stage.run(["token", "decode", operand, "--json"], { stdin });
			expect(exitCode).toBe(0);
			expect(json).toEqual({ header: expect.any(Object), claims: expect.objectContaining({ iat: 5 }) });
		}
		expectRefusal(await stage.run(["token", "decode", "x", "--json"]), 1, "token/malformed");
	});

	it("T76: shows numbers as they are written, and says that no verifier accepts them", async () => {
		const numbers = ["1147953659032899584", "1e400", "1.0", "-0", "1e-400"];
		const token = `e30.${toSegment(`{"tenant":{"ids":[${numbers}]}}`)}.`;
		const { exitCode, stdout } = await stage.run(["token", "decode", token]);
		expect(exitCode).toBe(0);
		for (const number of numbers) expect(stdout).toMatch(new RegExp(`^ +${number},?$`, "m"));
		expect(stdout).toMatch(/refused by every verifier: .*"tenant.ids" of the payload\n$/);
		const json = await stage.run(["token", "decode", token, "--json"]);
		expect(json.stdout).toBe(`{"header":{},"claims":{"tenant":{"ids":[${numbers}]}}}\n`);
		expectInvalid(await verify(token), "token/number");
	});
});
