/**
 * Winding Tree's ORGiD 3.x: an ERC-721 token for each organization, a document without a hash, delegates who
 * may sign it; no director, no state, no keys on chain. Nothing is read from logs.
 * @module
 */
import { Contract } from "ethers";
import { formatDidUrl, type OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import { readBlockNumber } from "../block.js";
import { badResponse } from "../connection.js";
import type { Address, DocumentReference, OrgRecord } from "../org-record.js";
import type { BlockTag } from "../registry.js";
import {
	type Call,
	createViewCaller,
	type Kind,
	type KindContext,
	type ReadResult,
	unsupported,
} from "./kind.js";
import { ORGID_V3_ABI } from "./orgid-abi.js";

/** What `getOrgId` returns. */
interface OrgIdAnswer {
	readonly exists: boolean;
	readonly orgId: string;
	readonly orgJsonUri: string;
	readonly owner: string;
}

/** Tokens whose ids are listed at once. */
const PAGE = 250;

/** A registry of ORGiD 3.x. */
export function createOrgIdV3Kind(context: KindContext): Kind {
	const { connection, chainId, address } = context;
	const contract = new Contract(address, ORGID_V3_ABI, connection.provider);
	const call = createViewCaller(connection, contract);
	const refuse = (what: string) => (): never => {
		throw unsupported("orgid-v3", what);
	};
	const refuseKeys = refuse("keys on chain: they stand in the organization's document");

	return {
		name: "orgid-v3",
		contract,
		maxBatch: 150,
		creationEvent: "OrgIdCreated",
		readMany,
		readKey: async () => undefined,
		list,
		orgIdOfToken: async (tokenId) => (await readToken(tokenId, "latest")).orgId as OrgId,
		writes: {
			create: (salt, document) => ["createOrgId", [salt, uriOf(document)]],
			setDocument: (orgId, document) => ["setOrgJson", [orgId, uriOf(document)]],
			addKey: refuseKeys,
			revokeKey: refuseKeys,
			revokeAllKeys: refuseKeys,
			setActive: refuse("switch: its document says whether an organization is deactivated"),
			transferOwnership,
			transferDirectorship: refuse("director"),
			acceptDirectorship: refuse("director"),
			addDelegates: (orgId, delegates) => ["addDelegates", [orgId, delegates]],
			removeDelegates: (orgId, delegates) => ["removeDelegates", [orgId, delegates]],
		},
	};

	function readToken(tokenId: bigint, blockTag: BlockTag): Promise<OrgIdAnswer> {
		return call<OrgIdAnswer>("getOrgId", [tokenId], blockTag);
	}

	/** Two rounds for any number: the tokens' numbers, which never change, then owners and delegates together. */
	async function readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const [block, ...tokens] = await Promise.allSettled([
			readBlockNumber(connection, blockTag),
			...orgIds.map((orgId) => call<[bigint]>("getTokenId", [orgId], blockTag)),
		]);
		if (block.status === "rejected") return orgIds.map(() => block.reason as Error);
		const read = orgIds.map(async (orgId, index): Promise<ReadResult> => {
			const token = tokens[index] as PromiseSettledResult<[bigint]>;
			if (token.status === "rejected") return token.reason as Error;
			const [tokenId] = token.value;
			if (tokenId === 0n) return undefined;
			try {
				return await readOrganization(orgId, tokenId, blockTag, block.value as number);
			} catch (error) {
				return error as Error;
			}
		});
		return Promise.all(read);
	}

	async function readOrganization(
		orgId: OrgId,
		tokenId: bigint,
		blockTag: BlockTag,
		blockNumber: number,
	): Promise<OrgRecord> {
		const [organization, answer] = await Promise.all([
			readToken(tokenId, blockTag),
			call<{ readonly dids: readonly string[] }>("getDelegates", [orgId], blockTag),
		]);
		if (!organization.exists || organization.orgId !== orgId) {
			const message = `asked for ${orgId}, got an answer about ${organization.orgId}`;
			throw new RegistryError("registry/bad-response", message);
		}
		const uri = readText(() => organization.orgJsonUri);
		const delegates = Array.from(answer.dids, (_, index) => readText(() => answer.dids[index] as string));
		return Object.freeze({
			did: formatDidUrl({ chainId, orgId }),
			kind: "orgid-v3",
			chainId,
			registry: address,
			orgId,
			owner: organization.owner as Address,
			active: true,
			...(uri === "" ? {} : { document: Object.freeze({ uris: Object.freeze([uri]) }) }),
			delegates: Object.freeze(delegates.filter((delegate) => delegate !== "")),
			keys: Object.freeze([]),
			blockNumber,
		});
	}

	/** From the tokens, because the contract's own list lacks what others registered for an organization. */
	async function list(blockTag: BlockTag): Promise<readonly OrgId[]> {
		const { count } = await call<{ readonly count: bigint }>("totalSupply", [], blockTag);
		const ids = new Set<OrgId>();
		for (let first = 1n; first <= count; first += BigInt(PAGE)) {
			const length = Number(count - first + 1n < PAGE ? count - first + 1n : PAGE);
			const page = Array.from({ length }, (_, index) => readToken(first + BigInt(index), blockTag));
			for (const { exists, orgId } of await Promise.all(page)) {
				if (!exists) throw badResponse();
				ids.add(orgId as OrgId);
			}
		}
		return [...ids];
	}

	async function transferOwnership(orgId: OrgId, newOwner: Address): Promise<Call> {
		const [tokenId] = await call<[bigint]>("getTokenId", [orgId], "latest");
		if (tokenId === 0n) throw new RegistryError("registry/reverted", `there is no organization ${orgId}`);
		const { owner } = await readToken(tokenId, "latest");
		return ["safeTransferFrom", [owner, newOwner, tokenId]];
	}
}

/** An owner may store bytes that are no UTF-8: they name nothing. */
function readText(read: () => string): string {
	try {
		return read();
	} catch {
		return "";
	}
}

function uriOf(document: DocumentReference | undefined): string {
	const [uri = "", ...backups] = document?.uris ?? [];
	if (uri === "") {
		throw invalidOption("document", "given: a registry of kind orgid-v3 always has one");
	}
	if (backups.length > 0) {
		throw invalidOption("document.uris", "one URI in a registry of kind orgid-v3", {
			got: document?.uris.length,
		});
	}
	if (document?.hash !== undefined) {
		const expected = "absent: a registry of kind orgid-v3 has the document's proof in its place";
		throw invalidOption("document.hash", expected);
	}
	return uri;
}
