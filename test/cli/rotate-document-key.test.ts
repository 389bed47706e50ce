import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type CliRegistry, startCliRegistry } from "../support/cli-registry.ts";
import { expectRefusal } from "../support/cli-world.ts";

const PLACEHOLDER = `0x${"11".repeat(32)}`;

describe.each(["orgid-v1", "orgid-v3"] as const)("orgpass org rotate-key, with a key in a document on %s", (kind) => {
	const isProved = kind === "orgid-v3";
	let stage: CliRegistry;
	let did: string;
	let uri: string;
	beforeAll(async () => {
		// Tests decide when the overlap of two seconds ends.
		vi.useFakeTimers({ toFake: ["Date"] });
		stage = await startCliRegistry(kind);
		uri = stage.documents.url("org.json");
		await stage.ok("keys", "generate", "--out", "k.pem");
	});
	beforeEach(async () => {
		for (const file of ["next.pem", "next.json", "org.json"]) rmSync(stage.path(file), { force: true });
		const hash = isProved ? [] : ["--document-hash", PLACEHOLDER];
		({ did } = (await stage.ok("org", "create", "--document-uri", uri, ...hash)) as { did: string });
		const account = isProved ? ["--account", `owner1=${stage.owner}`] : [];
		await stage.ok("document", "build", "--did", did, "--key", "old=k.pem", ...account, "--out", "org.json");
		await publish("org.json");
	});
	afterAll(async () => {
		vi.useRealTimers();
		await stage.end();
	});

	/** Signs if necessary, serves and registers. */
	async function publish(file: string): Promise<void> {
		if (isProved) {
			const signing = ["--key", "owner.hex", "--method", "#owner1", "--out", "signed.json", "--force"];
			await stage.ok("document", "sign", file, ...signing);
			stage.publish("signed.json", "org.json");
			return;
		}
		stage.publish(file, "org.json");
		await stage.run(["org", "set-document", did, "--document-uri", uri, "--document-file", file]);
	}

	const rotate = (...args: string[]) =>
		stage.run(["org", "rotate-key", `${did}#old`, "--new-fragment", "next", ...args, "--json"]);
	/** Replaces the key by the one in next.pem, in next.json. */
	async function begin(): Promise<void> {
		const flags = ["--out", "next.pem", "--document-out", "next.json", "--overlap", "2s"];
		expect(await rotate(...flags)).toMatchObject({ exitCode: 0 });
		await publish("next.json");
	}
	const verify = async (key: string, name: string) => {
		const minting = ["token", "mint", "--key", key, "--issuer", `${did}#${name}`, "--audience", did];
		const { token } = await stage.ok(...minting);
		return (await stage.run(["token", "verify", token as string, "--audience", did, "--json"])).json;
	};

	it("writes the document to publish, with its hash and the next commands", async () => {
		const flags = ["--out", "next.pem", "--document-out", "next.json", "--overlap", "2s"];
		const { exitCode, json } = await rotate(...flags);
		expect({ exitCode, json }).toMatchObject({
			exitCode: 0,
			json: { did, place: "document", changed: true, file: "next.json" },
		});
		expect(json["hash"]).toBe((await stage.ok("document", "hash", "next.json"))["hash"]);
		const [first, ...more] = json["next"] as string[];
		if (isProved)
			expect(first).toBe(`orgpass document sign next.json --key KEY --method '${did}#owner1' --out signed.json`);
		else expect(first).toBe(`orgpass org set-document ${did} --document-uri ${uri} --document-file next.json`);
		expect(more[0]).toBe(`orgpass document check --did ${did}`);
		if (!isProved) expect(more[1]).toMatch(/^orgpass org rotate-key .* --overlap 2s --finish$/);
		const written = stage.read("next.json");
		const again = await rotate(...flags);
		expect(again).toMatchObject({ exitCode: 0, json: { ...json, changed: false } });
		expect(stage.read("next.json")).toBe(written);
		await stage.ok("keys", "generate", "--out", "unrelated.pem", "--force");
		const rotateOther = (...other: string[]) => rotate(...other, "--document-out", "next.json");
		const otherKey = await rotateOther("--public-key", "unrelated.pem", "--overlap", "2s");
		expectRefusal(otherKey, 2, "config/file-exists");
		if (isProved) {
			const otherEnd = await rotateOther("--out", "next.pem", "--overlap", "9h");
			expectRefusal(otherEnd, 2, "config/file-exists");
		}
		await publish("next.json");
		expect(await verify("k.pem", "old")).toMatchObject({ valid: true });
		expect(await verify("next.pem", "next")).toMatchObject({ valid: true });
	});

	it("names the document's keys if there is none of that name, and can't set an end", async () => {
		const typo = ["org", "rotate-key", `${did}#typo`, "--new-fragment", "next", "--out", "next.pem", "--json"];
		const message = /neither the chain nor the document has a key #typo; its keys are #old"/;
		expectRefusal(await stage.run(typo), 1, "did/key-not-found", message);
		const end = await rotate("--out", "next.pem", "--valid-until", "2100-01-01");
		expectRefusal(end, 2, "config/usage", /--valid-until is for keys on chain/);
	});

	it("does nothing when run again", async () => {
		await begin();
		const { exitCode, json } = await rotate("--out", "next.pem");
		expect({ exitCode, json }).toEqual({
			exitCode: 0,
			json: { did, place: "document", changed: false, next: [], settingsFile: expect.any(Object) },
		});
		await stage.ok("keys", "generate", "--out", "other.pem", "--force");
		expectRefusal(await rotate("--public-key", "other.pem"), 2, "config/invalid-option");
	});

	it("finishes after the overlap: the old key is rejected, the new one remains", async () => {
		await begin();
		vi.advanceTimersByTime(2_200);
		const { exitCode, json } = await rotate("--finish", "--overlap", "2s", "--document-out", "last.json");
		expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { changed: !isProved } });
		if (!isProved) await publish("last.json");
		expect(await verify("k.pem", "old")).toMatchObject({
			valid: false,
			code: isProved ? "did/key-revoked" : "did/key-not-found",
		});
		expect(await verify("next.pem", "next")).toMatchObject({ valid: true });
		if (!isProved) return;
		const { stdout } = await stage.run(["did", "resolve", did]);
		expect(stdout).toMatch(/^key {7}#old from the document .* REVOKED 20/m);
	});

	it("prints the exact bytes without --document-out", async () => {
		await begin();
		const args = [`${did}#next`, "--new-fragment", "third", "--out", "third.pem", "--from", "next.json"];
		const { stdout, stderr, exitCode } = await stage.run(["org", "rotate-key", ...args]);
		expect(exitCode).toBe(0);
		expect(stdout.endsWith("}")).toBe(true);
		stage.write("printed.json", stdout);
		const { hash } = await stage.ok("document", "hash", "printed.json");
		expect(stderr).toContain(`hash ${hash}\n`);
		expect(stderr).toContain("publish the document");
	});

	it.each([
		["--wait", ["--out", "x.pem", "--wait"], 2, "config/usage"],
		["another organization's file", ["--out", "x.pem", "--from", "foreign.json"], 1, "document/subject"],
		["a file that isn't JSON", ["--out", "x.pem", "--from", "k.pem"], 1, "document/malformed"],
	])("rejects %s", async (_what, args, exitCode, code) => {
		stage.write("foreign.json", JSON.stringify({ id: `did:orgid:0x${"0b".repeat(32)}` }));
		expectRefusal(await rotate(...args), exitCode, code);
	});
});
