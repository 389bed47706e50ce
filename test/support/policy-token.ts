/**
 * Verified tokens for policies.
 * @module
 */
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { deepFreeze } from "./deep-freeze.ts";

export const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;

/** The token of an organization, with these members. */
export function policyToken(members: Partial<VerifiedToken> = {}): VerifiedToken {
	return deepFreeze({ profile: "orgid", issuer: DID, keyId: `${DID}#key`, claims: {}, scopes: [], ...members });
}

/** An organization's record, with these members. */
export function policyRecord(members: Partial<OrgRecord> = {}): OrgRecord {
	return {
		did: DID,
		kind: "orgpass",
		documentEvidence: "hash",
		chainId: 31337,
		registry: `0x${"5E".repeat(20)}`,
		orgId: `0x${"0a".repeat(32)}`,
		owner: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
		active: true,
		keys: [],
		blockNumber: 1,
		...members,
	};
}
