/**
 * The documents that organizations publish, fetched and held to the registry's record one address at a time.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { selectVerificationMethod } from "../did/verification-method.js";
import type { DocumentContext } from "../document/check-document.js";
import { createDocumentFetcher, type DocumentFetcher } from "../document/fetch/fetch-document.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";
import { createOrgIdResolver } from "../resolver/resolver.js";
import { checkMethodValidity } from "../tokens/orgid/method-validity.js";
import { resolveOrganization } from "../tokens/orgid/resolve-organization.js";
import { type DocumentFetchFlags, documentOptions } from "./settings/document-fetching.js";
import type { ChainSettings } from "./settings/network.js";

/** How a document is fetched, and what it is held to. */
export interface DocumentJudge {
	readonly fetchDocument: DocumentFetcher;
	readonly context: DocumentContext;
	/** Lets go of what was made. */
	close(): void;
}

/**
 * Makes what it takes to judge documents of one organization; delegates of other organizations are resolved on
 * the same chain.
 */
export function createDocumentJudge(
	registry: Registry,
	chain: ChainSettings,
	record: OrgRecord,
	flags: DocumentFetchFlags,
	now: number,
): DocumentJudge {
	const documents = documentOptions(flags, chain);
	const { acceptPrettyPrintedHash = false, ...fetching } = documents;
	const { chainId } = chain;
	const resolver = createOrgIdResolver({ networks: [{ chainId, registry }], documents, now: () => now });
	const loadDelegate = async (name: CanonicalDidUrl): Promise<VerificationMethod> => {
		const resolved = await resolveOrganization(resolver, name);
		const method = selectVerificationMethod(resolved.document, name);
		checkMethodValidity(method, name, resolved, { now, clockToleranceSeconds: 0, maxLifetimeSeconds: 1 });
		return method;
	};
	return {
		fetchDocument: createDocumentFetcher(fetching),
		context: { record, now, acceptPrettyPrintedHash, loadDelegate },
		close: () => resolver.close(),
	};
}
