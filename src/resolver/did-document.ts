/**
 * Builds the DID document (DID Core 5) of an organization from its record on chain and its ORG.JSON document.
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, Service, VerificationMethod } from "did-resolver";
import type { VerifiedCredential, VerifiedDocument } from "../document/document-checks.js";
import { authenticationIds } from "../document/org-json.js";
import { encodeBase64Url } from "../encoding/base64.js";
import { decodeHex } from "../encoding/hex.js";
import type { ErrorCode } from "../errors/codes.js";
import { DidError, formatValue } from "../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";

const CONTEXT = [
	"https://www.w3.org/ns/did/v1",
	"https://w3id.org/security/suites/secp256k1-2019/v1",
	"https://w3id.org/security/suites/secp256k1recovery-2020/v2",
];

/** Where a verification method comes from: a key or an account in the registry, or the organization's document. */
export type MethodSource = "registry" | "document" | "account";

/** A DID document's metadata (DID Resolution 7.3) with additional orgpass members. */
export interface OrgIdDocumentMetadata extends DIDDocumentMetadata {
	/** The canonical bare DID. */
	canonicalId: string;
	/** The block that this state was read at. */
	versionId: string;
	organization: OrgRecord;
	/** The key requested with the option `fragment`, if it was revoked on chain. */
	revokedKey?: OnChainKey;
	/** Where each verification method comes from, by id. */
	methodSources: Readonly<Record<string, MethodSource>>;
	/** Who signed the document, if the registry has no hash of it; its validity period isn't checked here. */
	credential?: VerifiedCredential;
	/** The organization's ORG.JSON document, if it has one that was verified. */
	orgJson?: Readonly<Record<string, unknown>>;
	/** Where the document was found; absent if it was already known by its hash. */
	documentUri?: string;
	/** Why the document couldn't be loaded; its keys are missing here. */
	documentError?: { readonly code: ErrorCode; readonly message: string };
}

/** A DID document and where its verification methods come from. */
export interface OrgIdDocument {
	readonly document: DIDDocument;
	readonly sources: Readonly<Record<string, MethodSource>>;
}

/** Builds a DID document. The accounts `#owner` and `#director` are in no verification relationship. */
export function toDidDocument(
	record: OrgRecord,
	verified: VerifiedDocument | undefined,
	did: string,
	now: number,
	revokedKeys: ReadonlyMap<string, OnChainKey> = new Map(),
): OrgIdDocument {
	const orgJson = verified?.orgJson;
	const toRequestedId = (id: string): string =>
		id === record.did || id.startsWith(`${record.did}#`) ? `${did}${id.slice(record.did.length)}` : id;
	const isUnrevoked = (id: string): boolean => !revokedKeys.has(id.slice(did.length + 1));
	const keys = record.keys.map((key) => keyMethod(did, key));
	const published = (orgJson?.methods ?? []).map((method) => {
		const { id, controller } = method;
		return Object.freeze({ ...method, id: toRequestedId(id), controller: toRequestedId(controller) });
	});
	assertUniqueIds(keys, published);
	const names = new Set(published.map(({ id }) => id));
	const accounts = accountMethods(record, did).filter(({ id }) => !names.has(id));
	const listed = orgJson === undefined ? [] : authenticationIds(orgJson, now).map(toRequestedId);
	const service = (orgJson?.service ?? []).map((entry) => Object.freeze({ ...entry, id: toRequestedId(entry.id) }));
	const document = Object.freeze({
		"@context": Object.freeze([...CONTEXT]) as string[],
		id: did,
		verificationMethod: Object.freeze([...keys, ...published, ...accounts]) as VerificationMethod[],
		authentication: Object.freeze([...keys.map(({ id }) => id), ...listed].filter(isUnrevoked)) as string[],
		...(service.length === 0 ? {} : { service: Object.freeze(service) as Service[] }),
	});
	const entries = Object.entries({ registry: keys, document: published, account: accounts });
	const sources = entries.flatMap(([source, methods]) => methods.map(({ id }) => [id, source as MethodSource]));
	return Object.freeze({ document, sources: Object.freeze(Object.fromEntries(sources)) });
}

function keyMethod(did: string, key: OnChainKey): VerificationMethod {
	const point = decodeHex(key.publicKeyHex);
	const x = encodeBase64Url(point.subarray(1, 33));
	const y = encodeBase64Url(point.subarray(33));
	return Object.freeze({
		id: `${did}#${key.fragment}`,
		type: "EcdsaSecp256k1VerificationKey2019",
		controller: did,
		publicKeyJwk: Object.freeze({ kty: "EC", crv: "secp256k1", x, y, alg: "ES256K" }),
	});
}

function assertUniqueIds(keys: readonly VerificationMethod[], published: readonly { id: string }[]): void {
	const ids = new Set(keys.map(({ id }) => id));
	const duplicate = published.find(({ id }) => ids.has(id));
	if (duplicate === undefined) return;
	const message = `the chain and the document both have a key ${formatValue(duplicate.id)}`;
	throw new DidError("did/document-invalid", message);
}

function accountMethods({ owner, director, chainId }: OrgRecord, controller: string): VerificationMethod[] {
	const type = "EcdsaSecp256k1RecoveryMethod2020";
	return Object.entries({ owner, ...(director && { director }) }).map(([name, account]) => {
		const blockchainAccountId = `eip155:${chainId}:${account}`;
		return Object.freeze({ id: `${controller}#${name}`, type, controller, blockchainAccountId });
	});
}
