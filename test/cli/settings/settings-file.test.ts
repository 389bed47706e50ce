import { chownSync, lchownSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readFileSettings } from "../../../src/cli/settings/settings-file.ts";
import { type CliWorld, createCliWorld, silentContext } from "../../support/cli-world.ts";
import { expectRefusal, refusalOf } from "../../support/refusal.ts";

let world: CliWorld;
beforeEach(() => {
	world = createCliWorld();
});
afterEach(() => world.remove());
const read = (folder: string) => readFileSettings(silentContext(world.path(folder)));

it("the nearest file is read, and no other", () => {
	world.write("above/orgpass.json", '{"network":"gnosis"}');
	world.write("above/a/keep", "");
	expect(read("above/a")).toEqual({ path: world.path("above/orgpass.json"), settings: { network: "gnosis" } });
	world.write("above/a/orgpass.json", '{"chainId":5}');
	expect(read("above/a")).toEqual({ path: world.path("above/a/orgpass.json"), settings: { chainId: 5 } });
	world.write("none/keep", "");
	expect(read("none").settings).toEqual({});
});

it("may set the network, the node, the contract, its kind and the chain", () => {
	const settings = { network: "gnosis", rpcUrl: "http://a.example", registry: "0x", kind: "orgpass", chainId: 1 };
	world.write("all/orgpass.json", JSON.stringify(settings));
	expect(read("all").settings).toEqual(settings);
});

it.each([
	["text", '"gnosis"', "a JSON object"],
	["null", "null", "a JSON object"],
	["an unknown member", '{"netwrok":"gnosis"}', 'orgpass.json has no option "netwrok"'],
	["a network that is no text", '{"network":1}', 'orgpass.json: "network" must be'],
	["an empty network", '{"network":""}', 'orgpass.json: "network" must be'],
	["a node that is no text", '{"rpcUrl":["http://a.example"]}', 'orgpass.json: "rpcUrl" must be'],
	["an empty contract", '{"registry":""}', 'orgpass.json: "registry" must be'],
	["a kind that is no text", '{"kind":null}', 'orgpass.json: "kind" must be'],
	["a chain that is no number", '{"chainId":"1"}', 'orgpass.json: "chainId" must be'],
	["a fraction of a chain", '{"chainId":1.5}', 'orgpass.json: "chainId" must be'],
	["two chains", '{"chainId":1,"chainId":2}', "a duplicate member"],
])("%s is refused, with the file and what is wrong", async (what, text, reason) => {
	world.write(`${what}/orgpass.json`, text);
	const { code, message, cause } = await refusalOf(() => read(what));
	expect(code).toBe("config/invalid-file");
	expect(message).toContain(`"${world.path(what)}/orgpass.json": `);
	expect(message).toContain(reason);
	expect(cause).toBeInstanceOf(Error);
});

it.skipIf(process.getuid?.() !== 0)(
	"another user's is refused in a folder above, and read where the user is",
	async () => {
		world.write("shared/orgpass.json", '{"network":"gnosis"}');
		world.write("shared/mine/keep", "");
		chownSync(world.path("shared/orgpass.json"), 12_345, 12_345);
		expect(read("shared").settings).toEqual({ network: "gnosis" });
		const { message } = await expectRefusal(() => read("shared/mine"), "config/invalid-file");
		expect(message).toBe(`"${world.path("shared/orgpass.json")}" belongs to another user: not trusted`);
	},
);

it.skipIf(process.getuid?.() !== 0)(
	"T81: one's own is refused in a folder above if another user has put a link to it there",
	async () => {
		world.write("downloads/orgpass.json", '{"network":"gnosis"}');
		world.write("linked/mine/keep", "");
		const link = world.path("linked/orgpass.json");
		symlinkSync(world.path("downloads/orgpass.json"), link);
		expect(read("linked/mine").settings).toEqual({ network: "gnosis" });
		lchownSync(link, 12_345, 12_345);
		const { message } = await expectRefusal(() => read("linked/mine"), "config/invalid-file");
		expect(message).toBe(`"${link}" belongs to another user: not trusted`);
	},
);
