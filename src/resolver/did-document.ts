/**
 * An organization's state on chain and its document as one DID document (DID Core 5) with its metadata
 * (DID Resolution 7.3).
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, Service, VerificationMethod } from "did-resolver";
import type { VerifiedCredential, VerifiedDocument } from "../document/check-document.js";
import type { DocumentMethod } from "../document/document-methods.js";
import { authenticationIds } from "../document/org-json.js";
import { encodeBase64Url } from "../encoding/base64url.js";
import { decodeHex } from "../encoding/hex.js";
import type { ErrorCode } from "../errors/codes.js";
import { DidError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";

const CONTEXT = [
	"https://www.w3.org/ns/did/v1",
	"https://w3id.org/security/suites/secp256k1-2019/v1",
	"https://w3id.org/security/suites/secp256k1recovery-2020/v2",
];

/** Where a verification method comes from: a key in the registry, the organization's document, or an account that the registry names. */
export type MethodSource = "registry" | "document" | "account";

/** What orgpass's resolver adds to a document's metadata. */
export interface OrgIdDocumentMetadata extends DIDDocumentMetadata {
	/** The canonical bare DID. */
	canonicalId: string;
	/** The block this is the state of. */
	versionId: string;
	/** The registry's record: owner, director, state, and every key's raw validity. */
	organization: OrgRecord;
	/** The key asked for with the `fragment` option, where it was revoked on chain. */
	revokedKey?: OnChainKey;
	/** Where each verification method comes from, by its id. */
	methodSources: Readonly<Record<string, MethodSource>>;
	/** The proof of the document, where the registry keeps no hash of it; its validity is not judged here. */
	credential?: VerifiedCredential;
	/** The organization's ORG.JSON, where it has one that may be believed. */
	orgJson?: Readonly<Record<string, unknown>>;
	/** Where that was found; absent where it was known by its hash already. */
	documentUri?: string;
	/** Why there is none of its keys here. */
	documentError?: { readonly code: ErrorCode; readonly message: string };
}

/** A DID document and where its methods come from. */
export interface OrgIdDocument {
	readonly document: DIDDocument;
	readonly sources: Readonly<Record<string, MethodSource>>;
}

/**
 * Builds the DID document of an organization: its keys on chain, the keys of its document, then `#owner` and
 * `#director`, which stand in no verification relationship.
 */
export function toDidDocument(
	record: OrgRecord,
	checked: VerifiedDocument | undefined,
	did: string,
	now: number,
	revokedKeys: ReadonlyMap<string, OnChainKey> = new Map(),
): OrgIdDocument {
	const orgJson = checked?.orgJson;
	const respell = (id: string): string =>
		id === record.did || id.startsWith(`${record.did}#`) ? `${did}${id.slice(record.did.length)}` : id;
	const isUnrevoked = (id: string): boolean => !revokedKeys.has(id.slice(did.length + 1));
	const keys = record.keys.map((key) => keyMethod(did, key));
	const published = (orgJson?.methods ?? []).map((method) => documentMethod(method, respell));
	assertUniqueIds(keys, published);
	const names = new Set(published.map(({ id }) => id));
	const accounts = accountMethods(record, did).filter(({ id }) => !names.has(id));
	const listed = orgJson === undefined ? [] : authenticationIds(orgJson, now).map(respell);
	const service = (orgJson?.service ?? []).map((one) => Object.freeze({ ...one, id: respell(one.id) }));
	const document = Object.freeze({
		"@context": Object.freeze([...CONTEXT]) as string[],
		id: did,
		verificationMethod: Object.freeze([...keys, ...published, ...accounts]) as VerificationMethod[],
		authentication: Object.freeze([...keys.map(({ id }) => id), ...listed].filter(isUnrevoked)) as string[],
		...(service.length === 0 ? {} : { service: Object.freeze(service) as Service[] }),
	});
	const sources = Object.freeze(
		Object.fromEntries([
			...keys.map(({ id }) => [id, "registry"] as const),
			...published.map(({ id }) => [id, "document"] as const),
			...accounts.map(({ id }) => [id, "account"] as const),
		]),
	);
	return Object.freeze({ document, sources });
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

function documentMethod(method: DocumentMethod, respell: (id: string) => string): VerificationMethod {
	return Object.freeze({ ...method, id: respell(method.id), controller: respell(method.controller) });
}

/** Two keys of one name are an error, not a choice. */
function assertUniqueIds(
	keys: readonly VerificationMethod[],
	published: readonly VerificationMethod[],
): void {
	const ids = new Set(keys.map(({ id }) => id));
	const twin = published.find(({ id }) => ids.has(id));
	if (twin === undefined) return;
	throw new DidError("did/document-invalid", `chain and document both have a key ${formatValue(twin.id)}`);
}

function accountMethods({ owner, director, chainId }: OrgRecord, did: string): VerificationMethod[] {
	const accounts = [accountMethod(did, "owner", owner, chainId)];
	if (director !== undefined) accounts.push(accountMethod(did, "director", director, chainId));
	return accounts;
}

function accountMethod(did: string, fragment: string, account: string, chainId: number): VerificationMethod {
	return Object.freeze({
		id: `${did}#${fragment}`,
		type: "EcdsaSecp256k1RecoveryMethod2020",
		controller: did,
		blockchainAccountId: `eip155:${chainId}:${account}`,
	});
}
