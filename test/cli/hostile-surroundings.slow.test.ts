import { existsSync, mkdirSync } from "node:fs";
import { Interface, JsonRpcProvider, Network, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.js";
import { generateKeyPair } from "../../src/keys/generate.js";
import { createRegistry } from "../../src/registry/create-registry.js";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.js";
import { createOrgIdResolver } from "../../src/resolver/resolver.js";
import { startLocalChain } from "../../src/testing/local-chain.js";
import { startTestNetwork } from "../../src/testing/test-network.js";
import { useCliStage } from "../support/cli-chain.js";
import { expectRefusal } from "../support/cli-world.js";
import { greet, passOn, startFakeNode } from "../support/fake-node.js";

const contract = new Interface(orgIdRegistryAbi);
const HASH = `0x${"cd".repeat(32)}` as const;
const ID = `0x${"0a".repeat(32)}` as const;
const stage = useCliStage();
let did: string;
let provider: JsonRpcProvider;
beforeAll(async () => {
	did = await stage.organization("k.pem");
	provider = new JsonRpcProvider(stage.chain.rpcUrl, Network.from(31337), {
		staticNetwork: true,
		cacheTimeout: -1,
	});
	provider.pollingInterval = 20;
});
afterAll(() => provider.destroy());
const wallet = (i: number) => new Wallet(stage.chain.accounts[i]?.privateKey ?? "", provider);
const registry = (i: number) =>
	createRegistry({ chainId: 31337, address: stage.chain.registry, provider }).connect(wallet(i));

describe("secrets stay secret", () => {
	it("T62: doesn't quote a key given in place of a file name", async () => {
		const pem = stage.read("k.pem");
		const hex = "1b".repeat(32);
		for (const [key, code] of [
			[pem, "config/usage"],
			[hex, "config/file"],
		] as const) {
			const result = await stage.run(["keys", "inspect", key]);
			expectRefusal(result, 2, code, /got a key/);
			expect(result.stdout + result.stderr).not.toContain(key.replace(/^-.*\n/, "").slice(0, 40));
		}
	});
	it("rejects --password for a format that can't be encrypted, and writes nothing", async () => {
		for (const format of ["sec1", "jwk", "hex"]) {
			const r = await stage.run(
				["keys", "generate", "--out", `c.${format}`, "--format", format, "--password", "env:P", "--json"],
				{ env: { P: "hunter2" } },
			);
			expectRefusal(r, 2, "config/usage");
			expect(existsSync(stage.path(`c.${format}`))).toBe(false);
		}
	});
	it("rejects an empty password", async () => {
		stage.write("empty", "\n");
		const r = await stage.run([
			"keys",
			"generate",
			"--out",
			"e.pem",
			"--format",
			"pkcs8",
			"--password",
			"empty",
			"--json",
		]);
		expectRefusal(r, 2, "key/password-required");
	});
	it("doesn't show the value of an unknown option", async () => {
		const r = await stage.run(["org", "create", `--ownerkey=0x${"1b".repeat(32)}`]);
		expectRefusal(r, 2, "config/usage", /unknown option/);
		expect(r.stdout + r.stderr).not.toContain("1b1b");
	});
});

describe("nothing crashes (exit code 70)", () => {
	it.each([
		["below a file", "k.pem/x"],
		["with a name that is too long", "a".repeat(300)],
	])("keys generate --out %s fails with config/file", async (_w, out) => {
		for (const force of [[], ["--force"]])
			expectRefusal(await stage.run(["keys", "generate", "--out", out, ...force, "--json"]), 2, "config/file");
	});
	it("--force works for a file name of 250 characters", async () => {
		expect((await stage.run(["keys", "generate", "--out", "b".repeat(250), "--force"])).exitCode).toBe(0);
	});
	it("org show works for a valid_until of 2^48 - 1", async () => {
		const { orgId, did: hostile } = await registry(1).createOrganization();
		const point = exportPublicKey((await generateKeyPair()).publicKey, "hex");
		const [x, y] = [`0x${point.slice(4, 68)}`, `0x${point.slice(68)}`];
		const data = contract.encodeFunctionData("addKey", [orgId, "z", x, y, 0, 2 ** 48 - 1]);
		await (await wallet(1).sendTransaction({ to: stage.chain.registry, data })).wait();
		expect((await stage.run(["org", "show", hostile])).exitCode).toBe(0);
	});
	it("an on-chain URI of invalid UTF-8 leaves the keys readable and the document without a URI", async () => {
		const data = contract
			.encodeFunctionData("createOrganization", [ID, HASH, "AAAA", "", ""])
			.replace("41414141", "ff414141");
		const receipt = await (await wallet(2).sendTransaction({ to: stage.chain.registry, data })).wait();
		const orgId = receipt?.logs[0]?.topics[1] as `0x${string}`;
		const r = await stage.run(["org", "show", `did:orgid:31337:${orgId}`, "--json"]);
		expect(r.exitCode).toBe(0);
		expect((await registry(2).read(orgId))?.document).toEqual({ uris: [], hash: HASH });
	});
	it("doctor reports a malformed URL in orgpass.json", async () => {
		stage.write(
			"d8/orgpass.json",
			JSON.stringify({ rpcUrl: "http://[", chainId: 31337, registry: stage.chain.registry }),
		);
		expect((await stage.run(["doctor", "--json"], { cwd: "d8" })).exitCode).toBe(2);
	});
	it("a malformed URL is a usage error, not an outage", async () => {
		expect((await stage.run(["org", "list", "--rpc-url", "http://[", "--json"])).exitCode).toBe(2);
	});
	it("chain fails with config/file if .orgpass is a file", async () => {
		stage.write("d9/.orgpass", "x");
		expectRefusal(await stage.run(["chain", "--json"], { cwd: "d9" }), 2, "config/file");
	});
});

describe("terminal output (T62)", () => {
	const URI = "https://x/\u202e\u009b2J";
	it("did resolve escapes a document's address", async () => {
		const document = { uris: [URI], hash: HASH } as const;
		const { did: hostile, orgId } = await registry(3).createOrganization({ document });
		const { publicKey } = await generateKeyPair();
		await registry(3).addKey(orgId, { fragment: "k", publicKey });
		const { exitCode, stdout } = await stage.run(["did", "resolve", hostile]);
		expect(exitCode).toBe(0);
		expect(stdout).toContain("\\u202e\\u009b2J");
		expect(stdout).not.toMatch(/[^\x20-\x7e\n]/);
	});
	it("escapes the arguments of a contract error", async () => {
		const { exitCode, stderr } = await stage.run(["org", "revoke-key", did, "--fragment", "\u202ex\u009b"]);
		expect(exitCode).toBe(1);
		expect(stderr).toContain("\\u202ex\\u009b");
		expect(stderr).not.toMatch(/[^\x20-\x7e\n]/);
	});
	it("doesn't repeat an unknown option", async () => {
		const { exitCode, stderr } = await stage.run(["org", "list", "--\u001b[31m\u202e"]);
		expect(exitCode).toBe(2);
		expect(stderr).toContain("unknown option");
		expect(stderr).not.toMatch(/[^\x20-\x7e\n]/);
	});
});

describe("error codes", () => {
	it("registry/reverted for an account without ether", async () => {
		const poor = new Wallet(`0x${"42".repeat(32)}`, provider);
		await expect(registry(0).connect(poor).createOrganization()).rejects.toMatchObject({
			code: "registry/reverted",
		});
	});
	it("config/invalid-option for a registry address with a wrong checksum", async () => {
		const bad = "0x5fbDB2315678afecb367f032d93F642f64180aa3";
		expect(() => createRegistry({ chainId: 31337, rpcUrl: stage.chain.rpcUrl, address: bad })).toThrow(
			expect.objectContaining({ code: "config/invalid-option" }),
		);
	});
	it('rejects --valid-until of 1970 or earlier instead of reading it as "no end"', async () => {
		for (const t of ["0", "1970-01-01"])
			expect(
				(await stage.run(["org", "add-key", `${did}#v${t}`, "--public-key", "k.pem", "--valid-until", t])).exitCode,
			).toBe(2);
		expect(
			(await stage.run(["org", "add-key", `${did}#w`, "--public-key", "k.pem", "--valid-until", "1960-01-01"]))
				.exitCode,
		).toBe(2);
	});
	it("rejects the date 2027-02-30", async () => {
		expect(
			(await stage.run(["org", "add-key", `${did}#feb`, "--public-key", "k.pem", "--valid-until", "2027-02-30"]))
				.exitCode,
		).toBe(2);
	});
	it("transfer --revoke-keys to the zero address revokes nothing", async () => {
		const org = await stage.organization("d17.pem");
		const result = await stage.run(["org", "transfer", org, "--to", `0x${"00".repeat(20)}`, "--revoke-keys"]);
		expectRefusal(result, 2, "config/invalid-option");
		expect((await stage.ok("org", "show", org))["keys"]).toHaveLength(1);
	});
	it("ignores a chain.json with a pid of 0, and uses the chain of a parent folder", async () => {
		stage.write(
			"d18/.orgpass/chain.json",
			JSON.stringify({ pid: 0, rpcUrl: "http://127.0.0.1:1", chainId: 1, registry: `0x${"11".repeat(20)}` }),
		);
		expect((await stage.run(["org", "list", "--json"], { cwd: "d18" })).exitCode).toBe(0);
	});
	it("T35: every command fails with registry/wrong-chain if the chainId in orgpass.json is wrong", async () => {
		stage.write("d19/orgpass.json", JSON.stringify({ chainId: 5 }));
		expectRefusal(await stage.run(["org", "list", "--json"], { cwd: "d19" }), 3, "registry/wrong-chain");
		stage.write(
			"d19b/orgpass.json",
			JSON.stringify({ chainId: 5, rpcUrl: stage.chain.rpcUrl.replace("127.0.0.1", "localhost") }),
		);
		stage.write("owner.hex", stage.chain.accounts[5]?.privateKey ?? "");
		expectRefusal(
			await stage.run(["registry", "deploy", "--owner-key", "../owner.hex", "--json"], { cwd: "d19b" }),
			3,
			"registry/wrong-chain",
		);
	});
});

describe("the registry and the resolver", () => {
	it("T35: the resolver rejects a registry on another chain", () => {
		expect(() => createOrgIdResolver({ networks: [{ chainId: 100, registry: registry(0) }] })).toThrow(
			expect.objectContaining({ code: "config/invalid-option" }),
		);
	});
	it("T54: rejects a list whose cursor doesn't advance", async () => {
		const node = await startFakeNode(
			(m) =>
				greet(m) ?? {
					result: contract.encodeFunctionResult("listOrganizations", [[ID], 0, node.calls.length > 60 ? 0 : 1]),
				},
		);
		const r = createRegistry({ chainId: 31337, rpcUrl: node.url, address: stage.chain.registry });
		await expect(r.list()).rejects.toMatchObject({ code: "registry/bad-response" });
		r.close();
		await node.close();
	});
	it("ethers prints nothing when an EIP-1193 provider rejects", async () => {
		const spy = vi.spyOn(console, "log");
		const r = createRegistry({
			chainId: 31337,
			provider: { request: () => Promise.reject(new Error("no")) },
			address: stage.chain.registry,
		});
		await expect(r.read(ID)).rejects.toMatchObject({ code: "registry/unreachable" });
		r.close();
		const seen = spy.mock.calls.length;
		spy.mockRestore();
		expect(seen).toBe(0);
	});
	it.each([
		["0x", { result: "0x" }, "registry/bad-response"],
		[
			"a rate limit as a JSON-RPC error",
			{ error: { code: -32005, message: "limit exceeded" } },
			"registry/unreachable",
		],
		[
			"a response with another id",
			{ status: 200, body: '{"jsonrpc":"2.0","id":99999,"result":"0x"}' },
			"registry/bad-response",
		],
	])("T53: retries after %s", async (_w, answer, code) => {
		const node = await startFakeNode((m) => greet(m) ?? (answer as never));
		const r = createRegistry({ chainId: 31337, rpcUrl: node.url, address: stage.chain.registry });
		await expect(r.read(ID)).rejects.toMatchObject({ code });
		expect(node.calls.filter((c) => c === "eth_call")).toHaveLength(3);
		r.close();
		await node.close();
	});
	it("random fragments during an outage cause a bounded number of calls", async () => {
		const node = await startFakeNode((m) => greet(m) ?? { result: "0x" });
		node.answer = (m, p) => passOn(stage.chain.rpcUrl, m, p);
		const r = createOrgIdResolver({
			networks: [{ chainId: 31337, rpcUrl: node.url, registry: stage.chain.registry }],
		});
		await r.resolve(did);
		node.calls.length = 0;
		node.answer = (m) => greet(m) ?? { result: "0x" };
		for (let i = 0; i < 50; i++) {
			const { didResolutionMetadata } = await r.resolve(did, { fragment: `x${i}` });
			expect(didResolutionMetadata).toMatchObject({ error: "internalError" });
		}
		expect(node.calls.filter((c) => c === "eth_call").length).toBeLessThan(10);
		r.close();
		await node.close();
	});
});

describe("test network and local chain", () => {
	it("can be closed twice", async () => {
		const network = await startTestNetwork({ organizations: 0 });
		const chain = await startLocalChain();
		for (const { rpcUrl, close } of [network, chain]) {
			expect(await passOn(rpcUrl, "eth_chainId", [])).toMatchObject({ result: "0x7a69" });
			await close();
			await expect(close()).resolves.toBeUndefined();
			await expect(passOn(rpcUrl, "eth_chainId", [])).rejects.toThrow();
		}
	});
	it("a failed rotation leaves the key and the issuer unchanged", async () => {
		const network = await startTestNetwork({ organizations: 1 });
		const [org] = network.organizations;
		const { issuer } = org;
		await org.transfer(network.accounts[0].address as `0x${string}`);
		await expect(org.rotateKey()).rejects.toThrow();
		expect(org.issuer).toBe(issuer);
		await network.close();
	});
	it("startLocalChain rejects invalid options", async () => {
		await expect(startLocalChain({ prot: 1 } as never).then((c) => c.close())).rejects.toMatchObject({
			code: "config/unknown-option",
		});
		await expect(startLocalChain({ accountCount: -1 }).then((c) => c.close())).rejects.toMatchObject({
			code: "config/invalid-option",
		});
	});
	it("advanceTime rejects a negative or invalid number of seconds", async () => {
		const network = await startTestNetwork({ organizations: 0 });
		for (const t of [-5, Number.NaN])
			await expect(network.advanceTime(t)).rejects.toMatchObject({ code: "config/invalid-option" });
		await network.close();
	});
});

it("a busy port is config/port with exit code 2", async () => {
	mkdirSync(stage.path("busy"));
	const { port } = new URL(stage.chain.rpcUrl);
	expectRefusal(await stage.run(["chain", "--port", port, "--json"], { cwd: "busy" }), 2, "config/port");
});
