/**
 * An organization's on-chain state as a DID document (DID Core 5) and its metadata (DID Resolution 7.3).
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, VerificationMethod } from "did-resolver";
import { encodeBase64Url } from "../encoding/base64url.js";
import { decodeHex } from "../encoding/hex.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";

const CONTEXT = [
	"https://www.w3.org/ns/did/v1",
	"https://w3id.org/security/suites/secp256k1-2019/v1",
	"https://w3id.org/security/suites/secp256k1recovery-2020/v2",
];

/** What orgpass's resolver adds to a document's metadata. */
export interface OrgIdDocumentMetadata extends DIDDocumentMetadata {
	/** The canonical bare DID. */
	canonicalId: string;
	/** The block this is the state of. */
	versionId: string;
	/** The registry's record: owner, director, state, and every key's raw validity. */
	organization: OrgRecord;
	/** The key asked for with the `fragment` option, where it was revoked. */
	revokedKey?: OnChainKey;
}

/**
 * Builds the DID document of an organization: its keys on chain, then `#owner` and `#director`, which
 * stand in no verification relationship.
 *
 * @param record the registry's record
 * @param did the bare DID as it was asked for, with its chain or without
 * @returns a deeply frozen document
 */
export function toDidDocument(record: OrgRecord, did: string): DIDDocument {
	const keys = record.keys.map((key) => keyMethod(did, key));
	const accounts = [accountMethod(did, "owner", record.owner, record.chainId)];
	if (record.director !== undefined) {
		accounts.push(accountMethod(did, "director", record.director, record.chainId));
	}
	return Object.freeze({
		"@context": Object.freeze([...CONTEXT]) as string[],
		id: did,
		verificationMethod: Object.freeze([...keys, ...accounts]) as VerificationMethod[],
		authentication: Object.freeze(keys.map((key) => key.id)) as string[],
	});
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

function accountMethod(did: string, fragment: string, account: string, chainId: number): VerificationMethod {
	return Object.freeze({
		id: `${did}#${fragment}`,
		type: "EcdsaSecp256k1RecoveryMethod2020",
		controller: did,
		blockchainAccountId: `eip155:${chainId}:${account}`,
	});
}
