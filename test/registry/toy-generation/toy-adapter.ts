/**
 * The adapter of ToyRegistry.sol: everything that orgpass has to know of a generation, from public names alone.
 * @module
 */
import { AbiCoder, keccak256, ZeroAddress } from "ethers";
import { exportPublicKey } from "orgpass/keys";
import type { Address, RegistryAdapter } from "orgpass/registry";

/** The name of the only key that an organization has. */
const FRAGMENT = "key";

export const toyAdapter: RegistryAdapter = {
	name: "toy",
	documentEvidence: "hash",
	abi: [
		"function join(bytes32 salt)",
		"function replaceKey(bytes32 orgId, bytes key)",
		"function members(bytes32 orgId) view returns (address admin, bytes key)",
		"function allOrgIds() view returns (bytes32[])",
		"event Joined(bytes32 indexed orgId, address indexed admin)",
		"event KeyReplaced(bytes32 indexed orgId, bytes key)",
		"error NotAdmin(bytes32 orgId, address caller)",
	],
	maxBatch: 100,
	creationEvent: "Joined",
	deriveOrgId: (creator, salt) => keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [creator, salt])),

	async read(reader, orgId, blockTag) {
		const [blockNumber, { admin, key }] = await Promise.all([
			reader.readBlockNumber(blockTag),
			reader.call<{ admin: Address; key: `0x${string}` }>("members", [orgId], blockTag),
		]);
		if (admin === ZeroAddress) return undefined;
		const times = { validFrom: 0, validUntil: 0, addedAt: 0, revokedAt: 0 };
		const keys = key === "0x" ? [] : [{ fragment: FRAGMENT, publicKeyHex: key, ...times }];
		return { owner: admin, active: true, keys, blockNumber };
	},

	async list(reader, blockTag) {
		const [orgIds] = await reader.call<[`0x${string}`[]]>("allOrgIds", [], blockTag);
		return [...orgIds];
	},

	errors: { NotAdmin: { message: "only the admin may do this", isUnauthorized: true } },

	writes: {
		createOrganization: (salt) => ["join", [salt]],
		addKey: (_reader, orgId, { publicKey }) => ["replaceKey", [orgId, exportPublicKey(publicKey, "hex")]],
	},
};
