import { beforeAll, describe, expect, it } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { expectRefusal } from "../support/cli-world.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";

const HASH = `0x${"Ab".repeat(32)}`;
const RECEIPT = {
	transactionHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
	gasUsed: expect.any(Number),
	blockNumber: expect.any(Number),
};

const stage = useCliStage();
let did: string;
let strangerKey: string;
beforeAll(async () => {
	did = await stage.organization("k.pem");
	strangerKey = stage.write("stranger.hex", stage.chain.accounts[1]?.privateKey ?? "");
});

const ask = (method: string, params: readonly unknown[]) => passOn(stage.chain.rpcUrl, method, params);

const org = (...args: string[]) => stage.run(["org", ...args, "--json"]);

describe("orgpass org create", () => {
	it("prints the organization and its transaction", async () => {
		const created = await stage.ok("org", "create", "--owner-key", strangerKey);
		expect(created).toEqual({
			did: `did:orgid:31337:${created["orgId"]}`,
			orgId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
			...RECEIPT,
		});
		const { owner } = await stage.ok("org", "show", created["did"] as string);
		expect(owner).toBe(stage.chain.accounts[1]?.address);
	});

	it("T66: derives the id from sender and salt: two senders can use one salt, the same sender can't", async () => {
		const salt = `0x${"5A".repeat(32)}`;
		const first = await stage.ok("org", "create", "--salt", salt);
		const other = await stage.ok("org", "create", "--salt", salt, "--owner-key", strangerKey);
		expect(first["orgId"]).not.toBe(other["orgId"]);
		expectRefusal(await org("create", "--salt", salt), 1, "registry/reverted", /OrganizationAlreadyExists/);
	});

	it("pays no price that would take all the account has", async () => {
		const node = await startFakeNode(async (method, params) =>
			method === "eth_maxPriorityFeePerGas" ? { result: "0x2386f26fc10000" } : ask(method, params),
		);
		const { registry } = stage.chain;
		const flags = ["--rpc-url", node.url, "--registry", registry, "--owner-key", strangerKey];
		expectRefusal(await org("create", ...flags), 3, "registry/bad-response", /gwei per unit of gas, more than 5000/);
		expect(node.calls).not.toContain("eth_sendRawTransaction");
		await node.close();
	});

	it("accepts a document with backup addresses", async () => {
		const uris = ["https://a.example/org.json", "https://b.example/", "ipfs://c"];
		const flags = uris.flatMap((uri) => ["--document-uri", uri]);
		const created = await stage.ok("org", "create", ...flags, "--document-hash", HASH);
		const record = await stage.ok("org", "show", created["did"] as string);
		expect(record["document"]).toEqual({ uris, hash: HASH.toLowerCase() });
	});

	it.each([
		["a URI without a hash", ["--document-uri", "https://a"], "config/usage"],
		["a hash without a URI", ["--document-hash", HASH], "config/usage"],
		["a short hash", ["--document-uri", "https://a", "--document-hash", "0xab"], "config/invalid-option"],
		["an invalid salt", ["--salt", "salt"], "config/invalid-option"],
		[
			"four URIs",
			[..."abcd"].flatMap((uri) => ["--document-uri", uri]).concat("--document-hash", HASH),
			"config/invalid-option",
		],
		["a public key for the owner", ["--owner-key", `0x02${"4f".repeat(32)}`], "key/"],
		["a missing owner key file", ["--owner-key", "missing.pem"], "config/file"],
	])("rejects %s with exit code 2", async (_what, args, code) => {
		const result = await org("create", ...args);
		expect(result.exitCode).toBe(2);
		expect(result.json["code"]).toContain(code);
	});

	it("T69: reports the contract's error for a URI longer than 2 KiB", async () => {
		const long = ["--document-uri", `https://a/${"x".repeat(2_040)}`, "--document-hash", HASH];
		expectRefusal(await org("create", ...long), 1, "registry/reverted");
	});
});

