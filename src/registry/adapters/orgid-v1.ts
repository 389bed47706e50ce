/**
 * Winding Tree's ORGiD 1.0 to 1.1.5: documents anchored by their hash, a director, no keys on chain.
 * @module
 */
import type { OrgId } from "../../did/did-url.js";
import { invalidOption } from "../../options/invalid-option.js";
import { badResponse } from "../call-error.js";
import type { DocumentReference } from "../org-record.js";
import type { ContractCall, ContractReader, KnownAdapter } from "./adapter.js";
import { type AbiOrganization, decodeOrganization, findEventOrgId, ZERO_HASH } from "./decode-organization.js";
import { deriveOrgId } from "./derive-org-id.js";
import { ORGID_V1_ABI } from "./orgid-abi.js";

/** ORGiD 1.x. */
export const orgIdV1: KnownAdapter = {
	name: "orgid-v1",
	documentEvidence: "hash",
	abi: ORGID_V1_ABI,
	functions: ["getOrganization(bytes32)", "createOrganization(bytes32,bytes32,string,string,string)"],
	probe: ["supportsInterface", ["0x0f4893ef"]],
	maxBatch: 250,
	creationEvent: "OrganizationCreated",
	deriveOrgId,

	async read(reader, orgId, blockTag) {
		const [blockNumber, organization] = await Promise.all([
			reader.readBlockNumber(blockTag),
			reader.call<AbiOrganization>("getOrganization", [orgId], blockTag),
		]);
		return decodeOrganization(organization, { blockNumber }, orgId);
	},

	async list(reader, blockTag) {
		const [orgIds] = await reader.call<[OrgId[]]>("getOrganizations", [true], blockTag);
		if (orgIds.includes(ZERO_HASH as OrgId)) throw badResponse();
		return [...orgIds];
	},

	findOrgId: findEventOrgId,

	isFullyLogged: true,

	writes: {
		createOrganization: (salt, document) => ["createOrganization", [salt, ...documentArguments(document)]],
		setDocument: (_reader, orgId, document) => {
			if (document === undefined) throw invalidOption("document", "given for a registry of kind orgid-v1");
			return ["setOrgJson", [orgId, ...documentArguments(document)]];
		},
		setActive,
		transferOwnership: (_reader, orgId, newOwner) => ["transferOrganizationOwnership", [orgId, newOwner]],
		transferDirectorship: (_reader, orgId, director) => ["transferDirectorship", [orgId, director]],
		acceptDirectorship: (_reader, orgId) => ["acceptDirectorship", [orgId]],
	},
};

/** The contract only has a toggle, so the state is read first: repeating the call has no effect. */
async function setActive(reader: ContractReader, orgId: OrgId, active: boolean): Promise<ContractCall | undefined> {
	const state = await orgIdV1.read(reader, orgId, "latest");
	if (state?.active === active) return undefined;
	const isDone: ContractCall[2] = (events) => {
		const changed = events.find(({ name }) => name === "OrganizationActiveStateChanged");
		return changed === undefined || changed.args["newState"] === active;
	};
	return ["toggleActiveState", [orgId], isDone];
}

/** The hash, URI and two backups, as `setOrgJson` expects them. */
export function documentArguments(document: DocumentReference | undefined): readonly string[] {
	if (document === undefined) return [ZERO_HASH, "", "", ""];
	const [uri = "", backup1 = "", backup2 = "", ...more] = document.uris;
	if (uri === "" || more.length > 0) {
		throw invalidOption("document.uris", `one to three URIs`, { got: document.uris.length });
	}
	if (document.hash === undefined) throw invalidOption("document.hash", "the hash of the document");
	return [document.hash, uri, backup1, backup2];
}
