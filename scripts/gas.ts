/**
 * Measures the gas used by every function of the registry on a local chain, for whole transactions (including
 * the base cost of 21,000, calldata and refunds). Prints a table, and fails if a limit is exceeded. If ORGiD
 * 1.1.5 is installed as `orgid-v1`, or `--orgid-v1 OrgId.json` names its artifact, also measures the same
 * operations there, and fails if any of them costs less than ours.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import {
	BrowserProvider,
	type Contract,
	ContractFactory,
	concat,
	dataSlice,
	id,
	type JsonRpcSigner,
	keccak256,
	SigningKey,
	ZeroAddress,
	ZeroHash,
} from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import config from "../hardhat.config.ts";
import { parseFlags } from "./command-line.ts";
import { buildRegistry } from "./contract-build.ts";
import { root } from "./sources.ts";

/** One call, also measured on ORGiD 1.1.5 unless it is `ownOnly`. */
interface Step {
	readonly name: string;
	readonly by?: JsonRpcSigner;
	readonly method: string;
	readonly args: readonly unknown[];
	readonly limit?: number;
	readonly ownOnly?: boolean;
	/** A call that ORGiD 1.1.5 needs first to reach the same state; its gas is added. */
	readonly originalNeeds?: Step;
}

const { values: flags } = parseFlags({ options: { "orgid-v1": { type: "string" } } });
const originalPath = flags["orgid-v1"] ?? `${root}/node_modules/orgid-v1/build/contracts/OrgId.json`;

const hre = await createHardhatRuntimeEnvironment(config, {}, root);
const connection = await hre.network.create();
const provider = new BrowserProvider(connection.provider, undefined, { cacheTimeout: -1 });
const [owner, director, other] = await Promise.all([0, 1, 2].map((index) => provider.getSigner(index)));
if (!owner || !director || !other) throw new Error("expected three accounts on the local chain");

const { abi, bytecode } = await buildRegistry();
const registry = await deploy(abi, bytecode);
const deployment = await registry.deploymentTransaction()?.wait();
const original = existsSync(originalPath) ? await deployOriginal(originalPath) : undefined;

const document = [id("document"), "http://x", "", ""];
const longDocument = [id("other"), "https://example.com/organizations/org.json", `ipfs://${"Q".repeat(46)}`, ""];
const organization = orgId(owner, "1");
const keyed = orgId(owner, "keyed");
const unit = orgId(owner, "u1");

const steps: Step[] = [
	{
		name: "createOrganization, first",
		method: "createOrganization",
		args: [id("1"), ...document],
		limit: 160_000,
	},
	{ name: "createOrganization, next", method: "createOrganization", args: [id("2"), ...document] },
	{ name: "createOrganization, long URIs", method: "createOrganization", args: [id("3"), ...longDocument] },
	{
		name: "createOrganization, no document",
		method: "createOrganization",
		args: [id("keyed"), ZeroHash, "", "", ""],
	},
	{
		name: "createUnit, first, director pending",
		method: "createUnit",
		args: [id("u1"), organization, director.address, ...document],
	},
	{
		name: "createUnit, next, director is owner",
		method: "createUnit",
		args: [id("u2"), organization, owner.address, ...document],
	},
	{
		name: "createUnit, next, no director",
		method: "createUnit",
		args: [id("u3"), organization, ZeroAddress, ...document],
	},
	{ name: "acceptDirectorship", by: director, method: "acceptDirectorship", args: [unit] },
	{ name: "acceptDirectorship, again", by: director, method: "acceptDirectorship", args: [unit] },
	{
		name: "transferDirectorship, accepted to other",
		method: "transferDirectorship",
		args: [unit, other.address],
	},
	{ name: "renounceDirectorship, pending", by: other, method: "renounceDirectorship", args: [unit] },
	{ name: "renounceDirectorship, nobody in office", method: "renounceDirectorship", args: [unit] },
	{ name: "transferDirectorship, to owner", method: "transferDirectorship", args: [unit, owner.address] },
	{ name: "transferDirectorship, to nobody", method: "transferDirectorship", args: [unit, ZeroAddress] },
	{
		name: "transferDirectorship, first of top level",
		method: "transferDirectorship",
		args: [organization, director.address],
	},
	{ name: "acceptDirectorship, top level", by: director, method: "acceptDirectorship", args: [organization] },
	{ name: "setOrgJson by owner", method: "setOrgJson", args: [organization, id("new"), "http://y", "", ""] },
	{
		name: "setOrgJson by director",
		by: director,
		method: "setOrgJson",
		args: [organization, ...longDocument],
	},
	{ name: "toggleActiveState, off", method: "toggleActiveState", args: [organization] },
	{ name: "toggleActiveState, on", method: "toggleActiveState", args: [organization] },
	{
		name: "setOrgJson, three URIs of 2 KiB",
		method: "setOrgJson",
		args: [orgId(owner, "3"), id("long"), ...Array(3).fill("u".repeat(2_048))],
	},
	{
		name: "toggleActiveState, off, no director",
		method: "toggleActiveState",
		args: [orgId(owner, "2")],
	},
	{
		name: "toggleActiveState, on, no director",
		method: "toggleActiveState",
		args: [orgId(owner, "2")],
	},
	{
		name: "transferOrganizationOwnership, director accepted *",
		method: "transferOrganizationOwnership",
		args: [organization, other.address],
		originalNeeds: { name: "", method: "renounceDirectorship", args: [organization] },
	},
	{
		name: "transferOrganizationOwnership, no director",
		by: other,
		method: "transferOrganizationOwnership",
		args: [organization, owner.address],
	},
	own("setActive, off", "setActive", [keyed, false]),
	own("setActive, on", "setActive", [keyed, true]),
	own("setActive, unchanged", "setActive", [keyed, true]),
	own('addKey "webserver", first key', "addKey", keyArguments("webserver"), 135_000),
	own("resolve, 1 key", "resolve", [keyed]),
	own('addKey "mailserver", second key', "addKey", keyArguments("mailserver"), 135_000),
	own("addKey, 64 characters, third key", "addKey", keyArguments("k".repeat(64)), 185_000),
	own("revokeKey, another moves", "revokeKey", [keyed, "webserver"]),
	own("revokeKey, last of the list", "revokeKey", [keyed, "mailserver"]),
	own("revokeAllKeys, 1 key", "revokeAllKeys", [keyed]),
	...Array.from({ length: 31 }, (_, index) => own("", "addKey", keyArguments(`key-${index}`))),
	own("addKey, 32nd key", "addKey", keyArguments("key-31"), 135_000),
	own("resolve, 32 keys", "resolve", [keyed], 450_000),
	own("resolveMany, 1 of 32 keys and 3 of none", "resolveMany", [[keyed, organization, unit, orgId(owner, "2")]]),
	own("getKey", "getKey", [keyed, "key-7"]),
	own("revokeAllKeys, 32 keys", "revokeAllKeys", [keyed]),
];