describe("orgpass org show and list", () => {
	it("shows the registry's record", async () => {
		expect(await stage.ok("org", "show", did)).toEqual({
			did,
			kind: "orgpass",
			chainId: 31337,
			registry: stage.chain.registry,
			orgId: did.slice(-66),
			owner: stage.chain.accounts[0]?.address,
			active: true,
			documentEvidence: "hash",
			keys: [expect.objectContaining({ fragment: "webserver", revokedAt: 0, validFrom: 0, validUntil: 0 })],
			blockNumber: expect.any(Number),
			blockTimestamp: expect.any(Number),
		});
		const { stdout } = await stage.run(["org", "show", did]);
		expect(stdout).toMatch(
			/^did:orgid:.*\nowner .*\ndirector +none\nstate +active\nregistry +0x\w{40} \(orgpass\)\ndocument +none\nkey +#web/,
		);
	});

	it("reports a document that was never registered, and names --registry", async () => {
		const checked = await stage.run(["document", "check", "--did", did]);
		const stdout = `${did}\nthe organization has no registered document\n`;
		expect(checked).toMatchObject({ exitCode: 1, stdout, stderr: "" });
		expectRefusal(await org("list", "--registry", "0x12"), 2, "config/invalid-option", /--registry must be/);
	});

	it("lists all organizations as DIDs, including inactive ones", async () => {
		const { organizations } = await stage.ok("org", "list");
		expect(organizations).toContain(did);
		const { stdout } = await stage.run(["org", "list"]);
		expect(stdout).toBe(`${(organizations as string[]).join("\n")}\n`);
	});

	it("T34: lower-cases hex digits, and accepts the short form", async () => {
		const upper = `did:orgid:31337:0X${did.slice(-64).toUpperCase()}`;
		for (const typed of [upper, `did:orgid:0x${did.slice(-64).toUpperCase()}`, `${did}#webserver`]) {
			expect(await stage.ok("org", "show", typed)).toMatchObject({ did });
		}
	});

	it.each([
		["an unknown organization", `did:orgid:0x${"00".repeat(32)}`, "did/not-found", 1],
		["T35: another chain", `did:orgid:1:0x${"00".repeat(32)}`, "did/chain-unknown", 1],
		["another method", "did:web:example.com", "did/syntax", 2],
		["control characters", "did:orgid:\u001b]0;x\u0007\u202e", "did/syntax", 2],
	])("rejects %s, with the exit code of a refusal or of wrong usage", async (_what, typed, code, exitCode) => {
		for (const command of [
			["org", "show"],
			["did", "resolve"],
		]) {
			expectRefusal(await stage.run([...command, typed, "--json"]), exitCode, code);
			const { stderr } = await stage.run([...command, typed]);
			expect(stderr.replaceAll("\n", "")).toMatch(/^orgpass: [\x20-\x7e…]+$/);
		}
	});

	it("T62: escapes control and bidirectional characters in a document's address", async () => {
		const uri = "https://x/\u001b]0;pwned\u0007\u202e\u009b2J";
		const { did: hostile } = await stage.ok("org", "create", "--document-uri", uri, "--document-hash", HASH);
		const { stdout } = await stage.run(["org", "show", hostile as string]);
		expect(stdout).toContain("https://x/\\u001b]0;pwned\\u0007\\u202e\\u009b2J");
		expect(stdout).not.toMatch(/[^\x20-\x7e\n]/);
		const { json } = await stage.run(["org", "show", hostile as string, "--json"]);
		expect(json["document"]).toMatchObject({ uris: [uri] });
	});
});

