import { beforeAll, describe, expect, it } from "vitest";
import { useCliRegistry } from "../support/cli-registry.ts";
import { expectRefusal } from "../support/cli-world.ts";

describe("orgpass org delegates", () => {
	const stage = useCliRegistry("orgid-v3");
	let did: string;
	beforeAll(async () => {
		({ did } = (await stage.ok("org", "create", "--document-uri", "https://a.example")) as { did: string });
	});

	it("adds and removes delegates", async () => {
		const names = [`${did}#k1`, `did:orgid:100:0x${"0b".repeat(32)}#k2`];
		expect(await stage.ok("org", "delegates", "add", did, ...names)).toMatchObject({ did, delegates: names });
		expect(await stage.ok("org", "show", did)).toMatchObject({ delegates: names });
		expect((await stage.run(["org", "show", did])).stdout).toContain(`delegate  ${names[1]}`);
		await stage.ok("org", "delegates", "remove", did, names[0] as string);
		expect(await stage.ok("org", "show", did)).toMatchObject({ delegates: [names[1]] });
	});

	it("rejects a DID without a fragment, and registries without delegates", async () => {
		expectRefusal(await stage.run(["org", "delegates", "add", did, did, "--json"]), 2, "did/syntax");
		expectRefusal(await stage.run(["org", "delegates", "add", did, "--json"]), 2, "config/usage");
		const own = ["--registry", stage.chain.registry, "--json"];
		const added = await stage.run(["org", "delegates", "add", did, `${did}#k`, ...own]);
		expectRefusal(added, 1, "registry/unsupported");
	});

	it("org create requires a document address, and explains what to do", async () => {
		const refused = await stage.run(["org", "create", "--json"]);
		expectRefusal(refused, 2, "config/usage", /expected --document-uri.*build and sign it afterwards/);
	});

	it("sets a URI alone: a hash is rejected, and a file isn't needed", async () => {
		const set = ["org", "set-document", did, "--document-uri", "https://b.example", "--json"];
		stage.write("d.json", JSON.stringify({ "@context": [], id: `did:orgid:0x${"0b".repeat(32)}` }));
		const file = [...set, "--document-file", "d.json"];
		expectRefusal(await stage.run(file), 2, "config/usage", /another organization's.*--force/);
		const { exitCode, stderr } = await stage.run([...file, "--force"]);
		expect(exitCode).toBe(0);
		expect(stderr).toMatch(/warning: the document is another organization's: .*\n.*stores no hash/);
		expectRefusal(await stage.run([...set, "--document-hash", `0x${"ab".repeat(32)}`]), 2, "config/invalid-option");
		expect((await stage.run([...set])).exitCode).toBe(0);
	});
});

describe.each(["orgpass", "orgid-v1"] as const)("orgpass org director on %s", (kind) => {
	const stage = useCliRegistry(kind);
	let did: string;
	let director: string;
	beforeAll(async () => {
		stage.write("director.hex", stage.chain.accounts[1]?.privateKey ?? "");
		director = stage.chain.accounts[1]?.address ?? "";
		const document = ["--document-uri", "https://a.example", "--document-hash", `0x${"ab".repeat(32)}`];
		({ did } = (await stage.ok("org", "create", ...document)) as { did: string });
	});

	it("is proposed by the owner and must accept", async () => {
		expect(await stage.ok("org", "director", "set", did, "--to", director)).toMatchObject({
			proposed: director,
		});
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("director");
		expectRefusal(await stage.run(["org", "director", "accept", did, "--json"]), 1, "registry/unauthorized");
		const accepted = await stage.ok("org", "director", "accept", did, "--owner-key", "director.hex");
		expect(accepted).toMatchObject({ did, director });
		expect(await stage.ok("org", "show", did)).toMatchObject({ director });
		await stage.ok("org", "director", "set", did, "--none");
		expect(await stage.ok("org", "show", did)).not.toHaveProperty("director");
	});

	it("prints the command that the director must run, and names who must sign", async () => {
		const settings = ["--registry", stage.registry];
		const set = ["org", "director", "set", did, "--to", director, ...settings, "--owner-key", "owner.hex"];
		const accept = `orgpass org director accept ${did} --registry ${stage.registry} --owner-key KEY`;
		const { stdout } = await stage.run(set);
		expect(stdout).toContain(`proposed ${director}, who becomes director with\n  ${accept}\n`);
		expect(await stage.ok(...set)).toMatchObject({ next: [accept] });
		const { exitCode, stderr } = await stage.run(["org", "director", "accept", did]);
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(/\(registry\/unauthorized\)\n0x\w{40} isn't the proposed director, who must sign: /);
		expect(stderr).not.toMatch(/\{\}|owner \(or/);
	});

	it.each([
		["neither --to nor --none", []],
		["both", ["--to", `0x${"11".repeat(20)}`, "--none"]],
		["the zero address", ["--to", `0x${"00".repeat(20)}`]],
		["an invalid address", ["--to", "0x12"]],
	])("rejects %s", async (_what, args) => {
		expect((await stage.run(["org", "director", "set", did, ...args, "--json"])).exitCode).toBe(2);
	});
});
