/** What flags, variables and a file come to; nothing is asked of a node. */
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../../src/cli/context.ts";
import { readSettings, type Settings } from "../../../src/cli/settings/read-settings.ts";
import type { FileSettings, NetworkFlags } from "../../../src/cli/settings/settings-file.ts";
import { settingsReport } from "../../../src/cli/settings/settings-report.ts";
import { REGISTRY_KINDS } from "../../../src/registry/adapters/adapter.ts";
import { KNOWN_NETWORKS } from "../../../src/registry/known-networks.ts";
import { createCliWorld, silentContext } from "../../support/cli-world.ts";
import { refusalOf } from "../../support/refusal.ts";

const { gnosis, polygon, columbus } = KNOWN_NETWORKS;
const [A, B, C] = ["http://a.example", "http://b.example", "http://c.example"];
const [ONE, TWO, THREE] = [`0x${"01".repeat(20)}`, `0x${"02".repeat(20)}`, `0x${"03".repeat(20)}`];
const NONE: Settings = {
	...{ rpcUrl: undefined, registry: undefined, kind: undefined, chainId: undefined, local: undefined },
	isPublicNode: false,
};

const world = createCliWorld();
afterAll(world.remove);

interface Sources {
	readonly flags?: NetworkFlags;
	readonly env?: Readonly<Record<string, string>>;
	readonly file?: FileSettings;
}

let count = 0;
/** A run in a new folder. */
function createRun({ env = {}, file }: Sources): { context: CliContext; printed: string[]; path: string } {
	count += 1;
	const path = `${count}/orgpass.json`;
	world.write(`${count}/keep`, "");
	if (file !== undefined) world.write(path, JSON.stringify(file));
	const printed: string[] = [];
	const context = { ...silentContext(world.path(`${count}`), env), stderr: (text: string) => printed.push(text) };
	return { context, printed, path: world.path(path) };
}

const read = async (sources: Sources): Promise<Settings> =>
	readSettings(createRun(sources).context, sources.flags ?? {});

const network = (name: keyof typeof KNOWN_NETWORKS) => {
	const { rpcUrl, registry, kind, chainId } = KNOWN_NETWORKS[name];
	return { ...NONE, rpcUrl, registry, kind, chainId, isPublicNode: rpcUrl !== undefined };
};

