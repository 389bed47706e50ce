/**
 * Fetches and checks the documents that an organization publishes.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { selectVerificationMethod } from "../did/verification-method.js";
import type { DocumentContext } from "../document/document-context.js";
import { createDocumentFetcher, type DocumentFetcher } from "../document/fetch/fetch-document.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";
import { createOrgIdResolver } from "../resolver/resolver.js";
import { createValidityCheck } from "../tokens/orgid/method-validity.js";
import { resolveOrganization } from "../tokens/orgid/resolve-organization.js";
import type { CliContext } from "./context.js";
import { observeWaits } from "./observe-waits.js";
import { waitFor } from "./progress.js";
import { type DocumentFetchFlags, toDocumentOptions } from "./settings/document-fetching.js";
import type { ChainSettings } from "./settings/network.js";

/** What is needed to fetch and check an organization's documents. */
export interface PublishedDocuments {
	readonly fetchDocument: DocumentFetcher;
	readonly documentContext: DocumentContext;
}

interface Organization {
	readonly context: CliContext;
	readonly registry: Registry;
	readonly chain: ChainSettings;
	readonly record: OrgRecord;
}

/** Fetches and checks documents in `work`; delegates of other organizations are resolved on the same chain. */
export async function withPublishedDocuments<T>(
	{ context, registry, chain, record }: Organization,
	flags: DocumentFetchFlags,
	now: number,
	work: (documents: PublishedDocuments) => Promise<T>,
): Promise<T> {
	const documents = toDocumentOptions(flags, chain);
	const { acceptPrettyPrintedHash = false, ...fetching } = documents;
	const { chainId } = chain;
	const networks = [{ chainId, registry }];
	const resolver = createOrgIdResolver({ networks, documents, now: () => now, observer: observeWaits(context) });
	const fetchDocument = createDocumentFetcher(fetching);
	const loadDelegate = async (name: CanonicalDidUrl): Promise<VerificationMethod> => {
		const resolved = await resolveOrganization(resolver, name);
		const method = selectVerificationMethod(resolved.document, name);
		createValidityCheck(method, name, resolved)({ now, clockToleranceSeconds: 0, maxLifetimeSeconds: 1 });
		return method;
	};
	try {
		return await work({
			fetchDocument: (uri, limitMs) =>
				waitFor(context, `the document at ${URL.parse(uri)?.host || "its address"}`, () => fetchDocument(uri, limitMs)),
			documentContext: { record, now, acceptPrettyPrintedHash, loadDelegate },
		});
	} finally {
		resolver.close();
	}
}