const faults: string[] = [];
printRow(["operation", "gas", "limit", "ORGiD 1.1.5"]);
printRow(["deployment", deployment?.gasUsed ?? 0n, "", ""]);
for (const step of steps) {
	const used = await measure(registry, step);
	const before = original && !step.ownOnly ? await measureOriginal(original, step) : undefined;
	if (step.limit !== undefined && used > step.limit) faults.push(`${step.name} costs more than ${step.limit}`);
	if (before !== undefined && used >= before) faults.push(`${step.name} costs ${before} on ORGiD 1.1.5`);
	if (step.name) printRow([step.name, used, step.limit ?? "", before ?? ""]);
}
await connection.close();
console.log("* ORGiD 1.1.5 keeps the previous owner's director; its figure includes renounceDirectorship");
if (!original) console.log("ORGiD 1.1.5 isn't installed, so there is no comparison");
for (const fault of faults) console.error(`gas: ${fault}`);
if (faults.length > 0) process.exitCode = 1;

function own(name: string, method: string, args: readonly unknown[], limit?: number): Step {
	return { name, method, args, ownOnly: true, ...(limit === undefined ? {} : { limit }) };
}

function orgId(creator: JsonRpcSigner, salt: string): string {
	return keccak256(concat([creator.address, id(salt)]));
}

function keyArguments(fragment: string): unknown[] {
	const point = SigningKey.computePublicKey(id(fragment), false);
	return [keyed, fragment, dataSlice(point, 1, 33), dataSlice(point, 33), 1_700_000_000, 1_900_000_000];
}

async function deploy(contractAbi: ConstructorParameters<typeof ContractFactory>[0], code: string) {
	const contract = await new ContractFactory(contractAbi, code, owner ?? null).deploy();
	return (await contract.waitForDeployment()) as Contract;
}

async function deployOriginal(path: string): Promise<Contract> {
	const artifact = JSON.parse(readFileSync(path, "utf8"));
	const contract = await deploy(artifact.abi, artifact.bytecode);
	await (await contract.getFunction("initialize").send()).wait();
	return contract;
}

async function measure(contract: Contract, { by = owner, method, args }: Step): Promise<bigint> {
	const call = (contract.connect(by ?? null) as Contract).getFunction(method);
	if (call.fragment.constant) return call.estimateGas(...args);
	const receipt = await (await call.send(...args)).wait();
	if (!receipt) throw new Error(`${method} was not mined`);
	return receipt.gasUsed;
}

async function measureOriginal(contract: Contract, step: Step): Promise<bigint> {
	const needed = step.originalNeeds ? await measure(contract, step.originalNeeds) : 0n;
	return needed + (await measure(contract, step));
}

function printRow(cells: readonly (string | number | bigint)[]): void {
	const [name = "", ...figures] = cells.map((cell) => (typeof cell === "string" ? cell : cell.toLocaleString("en")));
	console.log(name.padEnd(53) + figures.map((figure) => figure.padStart(13)).join(""));
}
