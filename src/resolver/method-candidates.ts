/**
 * The keys and accounts of an organization from its record and its document, whether or not they may be used now.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { parseAccountId } from "../did/account-id.js";
import { ALWAYS, intersect, type MethodPeriod, periodOfMethod } from "../did/method-period.js";
import { accountMethod, keyMethod } from "../did/normal-form.js";
import type { CredentialValidity } from "../document/credential/credential-validity.js";
import type { VerifiedDocument } from "../document/document-checks.js";
import { authenticationMethods } from "../document/org-json.js";
import { decodeHex } from "../encoding/hex.js";
import { DidError, formatValue, isOrgpassError } from "../errors/errors.js";
import { encodeEcPublicJwk } from "../keys/formats/ec-jwk.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";

/** Where a verification method comes from: a key or an account in the registry, or the organization's document. */
export type MethodSource = "registry" | "document" | "account";

/** A key or an account. */
export interface MethodCandidate {
	readonly source: MethodSource;
	readonly method: VerificationMethod;
	/** Whether it is listed for authentication. */
	readonly isListed: boolean;
	/** Whether it may be used while it is in force. */
	readonly isTrusted: boolean;
	readonly period: MethodPeriod;
}

/** The accounts in the registry. They need no document, and a key with such a name is never trusted. */
export const ACCOUNT_NAMES: ReadonlySet<string> = new Set(["owner", "director"]);

/** Finds all methods; two with one id are an error. */
export function findCandidates(
	record: OrgRecord,
	verified: VerifiedDocument | undefined,
	did: string,
	revokedKeys: ReadonlyMap<string, OnChainKey> = new Map(),
): readonly MethodCandidate[] {
	const keys = record.keys.map((key) => keyCandidate(did, key));
	const published = verified === undefined ? [] : documentCandidates(verified, record, did);
	assertUniqueIds(keys, published);
	const names = new Set(published.map(({ method }) => method.id));
	const accounts = accountCandidates(record, did).filter(({ method }) => !names.has(method.id));
	const own = [...keys, ...published].map((candidate) => {
		const isRevoked = revokedKeys.has(candidate.method.id.slice(did.length + 1));
		return isRevoked ? { ...candidate, isListed: false, isTrusted: false } : candidate;
	});
	return [...own, ...accounts];
}

/** Replaces the record's DID in an id with the requested spelling. */
export function rewriteId(id: string, record: OrgRecord, did: string): string {
	return id === record.did || id.startsWith(`${record.did}#`) ? `${did}${id.slice(record.did.length)}` : id;
}

function keyCandidate(did: string, { fragment, publicKeyHex, validFrom, validUntil }: OnChainKey): MethodCandidate {
	return {
		source: "registry",
		method: keyMethod(`${did}#${fragment}`, did, encodeEcPublicJwk(decodeHex(publicKeyHex))),
		isListed: true,
		isTrusted: !ACCOUNT_NAMES.has(fragment),
		period: {
			...ALWAYS,
			...(validFrom !== 0 && { validFrom }),
			...(validUntil !== 0 && { validUntil }),
		},
	};
}

/** Only methods listed for authentication are trusted; `#owner` and `#director` only as the registry's accounts. */
function documentCandidates(
	{ orgJson, credential }: VerifiedDocument,
	record: OrgRecord,
	did: string,
): readonly MethodCandidate[] {
	const { validFrom = -Infinity, validUntil = Infinity }: CredentialValidity = credential ?? {};
	const listed = new Set(authenticationMethods(orgJson));
	return orgJson.methods.map((method) => {
		const { id, controller } = method;
		const names = { id: rewriteId(id, record, did), controller: rewriteId(controller, record, did) };
		// The same object if possible: its key is then read only once, however often its document is built.
		const isSame = names.id === id && names.controller === controller;
		return {
			source: "document",
			method: isSame ? method : Object.freeze({ ...method, ...names }),
			isListed: listed.has(method),
			isTrusted: listed.has(method) && isNamedRightly(method, record),
			period: intersect(periodOfMethod(method), { ...ALWAYS, validFrom, validUntil }),
		};
	});
}

function isNamedRightly(method: VerificationMethod, { did, chainId, owner, director }: OrgRecord): boolean {
	const accounts = new Map<string, string | undefined>([
		[`${did}#owner`, owner],
		[`${did}#director`, director],
	]);
	if (!accounts.has(method.id)) return true;
	try {
		const account = parseAccountId(method.blockchainAccountId);
		const isSame = account.address.toLowerCase() === accounts.get(method.id)?.toLowerCase();
		return account.chainId === chainId && isSame;
	} catch (error) {
		if (isOrgpassError(error)) return false;
		throw error;
	}
}

function accountCandidates({ owner, director, chainId }: OrgRecord, did: string): readonly MethodCandidate[] {
	return Object.entries({ owner, ...(director && { director }) }).map(([name, account]) => ({
		source: "account",
		method: accountMethod(`${did}#${name}`, did, `eip155:${chainId}:${account}`),
		isListed: false,
		isTrusted: true,
		period: ALWAYS,
	}));
}

function assertUniqueIds(keys: readonly MethodCandidate[], published: readonly MethodCandidate[]): void {
	const ids = new Set(keys.map(({ method }) => method.id));
	const duplicate = published.find(({ method }) => ids.has(method.id));
	if (duplicate === undefined) return;
	const message = `the chain and the document both have a key ${formatValue(duplicate.method.id)}`;
	throw new DidError("did/document-invalid", message);
}
