/**
 * Our own registry contract (`contracts/OrgIdRegistry.sol`).
 * @module
 */
import { Contract, ZeroHash } from "ethers";
import type { OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { exportPublicKey } from "../../keys/export-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { badResponse, isRefusedCall } from "../connection.js";
import type { DocumentReference, OnChainKey } from "../org-record.js";
import { orgIdRegistryAbi } from "../orgid-registry.contract.js";
import type { BlockTag, NewKey } from "../registry.js";
import {
	type AbiOrganization,
	decodeKey,
	decodeOrganization,
	type GetKeyAnswer,
	type ResolveAnswer,
} from "./decode.js";
import {
	type Call,
	createViewCaller,
	type Kind,
	type KindContext,
	type ReadResult,
	unsupported,
} from "./kind.js";

/** Organizations in one `resolveMany`: 30 of the largest cost a node about 27 M gas, more than it may allow. */
const MAX_CHUNK = 40;
const PAGE = 500;

type ResolveManyAnswer = Omit<ResolveAnswer, "organization"> & {
	readonly organizations: readonly AbiOrganization[];
};

/** The orgpass registry. */
export function createOrgpassKind(context: KindContext): Kind {
	const { connection, chainId, address } = context;
	const contract = new Contract(address, orgIdRegistryAbi, connection.provider);
	const call = createViewCaller(connection, contract);

	return {
		name: "orgpass",
		contract,
		maxBatch: 250,
		creationEvent: "OrganizationCreated",
		readMany,
		readKey,
		list,
		writes: {
			create: (salt, document) => ["createOrganization", [salt, ...documentArguments(document)]],
			setDocument: (orgId, document) => ["setOrgJson", [orgId, ...documentArguments(document)]],
			addKey,
			revokeKey: (orgId, fragment) => ["revokeKey", [orgId, fragment]],
			revokeAllKeys: (orgId) => ["revokeAllKeys", [orgId]],
			setActive: (orgId, active) => ["setActive", [orgId, active]],
			transferOwnership: (orgId, newOwner) => ["transferOrganizationOwnership", [orgId, newOwner]],
			transferDirectorship: (orgId, director) => ["transferDirectorship", [orgId, director]],
			acceptDirectorship: (orgId) => ["acceptDirectorship", [orgId]],
			addDelegates: () => refuseDelegates(),
			removeDelegates: () => refuseDelegates(),
		},
	};

	async function readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const chunks: (readonly OrgId[])[] = [];
		for (let at = 0; at < orgIds.length; at += MAX_CHUNK) chunks.push(orgIds.slice(at, at + MAX_CHUNK));
		return (await Promise.all(chunks.map((chunk) => readChunk(chunk, blockTag)))).flat();
	}

	/** A chunk that the node won't compute is split, until what it stumbles over stands alone. */
	async function readChunk(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]> {
		const [only, second] = orgIds;
		try {
			if (only !== undefined && second === undefined) {
				return [toResult(await call<ResolveAnswer>("resolve", [only], blockTag), only)];
			}
			const resolveMany = contract.getFunction("resolveMany");
			const ask = (): Promise<unknown> => resolveMany.staticCallResult(orgIds, { blockTag });
			const answer = (await connection.read(ask, true)) as ResolveManyAnswer;
			const { blockNumber, blockTimestamp } = answer;
			const organizations = [...answer.organizations];
			if (organizations.length !== orgIds.length) throw badResponse();
			return orgIds.map((orgId, index) => {
				const organization = organizations[index] as AbiOrganization;
				return toResult({ organization, blockNumber, blockTimestamp }, orgId);
			});
		} catch (error) {
			if (!(error instanceof RegistryError)) throw error;
			if (orgIds.length === 1 || !isRefusedCall(error)) return orgIds.map(() => error);
			const half = (orgIds.length + 1) >> 1;
			const halves = [orgIds.slice(0, half), orgIds.slice(half)];
			return (await Promise.all(halves.map((part) => readChunk(part, blockTag)))).flat();
		}
	}

	function toResult(answer: ResolveAnswer, orgId: OrgId): ReadResult {
		try {
			return decodeOrganization(answer, { kind: "orgpass", chainId, registry: address, orgId });
		} catch (error) {
			return error as Error;
		}
	}

	async function readKey(
		orgId: OrgId,
		fragment: string,
		blockTag: BlockTag,
	): Promise<OnChainKey | undefined> {
		return decodeKey(await call<GetKeyAnswer>("getKey", [orgId, fragment], blockTag), fragment);
	}

	async function list(blockTag: BlockTag): Promise<readonly OrgId[]> {
		const ids: OrgId[] = [];
		let cursor = 0n;
		let total = 1n;
		while (cursor < total) {
			const page = await call<[OrgId[], bigint, bigint]>("listOrganizations", [true, cursor, PAGE], blockTag);
			const [found, next] = page;
			ids.push(...found);
			[, , total] = page;
			if (next <= cursor && cursor < total) throw badResponse();
			cursor = next;
		}
		return ids;
	}

	function refuseDelegates(): never {
		throw unsupported("orgpass", "delegates");
	}
}

function addKey(orgId: OrgId, { fragment, publicKey, validFrom = 0, validUntil = 0 }: NewKey): Call {
	const point = exportPublicKey(publicKey, "hex").slice(4);
	const [x, y] = [`0x${point.slice(0, 64)}`, `0x${point.slice(64)}`];
	return ["addKey", [orgId, fragment, x, y, validFrom, validUntil]];
}

/** Hash, URI and two backups as `setOrgJson` takes them. */
export function documentArguments(
	document: DocumentReference | undefined,
): readonly [string, string, string, string] {
	if (document === undefined) return [ZeroHash, "", "", ""];
	const [uri = "", backup1 = "", backup2 = "", ...more] = document.uris;
	if (uri === "" || more.length > 0) {
		throw invalidOption("document.uris", "one to three URIs", { got: document.uris.length });
	}
	if (document.hash === undefined) throw invalidOption("document.hash", "given");
	return [document.hash, uri, backup1, backup2];
}