describe("settings", () => {
	it.each<[string, Sources, Partial<Settings>]>([
		["nothing", {}, {}],
		["an empty file", { file: {} }, {}],
		["flags", { flags: { rpcUrl: A, registry: ONE, kind: "orgpass" } }, { rpcUrl: A, registry: ONE, kind: "orgpass" }],
		[
			"variables",
			{ env: { ORGPASS_RPC_URL: A, ORGPASS_REGISTRY: ONE, ORGPASS_KIND: "orgid-v1" } },
			{ rpcUrl: A, registry: ONE, kind: "orgid-v1" },
		],
		[
			"empty variables",
			{ env: { ORGPASS_NETWORK: "", ORGPASS_RPC_URL: "", ORGPASS_REGISTRY: "", ORGPASS_KIND: "" } },
			{},
		],
		[
			"a file",
			{ file: { rpcUrl: A, registry: ONE, kind: "orgid-v3", chainId: 5 } },
			{ rpcUrl: A, registry: ONE, kind: "orgid-v3", chainId: 5 },
		],
		[
			"flags and variables and a file",
			{
				flags: { rpcUrl: A, registry: ONE, kind: "orgpass" },
				env: { ORGPASS_RPC_URL: B, ORGPASS_REGISTRY: TWO, ORGPASS_KIND: "orgid-v1" },
				file: { rpcUrl: C, registry: THREE, kind: "orgid-v3", chainId: 5 },
			},
			{ rpcUrl: A, registry: ONE, kind: "orgpass", chainId: 5 },
		],
		[
			"variables and a file",
			{
				env: { ORGPASS_RPC_URL: B, ORGPASS_REGISTRY: TWO, ORGPASS_KIND: "orgid-v1" },
				file: { rpcUrl: C, registry: THREE, kind: "orgid-v3", chainId: 5 },
			},
			{ rpcUrl: B, registry: TWO, kind: "orgid-v1", chainId: 5 },
		],
		[
			"one from each",
			{ flags: { kind: "orgid-v1" }, env: { ORGPASS_REGISTRY: TWO }, file: { rpcUrl: C } },
			{ rpcUrl: C, registry: TWO, kind: "orgid-v1" },
		],
		["a kind without a contract", { file: { kind: "orgid-v1" } }, { kind: "orgid-v1" }],
		[
			"the contract's kind from above",
			{ env: { ORGPASS_KIND: "orgid-v1" }, file: { registry: ONE } },
			{ registry: ONE, kind: "orgid-v1" },
		],
		["a kind below the contract", { flags: { registry: ONE }, env: { ORGPASS_KIND: "orgid-v1" } }, { registry: ONE }],
	])("of %s", async (_what, sources, expected) => {
		expect(await read(sources)).toStrictEqual({ ...NONE, ...expected });
	});

	it.each<[string, Sources, Partial<Settings>]>([
		["a flag", { flags: { network: "gnosis" } }, network("gnosis")],
		["a variable", { env: { ORGPASS_NETWORK: "polygon" } }, network("polygon")],
		["a file", { file: { network: "mainnet" } }, network("mainnet")],
		["a file with its chain", { file: { network: "mainnet", chainId: 1 } }, network("mainnet")],
		["a flag, without a public node", { flags: { network: "columbus" } }, network("columbus")],
		[
			"a flag and another one a variable",
			{ flags: { network: "gnosis" }, env: { ORGPASS_NETWORK: "polygon" } },
			network("gnosis"),
		],
		[
			"a flag and another one a file",
			{ flags: { network: "gnosis" }, file: { network: "polygon", chainId: 137 } },
			network("gnosis"),
		],
		[
			"a flag, and its kind",
			{ flags: { network: "gnosis", kind: "orgpass" } },
			{ ...network("gnosis"), kind: "orgpass" },
		],
		[
			"a flag, and a variable another kind",
			{ flags: { network: "gnosis" }, env: { ORGPASS_KIND: "orgpass" } },
			network("gnosis"),
		],
		[
			"a variable, and a flag another kind",
			{ flags: { kind: "orgpass" }, env: { ORGPASS_NETWORK: "gnosis" } },
			{ ...network("gnosis"), kind: "orgpass" },
		],
		[
			"a flag, and its contract",
			{ flags: { network: "gnosis", registry: ONE } },
			{ ...network("gnosis"), registry: ONE, kind: undefined },
		],
		[
			"a variable, and a flag the contract",
			{ flags: { registry: ONE }, env: { ORGPASS_NETWORK: "gnosis" } },
			{ ...network("gnosis"), registry: ONE, kind: undefined },
		],
		[
			"a flag, and a variable another contract",
			{ flags: { network: "gnosis" }, env: { ORGPASS_REGISTRY: ONE } },
			network("gnosis"),
		],
	])("whose network is named by %s", async (_what, sources, expected) => {
		expect(await read(sources)).toStrictEqual({ ...NONE, ...expected });
	});

	it.each<[string, Sources, string | undefined]>([
		["the same flags", { flags: { network: "gnosis", rpcUrl: A } }, A],
		["a variable", { flags: { network: "gnosis" }, env: { ORGPASS_RPC_URL: A } }, A],
		[
			"variables for the same network",
			{ flags: { network: "gnosis" }, env: { ORGPASS_RPC_URL: A, ORGPASS_NETWORK: "gnosis" } },
			A,
		],
		[
			"variables for another network",
			{ flags: { network: "gnosis" }, env: { ORGPASS_RPC_URL: A, ORGPASS_NETWORK: "polygon" } },
			gnosis.rpcUrl,
		],
		["a flag", { flags: { rpcUrl: A }, env: { ORGPASS_NETWORK: "gnosis", ORGPASS_RPC_URL: B } }, A],
		["a file that names the network", { file: { network: "gnosis", rpcUrl: A } }, A],
		["a file that doesn't name the network", { flags: { network: "gnosis" }, file: { rpcUrl: A } }, gnosis.rpcUrl],
		[
			"a file that names the same network",
			{ flags: { network: "gnosis" }, file: { rpcUrl: A, network: "gnosis" } },
			gnosis.rpcUrl,
		],
		["a file, for a network without a node", { flags: { network: "columbus" }, file: { rpcUrl: A } }, undefined],
	])("of a network, whose node may come from %s", async (_what, sources, rpcUrl) => {
		const settings = await read(sources);
		const isPublicNode = rpcUrl === gnosis.rpcUrl;
		expect(settings).toMatchObject({ rpcUrl, isPublicNode });
	});
});