describe("orgpass org set-document, activate and deactivate", () => {
	it("sets a document, and removes it", async () => {
		const flags = ["--document-uri", "https://a", "--document-hash", HASH];
		expect(await stage.ok("org", "set-document", did, ...flags)).toEqual({ did, ...RECEIPT });
		expect((await stage.ok("org", "show", did))["document"]).toMatchObject({ uris: ["https://a"] });
		expect(await stage.ok("org", "set-document", did, "--none")).toEqual({ did, ...RECEIPT });
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("document");
		expectRefusal(await org("set-document", did), 2, "config/usage", /--none/);
		expectRefusal(await org("set-document", did, "--none", ...flags), 2, "config/usage", /--none/);
	});

	it("deactivates and activates; repeating either is allowed", async () => {
		for (const [verb, active] of [
			["deactivate", false],
			["deactivate", false],
			["activate", true],
		] as const) {
			expect(await stage.ok("org", verb, did)).toEqual({ did, active, ...RECEIPT });
			expect(await stage.ok("org", "show", did)).toMatchObject({ active });
			const { stdout } = await stage.run(["org", "show", did]);
			expect(stdout).toContain(active ? "state     active" : "state     deactivated");
		}
	});

	it("T68: rejects anyone but the owner with registry/unauthorized and exit code 1", async () => {
		const owner = ["--owner-key", strangerKey];
		for (const args of [
			["set-document", did, "--none"],
			["deactivate", did],
			["activate", did],
			["transfer", did, "--to", stage.chain.accounts[1]?.address ?? ""],
			["transfer", did, "--to", stage.chain.accounts[1]?.address ?? "", "--revoke-keys"],
			["add-key", `${did}#mine`, "--public-key", "k.pem"],
			["revoke-key", `${did}#webserver`],
			["revoke-key", did, "--all"],
		]) {
			expectRefusal(await org(...args, ...owner), 1, "registry/unauthorized", /CallerNotOwner|doesn't own/);
		}
		expect(await stage.ok("org", "show", did)).toMatchObject({ active: true, keys: [{}] });
	});
});

describe("orgpass org transfer", () => {
	it("transfers at once and names the keys that remain valid", async () => {
		const given = await stage.organization("given.pem");
		const owner = stage.chain.accounts[1]?.address ?? "";
		const transferred = await stage.ok("org", "transfer", given, "--to", owner.toLowerCase());
		expect(transferred).toEqual({ did: given, owner, survivingKeys: ["webserver"], ...RECEIPT });
		expectRefusal(await org("deactivate", given), 1, "registry/unauthorized");
		const back = ["--to", stage.chain.accounts[0]?.address ?? "", "--owner-key", strangerKey];
		const { stdout } = await stage.run(["org", "transfer", given, ...back]);
		expect(stdout).toMatch(/keys that survive, and that the old owner may still hold: webserver\n/);
	});

	it("revokes all keys first with --revoke-keys", async () => {
		const given = await stage.organization("given-2.pem");
		const to = ["--to", stage.chain.accounts[1]?.address ?? "", "--revoke-keys"];
		expect(await stage.ok("org", "transfer", given, ...to)).toMatchObject({ survivingKeys: [] });
		expect(await stage.ok("org", "show", given)).toMatchObject({ keys: [] });
		const other = await stage.organization("given-3.pem");
		expect((await stage.run(["org", "transfer", other, ...to])).stdout).toContain("no keys survive");
	});

	it("revokes with --revoke-keys also what a node that is behind doesn't show", async () => {
		const given = await stage.organization("given-4.pem");
		let isBehind = true;
		const node = await startFakeNode(async (method, params) => {
			if (method === "eth_sendRawTransaction") isBehind = false;
			const { result: last } = (await ask("eth_blockNumber", [])) as { result: string };
			const before = `0x${(Number(last) - 1).toString(16)}`;
			return ask(method, isBehind && method === "eth_call" ? [params[0], before] : params);
		});
		const flags = ["--rpc-url", node.url, "--registry", stage.chain.registry, "--revoke-keys"];
		const key = ["--owner-key", stage.write("first.hex", stage.chain.accounts[0]?.privateKey ?? "")];
		const to = stage.chain.accounts[1]?.address as string;
		await stage.ok("org", "transfer", given, "--to", to, ...flags, ...key);
		expect(await stage.ok("org", "show", given)).toMatchObject({ owner: to, keys: [] });
		await node.close();
	});

	it("rejects an invalid address and the zero address with exit code 2", async () => {
		for (const to of ["0x12", "alice.eth", "", `0x${"00".repeat(20)}`]) {
			expectRefusal(await org("transfer", did, "--to", to), 2, "config/invalid-option", /--to/);
		}
		expectRefusal(await org("transfer", did), 2, "config/usage", /--to/);
	});
});

describe("orgpass registry deploy", () => {
	it("deploys another registry that the commands can use", async () => {
		const deployed = await stage.ok("registry", "deploy");
		const { blockNumber: _, ...costs } = RECEIPT;
		expect(deployed).toMatchObject({
			registry: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
			chainId: 31337,
			...costs,
		});
		const there = ["--registry", deployed["registry"] as string];
		expect(await stage.ok("org", "list", ...there)).toEqual({ organizations: [] });
		expect((await stage.run(["org", "list", ...there])).stdout).toBe("no organizations\n");
		const { did: made } = await stage.ok("org", "create", ...there);
		expect(await stage.ok("org", "list", ...there)).toEqual({ organizations: [made] });
		expect((await stage.run(["registry", "deploy"])).stdout).toMatch(/^deployed 0x\w{40} on chain 31337\n/);
	});
});
