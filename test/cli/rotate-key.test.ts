import { chownSync, lchownSync, symlinkSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { expectRefusal, type RunOptions } from "../support/cli-world.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";

const stage = useCliStage();
let did: string;
let count = 0;
afterEach(() => {
	vi.useRealTimers();
});

/** A new organization, whose key `webserver` is in k<n>.pem. */
async function organization(): Promise<string> {
	count += 1;
	did = await stage.organization(`k${count}.pem`);
	return did;
}

/** A new organization whose key is being replaced by that in the file returned. */
async function begun(): Promise<string> {
	await organization();
	const file = `begun${count}.pem`;
	expect((await rotate(["--out", file])).json).toMatchObject({ added: true });
	return file;
}

const rotate = (args: readonly string[], options: RunOptions = {}) =>
	stage.run(
		["org", "rotate-key", did, "--fragment", "webserver", "--new-fragment", "next", ...args, "--json"],
		options,
	);

async function fragments(): Promise<string[]> {
	const { keys } = (await stage.ok("org", "show", did)) as { keys: { fragment: string }[] };
	return keys.map(({ fragment }) => fragment);
}

/** Milliseconds, by the latest block: a chain may lag behind the system's clock. */
async function chainTime(): Promise<number> {
	const answer = await passOn(stage.chain.rpcUrl, "eth_getBlockByNumber", ["latest", false]);
	const { timestamp } = (answer as { readonly result: { readonly timestamp: string } }).result;
	return Number(timestamp) * 1_000;
}

describe("orgpass org rotate-key, with a key in the registry", () => {
	it("adds a new key, keeps the old one, and prints the command to finish", async () => {
		await organization();
		const { exitCode, json, stderr } = await rotate(["--out", "n1.pem"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'wrote "n1.pem"\n' });
		const command = `orgpass org rotate-key ${did} --fragment webserver --new-fragment next --overlap 24h --finish`;
		expect(json).toEqual({
			did,
			place: "registry",
			keyId: `${did}#next`,
			oldKeyId: `${did}#webserver`,
			added: true,
			revoked: false,
			revokeAt: expect.any(Number),
			transactions: [expect.objectContaining({ transactionHash: expect.stringMatching(/^0x/) })],
			next: [command],
		});
		expect(json["revokeAt"]).toBe((await chainTime()) / 1_000 + 86_400);
		expect(stage.modeOf("n1.pem")).toBe(0o600);
		expect(await fragments()).toEqual(["webserver", "next"]);
		for (const key of [`k${count}.pem`, "n1.pem"]) {
			const name = key === "n1.pem" ? "next" : "webserver";
			const minting = ["token", "mint", "--key", key, "--issuer", `${did}#${name}`, "--audience", did];
			const { token } = await stage.ok(...minting);
			expect(await stage.ok("token", "verify", token as string, "--audience", did)).toMatchObject({
				valid: true,
			});
		}
	});

	it("says if the old key ends before the overlap does", async () => {
		await organization();
		const end = (await chainTime()) / 1_000 + 600;
		const rotated = async (key: string): Promise<{ readonly text: string; readonly json: Record<string, unknown> }> => {
			const args = [
				"org",
				"rotate-key",
				`${did}#${key}`,
				"--new-fragment",
				`${key}-2`,
				"--out",
				`${key}${count}-2.pem`,
			];
			const { stdout } = await stage.run(args);
			const { json } = await stage.run([...args, "--json"]);
			return { text: stdout, json };
		};
		for (const [name, validUntil] of [
			["brief", end],
			["long", end + 7 * 86_400],
		] as const) {
			await stage.ok("keys", "generate", "--out", `${name}.pem`);
			const key = ["--public-key", `${name}.pem`, "--valid-until", String(validUntil)];
			await stage.ok("org", "add-key", `${did}#${name}`, ...key);
		}
		const brief = await rotated("brief");
		expect(brief.text).toMatch(
			/\nvalid only until \S+Z \(in (9|10)m\), its own end: \S+#brief; after \S+Z \(in (23h|1d)\) run\n {2}orgpass /,
		);
		expect(brief.json).toMatchObject({ oldValidUntil: end });
		expect((await rotated("long")).text).toMatch(/\nstill valid: \S+#long; after /);
		vi.useFakeTimers({ toFake: ["Date"], now: (end + 60) * 1_000 });
		expect((await rotated("brief")).text).toMatch(/\nno longer valid since \S+Z \(1m ago\), its own end: \S+#brief; /);
	});

	it("doesn't say of a key that ends during --wait that it is valid until it is revoked", async () => {
		await organization();
		const end = (await chainTime()) / 1_000 + 600;
		await stage.ok("keys", "generate", "--out", `brief${count}.pem`);
		const key = ["--public-key", `brief${count}.pem`, "--valid-until", String(end)];
		await stage.ok("org", "add-key", `${did}#brief`, ...key);
		const interrupt = new AbortController();
		const args = ["org", "rotate-key", `${did}#brief`, "--new-fragment", "next", "--out", `n${count}w.pem`, "--wait"];
		const { stderr } = await stage.run(args, {
			signal: interrupt.signal,
			onStderr: (text) => {
				if (text.includes("will be revoked in")) interrupt.abort();
			},
		});
		expect(stderr).toMatch(
			/^#brief is valid only until \S+Z \(in \d+m\), its own end; #brief will be revoked in \d+ seconds$/m,
		);
		expect(stderr).toMatch(/on chain and #brief is valid only until \S+Z \(in \d+m\), its own end; after /);
	});

	it("does nothing when run again, and says so", async () => {
		const file = await begun();
		const before = stage.read(file);
		const { exitCode, json, stderr } = await rotate(["--out", file]);
		expect({ exitCode, json }).toMatchObject({
			exitCode: 0,
			json: { added: false, revoked: false, transactions: [] },
		});
		expect(stderr).toBe(`"${file}" already exists: using its key\n`);
		expect(stage.read(file)).toBe(before);
		expect((await rotate([])).json).toMatchObject({ added: false });
		expect(await fragments()).toEqual(["webserver", "next"]);
	});

	it.skipIf(process.getuid?.() !== 0).each(["a file", "a link"])(
		"T62: doesn't register the key that another user put where the new one was to be written: %s",
		async (what) => {
			await organization();
			const file = `planted-${what.slice(2)}.pem`;
			await stage.ok("keys", "generate", "--out", "planted.pem", "--force");
			if (what === "a link") {
				symlinkSync(stage.path("planted.pem"), stage.path(file));
				lchownSync(stage.path(file), 12_345, 12_345);
			} else {
				stage.write(file, stage.read("planted.pem"));
				chownSync(stage.path(file), 12_345, 12_345);
			}
			const result = await rotate(["--out", file]);
			expectRefusal(result, 2, "config/file", /belongs to another user: not trusted/);
			expect(await fragments()).toEqual(["webserver"]);
		},
	);
	it("says that the node is behind if it doesn't show the new key yet, and can be run again", async () => {
		await organization();
		let last: unknown;
		const node = await startFakeNode(async (method, params) => {
			const pass = (name: string, args: readonly unknown[]) => passOn(stage.chain.rpcUrl, name, args);
			if (method === "eth_sendRawTransaction") last = Object(await pass("eth_blockNumber", [])).result;
			return pass(method, last !== undefined && method === "eth_call" ? [params[0], last] : params);
		});
		const owner = stage.write("first.hex", stage.chain.accounts[0]?.privateKey ?? "");
		const flags = ["--rpc-url", node.url, "--registry", stage.chain.registry, "--owner-key", owner];
		const refused = await rotate(["--out", "behind.pem", ...flags]);
		await node.close();
		expectRefusal(refused, 3, "registry/outdated", /doesn't show #next yet/);
		expect((await rotate(["--out", "behind.pem"])).json).toMatchObject({ added: false, revoked: false });
	});

	it("rejects a different key for a fragment in use", async () => {
		await begun();
		await stage.ok("keys", "generate", "--out", "other.pem");
		expectRefusal(await rotate(["--public-key", "other.pem"]), 2, "config/invalid-option", /already/);
		expectRefusal(await rotate(["--out", "not-there.pem"]), 2, "config/invalid-option", /already/);
	});

	it("finishes only after the overlap; finishing twice is allowed", async () => {
		const file = await begun();
		expectRefusal(await rotate(["--finish"]), 2, "config/usage", /overlap ends at 20/);
		const { stderr } = await stage.run([
			..."org rotate-key --new-fragment next --finish".split(" "),
			`${did}#webserver`,
		]);
		expect(stderr).toMatch(/^orgpass: the overlap ends at .*--overlap 0s \(config\/usage\)\n$/);
		const finished = await rotate(["--finish", "--overlap", "0s"]);
		expect(finished).toMatchObject({ exitCode: 0, json: { added: false, revoked: true, next: [] } });
		const again = await rotate(["--finish"]);
		expect(again).toMatchObject({ exitCode: 0, json: { revoked: true, transactions: [] } });
		expect(await rotate(["--out", file])).toMatchObject({ exitCode: 0, json: { transactions: [] } });
		expect(await fragments()).toEqual(["next"]);
		const { stdout } = await stage.run(["did", "resolve", did, "--fragment", "webserver"]);
		expect(stdout).toMatch(/^key {7}#webserver from the registry: REVOKED 20/m);
	});

	it("waits and revokes with --wait", async () => {
		await organization();
		vi.useFakeTimers({ toFake: ["Date"], now: await chainTime() });
		const { exitCode, json, stderr } = await rotate(["--out", "n2.pem", "--overlap", "1s", "--wait"], {
			onStderr: (text) => {
				if (text.startsWith("both keys are valid")) vi.advanceTimersByTime(3_600_000);
			},
		});
		expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { added: true, revoked: true } });
		expect(stderr).toMatch(/both keys are valid; #webserver will be revoked in \d+ seconds/);
		expect(await fragments()).toEqual(["next"]);
	});

	it("prints what remains to be done if Ctrl-C interrupts the wait", async () => {
		await organization();
		const interrupt = new AbortController();
		const { exitCode, stderr } = await rotate(["--out", "n3.pem", "--wait"], {
			signal: interrupt.signal,
			onStderr: (text) => {
				if (text.startsWith("both keys are valid")) interrupt.abort();
			},
		});
		expect(exitCode).toBe(130);
		expect(stderr).toMatch(
			/interrupted: the new key is on chain and #webserver is still valid; after 20.* run\n {2}orgpass org rotate-key .* --finish\n/,
		);
		expect(await fragments()).toEqual(["webserver", "next"]);
	});

	it.each([
		["no key", [], 2, "config/usage"],
		["two keys", ["--public-key", "a", "--out", "b"], 2, "config/usage"],
		["--wait with --finish", ["--wait", "--finish"], 2, "config/usage"],
		["--finish before the rotation", ["--finish"], 2, "config/usage"],
		["a missing file", ["--public-key", "missing.pem"], 2, "config/file"],
		["an invalid lifetime", ["--out", "n4.pem", "--overlap", "soon"], 2, "config/invalid-option"],
	])("rejects %s and changes nothing", async (_what, args, exitCode, code) => {
		await organization();
		expectRefusal(await rotate(args), exitCode, code);
		expect(await fragments()).toEqual(["webserver"]);
	});

	it("rejects the old key as the new one, unknown keys and used fragments", async () => {
		await organization();
		expectRefusal(
			await rotate(["--public-key", `k${count}.pem`]),
			2,
			"config/invalid-option",
			/other than the old one/,
		);
		expectRefusal(
			await rotate(["--out", `k${count}.pem`]),
			2,
			"config/invalid-option",
			/--out must be a key other than the old one/,
		);
		const same = ["org", "rotate-key", `${did}#webserver`, "--new-fragment", "webserver", "--json"];
		expectRefusal(await stage.run(same), 2, "config/usage");
		const unknown = ["org", "rotate-key", `${did}#nobody`, "--new-fragment", "x", "--out", "x.pem", "--json"];
		expectRefusal(await stage.run(unknown), 1, "did/key-not-found", /no key #nobody .*; its keys are #webserver"/);
		const { stderr } = await stage.run(unknown.slice(0, -1));
		expect(stderr).toMatch(/; its keys are #webserver \(did\/key-not-found\)\n$/);
		const none = (await stage.ok("org", "create"))["did"] as string;
		const empty = ["org", "rotate-key", `${none}#nobody`, "--new-fragment", "x", "--out", "x.pem", "--json"];
		expectRefusal(await stage.run(empty), 1, "did/key-not-found", /; it has no keys"/);
	});

	it("gives the new key the end that --valid-until names, and refuses another one later", async () => {
		await organization();
		expectRefusal(
			await rotate(["--out", `end${count}.pem`, "--valid-until", "2020-01-01"]),
			2,
			"config/invalid-option",
			/--valid-until must be a time to come/,
		);
		const args = ["org", "rotate-key", `${did}#webserver`, "--new-fragment", "next", "--out", `end${count}.pem`];
		const { exitCode, stdout } = await stage.run([...args, "--valid-until", "2100-01-01"]);
		expect({ exitCode, stdout }).toEqual({
			exitCode: 0,
			stdout: expect.stringMatching(/^added \S+#next\nvalid until 2100-01-01T00:00:00Z \(in \d+d\)\nstill valid: /),
		});
		const { keys } = await stage.ok("org", "show", did);
		expect(keys).toMatchObject([{ validUntil: 0 }, { fragment: "next", validUntil: 4_102_444_800 }]);
		expect(await rotate(["--valid-until", "2100-01-01"])).toMatchObject({ exitCode: 0, json: { added: false } });
		expectRefusal(
			await rotate(["--valid-until", "2101-01-01"]),
			2,
			"config/invalid-option",
			/--valid-until must be left out: #next is already on chain, with the end 2100-01-01T00:00:00Z/,
		);
	});

	it("notes that only the old key has an end", async () => {
		await organization();
		await stage.ok("keys", "generate", "--out", `ending${count}.pem`);
		const key = ["--public-key", `ending${count}.pem`, "--valid-until", "2100-01-01"];
		await stage.ok("org", "add-key", `${did}#ending`, ...key);
		const args = ["org", "rotate-key", `${did}#ending`, "--new-fragment", "next", "--out", `ending${count}-2.pem`];
		const { stderr } = await stage.run(args);
		expect(stderr).toContain("\n#ending has an end, #next gets none: --valid-until sets one\n");
	});

	it("omits secrets from the command to finish", async () => {
		await organization();
		const secret = stage.chain.accounts[0]?.privateKey ?? "";
		const url = `${stage.chain.rpcUrl}/?key=hunter2`;
		const flags = ["--out", "n5.pem", "--owner-key", secret, "--rpc-url", url];
		const { exitCode, stdout, stderr } = await rotate(flags);
		expect({ exitCode, stdout }).toMatchObject({
			exitCode: 0,
			stdout: expect.stringContaining("--rpc-url URL --owner-key KEY"),
		});
		expect(stdout + stderr).not.toMatch(new RegExp(`${secret.slice(2)}|hunter2`));
	});
});
