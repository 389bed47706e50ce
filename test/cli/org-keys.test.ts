import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { expectRefusal } from "../support/cli-world.ts";
import { encryptPem } from "../support/pem.ts";

const stage = useCliStage();
let did: string;
beforeAll(async () => {
	await stage.ok("keys", "generate", "--out", "k.pem");
});
afterEach(() => {
	vi.useRealTimers();
});
beforeEach(async () => {
	did = (await stage.ok("org", "create"))["did"] as string;
});

const addKey = (...args: string[]) => stage.run(["org", "add-key", did, "--public-key", "k.pem", ...args, "--json"]);
const keys = async () => (await stage.ok("org", "show", did))["keys"] as Record<string, unknown>[];

describe("orgpass org revoke-key --all", () => {
	it("revokes nothing if a key is named too", async () => {
		await addKey("--fragment", "a");
		for (const args of [
			[`${did}#a`, "--all"],
			[did, "--all", "--fragment", "a"],
		]) {
			expectRefusal(await stage.run(["org", "revoke-key", ...args, "--json"]), 2, "config/usage", /--all/);
		}
		expect(await keys()).toHaveLength(1);
	});
});

describe("orgpass token verify after org revoke-key", () => {
	it("T50: reports every key that was revoked as revoked", async () => {
		const tokens: string[] = [];
		for (const fragment of ["a", "b", "c"]) {
			await addKey("--fragment", fragment);
			const issuer = ["--key", "k.pem", "--issuer", `${did}#${fragment}`, "--audience", did];
			tokens.push((await stage.ok("token", "mint", ...issuer))["token"] as string);
			await stage.ok("org", "revoke-key", `${did}#${fragment}`);
		}
		for (const token of tokens) {
			const { exitCode, json } = await stage.run(["token", "verify", token, "--audience", did, "--json"]);
			expect({ exitCode, code: json["code"] }).toEqual({ exitCode: 1, code: "did/key-revoked" });
		}
	});
});

