/**
 * Winding Tree's ORGiD 1.0 to 1.1.5: documents anchored by their hash, a director, no keys on chain.
 * @module
 */
import { Contract, ZeroHash } from "ethers";
import type { OrgId } from "../../did/did-url.js";
import { invalidOption } from "../../options/invalid-option.js";
import { readBlockNumber } from "../block.js";
import { badResponse } from "../connection.js";
import type { DocumentReference, OrgRecord } from "../org-record.js";
import type { BlockTag } from "../registry.js";
import { type AbiOrganizationState, decodeOrganization } from "./decode.js";
import {
	type Call,
	createViewCaller,
	type Kind,
	type KindContext,
	type ReadResult,
	unsupported,
} from "./kind.js";
import { ORGID_V1_ABI } from "./orgid-abi.js";
import { documentArguments } from "./orgpass.js";

/** A registry of ORGiD 1.x. */
export function createOrgIdV1Kind(context: KindContext): Kind {
	const { connection, chainId, address } = context;
	const contract = new Contract(address, ORGID_V1_ABI, connection.provider);
	const call = createViewCaller(connection, contract);
	const refuseKeys = (): never => {
		throw unsupported("orgid-v1", "keys on chain: they stand in the organization's document");
	};
	const refuseDelegates = (): never => {
		throw unsupported("orgid-v1", "delegates");
	};

	return {
		name: "orgid-v1",
		contract,
		maxBatch: 250,
		creationEvent: "OrganizationCreated",
		readMany,
		readKey: async () => undefined,
		list: (blockTag) => call<{ readonly orgIds: OrgId[] }>("getOrganizations", [true], blockTag).then(listed),
		writes: {
			create: (salt, document) => ["createOrganization", [salt, ...documentArguments(document)]],
			setDocument: (orgId, document) => ["setOrgJson", [orgId, ...documentArguments(required(document))]],
			addKey: refuseKeys,
			revokeKey: refuseKeys,
			revokeAllKeys: refuseKeys,
			setActive,
			transferOwnership: (orgId, newOwner) => ["transferOrganizationOwnership", [orgId, newOwner]],
			transferDirectorship: (orgId, director) => ["transferDirectorship", [orgId, director]],
			acceptDirectorship: (orgId) => ["acceptDirectorship", [orgId]],
			addDelegates: refuseDelegates,
			removeDelegates: refuseDelegates,
		},
	};

	async function readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const [block, ...answers] = await Promise.allSettled([
			readBlockNumber(connection, blockTag),
			...orgIds.map((orgId) => call<AbiOrganizationState>("getOrganization", [orgId], blockTag)),
		]);
		if (block.status === "rejected") return orgIds.map(() => block.reason as Error);
		return answers.map((answer, index) => {
			if (answer.status === "rejected") return answer.reason as Error;
			return toResult(answer.value as AbiOrganizationState, orgIds[index] as OrgId, block.value as number);
		});
	}

	function toResult(organization: AbiOrganizationState, orgId: OrgId, blockNumber: number): ReadResult {
		try {
			const question = { kind: "orgid-v1", chainId, registry: address, orgId } as const;
			return decodeOrganization({ organization, blockNumber: BigInt(blockNumber) }, question);
		} catch (error) {
			return error as Error;
		}
	}

	/** The contract knows only a toggle: looked at first, so that the same call twice does it once. */
	async function setActive(orgId: OrgId, active: boolean): Promise<Call | undefined> {
		const [record] = await readMany([orgId], "latest");
		if (record instanceof Error) throw record;
		return (record as OrgRecord | undefined)?.active === active ? undefined : ["toggleActiveState", [orgId]];
	}
}

function listed({ orgIds }: { readonly orgIds: readonly OrgId[] }): readonly OrgId[] {
	if (orgIds.some((orgId) => orgId === ZeroHash)) throw badResponse();
	return [...orgIds];
}

/** The contract refuses to forget a document. */
function required(document: DocumentReference | undefined): DocumentReference {
	if (document !== undefined) return document;
	throw invalidOption("document", "given: a registry of kind orgid-v1 always has one");
}
