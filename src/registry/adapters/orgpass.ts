/**
 * Our own registry contract (`contracts/OrgIdRegistry.sol`): the ABI of ORGiD 1.1, and keys on chain.
 * @module
 */
import type { OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { exportPublicKey } from "../../keys/export-public-key.js";
import type { BlockTag } from "../block.js";
import { badResponse, isRefusedCall } from "../call-error.js";
import type { OrganizationState } from "../org-record.js";
import { orgIdRegistryAbi } from "../orgid-registry.contract.js";
import type { ContractReader, KnownAdapter, ReadResult } from "./adapter.js";
import {
	type AbiKey,
	type AbiOrganization,
	decodeKey,
	decodeOrganization,
	findEventOrgId,
	type ResultBlock,
} from "./decode-organization.js";
import { deriveOrgId } from "./derive-org-id.js";
import { documentArguments, orgIdV1 } from "./orgid-v1.js";

/** Organizations per `resolveMany` call; the largest take 17 kB and 0.9M gas each. */
const MAX_CHUNK = 20;
/** Ids per `listOrganizations` call. */
const PAGE = 500;

type ResolveResult = ResultBlock & { readonly organization: AbiOrganization };
type ResolveManyResult = ResultBlock & { readonly organizations: readonly AbiOrganization[] };
type GetKeyResult = Omit<AbiKey, "fragment"> & { readonly exists: boolean; readonly revokedAt: bigint };

export const orgpass: KnownAdapter = {
	name: "orgpass",
	documentEvidence: "hash",
	abi: orgIdRegistryAbi,
	functions: ["resolveMany(bytes32[])", "getKey(bytes32,string)"],
	probe: ["resolveMany", [[]]],
	maxBatch: 250,
	creationEvent: "OrganizationCreated",
	deriveOrgId,
	read,

	async readMany(reader, orgIds, blockTag) {
		const chunks: (readonly OrgId[])[] = [];
		for (let at = 0; at < orgIds.length; at += MAX_CHUNK) chunks.push(orgIds.slice(at, at + MAX_CHUNK));
		return (await Promise.all(chunks.map((chunk) => readChunk(reader, chunk, blockTag)))).flat();
	},

	async readKey(reader, orgId, fragment, blockTag) {
		const result = await reader.call<GetKeyResult>("getKey", [orgId, fragment], blockTag);
		return result.exists ? decodeKey(result, fragment, result.revokedAt) : undefined;
	},

	async list(reader, blockTag) {
		const ids = new Set<OrgId>();
		let cursor = 0n;
		let total = 1n;
		while (cursor < total) {
			const args = [true, cursor, PAGE];
			const page = await reader.call<[OrgId[], bigint, bigint]>("listOrganizations", args, blockTag);
			const [found, next, count] = page;
			for (const id of found) ids.add(id);
			// The cursor counts the ids: a list that goes on without new ones may be endless.
			if (next < count && (next <= cursor || ids.size !== Number(next))) throw badResponse();
			[cursor, total] = [next, count];
		}
		return [...ids];
	},

	findOrgId: findEventOrgId,

	isFullyLogged: true,

	writes: {
		...orgIdV1.writes,
		setDocument: (_reader, orgId, document) => ["setOrgJson", [orgId, ...documentArguments(document)]],
		addKey: (_reader, orgId, { fragment, publicKey, validFrom = 0, validUntil = 0 }) => {
			const point = exportPublicKey(publicKey, "hex").slice(4);
			const [x, y] = [`0x${point.slice(0, 64)}`, `0x${point.slice(64)}`];
			return ["addKey", [orgId, fragment, x, y, validFrom, validUntil]];
		},
		revokeKey: (_reader, orgId, fragment) => ["revokeKey", [orgId, fragment]],
		revokeAllKeys: (_reader, orgId) => ["revokeAllKeys", [orgId]],
		setActive: (_reader, orgId, active) => ["setActive", [orgId, active]],
	},
};

async function read(reader: ContractReader, orgId: OrgId, blockTag: BlockTag): Promise<OrganizationState | undefined> {
	const result = await reader.call<ResolveResult>("resolve", [orgId], blockTag);
	return decodeOrganization(result.organization, result, orgId);
}

/** A chunk that the node refuses is halved until the organization that causes the failure is isolated. */
async function readChunk(
	reader: ContractReader,
	orgIds: readonly OrgId[],
	blockTag: BlockTag,
): Promise<readonly ReadResult[]> {
	const [first] = orgIds;
	try {
		if (first !== undefined && orgIds.length === 1) return [await read(reader, first, blockTag)];
		const result = await reader.call<ResolveManyResult>("resolveMany", [orgIds], blockTag, true);
		const organizations = [...result.organizations];
		if (organizations.length !== orgIds.length) throw badResponse();
		return organizations.map((organization, index) => {
			try {
				return decodeOrganization(organization, result, orgIds[index] as OrgId);
			} catch (error) {
				return error as Error;
			}
		});
	} catch (error) {
		if (!(error instanceof RegistryError)) throw error;
		if (orgIds.length === 1 || !isRefusedCall(error)) return orgIds.map(() => error);
		const half = (orgIds.length + 1) >> 1;
		const halves = [orgIds.slice(0, half), orgIds.slice(half)];
		return (await Promise.all(halves.map((part) => readChunk(reader, part, blockTag)))).flat();
	}
}