describe("orgpass org add-key", () => {
	it("accepts the fragment after # or as --fragment, or both if equal", async () => {
		for (const [typed, flags] of [
			[`${did}#one`, []],
			[did, ["--fragment", "two"]],
			[`${did}#three`, ["--fragment", "three"]],
		] as const) {
			const { json: added } = await stage.run(["org", "add-key", typed, "--public-key", "k.pem", ...flags, "--json"]);
			expect(added).toEqual({
				did,
				keyId: `${did}#${added["fragment"]}`,
				fragment: expect.stringMatching(/^(one|two|three)$/),
				transactionHash: expect.any(String),
				gasUsed: expect.any(Number),
				blockNumber: expect.any(Number),
			});
		}
		expect((await keys()).map(({ fragment }) => fragment)).toEqual(["one", "two", "three"]);
		expectRefusal(await addKey(), 2, "config/usage", /--fragment/);
		const both = ["org", "add-key", `${did}#one`, "--fragment", "two", "--public-key", "k.pem", "--json"];
		expectRefusal(await stage.run(both), 2, "config/usage");
	});

	it("stores only the public half of a private key", async () => {
		await addKey("--fragment", "a");
		const { json } = await stage.run(["keys", "inspect", "k.pem", "--json"]);
		expect(await keys()).toMatchObject([{ publicKeyHex: json["publicKeyHex"] }]);
		await stage.ok("org", "revoke-key", `${did}#a`);
		const publicOnly = ["--fragment", "b", "--public-key", json["publicKeyHex"] as string];
		expect(await addKey(...publicOnly)).toMatchObject({ exitCode: 0, stderr: "" });
		const p256 = stage.write("p256.pem", "-----BEGIN EC PRIVATE KEY-----\nMA==\n-----END EC PRIVATE KEY-----\n");
		expectRefusal(await addKey("--fragment", "c", "--public-key", p256), 2, "key/malformed");
	});

	it("opens an encrypted key with --key-password", async () => {
		const password = stage.write("password", "hunter2");
		await stage.ok("keys", "generate", "--out", "open.pem");
		stage.write("encrypted.pem", encryptPem(stage.read("open.pem"), "hunter2"));
		const key = ["--fragment", "x", "--public-key", "encrypted.pem"];
		expectRefusal(await addKey(...key), 2, "key/password-required");
		expect(await addKey(...key, "--key-password", password)).toMatchObject({ exitCode: 0 });
	});

	it("accepts times in seconds and ISO 8601; an expired or not yet valid key is rejected", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2019, 0) });
		await addKey("--fragment", "over", "--valid-until", "2020-01-01");
		vi.useRealTimers();
		await addKey("--fragment", "coming", "--valid-from", "2100-01-01T00:00:00Z");
		await addKey("--fragment", "now", "--valid-from", "1", "--valid-until", "2100-12-31T23:59:59+01:00");
		expect(await keys()).toMatchObject([
			{ fragment: "over", validFrom: 0, validUntil: 1_577_836_800 },
			{ fragment: "coming", validFrom: 4_102_444_800, validUntil: 0 },
			{ fragment: "now", validFrom: 1, validUntil: 4_133_977_199 },
		]);
		const { stdout } = await stage.run(["org", "show", did]);
		expect(stdout).toContain("#over until 2020-01-01T00:00:00Z");
		expect(stdout).toContain("#coming from 2100-01-01T00:00:00Z");
		for (const [fragment, code] of [
			["over", "did/key-expired"],
			["coming", "did/key-not-yet-valid"],
			["now", undefined],
		] as const) {
			const issuer = ["--key", "k.pem", "--issuer", `${did}#${fragment}`, "--audience", did];
			const { token } = await stage.ok("token", "mint", ...issuer);
			const { exitCode, json } = await stage.run([
				...["token", "verify", token as string, "--audience", did, "--json"],
			]);
			expect({ exitCode, code: json["code"] }).toEqual({ exitCode: code === undefined ? 0 : 1, code });
		}
	});

	it("refuses an end that has passed, and spends no name", async () => {
		const result = await addKey("--fragment", "x", "--valid-until", "2020-01-01");
		expectRefusal(result, 2, "config/invalid-option", /--valid-until must be a time to come, got 2020-01-01T00:00:00Z/);
		expect(await keys()).toEqual([]);
		expect(await addKey("--fragment", "x")).toMatchObject({ exitCode: 0 });
	});

	it("prints the times that it understood", async () => {
		const add = async (fragment: string, ...times: string[]): Promise<string> =>
			(await stage.run(["org", "add-key", `${did}#${fragment}`, "--public-key", "k.pem", ...times])).stdout;
		expect(await add("a", "--valid-until", "2100-01-01")).toMatch(
			/^added did:\S+#a\nvalid until 2100-01-01T00:00:00Z \(in \d+d\)\ntransaction 0x/,
		);
		expect(await add("b", "--valid-from", "2099-01-01", "--valid-until", "2100-01-01")).toMatch(
			/\nvalid from 2099-01-01T00:00:00Z \(in \d+d\) until 2100-01-01T00:00:00Z \(in \d+d\)\n/,
		);
		expect(await add("c")).toMatch(/^added did:\S+#c\ntransaction 0x/);
	});

	it("warns if the same key is already there under another name", async () => {
		expect(await addKey("--fragment", "one")).toMatchObject({ exitCode: 0, stderr: "" });
		const { exitCode, stderr } = await addKey("--fragment", "two");
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "warning: this key is already there as #one\n" });
		await stage.ok("keys", "generate", "--out", "another.pem");
		expect(await addKey("--fragment", "three", "--public-key", "another.pem")).toMatchObject({ stderr: "" });
	});

	it.each(["tomorrow", "2026-13-01", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "-5", "1e9", ""])(
		"rejects the time %j with exit code 2",
		async (time) => {
			const result = await addKey("--fragment", "x", `--valid-until=${time}`);
			expectRefusal(result, 2, "config/invalid-option", /--valid-until/);
			expect(await keys()).toEqual([]);
		},
	);

	it("T69: reports the contract's errors: bad fragments, used fragments, a validity that ends before it begins", async () => {
		for (const fragment of ["director", "a b", "é", "x".repeat(65), "#x"]) {
			const reason = fragment === "director" ? /ReservedFragment/ : /InvalidFragment/;
			expectRefusal(await addKey("--fragment", fragment), 1, "registry/reverted", reason);
		}
		const backwards = ["--fragment", "x", "--valid-from", "2100-01-02", "--valid-until", "2100-01-01"];
		expectRefusal(await addKey(...backwards), 1, "registry/reverted", /InvalidValidity/);
		await addKey("--fragment", "x");
		expectRefusal(await addKey("--fragment", "x"), 1, "registry/reverted", /FragmentAlreadyUsed/);
	});
});