describe("wrong settings", () => {
	const INVALID = [
		["network", "goerli", "network", `one of ${Object.keys(KNOWN_NETWORKS).join(", ")}`],
		["kind", "orgid-v2", "kind", `one of ${REGISTRY_KINDS.join(", ")}`],
		["registry", "0x12", "--registry", "a contract address"],
		["registry", ONE.slice(0, -1), "--registry", "a contract address"],
		["registry", gnosis.registry.replace("b63d", "B63d"), "--registry", "valid checksum"],
	] as const;

	it.each(INVALID)("are refused wherever they are: %s %s", async (name, value, option, expected) => {
		for (const sources of [
			{ flags: { [name]: value } },
			{ env: { [`ORGPASS_${name.toUpperCase()}`]: value } },
			{ file: { [name]: value } },
			{
				flags: { network: "polygon", registry: polygon.registry, kind: "orgid-v3", rpcUrl: A },
				file: { [name]: value },
			},
		]) {
			const { code, message, details } = await refusalOf(() => read(sources));
			expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option } });
			expect(message).toContain(`${option} must be `);
			expect(message).toContain(expected);
		}
	});

	it.each([
		["another chain", { network: "gnosis", chainId: 1 }],
		["the local chain", { network: "columbus", chainId: 31_337 }],
	])("are refused if a file names a network and %s", async (_what, file) => {
		const { code, message } = await refusalOf(() => read({ file, flags: { network: "polygon" } }));
		expect(code).toBe("config/invalid-file");
		expect(message).toContain(`${file.network} is chain `);
		expect(message).toContain(`not ${file.chainId}`);
	});
});

describe("what a file decides", () => {
	const FILE = { rpcUrl: `${A}/secret?key=secret`, registry: ONE, kind: "orgid-v1", chainId: 5 };

	it.each<[string, NetworkFlags, FileSettings, FileSettings | undefined]>([
		["all, of the node only its origin", {}, FILE, { ...FILE, rpcUrl: A }],
		["a node that is no URL", {}, { rpcUrl: "secret" }, { rpcUrl: "not a URL" }],
		["what flags leave to it", { registry: TWO, rpcUrl: B }, FILE, { chainId: 5 }],
		["the node", { registry: TWO }, FILE, { rpcUrl: A, chainId: 5 }],
		["the contract", { rpcUrl: B, kind: "orgpass" }, FILE, { registry: ONE, chainId: 5 }],
		[
			"the contract and its kind",
			{ rpcUrl: B },
			{ registry: ONE, kind: "orgid-v1" },
			{ registry: ONE, kind: "orgid-v1" },
		],
		["the network", {}, { network: "gnosis", chainId: 100 }, { network: "gnosis" }],
		["nothing beside another network", { network: "columbus" }, FILE, undefined],
		["nothing beside the same network", { network: "gnosis" }, { network: "gnosis", chainId: 100 }, undefined],
		["nothing if it is empty", {}, {}, undefined],
	])("is printed once, and part of JSON output: %s", async (_what, flags, file, decided) => {
		const { context, printed, path } = createRun({ file });
		await readSettings(context, flags);
		await readSettings(context, flags);
		expect(settingsReport(context)).toStrictEqual(
			decided === undefined ? {} : { settingsFile: { file: path, ...decided } },
		);
		expect(settingsReport({ ...context })).toStrictEqual({});
		const list = Object.entries(decided ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
		expect(printed.map((text) => text.split(" sets ", 1)[0])).toEqual(decided === undefined ? [] : [`"${path}"`]);
		if (decided === undefined) return;
		const said = printed[0]?.slice(0, -1).split(" sets ")[1]?.split(", ") ?? [];
		expect(said.sort()).toEqual(list.sort());
		expect(printed[0]).toMatch(/[^\n]\n$/);
	});
});

it("columbus has no public node, so that none is used without being chosen", () => {
	expect(columbus.rpcUrl).toBeUndefined();
});
