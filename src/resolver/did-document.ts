/**
 * Builds the DID document (DID Core 5) of an organization from its record on chain and its ORG.JSON document.
 * @module
 */
import type { DIDDocument, DIDDocumentMetadata, Service, VerificationMethod } from "did-resolver";
import { isInForce } from "../did/method-period.js";
import { toNormalForm } from "../did/normal-form.js";
import type { WithheldMethods } from "../did/withheld-methods.js";
import type { VerifiedCredential, VerifiedDocument } from "../document/document-checks.js";
import { offeredIds } from "../document/org-json.js";
import type { ErrorCode } from "../errors/codes.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import { findCandidates, type MethodCandidate, type MethodSource, rewriteId } from "./method-candidates.js";

const CONTEXT = [
	"https://www.w3.org/ns/did/v1",
	"https://w3id.org/security/suites/secp256k1-2019/v1",
	"https://w3id.org/security/suites/secp256k1recovery-2020/v2",
];

const ENDLESS = Object.freeze([-Infinity, Infinity] as const);

/** A DID document's metadata (DID Resolution 7.3) with additional orgpass members. */
export interface OrgIdDocumentMetadata extends DIDDocumentMetadata {
	/** The canonical bare DID. */
	canonicalId: string;
	/** The block that this state was read at. */
	versionId: string;
	organization: OrgRecord;
	/** The key requested with the option `fragment`, if it was revoked on chain. */
	revokedKey?: OnChainKey;
	/** The methods that must not be used now; all of them if the organization is deactivated. */
	withheld?: WithheldMethods;
	/** Where each verification method comes from, by id, including those withheld. */
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

/** A DID document that is safe for verifiers that read nothing else. */
export interface OrgIdDocument {
	readonly document: DIDDocument;
	readonly withheld?: WithheldMethods;
	readonly sources: Readonly<Record<string, MethodSource>>;
	/** The document stays the same from the first time to the second. */
	readonly steady: readonly [number, number];
}

/** What is known about an organization besides its record and its document. */
export interface DidDocumentOptions {
	readonly revokedKeys?: ReadonlyMap<string, OnChainKey> | undefined;
	readonly wasDeactivated?: boolean | undefined;
}

/** Builds a DID document of the methods that may be used now. `#owner` and `#director` have no verification relationship. */
export function toDidDocument(
	record: OrgRecord,
	verified: VerifiedDocument | undefined,
	did: string,
	now: number,
	{ revokedKeys, wasDeactivated = false }: DidDocumentOptions = {},
): OrgIdDocument {
	const orgJson = verified?.orgJson;
	const candidates = findCandidates(record, verified, did, revokedKeys);
	const isActive = record.active && !wasDeactivated && orgJson?.deactivated !== true;
	const offeredNames = new Set(orgJson && offeredIds(orgJson, now).map((id) => rewriteId(id, record, did)));
	const mayBeOffered = ({ source, method, isTrusted, period }: MethodCandidate): boolean =>
		isActive && isTrusted && isInForce(period, now) && (source !== "document" || offeredNames.has(method.id));
	const offered = toOffered(candidates.filter(mayBeOffered));
	const withheld = candidates.filter((candidate) => !offered.has(candidate));
	const services = (orgJson?.service ?? []).map((service) =>
		Object.freeze({ ...service, id: rewriteId(service.id, record, did) }),
	);
	const document = Object.freeze({
		"@context": Object.freeze([...CONTEXT]) as string[],
		id: did,
		verificationMethod: Object.freeze([...offered.values()]) as VerificationMethod[],
		authentication: listedIds([...offered.keys()]) as string[],
		...(services.length === 0 ? {} : { service: Object.freeze(services) as Service[] }),
	});
	const verificationMethod = Object.freeze(withheld.map(({ method }) => method));
	return Object.freeze({
		document,
		...(withheld.length > 0 && {
			withheld: Object.freeze({ verificationMethod, authentication: listedIds(withheld) }),
		}),
		sources: Object.freeze(Object.fromEntries(candidates.map(({ source, method }) => [method.id, source]))),
		steady: steadyPeriod(candidates, now),
	});
}

/** Converts methods to the form that other verifiers understand; drops those that have none. */
function toOffered(candidates: readonly MethodCandidate[]): ReadonlyMap<MethodCandidate, VerificationMethod> {
	const entries = candidates.flatMap((candidate) => {
		const { source, method } = candidate;
		const offered = source === "document" ? toNormalForm(method) : method;
		return offered === undefined ? [] : [[candidate, offered] as const];
	});
	return new Map(entries);
}

function listedIds(candidates: readonly MethodCandidate[]): readonly string[] {
	return Object.freeze(candidates.filter(({ isListed }) => isListed).map(({ method }) => method.id));
}

/** The period around `now` in which no method's validity starts or ends. */
function steadyPeriod(candidates: readonly MethodCandidate[], now: number): readonly [number, number] {
	let [from, until] = [-Infinity, Infinity];
	for (const { validFrom, validUntil, revokedAt } of candidates.map(({ period }) => period)) {
		for (const time of [validFrom, validUntil, revokedAt]) {
			if (time <= now) from = Math.max(from, time);
			else until = Math.min(until, time);
		}
	}
	return from === -Infinity && until === Infinity ? ENDLESS : Object.freeze([from, until] as const);
}