describe("orgpass org revoke-key", () => {
	it("revokes one key permanently", async () => {
		await addKey("--fragment", "a");
		await stage.ok("keys", "generate", "--out", "b.pem");
		await addKey("--fragment", "b", "--public-key", "b.pem");
		expect(await stage.ok("org", "revoke-key", `${did}#a`)).toMatchObject({ did, keyId: `${did}#a` });
		expect(await keys()).toMatchObject([{ fragment: "b" }]);
		const again = await stage.run(["org", "revoke-key", `${did}#a`, "--json"]);
		expectRefusal(again, 1, "registry/reverted", /KeyAlreadyRevoked/);
		expectRefusal(await addKey("--fragment", "a"), 1, "registry/reverted", /FragmentAlreadyUsed/);
		const unknown = await stage.run(["org", "revoke-key", `${did}#c`, "--json"]);
		expectRefusal(unknown, 1, "registry/reverted", /KeyNotFound/);
		expectRefusal(
			await stage.run(["org", "revoke-key", did, "--json"]),
			2,
			"config/usage",
			/after # in the DID, or --all"/,
		);
	});

	it("warns if the same key is still valid under other names", async () => {
		for (const fragment of ["one", "two", "three"]) await addKey("--fragment", fragment);
		await stage.ok("keys", "generate", "--out", "different.pem");
		await addKey("--fragment", "four", "--public-key", "different.pem");
		const revoke = async (name: string): Promise<string> =>
			(await stage.run(["org", "revoke-key", `${did}#${name}`])).stderr;
		expect(await revoke("one")).toBe("warning: the same key is still valid as #two, #three\n");
		expect(await revoke("two")).toBe("warning: the same key is still valid as #three\n");
		expect(await revoke("three")).toBe("");
	});

	it("doesn't warn of a name under which the key has expired", async () => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2019, 0) });
		await addKey("--fragment", "over", "--valid-until", "2020-01-01");
		vi.useRealTimers();
		expect(await addKey("--fragment", "now")).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await stage.run(["org", "revoke-key", `${did}#now`])).toMatchObject({ exitCode: 0, stderr: "" });
	});

	it("revokes all keys with --all", async () => {
		await addKey("--fragment", "a");
		await addKey("--fragment", "b");
		expect(await stage.ok("org", "revoke-key", did, "--all")).toMatchObject({ did });
		expect(await keys()).toEqual([]);
		const { stdout } = await stage.run(["org", "revoke-key", did, "--all"]);
		expect(stdout).toMatch(/^revoked all keys of did:orgid:/);
	});
});

describe("the owner's key", () => {
	it("can be encrypted; --password opens it", async () => {
		const password = stage.write("password", "hunter2");
		await stage.ok("keys", "generate", "--out", "new.pem");
		stage.write("owner.pem", encryptPem(stage.read("new.pem"), "hunter2"));
		const create = ["org", "create", "--owner-key", "owner.pem", "--password", password, "--json"];
		const { exitCode, stdout } = await stage.run(create);
		// A new account has no ether; that its key was opened is all that matters here.
		expect(exitCode).not.toBe(0);
		expect(stdout).toContain("registry/");
	});
});
