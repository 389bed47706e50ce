/**
 * Winding Tree's ORGiD 3.x: an ERC-721 token for each organization, a document without a hash, delegates who may sign
 * it; no director, no deactivation, no keys on chain. Nothing is read from logs.
 * @module
 */
import type { OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { BlockTag } from "../block.js";
import { badResponse } from "../call-error.js";
import type { Address, DocumentReference } from "../org-record.js";
import type { ContractReader, KnownAdapter } from "./adapter.js";
import { assertSameOrgId } from "./decode-organization.js";
import { deriveOrgId } from "./derive-org-id.js";
import { ORGID_V3_ABI } from "./orgid-abi.js";

interface TokenResult {
	readonly exists: boolean;
	readonly orgId: string;
	readonly orgJsonUri: string;
	readonly owner: string;
}

/** How many tokens are read at once for a list. */
const PAGE = 250;

/** ORGiD 3.x. */
export const orgIdV3: KnownAdapter = {
	name: "orgid-v3",
	documentEvidence: "proof",
	abi: ORGID_V3_ABI,
	functions: ["getTokenId(bytes32)", "getDelegates(bytes32)"],
	probe: ["supportsInterface", ["0x8bf1ed02"]],
	maxBatch: 150,
	creationEvent: "OrgIdCreated",
	deriveOrgId,

	/** Two rounds: the token's number, which never changes, then its owner and delegates. */
	async read(reader, orgId, blockTag) {
		const [blockNumber, tokenId] = await Promise.all([
			reader.readBlockNumber(blockTag),
			readTokenId(reader, orgId, blockTag),
		]);
		if (tokenId === 0n) return assertZeroIsMeant(reader, blockTag);
		const [token, [dids]] = await Promise.all([
			readToken(reader, tokenId, blockTag),
			reader.call<[readonly string[]]>("getDelegates", [orgId], blockTag),
		]);
		if (!token.exists) throw badResponse();
		assertSameOrgId(token.orgId, orgId);
		const uri = token.orgJsonUri;
		return {
			owner: token.owner as Address,
			active: true,
			...(uri === "" ? {} : { document: { uris: [uri] } }),
			delegates: dids.filter((delegate) => delegate !== ""),
			keys: [],
			blockNumber,
		};
	},

	/** Uses the tokens, because the contract's own list omits organizations registered on someone's behalf. */
	async list(reader, blockTag) {
		const [count] = await reader.call<[bigint]>("totalSupply", [], blockTag);
		if (count === 0n) await assertZeroIsMeant(reader, blockTag);
		const ids = new Set<OrgId>();
		for (let first = 1n; first <= count; first += BigInt(PAGE)) {
			const length = Number(count - first + 1n < PAGE ? count - first + 1n : PAGE);
			const page = Array.from({ length }, (_, index) => readToken(reader, first + BigInt(index), blockTag));
			for (const { exists, orgId } of await Promise.all(page)) {
				// Each token is of another organization: a list in which one comes twice may be endless.
				if (!exists || ids.has(orgId as OrgId)) throw badResponse();
				ids.add(orgId as OrgId);
			}
		}
		return [...ids];
	},

	/** A `Transfer` contains only the token's number. */
	async findOrgId(reader, { orgId, tokenId }) {
		if (orgId !== undefined) return orgId;
		const token = await readToken(reader, tokenId as bigint, "latest");
		return token.exists ? token.orgId : undefined;
	},

	// Of ERC-721: who may move a token. That isn't recorded about its organization.
	unrelatedEvents: ["Approval(address,address,uint256)", "ApprovalForAll(address,address,bool)"],

	writes: {
		createOrganization: (salt, document) => ["createOrgId", [salt, uriOf(document)]],
		setDocument: (_reader, orgId, document) => ["setOrgJson", [orgId, uriOf(document)]],
		async transferOwnership(reader, orgId, newOwner) {
			const tokenId = await readTokenId(reader, orgId, "latest");
			if (tokenId === 0n) throw new RegistryError("registry/reverted", `there is no organization ${orgId}`);
			const { owner } = await readToken(reader, tokenId, "latest");
			return ["safeTransferFrom", [owner, newOwner, tokenId]];
		},
		addDelegates: (_reader, orgId, delegates) => ["addDelegates", [orgId, delegates]],
		removeDelegates: (_reader, orgId, delegates) => ["removeDelegates", [orgId, delegates]],
	},
};

/** The number of an organization's token; 0 if there is none. */
async function readTokenId(reader: ContractReader, orgId: OrgId, blockTag: BlockTag): Promise<bigint> {
	const [tokenId] = await reader.call<[bigint]>("getTokenId", [orgId], blockTag);
	return tokenId;
}

/** An absent organization is all zeros, but so is a faulty result: make a call that never returns only zeros. */
async function assertZeroIsMeant(reader: ContractReader, blockTag: BlockTag): Promise<undefined> {
	await readToken(reader, 0n, blockTag);
}

function readToken(reader: ContractReader, tokenId: bigint, blockTag: BlockTag): Promise<TokenResult> {
	return reader.call<TokenResult>("getOrgId", [tokenId], blockTag);
}

function uriOf(document: DocumentReference | undefined): string {
	const [uri = "", ...backups] = document?.uris ?? [];
	if (uri === "") throw invalidOption("document", "given for a registry of kind orgid-v3");
	const got = backups.length + 1;
	if (got > 1) throw invalidOption("document.uris", "one URI for a registry of kind orgid-v3", { got });
	if (document?.hash === undefined) return uri;
	const expected = "absent for a registry of kind orgid-v3, which relies on the document's proof";
	throw invalidOption("document.hash", expected);
}
