/**
 * Formats keys and accounts for `did resolve`, including those that the DID document leaves out.
 * @module
 */
import type { DIDResolutionResult, VerificationMethod } from "did-resolver";
import { ALWAYS, isInForce, type MethodPeriod, periodOfMethod } from "../did/method-period.js";
import { importVerificationKey } from "../did/verification-method.js";
import { withWithheldMethods } from "../did/withheld-methods.js";
import { formatTimeAway } from "../encoding/format-time.js";
import { escapeText, formatValue, isOrgpassError } from "../errors/errors.js";
import type { OrgIdDocumentMetadata } from "../resolver/did-document.js";
import { advisedMessage } from "./advised-message.js";

/** One line per method. */
export function formatMethods({ didDocument, didDocumentMetadata }: DIDResolutionResult): readonly string[] {
	if (didDocument === null) return [];
	const metadata = didDocumentMetadata as OrgIdDocumentMetadata;
	const { verificationMethod = [], authentication = [] } = withWithheldMethods(didDocument, metadata.withheld);
	return verificationMethod.map((method) => formatMethod(method, authentication.includes(method.id), metadata));
}

function formatMethod(method: VerificationMethod, isListed: boolean, metadata: OrgIdDocumentMetadata): string {
	const { methodSources, documentUri, organization, deactivated, withheld } = metadata;
	const source = methodSources[method.id] ?? "document";
	const places = {
		registry: "the registry",
		account: "the registry's accounts",
		document: documentUri === undefined ? "the document" : `the document ${formatValue(documentUri)}`,
	};
	const name = method.id.startsWith(`${organization.did}#`) ? method.id.slice(organization.did.length) : method.id;
	const key = organization.keys.find(({ fragment }) => source === "registry" && `#${fragment}` === name);
	const period = key === undefined ? periodOfMethod(method) : { ...ALWAYS, ...endless(key) };
	const account = method["blockchainAccountId"];
	const isUnexplained = deactivated !== true && isListed && isInForce(period, Date.now() / 1_000);
	const facts = [
		method.type,
		...(account === undefined ? [] : [String(account)]),
		...formatPeriod(period),
		...(isListed || source === "account" ? [] : ["not for authentication"]),
		...(isUnexplained && withheld?.verificationMethod.includes(method) ? [describeWithheld(method)] : []),
	];
	return `key       ${escapeText(name)} from ${places[source]}: ${escapeText(facts.join(", "))}`;
}

function endless({ validFrom, validUntil }: Pick<MethodPeriod, "validFrom" | "validUntil">): Partial<MethodPeriod> {
	return {
		...(validFrom === 0 ? {} : { validFrom }),
		...(validUntil === 0 ? {} : { validUntil }),
	};
}

function formatPeriod({ validFrom, validUntil, revokedAt }: MethodPeriod): readonly string[] {
	const now = Date.now() / 1_000;
	const fact = (time: number, isPast: string, isToCome: string): string[] =>
		Number.isFinite(time) ? [`${now >= time ? isPast : isToCome} ${formatTimeAway(Math.floor(time))}`] : [];
	return [
		...fact(validFrom, "valid from", "NOT VALID before"),
		...fact(validUntil, "EXPIRED", "valid until"),
		...fact(revokedAt, "REVOKED", "to be revoked"),
	];
}

function describeWithheld(method: VerificationMethod): string {
	try {
		if (method["blockchainAccountId"] === undefined) importVerificationKey(method);
		return "withheld from other verifiers";
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		return `NOT USABLE: ${advisedMessage(error)}`;
	}
}
