/**
 * Documents, records and signers for tests of ORG.JSON without a chain or a network.
 * @module
 */
import { Wallet } from "ethers";
import type { CanonicalDidUrl } from "../../src/did/did-url.ts";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { type SignCredentialOptions, signCredential } from "../../src/document/credential/sign-credential.ts";
import type { DocumentContext } from "../../src/document/document-context.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";

export const NOW = 1_800_000_000;
export const subject: CanonicalDidUrl = toCanonicalDidUrl(parseDidUrl(`did:orgid:100:0x${"0a".repeat(32)}`));
export const { did } = subject;
export const shortDid: string = did.replace("100:", "");
export const foreignDid: string = `did:orgid:100:0x${"0b".repeat(32)}`;
export const owner: Wallet = new Wallet(`0x${"11".repeat(32)}`);
export const stranger: Wallet = new Wallet(`0x${"22".repeat(32)}`);

/** The bytes of a value as JSON, or of a text as it is. */
export function bytesOf(value: unknown): Uint8Array {
	return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

/** The record of the subject: the hash of `bytes` where there are any. */
export function recordOf(kind: RegistryKind, members: Partial<OrgRecord> = {}): OrgRecord {
	const address = owner.address as `0x${string}`;
	return {
		documentEvidence: ADAPTERS[kind].documentEvidence,
		...{ kind, did, orgId: subject.orgId, chainId: 100, registry: `0x${"33".repeat(20)}`, owner: address },
		...{ active: true, keys: [], blockNumber: 1, ...members },
	};
}

/** The context of a registry that keeps the hash of these bytes. */
export function hashContext(bytes: Uint8Array, members: Partial<DocumentContext> = {}): DocumentContext {
	const document = { uris: [], hash: hashDocument(bytes) };
	return { record: recordOf("orgid-v1", { document }), now: NOW, ...members };
}

/** The context of a registry that keeps no hash. */
export function proofContext(
	delegates: readonly string[] = [],
	members: Partial<DocumentContext> = {},
): DocumentContext {
	return { record: recordOf("orgid-v3", { delegates }), now: NOW, ...members };
}

/** The method of an account in a document. */
export function accountMethod(fragment: string, address: string, members: object = {}): Record<string, unknown> {
	return {
		id: `${did}#${fragment}`,
		controller: did,
		type: "EcdsaSecp256k1RecoveryMethod2020",
		blockchainAccountId: `eip155:100:${address}`,
		...members,
	};
}

/** A 1.x document with the owner's account `owner1`, and other members. */
export function ownedDocument(members: object = {}): Record<string, unknown> {
	const verificationMethod = [accountMethod("owner1", owner.address)];
	return { "@context": [], id: did, created: "2022-01-01T00:00:00.000Z", verificationMethod, ...members };
}

/** A credential the owner signed, as bytes. */
export async function signedBytes(
	members: object = {},
	options: Partial<SignCredentialOptions> = {},
): Promise<Uint8Array> {
	const document = ownedDocument(members);
	const verificationMethod = `${did}#owner1`;
	return bytesOf(await signCredential({ document, verificationMethod, key: owner, now: NOW, ...options }));
}
