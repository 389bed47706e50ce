/**
 * Tests the invariants: plants one fault at a time in a copy of the registry contract, and fails unless the
 * invariants catch every fault and pass for the unchanged contract. The copies are in a temporary folder, which
 * is removed at the end and on an interrupt.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./sources.ts";

/** One fault: texts that occur exactly once in the contract, and their replacements. */
interface Mutant {
	readonly name: string;
	readonly edits: readonly Edit[];
}

type Edit = readonly [from: string, to: string];

const CONTRACT = "contracts/OrgIdRegistry.sol";
const TESTS = "test/contracts";
const UNCHANGED = "the unchanged contract";
const WORKERS = 2;
const FILES = [
	"hardhat.config.ts",
	"package.json",
	CONTRACT,
	"contracts/IOrgIdRegistry.sol",
	...["Fixtures.sol", "Vm.sol", "RegistryTest.sol", "LogReplay.sol", "RegistryHandler.sol", "Invariants.t.sol"].map(
		(name) => `${TESTS}/${name}`,
	),
];

const mutants: readonly Mutant[] = [
	{
		name: "an ownership transfer keeps the director",
		edits: [["address previousDirector = _removeDirector(organization);", "address previousDirector = address(0);"]],
	},
	{
		name: "a pending director may act",
		edits: [["(_isDirector(organization) && organization.isDirectorshipAccepted)", "_isDirector(organization)"]],
	},
	{
		name: "a zero owner is accepted",
		edits: [["if (newOwner == address(0)) revert InvalidOwner(orgId, newOwner);", ""]],
	},
	{
		name: "anybody may activate or deactivate an organization",
		edits: [["		if (owner != msg.sender) revert CallerNotOwner(orgId, msg.sender);\n", ""]],
	},
	{
		name: "setActive does the opposite",
		edits: [
			[
				"if (organization.isActive != active) _setActive(orgId, organization, active);",
				"if (organization.isActive == active) _setActive(orgId, organization, !active);",
			],
		],
	},
	{
		name: "a changed document activates the organization",
		edits: [
			[
				"		_storeOrgJson(organization.orgJson, previous, next);",
				"		_storeOrgJson(organization.orgJson, previous, next);\n		organization.isActive = true;",
			],
		],
	},
	{
		name: "a unit without a director counts zero as accepted",
		edits: [
			[
				"organization.isDirectorshipAccepted = director == msg.sender;",
				"organization.isDirectorshipAccepted = director == msg.sender || director == address(0);",
			],
		],
	},
	{
		name: "a revoked fragment can be added again",
		edits: [
			[
				"if (key.addedAt != 0) revert FragmentAlreadyUsed",
				"if (key.addedAt != 0 && key.revokedAt == 0) revert FragmentAlreadyUsed",
			],
		],
	},
	{
		name: "anybody may revoke a key",
		edits: [
			[
				"organization = _organizationOfOwnerOrDirector(orgId);\n		KeyRecord storage key",
				"organization = _organizations[orgId];\n		KeyRecord storage key",
			],
		],
	},
	{
		name: "a 33rd key is accepted",
		edits: [["MAX_UNREVOKED_KEYS = 32;", "MAX_UNREVOKED_KEYS = 33;"]],
	},
	{
		name: "revokeAllKeys leaves one",
		edits: [
			[
				"uint256 count = organization.keyCount;\n		string[] memory fragments",
				"uint256 count = organization.keyCount;\n		if (count > 1) count--;\n		string[] memory fragments",
			],
		],
	},
	{
		name: "a moved key keeps its old position",
		edits: [["			organization.keys[moved].position = position;\n", ""]],
	},
	{
		name: "a hash is accepted without a URI",
		edits: [["if (hasUri != (orgJson.hash != 0) ||", "if ((hasUri && orgJson.hash == 0) ||"]],
	},
	{
		name: "a revocation emits no event",
		edits: [
			[
				"		emit KeyRevoked(orgId, fragment, revokedAt);\n	}\n\n	/// @inheritdoc IOrgIdRegistry\n	function revokeAllKeys",
				"	}\n\n	/// @inheritdoc IOrgIdRegistry\n	function revokeAllKeys",
			],
		],
	},
	{
		name: "a unit whose creator is its director emits no acceptance",
		edits: [["		if (director == msg.sender) emit DirectorshipAccepted(unitOrgId, director);\n", ""]],
	},
	{
		name: "an existing id can be created again",
		edits: [["if (organization.owner != address(0)) revert OrganizationAlreadyExists(orgId);", ""]],
	},
];

const folder = mkdtempSync(join(tmpdir(), "orgpass-mutants-"));
const running = new Set<ChildProcess>();
process.on("exit", () => {
	for (const child of running) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

const original = readFileSync(`${root}/${CONTRACT}`, "utf8");
const queue = [{ name: UNCHANGED, source: original }, ...mutants.map(mutate)];
let faults = 0;
await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(join(folder, `worker-${index}`))));
if (faults > 0) {
	console.error(`mutants: ${faults} unexpected results`);
	process.exitCode = 1;
} else {
	console.log(`mutants: the invariants catch all ${mutants.length}`);
}

/** Applies a mutant's edits. */
function mutate({ name, edits }: Mutant): { name: string; source: string } {
	const source = edits.reduce((text, [from, to]) => {
		const found = text.split(from).length - 1;
		if (found !== 1)
			throw new Error(`mutant "${name}": "${from}" occurs ${found} times in ${CONTRACT} instead of once`);
		return text.replace(from, () => to);
	}, original);
	return { name, source };
}

/** Tests contracts from the queue in a copy of the project until the queue is empty. */
async function work(project: string): Promise<void> {
	for (const file of FILES) {
		mkdirSync(dirname(join(project, file)), { recursive: true });
		copyFileSync(`${root}/${file}`, join(project, file));
	}
	symlinkSync(`${root}/node_modules`, join(project, "node_modules"));
	for (let next = queue.shift(); next; next = queue.shift()) {
		writeFileSync(join(project, CONTRACT), next.source);
		judge(next.name, await failingInvariants(project), next.name !== UNCHANGED);
	}
}

/** Runs the invariants of a project and returns the names of those that fail. */
async function failingInvariants(project: string): Promise<string[]> {
	const { status, output } = await runHardhat(project, ["test", "solidity"]);
	const failing = [...new Set(output.match(/(?<=\d\) )invariant_\w+/g))];
	if (status !== 0 && failing.length === 0) throw new Error(`hardhat test failed for another reason:\n${output}`);
	if (status === 0 && !/[1-9]\d* passing/.test(output)) throw new Error(`no test ran:\n${output}`);
	return failing;
}

function runHardhat(cwd: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(cwd, "node_modules/hardhat/dist/src/cli.js"), ...args], {
			cwd,
		});
		running.add(child);
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text: string) => {
				output += text;
			});
		}
		child.on("error", reject).on("close", (status) => {
			running.delete(child);
			resolve({ status, output });
		});
	});
}

function judge(name: string, failing: readonly string[], isMutant: boolean): void {
	const isExpected = failing.length > 0 === isMutant;
	if (!isExpected) faults++;
	const verdict = failing.length > 0 ? `caught by ${failing.join(", ")}` : "passes";
	console.log(`${isExpected ? "ok  " : "FAIL"} ${name}: ${verdict}`);
}
