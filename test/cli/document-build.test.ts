import { beforeAll, describe, expect, it } from "vitest";
import { useCliRegistry } from "../support/cli-registry.ts";
import { expectRefusal } from "../support/cli-world.ts";

const FOREIGN = `did:orgid:100:0x${"0b".repeat(32)}#k2`;

describe.each([
	["orgid-v3", "1.x"],
	["orgid-v1", "0.x"],
] as const)("orgpass document build, for a %s contract", (kind, generation) => {
	const stage = useCliRegistry(kind);
	beforeAll(async () => {
		await stage.ok("keys", "generate", "--out", "k.pem");
	});

	const build = (chain: string, ...args: string[]) =>
		stage.run(["document", "build", "--did", `did:orgid:${chain}0x${"0a".repeat(32)}`, ...args, "--json"]);

	it("asks the contract for the generation if it is on the DID's chain", async () => {
		for (const chain of ["31337:", ""]) {
			expect((await build(chain, "--key", "a=k.pem")).json).toMatchObject({ generation });
		}
		expect((await build("5:", "--key", "a=k.pem")).json).toMatchObject({ generation: "0.x" });
		const asked = generation === "1.x" ? "0.x" : "1.x";
		expect((await build("31337:", "--generation", asked)).json).toMatchObject({ generation: asked });
	});

	it("works without the contract or a registry", async () => {
		const down = await build("31337:", "--rpc-url", "http://127.0.0.1:1");
		expect(down).toMatchObject({ exitCode: 0, stderr: "", json: { generation: "0.x" } });
		stage.write("orgpass.json", "{}");
		const unset = await build("5:", "--rpc-url", stage.chain.rpcUrl);
		expect(unset).toMatchObject({ exitCode: 0, stderr: "", json: { generation: "0.x" } });
		stage.write("orgpass.json", JSON.stringify({ registry: stage.registry }));
	});

	it.each(["owner", "director"])("rejects a key named %s, but accepts an account of that name", async (name) => {
		const refused = await build("31337:", "--key", `${name}=k.pem`);
		expectRefusal(refused, 2, "config/usage", /are the registry's accounts/);
		expect((await build("31337:", "--account", `${name}=${stage.owner}`)).exitCode).toBe(0);
	});
});

describe("orgpass document build --delegate and document sign", () => {
	const stage = useCliRegistry("orgid-v3");
	let did: string;
	beforeAll(async () => {
		({ did } = (await stage.ok("org", "create", "--document-uri", "https://a.example")) as { did: string });
		await stage.ok("keys", "generate", "--out", "k.pem");
	});

	const build = (...args: string[]) =>
		stage.run(["document", "build", "--did", did, "--key", "k=k.pem", ...args, "--force", "--json"]);
	const sign = (file: string, key: string, method: string) =>
		stage.run(["document", "sign", file, "--key", key, "--method", method, "--out", "s.json", "--force"]);

	it("lists each delegate once; the signature is valid once the chain names the delegate", async () => {
		const names = ["--delegate", `${did}#k`, "--delegate", FOREIGN, "--delegate", `${did}#k`];
		const { json } = await build(...names, "--out", "org.json");
		expect(json).toMatchObject({ generation: "1.x" });
		expect(JSON.parse(stage.read("org.json"))).toMatchObject({
			capabilityDelegation: [`${did}#k`, FOREIGN],
		});
		expect(await sign("org.json", "k.pem", "#k")).toMatchObject({ exitCode: 0, stderr: "" });
		await stage.ok("org", "delegates", "add", did, `${did}#k`);
		expect(await stage.ok("document", "check", "s.json", "--did", did)).toMatchObject({ ok: true });
	});

	it("T76: changes no number of an existing document", async () => {
		const numbers = ["9007199254740993", "1147953659032899585", "1.0", "1e2", "-0", "10.50", "0.12345678901234567890"];
		const text = `{"id":"${did}","legalEntity":{"numbers":[${numbers}],"tenant":-9007199254740993}}`;
		stage.write("numbers.json", text);
		await stage.ok(
			"document",
			"build",
			"--did",
			did,
			"--from",
			"numbers.json",
			"--generation",
			"0.x",
			"--out",
			"n.json",
		);
		const written = stage.read("n.json");
		expect(
			written
				.match(/"numbers": \[([^\]]*)\]/)?.[1]
				?.split(",")
				.map((one) => one.trim()),
		).toEqual(numbers);
		expect(written).toContain('"tenant": -9007199254740993\n');
		const { stdout } = await stage.run(["document", "build", "--did", did, "--from", "n.json", "--json"]);
		for (const number of numbers) expect(stdout).toMatch(new RegExp(`[[,]${number}[\\],]`));
	});

	it("T76: rejects a number in an existing document that other readers take for infinite", async () => {
		stage.write("infinite.json", `{"id":"${did}","n":1e400}`);
		expectRefusal(await build("--from", "infinite.json"), 1, "document/malformed", /out of range/);
	});

	it("warns about a signer that the document neither has as an account nor names as a delegate", async () => {
		await build("--account", `a=${stage.owner}`, "--out", "bare.json");
		const { exitCode, stderr } = await sign("bare.json", "k.pem", "#k");
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/^warning: .*#k" is neither an account .* capabilityDelegation: .*--delegate/);
		expect(await sign("bare.json", "owner.hex", "#a")).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it.each([
		["a delegate that isn't a DID URL", ["--delegate", "k"], 2, "did/syntax"],
		["a bare DID", ["--delegate", `did:orgid:100:0x${"0b".repeat(32)}`], 2, "config/invalid-option"],
		[
			"another organization's DID without its chain",
			["--delegate", FOREIGN.replace("100:", "")],
			1,
			"did/chain-missing",
		],
		["a delegate in 0.x", ["--delegate", FOREIGN, "--generation", "0.x"], 2, "config/invalid-option"],
	])("rejects %s", async (_what, args, exitCode, code) => {
		expectRefusal(await build(...args), exitCode, code);
	});

	it("refuses to sign a 0.x document, and explains how to build a 1.x one", async () => {
		await build("--generation", "0.x", "--out", "plain.json");
		const refused = await sign("plain.json", "k.pem", "#k");
		expectRefusal(refused, 2, "config/usage", /only 1\.x documents can be signed.*--generation 1\.x/);
	});
});
