/**
 * What organizations pay for registering and for their keys.
 * @module
 */
import { Contract, encodeBytes32String, id, keccak256, type Signer, solidityPackedKeccak256, ZeroHash } from "ethers";
import { exportPublicKey, generateKeyPair } from "orgpass/keys";
import { orgIdRegistryAbi } from "orgpass/registry";
import { startTestNetwork } from "orgpass/testing";
import { deployEthrDidRegistry, deployOrgIdV1, deployOrgIdV3 } from "../suite/contracts.ts";
import { installedVersion } from "../suite/installed-version.ts";
import type { Report, Row } from "../suite/report.ts";

const URI = "https://example.com/org.json";
const SALT = id("salt");
const YEAR_SECONDS = 31_536_000;
const ATTRIBUTE = encodeBytes32String("did/pub/Secp256k1/veriKey/hex");

/** A transaction: a function's signature and its arguments. */
type Call = readonly [signature: string, ...args: unknown[]];

/** What a contract needs for each operation; nothing for those that aren't compared. */
interface Contender {
	readonly name: string;
	readonly contract: Contract;
	readonly register?: Call;
	readonly add?: Call;
	readonly revoke?: Call;
	readonly note: string;
}

/** Registers an organization in each contract, adds its first key, and revokes it. */
export async function measureGas(): Promise<Report> {
	const network = await startTestNetwork({ organizations: 0 });
	const [account] = network.accounts;
	const ours = new Contract(network.registry.address, orgIdRegistryAbi, account);
	const contenders = await createContenders(ours, account);
	const operations = { register: "Register an organization", add: "Add a key", revoke: "Revoke a key" } as const;
	const rows = { register: [] as Row[], add: [] as Row[], revoke: [] as Row[] };
	for (const { contract, name, note, ...calls } of contenders) {
		for (const operation of ["register", "add", "revoke"] as const) {
			const call = calls[operation];
			if (call === undefined) continue;
			const cells = { "": note };
			rows[operation].push({ name, figures: [await send(contract, call)], isOurs: contract === ours, cells });
		}
	}
	await network.close();
	return {
		title: "Gas",
		text: `Whole transactions on a local chain, for an organization's first key and a document's address of ${URI.length} characters.
ORGiD keeps no keys: changing one means changing the document, and its hash or address on chain. In ethr-did's registry
every account is an identity from the start.`,
		tables: (["register", "add", "revoke"] as const).map((operation) => ({
			id: `gas-${operation}`,
			title: operations[operation],
			unit: "gas",
			base: "orgpass",
			rows: rows[operation],
		})),
	};
}

async function createContenders(ours: Contract, account: Signer): Promise<readonly Contender[]> {
	const owner = await account.getAddress();
	const { publicKey } = await generateKeyPair();
	const point = exportPublicKey(publicKey, "hex").replace("0x04", "");
	const [x, y] = [`0x${point.slice(0, 64)}`, `0x${point.slice(64)}`];
	const compressed = `0x${Number.parseInt(point.slice(-1), 16) % 2 === 0 ? "02" : "03"}${point.slice(0, 64)}`;
	const orgId = solidityPackedKeccak256(["address", "bytes32"], [owner, SALT]);
	const document = (text: string): readonly unknown[] => [keccak256(id(text)), URI, "", ""];
	return [
		{
			name: "orgpass",
			contract: ours,
			register: ["createOrganization", SALT, ZeroHash, "", "", ""],
			add: ["addKey", orgId, "webserver", x, y, 0, 0],
			revoke: ["revokeKey", orgId, "webserver"],
			note: "the key is on chain",
		},
		{
			name: "orgpass, with a document",
			contract: ours,
			register: ["createOrganization", id("other salt"), ...document("first")],
			note: "the document's hash and address are on chain",
		},
		{
			name: `ORGiD ${installedVersion("orgid-v1")}`,
			contract: (await deployOrgIdV1(account)).contract,
			register: ["createOrganization", SALT, ...document("first")],
			add: ["setOrgJson", orgId, ...document("second")],
			revoke: ["setOrgJson", orgId, ...document("third")],
			note: "the document's hash and address are on chain",
		},
		{
			name: `ORGiD ${installedVersion("orgid-v3")}`,
			contract: (await deployOrgIdV3(account)).contract,
			register: ["createOrgId(bytes32,string)", SALT, URI],
			add: ["setOrgJson(bytes32,string)", orgId, URI.replace("org.", "2nd.")],
			revoke: ["setOrgJson(bytes32,string)", orgId, URI.replace("org.", "3rd.")],
			note: "the document's address is on chain; a change that keeps it costs nothing",
		},
		{
			name: `ethr-did-registry ${installedVersion("ethr-did-registry")}`,
			contract: (await deployEthrDidRegistry(account)).contract,
			add: ["setAttribute", owner, ATTRIBUTE, compressed, YEAR_SECONDS],
			revoke: ["revokeAttribute", owner, ATTRIBUTE, compressed],
			note: "the key is only in an event",
		},
	];
}

async function send(contract: Contract, [name, ...args]: Call): Promise<number> {
	const receipt = await (await contract.getFunction(name).send(...args)).wait();
	return Number(receipt?.gasUsed);
}
